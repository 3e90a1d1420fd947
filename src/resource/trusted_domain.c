/* Trusted domains. */
#include "model/trusted_domain.h"

#include "model/enums.h"
#include "resource/resource.h"

static void check(const struct resource_env *env, void *obj, struct faults *faults)
{
	struct trusted_domain *t = obj;

	t->pattern = str_trim(t->pattern);
	SET(t, trusted_domain, code_bytes,
	    resource_check_pattern(env, faults, "pattern", t->pattern, PATTERN_DOMAIN, t->is_regex));
}

static struct str key(const struct resource_env *env, const void *obj)
{
	const struct trusted_domain *t = obj;

	return resource_pattern_key(env, t->pattern, PATTERN_DOMAIN, t->is_regex);
}

static const struct resource_filter filters[] = {
	{ "pattern", trusted_domain_F_pattern, FILTER_DOMAIN, false },
	{ "is_recent", trusted_domain_F_is_recent, FILTER_EQUAL, false },
	{ "is_similarity", trusted_domain_F_is_similarity, FILTER_EQUAL, false },
};
static const size_t orders[] = { trusted_domain_F_pattern };

const struct resource resource_trusted_domains = {
	.table = "trusted_domain",
	.noun = "a trusted domain",
	RESOURCE_TAIL(trusted_domain),
	.flags = RESOURCE_CREATE_MANY,
	.code = trusted_domain_F_code_bytes,
	.filters = filters,
	.n_filters = ARRAY_LEN(filters),
	.orders = orders,
	.n_orders = ARRAY_LEN(orders),
	.check = check,
	.key = key,
	.key_fields = "pattern and is_regex",
};
