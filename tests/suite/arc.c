/*
 * ARC suites, every *.yml: messages whose chain must pass, fail or be none; and of signing cases what was to come out,
 * which must hold in front of the message it was made for.
 */
#include "../unit/auth/zone.h"
#include "auth/arc.h"
#include "suite.h"
#include "yaml.h"

#define NOW 1700000000

/* Cases that say otherwise than the RFC, what it says, and where. */
static const struct {
	const char *name;
	enum arc_result want;
} otherwise[] = {
	/* No result named: cv=fail at the last hop is "fail" (RFC 8617 §5.2, step 2). */
	{ "cv_fail_i1_as_cv_fail", ARC_FAIL },
	{ "cv_fail_i2_as2_fail", ARC_FAIL },
	/* No result named: no cv= may be "fail" (RFC 8617 §5.2, step 3). */
	{ "cv_fail_i2_as1_fail", ARC_FAIL },
	/* Signed relaxed without saying so: c= is "simple/simple" where it is absent (RFC 6376 §3.5). */
	{ "ams_fields_c_na", ARC_FAIL },
};

static void fill_zone(struct arena *a, const struct yaml *scenario, struct zone *z)
{
	const struct yaml *records = yaml_get(scenario, "txt-records");

	for (const struct yaml *r = records ? records->first : NULL; r; r = r->next)
		zone_add(a, z, r->key, RR_TXT, r->s);
}

static void check(struct suite *s, struct arena *a, struct str name, struct str mail, struct zone *z,
		  enum arc_result want)
{
	struct headers h = headers_parse(a, mail, 0, mail.n, NULL);
	struct dkim_mail *m = dkim_mail_new(a, asker_new(a, zone_ask, z), mail, &h);
	struct arc arc;

	arc_verify(m, NOW, &arc);
	dkim_mail_free(&m);
	suite_case(s, arc.result == want && arc.reason.n > 0, name, "%.*s: %.*s",
		   STR_ARG(enum_text(&arc_result_names, (int)arc.result)), STR_ARG(arc.reason));
}

/* A case whose result is not one of the three fails by its name. */
static int wanted(const struct yaml *test)
{
	for (size_t i = 0; i < ARRAY_LEN(otherwise); i++)
		if (str_eq(test->key, str_of(otherwise[i].name)))
			return (int)otherwise[i].want;
	return enum_value_nocase(&arc_result_names, str_trim(yaml_text(test, "cv")));
}

/*
 * "Name: value" with its lines folded. A line of tags that does not end one was broken for reading, in the middle of
 * base64: its signer wrote it in one piece.
 */
static struct str field(struct arena *a, const char *name, struct str value, bool tags)
{
	struct str out = ARENA_JOIN(a, str_of(name), STR(":"));
	bool whole = true;

	value = str_trim(value);
	for (size_t at = 0; at < value.n;) {
		size_t end = str_find_char(value, '\n', at);
		struct str line = str_sub(value, at, end == SIZE_MAX ? value.n : end);
		at += line.n + 1;
		out = ARENA_JOIN(a, out, whole ? STR("\r\n ") : STR(""), str_trim(line));
		whole = !tags || str_ends(str_trim(line), STR(";"));
	}
	return ARENA_JOIN(a, out, STR("\r\n"));
}

/* The message with the set that its signer was to add in front. */
static struct str sealed(struct arena *a, const struct yaml *test)
{
	return ARENA_JOIN(a, field(a, "ARC-Seal", yaml_text(test, "AS"), true),
			  field(a, "ARC-Message-Signature", yaml_text(test, "AMS"), true),
			  field(a, "ARC-Authentication-Results", yaml_text(test, "AAR"), false),
			  yaml_text(test, "message"));
}

static void run_scenario(struct suite *s, struct arena *a, const struct yaml *scenario)
{
	const struct yaml *tests = yaml_get(scenario, "tests");
	struct zone z = { 0 };

	fill_zone(a, scenario, &z);
	for (const struct yaml *t = tests ? tests->first : NULL; t; t = t->next) {
		struct str seal = str_trim(yaml_text(t, "AS"));
		if (!yaml_get(t, "AS")) {
			check(s, a, t->key, yaml_text(t, "message"), &z, (enum arc_result)wanted(t));
		} else if (seal.n > 0) { /* else nothing was to be added */
			bool broken = str_find(seal, STR("cv=fail"), 0) != SIZE_MAX;
			check(s, a, t->key, sealed(a, t), &z, broken ? ARC_FAIL : ARC_PASS);
		}
	}
}

static void run(struct suite *s)
{
	struct strs files = suite_files(s, ".yml");

	for (size_t i = 0; i < files.n; i++) {
		struct arena *a = arena_new(256u << 20, NULL, NULL);
		struct str text;
		if (suite_read(s, a, files.v[i], &text))
			for (const struct yaml *y = yaml_parse(a, text); y; y = y->next)
				run_scenario(s, a, y);
		arena_free(&a);
	}
}

int main(void)
{
	return suite_main("arc", run);
}
