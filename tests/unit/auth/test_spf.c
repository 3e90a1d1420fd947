/* What the published suite leaves open: senders that are odd, limits of ours, batching, reasons for people.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "auth/spf_macro.h"
#include "auth/spf_record.h"
#include "zone.h"

static const struct {
	const char *name, *txt;
} records[] = {
	{ "a.test", "v=spf1 ip4:192.0.2.0/24 -all" },
	{ "mapped.test", "v=spf1 ip6:::ffff:192.0.2.0/120 -all" },
	{ "batch.test", "v=spf1 include:i1.test include:i2.test a:h1.test mx:h2.test -all" },
	{ "early.test", "v=spf1 ip4:192.0.2.7 include:i1.test -all" },
	{ "i1.test", "v=spf1 ip4:198.51.100.0/24 -all" },
	{ "i2.test", "v=spf1 ip4:203.0.113.0/24 -all" },
	{ "long.test",
	  "v=spf1 exists:%{s}%{s}%{s}%{s}%{s}%{s}%{s}%{s}%{s}%{s}%{s}%{s}%{s}%{s}%{s}%{s}%{s}%{s}"
	  "%{s}%{s}%{s}%{s}%{s}%{s}%{s}%{s}%{s}%{s}%{s}%{s}%{s}%{s}%{s}%{s}%{s}%{s}%{s}.a.test -all" },
	{ "local.test", "v=spf1 exists:%{l}.users.test -all" },
	{ "self.test", "v=spf1 include:self.test -all" },
	{ "v6mx.test", "v=spf1 mx -all" },
	{ "exp.test", "v=spf1 -all exp=why.test" },
	{ "why.test", "%{l} from %{c} at %{t} by %{r}" },
};

static void build(struct arena *a, struct zone *z)
{
	for (size_t i = 0; i < ARRAY_LEN(records); i++)
		zone_add(a, z, str_of(records[i].name), RR_TXT, str_of(records[i].txt));
	zone_add_address(a, z, STR("h1.test"), STR("192.0.2.200"));
	zone_add_mx(a, z, STR("h2.test"), 10, STR("h1.test"));
	for (uint16_t i = 0; i < 5; i++)
		zone_add_mx(a, z, STR("v6mx.test"), i, arena_printf(a, "m%d.test", i));
	for (uint16_t i = 0; i < 5; i++)
		zone_add_address(a, z, arena_printf(a, "m%d.test", i), STR("192.0.2.9"));
	zone_add_address(a, z, STR("jo.users.test"), STR("127.0.0.2"));
}

static const struct {
	const char *name, *ip, *mail_from, *helo;
	enum spf_result want;
	const char *explanation, *reason; /* the reason holds this */
} cases[] = {
	{ "pass", "192.0.2.7", "jo@a.test", "x.test", SPF_PASS, "",
	  "a.test allows mail from 192.0.2.7 (ip4:" },
	{ "fail", "192.0.3.7", "jo@a.test", "x.test", SPF_FAIL, "",
	  "a.test forbids mail from 192.0.3.7 (-all)" },
	{ "no address", "", "jo@a.test", "x.test", SPF_NONE, "", "not known" },
	{ "null sender", "192.0.2.7", "", "a.test", SPF_PASS, "", "a.test allows" },
	{ "null sender, helo with dot", "192.0.2.7", "", "a.test.", SPF_PASS, "", "" },
	{ "nothing at all", "192.0.2.7", "", "", SPF_NONE, "", "no domain" },
	{ "no at sign", "192.0.2.7", "a.test", "", SPF_PASS, "", "" },
	{ "quoted at sign", "192.0.2.7", "\"x@y\"@a.test", "", SPF_PASS, "", "" },
	{ "upper case", "192.0.2.7", "jo@A.TEST", "", SPF_PASS, "", "" },
	{ "mapped client", "::ffff:192.0.2.7", "jo@a.test", "", SPF_PASS, "", "" },
	{ "mapped network never matches", "192.0.2.7", "jo@mapped.test", "", SPF_FAIL, "", "" },
	{ "no record", "192.0.2.7", "jo@none.test", "", SPF_NONE, "", "none.test publishes no SPF record" },
	{ "not ASCII", "192.0.2.7", "jo@b\xc3\xbc.test", "", SPF_NONE, "", "" },
	{ "local-part in UTF-8 matches nothing", "192.0.2.7", "j\xc3\xb6@local.test", "", SPF_FAIL, "", "" },
	{ "local-part", "192.0.2.7", "jo@local.test", "", SPF_PASS, "", "" },
	{ "backslash is not asked", "192.0.2.7", "\\106o@local.test", "", SPF_FAIL, "", "" },
	{ "loop", "192.0.2.7", "jo@self.test", "", SPF_PERMERROR, "", "more than ten" },
	{ "IPv4-only hosts are no void look-ups", "2001:db8::1", "jo@v6mx.test", "", SPF_FAIL, "", "" },
	{ "explanation", "192.0.2.7", "jo@exp.test", "", SPF_FAIL,
	  "jo from 192.0.2.7 at 1700000000 by unknown", "" },
	{ "explanation with controls", "192.0.2.7", "j\ro@exp.test", "", SPF_FAIL, "", "" },
};

