/* Allow policies. */
#include "model/allow_policy.h"

#include "resource/resource.h"

/* A recipient has an address and no host: what would never match is said to whoever writes it. */
static bool may_exempt(const struct allow_policy *p)
{
	return p->pattern_type == PATTERN_EMAIL || (p->is_regex && p->pattern_type == PATTERN_DOMAIN);
}

static void check(const struct resource_env *env, void *obj, struct faults *faults)
{
	struct allow_policy *p = obj;

	p->pattern = str_trim(p->pattern);
	SET(p, allow_policy, code_bytes,
	    resource_check_pattern(env, faults, "pattern", p->pattern, p->pattern_type, p->is_regex));
	if (p->is_exempt_recipient && !may_exempt(p) && !fault_is_at(faults, STR("/pattern_type")) &&
	    !fault_is_at(faults, STR("/is_regex")))
		fault_add_further(faults, STR("/is_exempt_recipient"),
				  "is_exempt_recipient needs pattern_type EMAIL, or DOMAIN with is_regex: "
				  "a recipient is an address");
}

static struct str key(const struct resource_env *env, const void *obj)
{
	const struct allow_policy *p = obj;

	return resource_pattern_key(env, p->pattern, p->pattern_type, p->is_regex);
}

static const struct resource_filter filters[] = {
	{ "pattern", allow_policy_F_pattern, FILTER_DOMAIN, false },
	{ "pattern_type", allow_policy_F_pattern_type, FILTER_EQUAL, false },
	{ "is_acceptable_sender", allow_policy_F_is_acceptable_sender, FILTER_EQUAL, false },
	{ "is_exempt_recipient", allow_policy_F_is_exempt_recipient, FILTER_EQUAL, false },
	{ "is_trusted_sender", allow_policy_F_is_trusted_sender, FILTER_EQUAL, false },
	{ "verify_sender", allow_policy_F_verify_sender, FILTER_EQUAL, false },
	{ "is_spoof", allow_policy_F_is_acceptable_sender, FILTER_EQUAL, false },
	{ "is_recipient", allow_policy_F_is_exempt_recipient, FILTER_EQUAL, false },
	{ "is_sender", allow_policy_F_is_trusted_sender, FILTER_EQUAL, false },
};
static const size_t orders[] = { allow_policy_F_pattern };

const struct resource resource_allow_policies = {
	.table = "allow_policy",
	.noun = "an allow policy",
	RESOURCE_TAIL(allow_policy),
	.code = allow_policy_F_code_bytes,
	.spared = FIELD_BIT(allow_policy, is_trusted_sender) | FIELD_BIT(allow_policy, is_acceptable_sender) |
		  FIELD_BIT(allow_policy, is_exempt_recipient) | FIELD_BIT(allow_policy, verify_sender),
	.filters = filters,
	.n_filters = ARRAY_LEN(filters),
	.orders = orders,
	.n_orders = ARRAY_LEN(orders),
	.check = check,
	.key = key,
	.key_fields = "pattern, pattern_type and is_regex",
};
