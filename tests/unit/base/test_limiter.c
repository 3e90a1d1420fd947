/* Rate limits: quotas, windows, many keys, and a clock that steps back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/limiter.h"

#define S INT64_C(1000000)

static void a_quota_ends_and_comes_back(void **state)
{
	struct limiter *l = limiter_new(3, 10);
	struct limiter_state at;
	(void)state;

	for (int64_t i = 0; i < 3; i++) {
		assert_true(limiter_take(l, 7, 100 * S, &at));
		assert_int_equal(at.left, 2 - i);
	}
	assert_false(limiter_take(l, 7, 104 * S + 1, &at));
	assert_int_equal(at.left, 0);
	assert_int_equal(at.reset_s, 6);
	assert_true(limiter_take(l, 9, 104 * S, &at));
	assert_true(limiter_take(l, 7, 110 * S, &at));
	assert_int_equal(at.left, 2);
	limiter_free(&l);
	assert_null(l);
}

static void a_clock_that_steps_back_begins_anew(void **state)
{
	struct limiter *l = limiter_new(1, 10);
	struct limiter_state at;
	(void)state;

	assert_true(limiter_take(l, 7, 100 * S, &at));
	assert_true(limiter_take(l, 7, 50 * S, &at));
	assert_int_equal(at.reset_s, 10);
	limiter_free(&l);
}

static void many_keys_fit_in_bounded_memory(void **state)
{
	struct limiter *l = limiter_new(1, 10);
	struct limiter_state at;
	(void)state;

	for (uint64_t key = 2; key < 200000; key += 2)
		assert_true(limiter_take(l, key, 100 * S + (int64_t)key, &at));
	assert_false(limiter_take(l, 199998, 101 * S, &at));
	limiter_free(&l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_quota_ends_and_comes_back),
		cmocka_unit_test(a_clock_that_steps_back_begins_anew),
		cmocka_unit_test(many_keys_fit_in_bounded_memory),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
