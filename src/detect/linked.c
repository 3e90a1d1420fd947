/* The domains of links. */
#include "detect/linked.h"

#include "auth/asks.h"
#include "base/domain.h"
#include "detect/host_kind.h"
#include "detect/link.h"
#include "detect/lists.h"
#include "detect/owners.h"

static bool link_counts(const struct scan *s, const struct mime_link *l, struct str *owner_out)
{
	if (!url_is_web(&l->url) || l->url.host.n > DOMAIN_MAX || link_host_is_address(l->url.host))
		return false;
	struct str host = domain_fold(s->arena, l->url.host);
	enum host_kind kind = host_kind(host);
	if (kind == HOST_MAILER || kind == HOST_SHORTENER || list_is_link_wrapper(host) ||
	    sender_is_own_domain(s, host))
		return false;
	*owner_out = owner_of(s, host);
	return ask_name_ok(*owner_out) && str_find_char(*owner_out, '.', 0) != SIZE_MAX;
}

void linked_find(const struct scan *s, size_t most, struct linked_list *out)
{
	for (size_t i = 0; i < s->content->links.n && out->n < most; i++) {
		const struct mime_link *l = &s->content->links.v[i];
		struct linked one = { .link = l };
		bool known = !link_counts(s, l, &one.owner) || str_eq(one.owner, s->from.owner);
		for (size_t k = 0; k < out->n && !known; k++)
			known = str_eq(out->v[k].owner, one.owner);
		if (!known)
			ARENA_PUSH(s->arena, out, one);
	}
}
