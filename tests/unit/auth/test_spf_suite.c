/* The published RFC 7208 test suite, every case of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "auth/spf.h"
#include "spf_suite.h"
#include "suite.h"

#define SUITE "spf/rfc7208-tests.yml"

static bool case_passes(struct arena *a, struct spf_scenario *s, const struct spf_case *c)
{
	struct asker *q = asker_new(a, zone_ask, &s->zone);
	struct spf_query query = { .helo = c->helo, .mail_from = c->mail_from };
	struct str want = str_eq(c->explanation, STR("DEFAULT")) ? STR("") : c->explanation;
	struct spf got;
	bool ok = false;

	assert_int_equal(ip_parse(c->host, &query.ip), OK);
	spf_check(a, q, &query, &got);
	for (size_t i = 0; i < c->results.n; i++)
		ok |= str_eq(enum_text(&spf_result_names, (int)got.result), c->results.v[i]);
	if (c->explanation.n > 0 && !str_eq(got.explanation, want))
		ok = false;
	ok &= got.reason.n > 0;
	if (!ok)
		print_error("%.*s: got %.*s, explanation \"%.*s\" (%.*s)\n", STR_ARG(c->name),
			    STR_ARG(enum_text(&spf_result_names, (int)got.result)), STR_ARG(got.explanation),
			    STR_ARG(got.reason));
	return ok;
}

static void test_rfc7208_suite(void **state)
{
	struct arena *a = arena_new(64u << 20, NULL, NULL);
	struct spf_scenarios all = { 0 };
	unsigned ran = 0, failed = 0;
	struct str text;

	(void)state;
	assert_true(suite_read(a, SUITE, &text));
	spf_suite_parse(a, text, &all);
	for (size_t i = 0; i < all.n; i++)
		for (size_t j = 0; j < all.v[i].cases.n; j++, ran++)
			failed += !case_passes(a, &all.v[i], &all.v[i].cases.v[j]);
	assert_int_equal(ran, 203);
	assert_int_equal(failed, 0);
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_rfc7208_suite) };

	if (suite_is_absent(SUITE))
		return 0;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
