/* Mailboxes of a mail. */
#include "scan/identity.h"

#include "base/domain.h"
#include "mime/address.h"

static void set_domain(struct arena *a, struct identity *id, struct str domain)
{
	id->domain = domain.n > 0 ? domain_fold(a, domain) : STR_NONE;
	id->owner = domain_registrable(a, id->domain);
	if (id->owner.n == 0)
		id->owner = id->domain;
}

struct identity identity_of(struct arena *a, const struct headers *headers, struct str field)
{
	struct identity id = { .header = field };
	const struct header *h = headers_first(headers, field);

	if (!h)
		return id;
	struct addresses list = address_parse(a, h->value);
	size_t best = 0;
	while (best < list.n && list.v[best].domain.n == 0)
		best++;
	if (best == list.n)
		best = 0;
	id.offset = h->start;
	id.length = h->length;
	if (list.n == 0)
		return id;
	id.address = list.v[best].addr;
	id.name = list.v[best].name;
	set_domain(a, &id, list.v[best].domain);
	return id;
}

struct identity identity_of_envelope(struct arena *a, struct str mail_from)
{
	struct identity id = { .address = mail_from, .header = STR("envelope") };

	if (mail_from.n > 0)
		set_domain(a, &id, address_split(a, mail_from).domain);
	return id;
}

bool identity_from_is_single(struct arena *a, const struct headers *headers)
{
	const struct header *h = headers_first(headers, STR("From"));

	if (!h || headers_next(headers, h))
		return false;
	struct addresses list = address_parse(a, h->value);
	for (size_t i = 1; i < list.n; i++)
		if (!str_eq_nocase(list.v[i].domain, list.v[0].domain))
			return false;
	return list.n > 0;
}
