/*
 * The SPF suites of pyspf and RFC 7208, every *.yml: scenarios with zone data, and what a client must get. SPF records
 * stand for TXT, too, unless TXT is listed; TIMEOUT makes what is missing of a name time out.
 */
#include "../unit/auth/zone.h"
#include "auth/spf.h"
#include "suite.h"
#include "yaml.h"

/* A record may be cut into strings. */
static struct str join(struct arena *a, const struct yaml *value)
{
	struct str all = value->s;

	for (const struct yaml *part = value->first; part; part = part->next)
		all = ARENA_JOIN(a, all, part->s);
	return all;
}

static struct str without_dot(struct str name)
{
	return str_ends(name, STR(".")) ? str_sub(name, 0, name.n - 1) : name;
}

static void add_record(struct arena *a, struct zone *z, struct str name, const struct yaml *r,
		       bool spf_is_txt)
{
	struct str type = r->key, all = join(a, r);
	uint64_t preference = 0;

	if (str_eq(type, STR("TXT")) || (str_eq(type, STR("SPF")) && spf_is_txt)) {
		if (!str_eq(all, STR("NONE")))
			zone_add(a, z, name, RR_TXT, all);
	} else if (str_eq(type, STR("SPF"))) {
		zone_add(a, z, name, 99, all);
	} else if (str_eq(type, STR("MX")) && r->first && r->first->next) {
		if (!str_to_u64(r->first->s, 65535, &preference))
			zone_add_mx(a, z, name, (uint16_t)preference, r->first->next->s);
	} else if (str_eq(type, STR("A")) || str_eq(type, STR("AAAA"))) {
		zone_add_address(a, z, name, all);
	} else if (str_eq(type, STR("PTR")) || str_eq(type, STR("CNAME"))) {
		zone_add(a, z, name, str_eq(type, STR("PTR")) ? RR_PTR : ZONE_CNAME,
			 arena_lower(a, without_dot(all)));
	}
}

static void fill_zone(struct arena *a, const struct yaml *scenario, struct zone *z)
{
	const struct yaml *data = yaml_get(scenario, "zonedata");

	for (const struct yaml *owner = data ? data->first : NULL; owner; owner = owner->next) {
		struct str name = without_dot(owner->key);
		bool has_txt = false;
		for (const struct yaml *r = owner->first; r; r = r->next)
			has_txt |= yaml_get(r, "TXT") != NULL;
		for (const struct yaml *r = owner->first; r; r = r->next) {
			if (r->kind == YAML_SCALAR && str_eq(r->s, STR("TIMEOUT")))
				zone_silence(a, z, name);
			for (const struct yaml *one = r->first; one; one = one->next)
				add_record(a, z, name, one, !has_txt);
		}
	}
}

static bool is_wanted(const struct yaml *want, struct str result)
{
	if (want->kind == YAML_SCALAR)
		return str_eq(want->s, result);
	for (const struct yaml *one = want->first; one; one = one->next)
		if (str_eq(one->s, result))
			return true;
	return false;
}

static void check(struct suite *s, struct arena *a, const struct yaml *test, struct zone *z)
{
	struct spf_query query = { .helo = yaml_text(test, "helo"),
				   .mail_from = yaml_text(test, "mailfrom"),
				   .explain = true };
	const struct yaml *want = yaml_get(test, "result");
	struct str text = yaml_text(test, "explanation"), why;
	struct spf got;

	if (!want || ip_parse(yaml_text(test, "host"), &query.ip)) {
		suite_case(s, false, test->key, "the case cannot be read");
		return;
	}
	spf_check(a, asker_new(a, zone_ask, z), &query, &got);
	why = str_eq(text, STR("DEFAULT")) ? STR("") : text;
	suite_case(s,
		   is_wanted(want, enum_text(&spf_result_names, (int)got.result)) && got.reason.n > 0 &&
		       (text.n == 0 || str_eq(got.explanation, why)),
		   test->key, "%.*s, \"%.*s\": %.*s", STR_ARG(enum_text(&spf_result_names, (int)got.result)),
		   STR_ARG(got.explanation), STR_ARG(got.reason));
}

static void run(struct suite *s)
{
	struct strs files = suite_files(s, ".yml");

	for (size_t i = 0; i < files.n; i++) {
		struct arena *a = arena_new(256u << 20, NULL, NULL);
		struct str text;
		struct yaml *scenario = suite_read(s, a, files.v[i], &text) ? yaml_parse(a, text) : NULL;
		for (; scenario; scenario = scenario->next) {
			const struct yaml *tests = yaml_get(scenario, "tests");
			struct zone z = { 0 };
			fill_zone(a, scenario, &z);
			for (const struct yaml *t = tests ? tests->first : NULL; t; t = t->next)
				check(s, a, t, &z);
		}
		arena_free(&a);
	}
}

int main(void)
{
	return suite_main("spf", run);
}
