/* A table of answers, each in the one place where it may be: what comes later there takes the place of what was. */
#include "detect/owners.h"

#include "base/domain.h"

#define PLACES 64 /* a power of two; few mails name as many hosts */

struct owners {
	struct answered {
		struct str host, owner;
	} v[PLACES];
};

struct owners *owners_new(struct arena *a)
{
	return ARENA_NEW(a, struct owners);
}

static size_t place_of(struct str host)
{
	size_t h = host.n;

	for (size_t i = 0; i < host.n; i++)
		h = h * 31 + (unsigned char)host.p[i];
	return (h ^ h >> 16) & (PLACES - 1);
}

struct str owner_of(const struct scan *s, struct str host)
{
	struct answered *known = &s->owners->v[place_of(host)];

	if (host.n > 0 && str_eq(known->host, host))
		return known->owner;
	*known = (struct answered){ host, domain_owner(s->arena, host) };
	return known->owner;
}
