/* Notifications: whether a webhook or a syslog server may be told, and by what it is known. */
#include "model/notification.h"

#include "base/domain.h"
#include "resource/target.h"

static void defaults(const struct resource_env *env, void *obj)
{
	struct notification *n = obj;
	struct ints events = { 0 }, dispositions = { 0 };

	for (int i = 0; i < event_kind_names.n; i++)
		ARENA_PUSH(env->arena, &events, i);
	for (int i = DISP_NONE + 1; i < disposition_names.n; i++)
		ARENA_PUSH(env->arena, &dispositions, i);
	SET(n, notification, events, events);
	SET(n, notification, dispositions, dispositions);
	SET(n, notification, enabled, true);
}

static void fault(const struct resource_env *env, struct faults *faults, const char *field, const char *what)
{
	if (what)
		fault_add_further(faults, fault_at_key(env->arena, STR_NONE, str_of(field)), "%s %s", field,
				  what);
}

static void check(const struct resource_env *env, void *obj, struct faults *faults)
{
	struct notification *n = obj;
	const struct target_rule rule = { env->allow_private_targets, "notifications.allow_private" };
	bool webhook = n->kind == NOTIFY_WEBHOOK;

	if (fault_is_at(faults, STR("/kind")))
		return;
	n->url = str_trim(n->url);
	n->server = str_trim(n->server);
	if (webhook) {
		fault(env, faults, "url",
		      n->url.n ? target_check_url(env, &rule, n->url) : "is required for a webhook");
		fault(env, faults, "server", n->server.n ? "is for syslog" : NULL);
		fault(env, faults, "transport", HAS(n, notification, transport) ? "is for syslog" : NULL);
		return;
	}
	fault(env, faults, "server",
	      n->server.n ? target_check_server(env, &rule, n->server, true) : "is required for syslog");
	fault(env, faults, "url", n->url.n ? "is for a webhook" : NULL);
	if (!HAS(n, notification, transport))
		SET(n, notification, transport, SYSLOG_TLS);
}

/* The same place is told once. */
static struct str key(const struct resource_env *env, const void *obj)
{
	const struct notification *n = obj;

	if (n->kind == NOTIFY_WEBHOOK)
		return ARENA_JOIN(env->arena, STR("webhook "), n->url);
	return ARENA_JOIN(env->arena, STR("syslog "), enum_text(&syslog_transport_names, n->transport),
			  STR(" "), arena_lower(env->arena, n->server));
}

static bool is_signed(const void *obj)
{
	return ((const struct notification *)obj)->kind == NOTIFY_WEBHOOK;
}

static const struct resource_secret secret = { notification_F_secret, notification_F_seed,
					       notification_F_rotated_at, 0, is_signed };
static const struct resource_filter filters[] = {
	{ "kind", notification_F_kind, FILTER_EQUAL, false },
	{ "enabled", notification_F_enabled, FILTER_EQUAL, false },
	{ "event", notification_F_events, FILTER_MEMBER, false },
};

const struct resource resource_notifications = {
	.table = "notification",
	.noun = "a notification",
	.facts = "notification_fact",
	RESOURCE_TAIL(notification),
	.most = NOTIFICATIONS_MAX,
	.account = notification_F_account,
	.secret = &secret,
	.filters = filters,
	.n_filters = ARRAY_LEN(filters),
	.defaults = defaults,
	.check = check,
	.key = key,
	.key_fields = "url or server",
};
