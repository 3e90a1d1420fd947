/* URL ignore patterns. */
#include "model/url_ignore.h"

#include "model/enums.h"
#include "resource/resource.h"

static void check(const struct resource_env *env, void *obj, struct faults *faults)
{
	struct url_ignore *u = obj;

	u->pattern = str_trim(u->pattern);
	SET(u, url_ignore, code_bytes,
	    resource_check_pattern(env, faults, "pattern", u->pattern, PATTERN_EMAIL, true));
}

static struct str key(const struct resource_env *env, const void *obj)
{
	return resource_pattern_key(env, ((const struct url_ignore *)obj)->pattern, PATTERN_EMAIL, true);
}

static const size_t orders[] = { url_ignore_F_pattern };

const struct resource resource_url_ignores = {
	.table = "url_ignore",
	.noun = "a URL ignore pattern",
	RESOURCE_TAIL(url_ignore),
	.flags = RESOURCE_CLOSED | RESOURCE_CLOSED_CHANGES,
	.code = url_ignore_F_code_bytes,
	.orders = orders,
	.n_orders = ARRAY_LEN(orders),
	.check = check,
	.key = key,
	.key_fields = "pattern",
};
