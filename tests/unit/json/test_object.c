/* Objects by their field tables: every mode's rules, every fault with its pointer, and the way there and
 * back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/limits.h"
#include "json/read.h"
#include "json/write.h"
#include "model/allow_policy.h"
#include "model/domain.h"
#include "model/message.h"

#define GOOD "\"pattern\":\"a.example\",\"pattern_type\":\"DOMAIN\",\"is_regex\":false,\"verify_sender\":true"
#define FLAGS ",\"is_trusted_sender\":true,\"is_acceptable_sender\":false,\"is_exempt_recipient\":false"

struct read_case {
	const char *name, *text;
	enum json_mode mode;
	bool closed;
	const char *faults; /* "pointer pointer"; "" = fine */
};

static struct str pointers(struct arena *a, const struct faults *f)
{
	struct str all = STR("");

	for (size_t i = 0; i < f->n; i++)
		all = arena_printf(a, "%.*s%s%.*s", STR_ARG(all), i ? " " : "", STR_ARG(f->v[i].pointer));
	return all;
}

static void check(const struct fieldtab *t, const struct read_case *c, void *obj)
{
	struct arena *a = arena_new(1 << 20, NULL, NULL);
	struct faults faults = { .arena = a };
	struct json_read how = { .mode = c->mode, .closed = c->closed };
	struct json *node;

	assert_int_equal(json_parse(a, str_of(c->text), &node, NULL), OK);
	enum err got = json_object_read(a, t, node, &how, obj, NULL, &faults);
	struct str all = pointers(a, &faults);
	if (!str_eq(all, str_of(c->faults)) || (got == OK) != (c->faults[0] == 0))
		fail_msg("%s: faults \"%.*s\", want \"%s\"", c->name, STR_ARG(all), c->faults);
	arena_free(&a);
}

static void faults_are_all_told(void **state)
{
	static const struct read_case cases[] = {
		{ "complete", "{" GOOD FLAGS "}", JSON_CREATE, false, "" },
		{ "nothing", "{}", JSON_CREATE, false,
		  "/pattern /pattern_type /is_regex /is_trusted_sender /is_acceptable_sender "
		  "/is_exempt_recipient "
		  "/verify_sender" },
		{ "patch needs nothing", "{}", JSON_PATCH, false, "" },
		{ "aliases satisfy", "{" GOOD ",\"is_sender\":true,\"is_spoof\":false,\"is_recipient\":true}",
		  JSON_CREATE, false, "" },
		{ "null alias is absent",
		  "{" GOOD ",\"is_sender\":null,\"is_spoof\":false,\"is_recipient\":true}", JSON_CREATE,
		  false, "/is_trusted_sender" },
		{ "alias of the wrong type", "{\"is_sender\":1}", JSON_PATCH, false, "/is_sender" },
		{ "new name wins", "{\"is_sender\":1,\"is_trusted_sender\":true}", JSON_PATCH, false, "" },
		{ "types",
		  "{\"pattern\":1,\"pattern_type\":\"domain\",\"is_regex\":\"true\",\"comments\":[]}",
		  JSON_PATCH, false, "/pattern /pattern_type /is_regex /comments" },
		{ "null", "{\"pattern\":null,\"comments\":null}", JSON_PATCH, false, "/pattern" },
		{ "empty pattern", "{\"pattern\":\"\"}", JSON_PATCH, false, "/pattern" },
		{ "read-only ignored", "{\"id\":[],\"created_at\":7,\"last_modified\":{}}", JSON_PATCH, true,
		  "" },
		{ "unknown ignored", "{\"a/b\":1}", JSON_PATCH, false, "" },
		{ "unknown in closed", "{\"a/b~\":1}", JSON_PATCH, true, "/a~1b~0" },
	};
	(void)state;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct allow_policy p = { 0 };
		check(&allow_policy_fields, &cases[i], &p);
	}
}

