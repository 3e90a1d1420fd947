/* Content policies. */
#include "model/content_policy.h"

#include "policy/policy.h"
#include "resource/resource.h"

static void check(const struct resource_env *env, void *obj, struct faults *faults)
{
	struct content_policy *p = obj;
	struct errbuf eb;
	size_t code;

	(void)env;
	p->name = str_trim(p->name);
	if (!p->name.n)
		fault_add_further(faults, STR("/name"), "name must not be empty");
	if (policy_content_check(p->pattern, &code, &eb) != OK)
		fault_add_further(faults, STR("/pattern"), "pattern: %s", eb.text);
	/* Each place where it is searched has a set of its own. */
	SET(p, content_policy, code_bytes, (int64_t)(code * p->targets.n));
}

static struct str key(const struct resource_env *env, const void *obj)
{
	return arena_lower(env->arena, ((const struct content_policy *)obj)->name);
}

static const struct resource_filter filters[] = {
	{ "name", content_policy_F_name, FILTER_EQUAL, false },
	{ "enabled", content_policy_F_enabled, FILTER_EQUAL, false },
};
static const size_t orders[] = { content_policy_F_name };

const struct resource resource_content_policies = {
	.table = "content_policy",
	.noun = "a content policy",
	RESOURCE_TAIL(content_policy),
	.code = content_policy_F_code_bytes,
	.filters = filters,
	.n_filters = ARRAY_LEN(filters),
	.orders = orders,
	.n_orders = ARRAY_LEN(orders),
	.check = check,
	.key = key,
	.key_fields = "name",
};
