/* Users: an e-mail address and a key, in one account. */
#include "model/account.h"

#include "base/abnf.h"
#include "resource/resource.h"

/* What can be sent in a header field as X-Auth-Email. */
static bool is_email(struct str s)
{
	size_t at = str_find_char(s, '@', 0);

	for (size_t i = 0; i < s.n; i++)
		if (!abnf_is_vchar((unsigned char)s.p[i]))
			return false;
	return at != SIZE_MAX && at > 0 && at + 1 < s.n;
}

static void check(const struct resource_env *env, void *obj, struct faults *faults)
{
	struct user *u = obj;

	(void)env;
	u->email = str_trim(u->email);
	if (!is_email(u->email))
		fault_add_further(faults, STR("/email"), "email must be an e-mail address");
}

/* The same address may be let into several accounts, into each with a key of its own. */
static struct str key(const struct resource_env *env, const void *obj)
{
	return arena_lower(env->arena, ((const struct user *)obj)->email);
}

static const struct resource_secret secret = { user_F_key, user_F_digest, user_F_rotated_at, 0, NULL };
static const struct resource_filter filters[] = { { "email", user_F_email, FILTER_EQUAL, false } };
static const size_t orders[] = { user_F_email };

const struct resource resource_users = {
	.table = "user",
	.noun = "a user",
	RESOURCE_TAIL(user),
	.account = user_F_account,
	.secret = &secret,
	.filters = filters,
	.n_filters = ARRAY_LEN(filters),
	.orders = orders,
	.n_orders = ARRAY_LEN(orders),
	.check = check,
	.key = key,
	.key_fields = "email",
};
