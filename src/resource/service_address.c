/* Service addresses: where copies of an account's mail are sent, and reports about it. */
#include "model/account.h"

#include "base/random.h"
#include "resource/resource.h"

#define LOCAL_PART 20 /* of 32 characters: 100 bits */
#define LOCAL_ALPHABET STR("abcdefghijklmnopqrstuvwxyz234567")

static void defaults(const struct resource_env *env, void *obj)
{
	struct service_address *s = obj;

	(void)env;
	SET(s, service_address, purpose, PURPOSE_COPIES);
}

/* How copies come is said of those alone. */
static void check_mode(struct service_address *s, struct faults *faults)
{
	struct str at = STR("/mode");

	if (s->purpose != PURPOSE_COPIES) {
		if (HAS(s, service_address, mode))
			fault_add_further(faults, at, "mode is for copies only");
		return;
	}
	if (!HAS(s, service_address, mode))
		SET(s, service_address, mode, MODE_BCC);
	if (s->mode != MODE_BCC && s->mode != MODE_JOURNAL)
		fault_add_further(faults, at, "mode must be BCC or JOURNAL");
}

static void check_disposition(const struct service_address *s, struct faults *faults)
{
	bool reports = s->purpose == PURPOSE_USER || s->purpose == PURPOSE_TEAM;
	bool given = HAS(s, service_address, requested_disposition);

	if (reports && !given)
		fault_add_further(faults, STR("/requested_disposition"),
				  "requested_disposition is required: what do reports to it say?");
	else if (!reports && given)
		fault_add_further(faults, STR("/requested_disposition"),
				  "requested_disposition is for user_report and team_report only");
}

/* Who knows an address can send to it, so its local part is ours to make. */
static void check(const struct resource_env *env, void *obj, struct faults *faults)
{
	struct service_address *s = obj;
	struct str domain;

	check_mode(s, faults);
	check_disposition(s, faults);
	if (!resource_domain_name(env, str_trim(s->domain), &domain)) {
		fault_add_further(faults, STR("/domain"), "domain must be a domain name");
		return;
	}
	s->domain = domain;
	if (HAS(s, service_address, address))
		return;
	struct str local = random_text(env->arena, LOCAL_ALPHABET, LOCAL_PART);
	SET(s, service_address, address,
	    arena_printf(env->arena, "%.*s@%.*s", STR_ARG(local), STR_ARG(domain)));
}

static struct str key(const struct resource_env *env, const void *obj)
{
	return arena_lower(env->arena, ((const struct service_address *)obj)->address);
}

static const struct resource_filter filters[] = {
	{ "domain", service_address_F_domain, FILTER_EQUAL, false },
	{ "address", service_address_F_address, FILTER_EQUAL, false },
	{ "purpose", service_address_F_purpose, FILTER_EQUAL, false },
};
static const size_t orders[] = { service_address_F_address };

const struct resource resource_service_addresses = {
	.table = "service_address",
	.noun = "a service address",
	RESOURCE_TAIL(service_address),
	.account = service_address_F_account,
	.filters = filters,
	.n_filters = ARRAY_LEN(filters),
	.orders = orders,
	.n_orders = ARRAY_LEN(orders),
	.defaults = defaults,
	.check = check,
	.key = key,
	.key_fields = "address",
};
