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
	return str_sub(mime_text_shown(t), 0, TEXT_FOLD_MAX);
}

/* "Ann <ann@…>", and lines that begin with ">". */
static bool is_quoted(struct str text, struct str address)
{
	size_t at = (size_t)(address.p - text.p), line = str_rfind_char(str_sub(text, 0, at), '\n');

	line = line == SIZE_MAX ? 0 : line + 1;
	return (at > 0 && text.p[at - 1] == '<') || text.p[line] == '>';
}

#define READERS_SHOWN 8192 /* bytes of To and of Cc: what names more is a mailing */

static struct str shown_readers(const struct scan *s, const char *field)
{
	const struct header *h = scan_field(s, field);

	return h ? str_sub(h->value, 0, READERS_SHOWN) : STR_NONE;
}

static bool is_elsewhere(const struct scan *s, struct str text, struct str address)
{
	size_t at = str_rfind_char(address, '@');
	struct str domain = domain_fold(s->arena, str_sub(address, at + 1, address.n));

	return list_is_free_mail(domain_owner(s->arena, domain)) && !is_quoted(text, address) &&
	       !mailbox_is_alike(address, s->from.address) &&
	       str_find_nocase(shown_readers(s, "To"), address, 0) == SIZE_MAX &&
	       str_find_nocase(shown_readers(s, "Cc"), address, 0) == SIZE_MAX;
}

#define LOOKED_AT 16 /* addresses in all texts: who has more to write to is a list of people */

struct str contact_elsewhere(const struct scan *s)
{
	int looked_at = 0;

	for (size_t i = 0; i < s->content->texts.n; i++) {
		struct str text = shown(&s->content->texts.v[i]), address;
		size_t at = 0;
		while (looked_at++ < LOOKED_AT && sender_shown_address(text, &at, &address))
			if (is_elsewhere(s, text, address))
				return address;
	}
	return STR_NONE;
}

#define SUBJECT_MOST 1000 /* bytes; people write a tenth */

bool contact_promises_money(const struct scan *s)
{
	bool found = money_large(str_sub(s->subject, 0, SUBJECT_MOST)).n > 0;

	for (size_t i = 0; i < s->content->texts.n && !found; i++)
		found = money_large(shown(&s->content->texts.v[i])).n > 0;
	return found;
}
