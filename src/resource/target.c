/* What may be connected to, as it is written. */
#include "resource/target.h"

#include "base/ip.h"
#include "net/transport.h"
#include "url/url.h"

/* A name, or an address that may be told; NULL: it may. */
static const char *check_host(const struct resource_env *env, const struct target_rule *rule, struct str host)
{
	struct str name;
	struct ip ip;

	if (str_starts(host, STR("[")) && str_ends(host, STR("]")))
		host = str_sub(host, 1, host.n - 1);
	if (ip_parse(host, &ip) == OK)
		return rule->allow_private || ip_is_global(&ip)
			   ? NULL
			   : arena_printf(env->arena,
					  "leads to a private or special address, which only the setting %s "
					  "of the server allows",
					  rule->setting)
				 .p;
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

const char *target_check_url(const struct resource_env *env, const struct target_rule *rule, struct str text)
{
	struct url u = url_split(env->arena, text);

	if (!is_plain(text) || !url_is_web(&u) || u.userinfo.n || u.odd ||
	    !(str_eq(u.scheme, STR("https")) || str_eq(u.scheme, STR("http"))))
		return "must be a plain https URL, without user name, fragment and spaces";
	if (!has_good_port(u.text))
		return "must have a port from 1 to 65535, or none";
	if (str_eq(u.scheme, STR("http")) && !rule->allow_private)
		return arena_printf(env->arena,
				    "must begin with https://, unless the setting %s of the server is on",
				    rule->setting)
		    .p;
	return check_host(env, rule, u.host);
}

const char *target_check_server(const struct resource_env *env, const struct target_rule *rule,
				struct str text, bool port_needed)
{
	size_t colon = str_rfind_char(text, ':');
	bool ported = colon != SIZE_MAX && str_find_char(text, ']', colon) == SIZE_MAX;
	struct transport t;

	if ((port_needed && !ported) || !is_plain(text) || transport_parse(text, &t))
		return port_needed ? "must be host:port, or [address]:port"
				   : "must be host, host:port or [address]:port";
	return check_host(env, rule, t.host);
}
