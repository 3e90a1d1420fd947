/* Notifications: whether a webhook or a syslog server may be told, and by what it is known. */
#include "model/notification.h"

#include "base/domain.h"
#include "base/ip.h"
#include "net/transport.h"
#include "resource/resource.h"
#include "url/url.h"

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

/* A name, or an address that may be told; no sentence: it may. What a name leads to is looked at each time. */
static const char *check_host(const struct resource_env *env, struct str host)
{
	struct str name;
	struct ip ip;

	if (str_starts(host, STR("[")) && str_ends(host, STR("]")))
		host = str_sub(host, 1, host.n - 1);
	if (ip_parse(host, &ip) == OK)
		return env->allow_private_targets || ip_is_global(&ip)
			   ? NULL
			   : "leads to a private or special address, which only the setting "
			     "notifications.allow_private of the server allows";
	return resource_domain_name(env, host, &name) ? NULL : "names no host";
}

/* Nothing that programs might read in different ways. */
static bool is_plain(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] <= ' ' || s.p[i] > '~' || strchr("\"<>\\^`{|}#", s.p[i]))
			return false;
	return true;
}

/* Of what is plain and has a host: what stands for a port is one. */
static bool has_good_port(struct str url)
{
	struct str rest = str_sub(url, str_find(url, STR("://"), 0) + 3, url.n);
	struct str host = str_sub(rest, 0, str_find_char(rest, '/', 0));
	uint64_t port = 0;

	host = str_sub(host, 0, str_find_char(host, '?', 0));
	size_t colon = str_rfind_char(host, ':');
	if (colon == SIZE_MAX || str_find_char(host, ']', colon) != SIZE_MAX)
		return true;
	return !str_to_u64(str_sub(host, colon + 1, host.n), 65535, &port) && port > 0;
}

static const char *check_url(const struct resource_env *env, struct str text)
{
	struct url u = url_split(env->arena, text);

	if (!is_plain(text) || !url_is_web(&u) || u.userinfo.n || u.odd ||
	    !(str_eq(u.scheme, STR("https")) || str_eq(u.scheme, STR("http"))))
		return "must be a plain https URL, without user name, fragment and spaces";
	if (!has_good_port(u.text))
		return "must have a port from 1 to 65535, or none";
	if (str_eq(u.scheme, STR("http")) && !env->allow_private_targets)
		return "must begin with https://, unless the setting notifications.allow_private of the "
		       "server is on";
	return check_host(env, u.host);
}

static const char *check_server(const struct resource_env *env, struct str text)
{
	size_t colon = str_rfind_char(text, ':');
	struct transport t;

	if (colon == SIZE_MAX || str_find_char(text, ']', colon) != SIZE_MAX || !is_plain(text) ||
	    transport_parse(text, &t))
		return "must be host:port, or [address]:port";
	return check_host(env, t.host);
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
	bool webhook = n->kind == NOTIFY_WEBHOOK;

	if (fault_is_at(faults, STR("/kind")))
		return;
	n->url = str_trim(n->url);
	n->server = str_trim(n->server);
	if (webhook) {
		fault(env, faults, "url", n->url.n ? check_url(env, n->url) : "is required for a webhook");
		fault(env, faults, "server", n->server.n ? "is for syslog" : NULL);
		fault(env, faults, "transport", HAS(n, notification, transport) ? "is for syslog" : NULL);
		return;
	}
	fault(env, faults, "server", n->server.n ? check_server(env, n->server) : "is required for syslog");
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
