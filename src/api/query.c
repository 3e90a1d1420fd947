/* Query parameters with their types, the body as JSON, and what handlers ask of a request. */
#include "api/internal.h"
#include "api/problem.h"
#include "api/queries.h"
#include "base/clock.h"

struct str query_get(const struct request *rq, const char *name)
{
	for (size_t i = 0; i < rq->query.n; i++)
		if (str_eq(rq->query.v[i].name, str_of(name)))
			return rq->query.v[i].value;
	return STR("");
}

void query_fault(struct request *rq, struct faults *f, const char *name, const char *what)
{
	fault_add(f, arena_printf(rq->arena, "query/%s", name), "%s %s", name, what);
}

void query_int(struct request *rq, const char *name, int64_t min, int64_t max, int64_t *out, struct faults *f)
{
	struct str text = query_get(rq, name);
	int64_t v;

	if (!text.n)
		return;
	if (str_to_i64(text, &v) || v < min || v > max) {
		struct str what = arena_printf(rq->arena, "must be an integer from %lld to %lld",
					       (long long)min, (long long)max);
		query_fault(rq, f, name, what.p);
		return;
	}
	*out = v;
}

void query_bool(struct request *rq, const char *name, bool *out, struct faults *f)
{
	struct str text = query_get(rq, name);

	if (!text.n)
		return;
	*out = str_eq(text, STR("true"));
	if (!*out && !str_eq(text, STR("false")))
		query_fault(rq, f, name, "must be true or false");
}

void query_enum(struct request *rq, const char *name, const struct enumtab *names, int *out, struct faults *f)
{
	struct str text = query_get(rq, name);

	if (!text.n)
		return;
	int v = enum_value_nocase(names, text);
	if (v >= 0) {
		*out = v;
		return;
	}
	struct str what = STR("must be one of");
	for (int i = 0; i < names->n; i++)
		what = arena_printf(rq->arena, "%s%s %s", what.p, i ? "," : "", names->texts[i].p);
	query_fault(rq, f, name, what.p);
}

void query_time(struct request *rq, const char *name, int64_t *out, struct faults *f)
{
	struct str text = query_get(rq, name);

	if (text.n && clock_parse_rfc3339(text, out))
		query_fault(rq, f, name, "must be an RFC 3339 date and time, such as 2026-01-31T12:00:00Z");
}

bool request_json(struct request *rq, struct json **out)
{
	struct errbuf eb;

	if (json_parse(rq->arena, buf_str(&rq->body), out, &eb) == OK)
		return true;
	problem_reply(rq, PROBLEM_JSON, STR_NONE, arena_printf(rq->arena, "Invalid JSON: %s", eb.text));
	return false;
}

struct resource_env request_env(const struct request *rq)
{
	return (struct resource_env){ .arena = rq->arena,
				      .now_us = rq->now_us,
				      .allow_private_ip = rq->api->o.allow_private_ip,
				      .allow_private_targets = rq->api->o.allow_private_targets,
				      .allow_private_mailboxes = rq->api->o.allow_private_mailboxes,
				      .has_click_url = rq->api->o.click_url && *rq->api->o.click_url };
}

struct settings_who request_who(const struct request *rq)
{
	return (struct settings_who){ str_of(rq->principal.name), rq->id, str_of(rq->account.who) };
}
