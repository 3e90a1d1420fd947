/* Addresses are looked for in what people read, at most TEXT_FOLD_MAX bytes of each text. */
#include "detect/contact.h"

#include "base/domain.h"
#include "detect/detect.h"
#include "detect/lists.h"
#include "detect/mailbox.h"
#include "detect/money.h"
#include "detect/text.h"

static struct str shown(const struct mime_text *t)
{
	return str_sub(t->html ? t->html->text : t->source, 0, TEXT_FOLD_MAX);
}

/* "Ann <ann@…>", and lines that begin with ">". */
static bool is_quoted(struct str text, struct str address)
{
	size_t at = (size_t)(address.p - text.p), line = str_rfind_char(str_sub(text, 0, at), '\n');

	line = line == SIZE_MAX ? 0 : line + 1;
	return (at > 0 && text.p[at - 1] == '<') || text.p[line] == '>';
}

static bool is_named_in(const struct scan *s, const char *field, struct str address)
{
	return str_find_nocase(headers_value(s->arena, mime_headers(s->mail), str_of(field)), address, 0) !=
	       SIZE_MAX;
}

static bool is_elsewhere(const struct scan *s, struct str text, struct str address)
{
	size_t at = str_rfind_char(address, '@');
	struct str domain = domain_fold(s->arena, str_sub(address, at + 1, address.n));

	return list_is_free_mail(domain_owner(s->arena, domain)) && !is_quoted(text, address) &&
	       !mailbox_is_alike(address, s->from.address) && !is_named_in(s, "To", address) &&
	       !is_named_in(s, "Cc", address);
}

#define LOOKED_AT 16 /* addresses of each text: who has more to write to is a list of people */

struct str contact_elsewhere(const struct scan *s)
{
	for (size_t i = 0; i < s->content->texts.n; i++) {
		struct str text = shown(&s->content->texts.v[i]), address;
		size_t at = 0;
		for (int n = 0; n < LOOKED_AT && sender_shown_address(text, &at, &address); n++)
			if (is_elsewhere(s, text, address))
				return address;
	}
	return STR_NONE;
}

bool contact_promises_money(const struct scan *s)
{
	bool found = money_large(s->subject).n > 0;

	for (size_t i = 0; i < s->content->texts.n && !found; i++)
		found = money_large(shown(&s->content->texts.v[i])).n > 0;
	return found;
}
