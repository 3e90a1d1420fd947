/* The clock for what is deleted by age. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/clock.h"

#define S INT64_C(1000000)
#define YEAR_S INT64_C(31536000)
#define DAY_S 86400
#define THEN (INT64_C(1800000000) * S)

/* What the two clocks say in seconds since the beginning, and what counts. */
static const struct {
	int64_t wall, mono, want;
	bool jumped;
} steps[] = {
	{ 0, 0, 0, false },
	{ 10, 10, 10, false },
	{ 5, 20, 5, false },       /* set back */
	{ 3600, 30, 3600, false }, /* set right */
	{ 3610 + YEAR_S, 40, 3610, true },
	{ 3620 + YEAR_S, 50, 3620, true },
	{ 3630, 60, 3630, false }, /* somebody has noticed */
	{ 3640 + YEAR_S, 70, 3640, true },
	{ 3640 + YEAR_S + DAY_S - 1, 70 + DAY_S - 1, 3640 + DAY_S - 1, true },
	{ 3640 + YEAR_S + DAY_S, 70 + DAY_S, 3640 + YEAR_S + DAY_S, false }, /* it was meant */
	{ 3650 + YEAR_S + DAY_S, 80 + DAY_S, 3650 + YEAR_S + DAY_S, false },
};

static void test_steady(void **state)
{
	struct clock_steady c = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
		int64_t got = clock_steady_us(&c, THEN + steps[i].wall * S, 1000 + steps[i].mono * 1000);
		if (got != THEN + steps[i].want * S || (c.jumped_ms != 0) != steps[i].jumped)
			fail_msg("step %zu: %lld s, %s", i, (long long)((got - THEN) / S),
				 c.jumped_ms ? "jumped" : "steady");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_steady) };

	return cmocka_run_group_tests_name("base/clock", tests, NULL, NULL);
}
