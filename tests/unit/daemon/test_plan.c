/* When a role is started again, and when not any more. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/attr.h"
#include "daemon/plan.h"

static void test_wishes(void **state)
{
	struct plan p = { 0 };

	(void)state;
	assert_int_equal(plan_left_ms(&p, 1000, 500), 500);
	plan_want(&p, 1300);
	plan_want(&p, 1200);
	plan_want(&p, 1400);
	assert_int_equal(plan_left_ms(&p, 1000, 500), 200);
	assert_int_equal(plan_left_ms(&p, 1000, 50), 50);
	assert_int_equal(plan_left_ms(&p, 1201, 500), 0);
	plan_started(&p, 1201);
	assert_int_equal(plan_left_ms(&p, 1300, 500), 500);
}

static void test_backoff(void **state)
{
	static const struct {
		int64_t lived;
		int want;
	} deaths[] = { { 10, 100 },  { 10, 200 },  { 10, 400 },   { 10, 800 }, { 10, 1600 },
		       { 10, 2000 }, { 10, 2000 }, { 5001, 100 }, { 10, 200 } };
	struct plan p = { 0 };
	int64_t now = 77;

	(void)state;
	plan_started(&p, now);
	plan_was_ready(&p);
	for (size_t i = 0; i < ARRAY_LEN(deaths); i++) {
		now += deaths[i].lived;
		assert_true(plan_died(&p, now));
		assert_int_equal(plan_left_ms(&p, now, 10000), deaths[i].want);
		plan_started(&p, now);
	}
}

static void test_giving_up(void **state)
{
	struct plan p = { 0 };

	(void)state;
	for (int i = 1; i < PLAN_DEATHS_MOST; i++)
		assert_true(plan_died(&p, i * 10000));
	assert_false(plan_died(&p, 60000));
	/* Ready once, it is never given up. */
	p = (struct plan){ 0 };
	plan_was_ready(&p);
	for (int i = 0; i < 3 * PLAN_DEATHS_MOST; i++)
		assert_true(plan_died(&p, i * 10000));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_wishes),
		cmocka_unit_test(test_backoff),
		cmocka_unit_test(test_giving_up),
	};

	return cmocka_run_group_tests_name("daemon/plan", tests, NULL, NULL);
}