static void domains_have_every_kind(void **state)
{
	static const struct read_case cases[] = {
		{ "repeats", "{\"regions\":[\"AU\",\"AU\"]}", JSON_PATCH, false, "/regions/1" },
		{ "elements", "{\"regions\":[\"XX\",1],\"ip_restrictions\":[\"a\",1]}", JSON_PATCH, false,
		  "/regions/0 /regions/1 /ip_restrictions/1" },
		{ "too few", "{\"regions\":[]}", JSON_PATCH, false, "/regions" },
		{ "range", "{\"lookback_hops\":21}", JSON_PATCH, false, "/lookback_hops" },
		{ "fraction", "{\"lookback_hops\":1.5}", JSON_PATCH, false, "/lookback_hops" },
		{ "whole double", "{\"lookback_hops\":2.0}", JSON_PATCH, false, "" },
		{ "null keeps", "{\"lookback_hops\":null,\"transport\":null}", JSON_PATCH, false, "" },
		{ "same name", "{\"domain\":\"A.Example\"}", JSON_PATCH, false, "" },
		{ "other name", "{\"domain\":\"b.example\"}", JSON_PATCH, false, "/domain" },
		{ "replace without name",
		  "{\"regions\":[\"AU\"],\"ip_restrictions\":[],\"drop_dispositions\":[],"
		  "\"allowed_delivery_modes\":[\"BCC\"]}",
		  JSON_REPLACE, true, "" },
		{ "replace needs the arrays", "{}", JSON_REPLACE, true,
		  "/allowed_delivery_modes /drop_dispositions /ip_restrictions /regions" },
	};
	(void)state;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct domain d = { 0 };
		SET(&d, domain, domain, STR("a.example"));
		SET(&d, domain, lookback_hops, 3);
		check(&domain_fields, &cases[i], &d);
		if (str_eq(str_of(cases[i].name), STR("null keeps")))
			assert_true(d.lookback_hops == 3 && HAS(&d, domain, lookback_hops));
	}
}

static void patch_touches_only_what_is_given(void **state)
{
	(void)state;
	struct arena *a = arena_new(1 << 20, NULL, NULL);
	struct allow_policy p = { 0 };
	struct faults faults = { .arena = a };
	struct json_read how = { .mode = JSON_PATCH };
	struct json *node;
	uint64_t given;

	SET(&p, allow_policy, pattern, STR("old"));
	SET(&p, allow_policy, comments, STR("gone"));
	assert_int_equal(json_parse(a, STR("{\"comments\":null,\"is_sender\":true}"), &node, NULL), OK);
	assert_int_equal(json_object_read(a, &allow_policy_fields, node, &how, &p, &given, &faults), OK);
	assert_true(str_eq(p.pattern, STR("old")));
	assert_false(HAS(&p, allow_policy, comments));
	assert_true(p.is_trusted_sender);
	assert_true(given ==
		    (FIELD_BIT(allow_policy, comments) | FIELD_BIT(allow_policy, is_trusted_sender)));
	arena_free(&a);
}

static void many_faults_stay_bounded(void **state)
{
	(void)state;
	struct arena *a = arena_new(8 << 20, NULL, NULL);
	struct buf b;
	struct faults faults = { .arena = a };
	struct json_read how = { .mode = JSON_PATCH };
	struct json *node;
	struct domain d = { 0 };

	buf_init(&b, 1 << 20);
	buf_add_c(&b, "{\"regions\":[\"AU\",\"DE\"],\"drop_dispositions\":[");
	for (int i = 0; i < 10; i++)
		buf_add_c(&b, i ? ",1" : "1");
	buf_add_c(&b, "],\"ip_restrictions\":[");
	for (int i = 0; i < 100; i++)
		buf_add_c(&b, i ? ",1" : "1");
	buf_add_c(&b, "]}");
	assert_int_equal(json_parse(a, buf_str(&b), &node, NULL), OK);
	assert_int_equal(json_object_read(a, &domain_fields, node, &how, &d, NULL, &faults), ERR_SYNTAX);
	assert_int_equal(faults.n, LIMIT_FAULTS);
	buf_free(&b);
	arena_free(&a);
}

static struct message *sample(struct arena *a)
{
	struct message *m = ARENA_NEW(a, struct message);
	struct finding f = { 0 };
	struct validation *v = ARENA_NEW(a, struct validation);

	SET(m, message, id, STR("4Njp3P0STMz2c02Q-2024-01-05T10:00:00-12345678"));
	SET(m, message, scanned_at, INT64_C(1704448800123456));
	SET(m, message, subject, STR("caf\xe9 \"quoted\"\\ \x01\n<\xe2\x82\xac>"));
	SET(m, message, final_disposition, DISP_BEC);
	SET(&f, finding, name, STR("n"));
	SET(&f, finding, score, 0.35);
	SET(&f, finding, offset, 12);
	ARENA_PUSH(a, &m->findings, f);
	m->has |= FIELD_BIT(message, findings);
	SET(v, validation, spf, AUTH_PASS);
	SET(m, message, validation, v);
	return m;
}

