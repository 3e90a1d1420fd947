/* Link actions. */
#include "model/link_action.h"

#include "base/domain.h"
#include "resource/resource.h"

static void check(const struct resource_env *env, void *obj, struct faults *faults)
{
	struct link_action *l = obj;

	if (HAS(l, link_action, domain) && !resource_domain_name(env, str_trim(l->domain), &l->domain))
		fault_add_further(faults, STR("/domain"), "domain must be a domain name, or null");
	if (l->action == LINKS_REWRITTEN && !env->has_click_url)
		fault_add_further(faults, STR("/action"),
				  "action REWRITE needs a page that links can lead to: the setting "
				  "http.click_url of the server");
}

/* No domain is named "*". */
static struct str key(const struct resource_env *env, const void *obj)
{
	const struct link_action *l = obj;

	return ARENA_JOIN(env->arena, enum_text(&submission_disposition_names, l->disposition), STR(" "),
			  HAS(l, link_action, domain) ? domain_fold(env->arena, l->domain) : STR("*"));
}

static const struct resource_filter filters[] = {
	{ "domain", link_action_F_domain, FILTER_DOMAIN, false },
	{ "disposition", link_action_F_disposition, FILTER_EQUAL, false },
};
static const size_t orders[] = { link_action_F_domain };

const struct resource resource_link_actions = {
	.table = "link_action",
	.noun = "a link action",
	RESOURCE_TAIL(link_action),
	.most = LINK_ACTIONS_MAX,
	.filters = filters,
	.n_filters = ARRAY_LEN(filters),
	.orders = orders,
	.n_orders = ARRAY_LEN(orders),
	.check = check,
	.key = key,
	.key_fields = "disposition and domain",
};