static void test_cases(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct arena *a = arena_new(1u << 20, NULL, NULL);
		struct zone z = { 0 };
		struct spf_query query = { .mail_from = str_of(cases[i].mail_from),
					   .helo = str_of(cases[i].helo),
					   .now_s = 1700000000,
					   .explain = true };
		struct spf got;

		build(a, &z);
		if (*cases[i].ip)
			assert_int_equal(ip_parse(str_of(cases[i].ip), &query.ip), OK);
		spf_check(a, asker_new(a, zone_ask, &z), &query, &got);
		if (got.result != cases[i].want || !str_eq(got.explanation, str_of(cases[i].explanation)) ||
		    str_find(got.reason, str_of(cases[i].reason), 0) == SIZE_MAX)
			fail_msg("%s: %.*s, \"%.*s\", %.*s", cases[i].name,
				 STR_ARG(enum_text(&spf_result_names, (int)got.result)),
				 STR_ARG(got.explanation), STR_ARG(got.reason));
		arena_free(&a);
	}
}

/* A sender of 300 bytes 37 times over is more than an expansion may hold. */
static void test_expansion_is_bounded(void **state)
{
	struct arena *a = arena_new(4u << 20, NULL, NULL);
	struct zone z = { 0 };
	char sender[400];
	struct spf_query query = { .helo = STR("x.test") };
	struct spf got;

	(void)state;
	build(a, &z);
	memset(sender, 'a', 300);
	memcpy(sender + 300, "@long.test", 11);
	query.mail_from = str_of(sender);
	assert_int_equal(ip_parse(STR("192.0.2.1"), &query.ip), OK);
	spf_check(a, asker_new(a, zone_ask, &z), &query, &got);
	assert_int_equal(got.result, SPF_PERMERROR);
	arena_free(&a);
}

static size_t batches(const char *sender, size_t *questions)
{
	struct arena *a = arena_new(1u << 20, NULL, NULL);
	struct zone z = { 0 };
	struct spf_query query = { .mail_from = str_of(sender) };
	struct spf got;

	build(a, &z);
	assert_int_equal(ip_parse(STR("192.0.2.7"), &query.ip), OK);
	spf_check(a, asker_new(a, zone_ask, &z), &query, &got);
	arena_free(&a);
	*questions = z.asked;
	return z.calls;
}

static void test_terms_are_asked_together(void **state)
{
	size_t questions;

	(void)state;
	assert_int_equal(batches("jo@batch.test", &questions), 2); /* the record; both includes, a and mx */
	assert_int_equal(questions, 5);
	assert_int_equal(batches("jo@early.test", &questions), 1); /* an address before them decides */
	assert_int_equal(questions, 1);
}

static void test_offline_is_temperror(void **state)
{
	struct arena *a = arena_new(1u << 20, NULL, NULL);
	struct spf_query query = { .mail_from = STR("jo@a.test") };
	struct spf got;

	(void)state;
	assert_int_equal(ip_parse(STR("192.0.2.7"), &query.ip), OK);
	spf_check(a, asker_new(a, NULL, NULL), &query, &got);
	assert_int_equal(got.result, SPF_TEMPERROR);
	arena_free(&a);
}

static void test_asks_name_the_first_question(void **state)
{
	struct arena *a = arena_new(1u << 20, NULL, NULL);
	struct spf_query query = { .mail_from = STR("jo@a.test"), .ip = { 4, { 1 } } };
	struct ask_list list = { 0 };

	(void)state;
	spf_asks(a, &query, &list);
	assert_int_equal(list.n, 1);
	assert_true(str_eq(list.v[0].name, STR("a.test")));
	assert_int_equal(list.v[0].rrtype, RR_TXT);
	query.ip.family = 0;
	spf_asks(a, &query, &list);
	assert_int_equal(list.n, 1);
	arena_free(&a);
}

static void test_record_syntax(void **state)
{
	static const struct {
		const char *text;
		enum err want;
	} rows[] = {
		{ "v=spf1", OK },
		{ "v=spf1  a   mx ", OK },
		{ "v=spf1 A:Example.COM//64 ~ALL", OK },
		{ "v=spf1 a:%{d2r.-+,/_=}.x.test", OK },
		{ "v=spf1 a:%{d0}", ERR_SYNTAX },
		{ "v=spf1 a:%{d", ERR_SYNTAX },
		{ "v=spf1 a:%", ERR_SYNTAX },
		{ "v=spf1 a:%{d}x", ERR_SYNTAX },
		{ "v=spf1 a:%{d}.x", OK },
		{ "v=spf1 a:x.test/", ERR_SYNTAX },
		{ "v=spf1 a/0//0", OK },
		{ "v=spf1 a//0/0", ERR_SYNTAX },
		{ "v=spf1 a/00", ERR_SYNTAX },
		{ "v=spf1 ip4:192.0.2.1/24", OK },
		{ "v=spf1 ip4:192.0.2.01", ERR_SYNTAX },
		{ "v=spf1 ip4:::1", ERR_SYNTAX },
		{ "v=spf1 ip6:192.0.2.1", ERR_SYNTAX },
		{ "v=spf1 ip6:fe80::1%eth0", ERR_SYNTAX },
		{ "v=spf1 +-all", ERR_SYNTAX },
		{ "v=spf1 -", ERR_SYNTAX },
		{ "v=spf1 x=%{c}", OK },
		{ "v=spf1\tall", ERR_SYNTAX },
		{ "v=spf2 all", ERR_SYNTAX },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct arena *a = arena_new(1u << 20, NULL, NULL);
		struct spf_record record;
		struct errbuf eb = { "" };
		if (spf_record_parse(a, str_of(rows[i].text), &record, &eb) != rows[i].want)
			fail_msg("%s: %s", rows[i].text, eb.text);
		arena_free(&a);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_expansion_is_bounded),
		cmocka_unit_test(test_terms_are_asked_together),
		cmocka_unit_test(test_offline_is_temperror),
		cmocka_unit_test(test_asks_name_the_first_question),
		cmocka_unit_test(test_record_syntax),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
