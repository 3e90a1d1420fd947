/* What many share, by what is known of hosts (detect/). */
#include "courier/shared.h"

#include "base/domain.h"
#include "detect/brands.h"
#include "detect/host_kind.h"
#include "detect/lists.h"

/* Everybody there gets a name in front of the provider's. */
static bool gives_names(enum host_kind kind)
{
	return kind == HOST_SITE || kind == HOST_TUNNEL;
}

static bool has_own_name(struct str host, enum host_kind kind)
{
	size_t dot = str_find_char(host, '.', 0);

	return gives_names(kind) && dot != SIZE_MAX && !str_starts(host, STR("www.")) &&
	       host_kind(str_sub(host, dot + 1, host.n)) == kind;
}

bool shared_mailboxes(struct arena *a, struct str domain)
{
	return list_is_free_mail(domain_registrable(a, domain));
}

bool shared_sender(struct arena *a, struct str domain)
{
	return shared_mailboxes(a, domain) || host_kind(domain) == HOST_MAILER || brand_is_domain(domain);
}

bool shared_host(struct arena *a, struct str host)
{
	enum host_kind kind = host_kind(host);

	if (kind != HOST_OTHER)
		return !has_own_name(host, kind);
	return brand_is_domain(host) || list_is_link_wrapper(host) || shared_mailboxes(a, host);
}
