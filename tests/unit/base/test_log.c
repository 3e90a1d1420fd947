/* How many lines of one kind are written. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/log.h"

static unsigned take(struct log_quota *q, int64_t now_ms, int times, unsigned *left_out)
{
	unsigned written = 0, n;

	*left_out = 0;
	for (int i = 0; i < times; i++) {
		written += log_quota_take(q, now_ms, &n);
		*left_out += n;
	}
	return written;
}

static void quotas(void **state)
{
	struct log_quota q = { 0 };
	unsigned left_out;

	(void)state;
	assert_int_equal(take(&q, 0, 5, &left_out), 5);
	assert_int_equal(take(&q, 59999, 100, &left_out), LOG_QUOTA - 5);
	assert_int_equal(left_out, 0);
	/* The next minute says what the last one left out, once. */
	assert_int_equal(take(&q, 60000, 1, &left_out), 1);
	assert_int_equal(left_out, 105 - LOG_QUOTA);
	assert_int_equal(take(&q, 60001, 1, &left_out), 1);
	assert_int_equal(left_out, 0);
	assert_int_equal(take(&q, 10000000, 1, &left_out), 1);
	assert_int_equal(left_out, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(quotas) };

	return cmocka_run_group_tests_name("base/log", tests, NULL, NULL);
}
