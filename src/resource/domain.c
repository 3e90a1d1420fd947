/* Protected domains. */
#include "model/domain.h"

#include "base/domain.h"
#include "base/ip.h"
#include "model/integration.h"
#include "net/transport.h"
#include "resource/domain_proof.h"

static void defaults(const struct resource_env *env, void *obj)
{
	struct domain *d = obj;

	(void)env;
	SET(d, domain, lookback_hops, 1);
}

static void begin(const struct resource_env *env, void *obj)
{
	domain_proof_begin(env, obj);
}

static bool is_transport(const struct resource_env *env, struct str s)
{
	struct transport t;
	struct str name;
	struct ip ip;

	return transport_parse(s, &t) == OK &&
	       (ip_parse(t.host, &ip) == OK || resource_domain_name(env, t.host, &name));
}

static void check(const struct resource_env *env, void *obj, struct faults *faults)
{
	struct domain *d = obj;
	struct ip_block block;
	struct str name;

	d->domain = str_trim(d->domain);
	if (!resource_domain_name(env, d->domain, &name))
		fault_add_further(faults, STR("/domain"), "domain must be a domain name");
	for (size_t i = 0; i < d->ip_restrictions.n; i++)
		if (ip_block_parse(d->ip_restrictions.v[i], &block) != OK)
			fault_add_further(
			    faults, fault_at_index(env->arena, STR("/ip_restrictions"), i),
			    "ip_restrictions must hold addresses or CIDR blocks without host bits");
	d->transport = str_trim(d->transport);
	if (d->transport.n && !is_transport(env, d->transport))
		fault_add_further(faults, STR("/transport"),
				  "transport must be host, host:port or [host]:port");
}

static struct str key(const struct resource_env *env, const void *obj)
{
	return domain_fold(env->arena, ((const struct domain *)obj)->domain);
}

/* Anybody may write down a name; mail comes for who proved that it is theirs. */
static bool owns(const void *obj)
{
	return domain_is_authorized(obj);
}

/* Whose mailboxes they are: the contract knows two providers by name. */
static void follow(void *obj, const void *named)
{
	const struct integration *i = named;
	struct domain *d = obj;

	CLEAR(d, domain, inbox_provider);
	CLEAR(d, domain, o365_tenant_id);
	if (i && i->provider == MAILBOX_GRAPH) {
		SET(d, domain, inbox_provider, PROVIDER_MICROSOFT);
		SET(d, domain, o365_tenant_id, i->tenant_id);
	} else if (i && i->provider == MAILBOX_GMAIL) {
		SET(d, domain, inbox_provider, PROVIDER_GOOGLE);
	}
}

static const struct resource_reference refers = { domain_F_integration_id, domain_F_domain,
						  &resource_integrations, follow };

static const struct resource_filter filters[] = {
	{ "domain", domain_F_domain, FILTER_DOMAIN, true },
	{ "integration_id", domain_F_integration_id, FILTER_EQUAL, false },
	{ "status", domain_F_status, FILTER_EQUAL, false },
	{ "allowed_delivery_mode", domain_F_allowed_delivery_modes, FILTER_MEMBER, false },
	{ "active_delivery_mode", domain_F_allowed_delivery_modes, FILTER_FIRST, false },
};
static const size_t orders[] = { domain_F_domain };

const struct resource resource_domains = {
	.table = "domain",
	.noun = "a domain",
	.facts = "domain_fact",
	RESOURCE_TAIL(domain),
	.flags = RESOURCE_CLOSED,
	.refers = &refers,
	.filters = filters,
	.n_filters = ARRAY_LEN(filters),
	.orders = orders,
	.n_orders = ARRAY_LEN(orders),
	.defaults = defaults,
	.begin = begin,
	.check = check,
	.key = key,
	.key_fields = "domain",
	.owns = owns,
};