static void api_form_shows_everything_but_internals(void **state)
{
	static const char *const want[] = {
		"\"ts\":\"2024-01-05T10:00:00\"",
		"\"scanned_at\":\"2024-01-05T10:00:00.123456Z\"",
		"\"sent_date\":null",
		"\"action_log\":[]",
		"\"is_quarantined\":false",
		"\"subject\":\"caf\xef\xbf\xbd \\\"quoted\\\"\\\\ \\u0001\\n<\xe2\x82\xac>\"",
		"\"final_disposition\":\"MALICIOUS-BEC\"",
		"\"score\":0.35",
		"\"properties\":{\"allowlisted_pattern\":null,",
		"\"validation\":{\"comment\":null,\"dkim\":null,\"dmarc\":null,\"spf\":\"pass\"}",
	};
	(void)state;
	struct arena *a = arena_new(1 << 20, NULL, NULL);
	struct json_write how = { .audience = JSON_FOR_API };
	struct buf b;

	buf_init(&b, 1 << 20);
	json_object_write(&b, &message_fields, sample(a), &how);
	for (size_t i = 0; i < ARRAY_LEN(want); i++)
		if (str_find(buf_str(&b), str_of(want[i]), 0) == SIZE_MAX)
			fail_msg("%s is not in %.*s", want[i], (int)b.n, b.p);
	assert_int_equal(str_find(buf_str(&b), STR("\"cc\""), 0), SIZE_MAX);
	assert_int_equal(str_find(buf_str(&b), STR("\"offset\""), 0), SIZE_MAX);
	buf_free(&b);
	arena_free(&a);
}

static void own_form_comes_back_equal(void **state)
{
	(void)state;
	struct arena *a = arena_new(1 << 20, NULL, NULL);
	struct json_write how = { .audience = JSON_FOR_OURSELVES };
	struct message back = { 0 };
	struct buf first, second;
	struct errbuf eb;

	buf_init(&first, 1 << 20);
	buf_init(&second, 1 << 20);
	json_object_write(&first, &message_fields, sample(a), &how);
	if (json_text_read(a, &message_fields, buf_str(&first), JSON_STORED, &back, &eb))
		fail_msg("%s", eb.text);
	json_object_write(&second, &message_fields, &back, &how);
	assert_true(str_eq(buf_str(&first), buf_str(&second)));
	assert_true(back.findings.v[0].offset == 12);
	buf_free(&first);
	buf_free(&second);
	arena_free(&a);
}

static void ids_are_written_in_the_form_asked_for(void **state)
{
	(void)state;
	struct ident id = { .uuid = "f174e90a-fafe-4643-bbbc-4a0ed4fc8415", .num = 2401 };
	struct buf b;

	buf_init(&b, 1000);
	json_ident(&b, &id, &(struct json_write){ .integer_ids = true });
	assert_true(str_eq(buf_str(&b), STR("2401")));
	buf_clear(&b);
	json_ident(&b, &id, &(struct json_write){ .integer_ids = false });
	assert_true(str_eq(buf_str(&b), STR("\"f174e90a-fafe-4643-bbbc-4a0ed4fc8415\"")));
	buf_free(&b);
}

static void doubles_read_back_the_same(void **state)
{
	static const struct {
		double v;
		const char *want;
	} cases[] = {
		{ 0, "0" },
		{ 1, "1" },
		{ -1.5, "-1.5" },
		{ -0.05, "-0.05" },
		{ 0.1, "0.1" },
		{ 0.0001, "0.0001" },
		{ 1.0 / 3, "0.33333333333333331" },
		{ 1e300, "1e+300" },
		{ 123456.7891, "123456.7891" },
	};
	(void)state;
	struct buf b;

	buf_init(&b, 1000);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		buf_clear(&b);
		json_double(&b, cases[i].v);
		if (!str_eq(buf_str(&b), str_of(cases[i].want)))
			fail_msg("%.*s, want %s", (int)b.n, b.p, cases[i].want);
	}
	buf_free(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(faults_are_all_told),
		cmocka_unit_test(domains_have_every_kind),
		cmocka_unit_test(patch_touches_only_what_is_given),
		cmocka_unit_test(many_faults_stay_bounded),
		cmocka_unit_test(api_form_shows_everything_but_internals),
		cmocka_unit_test(own_form_comes_back_equal),
		cmocka_unit_test(ids_are_written_in_the_form_asked_for),
		cmocka_unit_test(doubles_read_back_the_same),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
