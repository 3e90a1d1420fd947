/* The impersonation registry. */
#include "model/impersonation.h"

#include "policy/policy.h"
#include "resource/resource.h"

static void defaults(const struct resource_env *env, void *obj)
{
	struct impersonation *p = obj;

	(void)env;
	SET(p, impersonation, provenance, PROVENANCE_INTERNAL);
}

static bool is_synchronised(const struct impersonation *p)
{
	return HAS(p, impersonation, provenance) && p->provenance != PROVENANCE_INTERNAL;
}

/* One address, or several with commas between. */
static void check_addresses(struct faults *faults, struct str list)
{
	struct errbuf eb;

	while (list.n) {
		struct str one = policy_impersonation_address(&list);
		if (policy_pattern_check(one, PATTERN_EMAIL, false, false, NULL, &eb) != OK) {
			fault_add_further(faults, STR("/email"), "email: \"%.*s\": %s", STR_ARG(one),
					  eb.text);
			return;
		}
	}
}

static void check(const struct resource_env *env, void *obj, struct faults *faults)
{
	struct impersonation *p = obj;
	int64_t code = 0;

	p->name = str_trim(p->name);
	p->email = str_trim(p->email);
	if (!p->name.n)
		fault_add_further(faults, STR("/name"), "name must not be empty");
	if (fault_is_at(faults, STR("/is_email_regex")))
		code = 0; /* what is wrong with the address depends on it */
	else if (p->is_email_regex)
		code = resource_check_pattern(env, faults, "email", p->email, PATTERN_EMAIL, true);
	else if (!p->email.n)
		fault_add_further(faults, STR("/email"), "email must not be empty");
	else
		check_addresses(faults, p->email);
	SET(p, impersonation, code_bytes, code);
	if (is_synchronised(p))
		fault_add_further(
		    faults, STR("/provenance"),
		    "provenance must be A1S_INTERNAL: only a directory makes entries of its own, "
		    "which nobody else may change or delete");
}

static struct str key(const struct resource_env *env, const void *obj)
{
	const struct impersonation *p = obj;

	return arena_printf(env->arena, "%zu %.*s %.*s", p->name.n, STR_ARG(arena_lower(env->arena, p->name)),
			    STR_ARG(resource_pattern_key(env, p->email, PATTERN_EMAIL, p->is_email_regex)));
}

static const char *frozen(const void *obj)
{
	const struct impersonation *p = obj;

	return is_synchronised(p) ? "The entry comes from a directory: change it there" : NULL;
}

static const struct resource_filter filters[] = {
	{ "provenance", impersonation_F_provenance, FILTER_EQUAL, false },
};
static const size_t orders[] = { impersonation_F_name, impersonation_F_email };

const struct resource resource_impersonations = {
	.table = "impersonation",
	.noun = "an entry of the impersonation registry",
	RESOURCE_TAIL(impersonation),
	.code = impersonation_F_code_bytes,
	.filters = filters,
	.n_filters = ARRAY_LEN(filters),
	.orders = orders,
	.n_orders = ARRAY_LEN(orders),
	.defaults = defaults,
	.check = check,
	.key = key,
	.key_fields = "name and email",
	.frozen = frozen,
};
