/* Mailboxes of a mail. */
#include "scan/identity.h"

#include "base/domain.h"
#include "base/limits.h"
#include "mime/address.h"
#include "mime/encoded_word.h"

static void set_domain(struct arena *a, struct identity *id, struct str domain)
{
	id->domain = domain.n > 0 ? domain_fold(a, domain) : STR_NONE;
	id->owner = domain_owner(a, id->domain);
}

/* An address in what people see of a mailbox that has none: an encoded word around it, a name before "<>". */
static struct str shown_in(struct arena *a, const struct address *mailbox)
{
	const struct str seen[] = { encoded_word_decode(a, mailbox->addr), mailbox->name };
	struct str shown;

	for (size_t i = 0; i < ARRAY_LEN(seen); i++)
		for (size_t at = 0; sender_shown_address(seen[i], &at, &shown);)
			if (domain_is_ldh(str_sub(shown, str_rfind_char(shown, '@') + 1, shown.n)))
				return shown;
	return STR_NONE;
}

/* All of one field, each with the domain that people see. */
static struct addresses mailboxes_of(struct arena *a, const struct headers *headers, const struct header *h)
{
	struct addresses list = address_parse_in(a, h->value, headers->charset);

	for (size_t i = 0; i < list.n; i++) {
		struct address *m = &list.v[i];
		struct str shown = m->domain.n > 0 ? STR_NONE : shown_in(a, m);
		if (shown.n == 0)
			continue;
		struct address split = address_split(a, shown);
		m->local = split.local;
		m->domain = split.domain;
		m->addr = split.addr;
	}
	return list;
}

struct identity identity_of(struct arena *a, const struct headers *headers, struct str field)
{
	struct identity id = { .header = field };
	const struct header *h = headers_first(headers, field);

	if (!h)
		return id;
	struct addresses list = mailboxes_of(a, headers, h);
	const struct address *best = address_main(&list);
	id.offset = h->start;
	id.length = h->length;
	if (!best)
		return id;
	id.address = best->addr;
	id.name = best->name;
	set_domain(a, &id, best->domain);
	return id;
}

struct identity identity_of_envelope(struct arena *a, struct str mail_from)
{
	struct address split = address_split(a, mail_from);
	struct identity id = { .address = split.addr, .header = STR("envelope") };

	set_domain(a, &id, split.domain);
	return id;
}

static void add(struct arena *a, struct mailboxes *out, struct str header, const struct address *one)
{
	struct mailbox m = { header, one->addr, one->domain.n > 0 ? domain_fold(a, one->domain) : STR_NONE };

	for (size_t i = 0; i < out->n; i++)
		if (str_eq(out->v[i].header, header) && str_eq_nocase(out->v[i].address, m.address))
			return;
	if (out->n == LIMIT_MAILBOXES)
		out->more = true;
	else if (m.address.n > 0)
		ARENA_PUSH(a, out, m);
}

struct mailboxes identity_mailboxes(struct arena *a, const struct headers *headers)
{
	static const struct str fields[] = { STR_INIT("From"), STR_INIT("Reply-To") };
	struct mailboxes out = { 0 };

	for (size_t f = 0; f < ARRAY_LEN(fields); f++) {
		const struct header *h = headers_first(headers, fields[f]);
		for (; h && !out.more; h = headers_next(headers, h)) {
			struct addresses list = mailboxes_of(a, headers, h);
			for (size_t i = 0; i < list.n && !out.more; i++)
				add(a, &out, fields[f], &list.v[i]);
		}
	}
	return out;
}

struct strs identity_from_domains(struct arena *a, const struct mailboxes *all)
{
	struct strs out = { 0 };

	for (size_t i = 0; i < all->n; i++)
		if (str_eq(all->v[i].header, STR("From")) && all->v[i].domain.n > 0 &&
		    !strs_has(&out, all->v[i].domain))
			ARENA_PUSH(a, &out, all->v[i].domain);
	return out;
}
