/* Sending domain restrictions. */
#include "model/sending_restriction.h"

#include "base/domain.h"
#include "resource/resource.h"

static void check_excluded(const struct resource_env *env, const struct sending_restriction *r,
			   struct str domain, struct faults *faults)
{
	struct str name;

	for (size_t i = 0; i < r->exclude.n; i++) {
		struct str at = fault_at_index(env->arena, STR("/exclude"), i);
		if (!resource_domain_name(env, str_trim(r->exclude.v[i]), &name))
			fault_add_further(faults, at, "exclude must hold domain names");
		else if (domain.n && (str_eq(name, domain) || !domain_is_within(name, domain)))
			fault_add_further(faults, at, "exclude must hold subdomains of domain");
	}
}

static void check(const struct resource_env *env, void *obj, struct faults *faults)
{
	struct sending_restriction *r = obj;
	struct str domain = STR_NONE;

	r->domain = str_trim(r->domain);
	if (!resource_domain_name(env, r->domain, &domain))
		fault_add_further(faults, STR("/domain"), "domain must be a domain name");
	check_excluded(env, r, domain, faults);
}

static struct str key(const struct resource_env *env, const void *obj)
{
	return domain_fold(env->arena, ((const struct sending_restriction *)obj)->domain);
}

static const size_t orders[] = { sending_restriction_F_domain };

const struct resource resource_sending_restrictions = {
	.table = "sending_restriction",
	.noun = "a sending domain restriction",
	RESOURCE_TAIL(sending_restriction),
	.flags = RESOURCE_BATCH_DELETES,
	.orders = orders,
	.n_orders = ARRAY_LEN(orders),
	.check = check,
	.key = key,
	.key_fields = "domain",
};
