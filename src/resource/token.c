/* API tokens. */
#include "model/account.h"

#include "base/utf8.h"
#include "resource/resource.h"

static void check(const struct resource_env *env, void *obj, struct faults *faults)
{
	const struct token *t = obj;

	(void)env;
	for (size_t at = 0; at < t->name.n;) {
		if (!utf8_is_control(utf8_next(t->name, &at)))
			continue;
		fault_add_further(faults, STR("/name"), "name must not hold control characters");
		return;
	}
}

/* Found by its digest, whoever sends it. */
static struct str key(const struct resource_env *env, const void *obj)
{
	(void)env;
	return ((const struct token *)obj)->digest;
}

static const struct resource_secret secret = { token_F_token, token_F_digest, token_F_rotated_at,
					       token_F_expires_at, NULL };
static const struct resource_filter filters[] = {
	{ "name", token_F_name, FILTER_EQUAL, false },
	{ "scope", token_F_scope, FILTER_EQUAL, false },
};
static const size_t orders[] = { token_F_name };

const struct resource resource_tokens = {
	.table = "token",
	.noun = "a token",
	RESOURCE_TAIL(token),
	.account = token_F_account,
	.secret = &secret,
	.filters = filters,
	.n_filters = ARRAY_LEN(filters),
	.orders = orders,
	.n_orders = ARRAY_LEN(orders),
	.check = check,
	.key = key,
	.key_fields = "token",
};
