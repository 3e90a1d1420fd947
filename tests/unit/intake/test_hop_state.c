/* What is known of next hops: their share of threads, and when they need not be tried. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "intake/hop_state.h"

#define LONG_MS 60000

static const struct str A = STR_INIT("a.example:25"), B = STR_INIT("b.example:25");

static void one_gets_its_share(void **state)
{
	struct hop_states *s = hop_states_new(2);

	(void)state;
	assert_int_equal(hop_states_enter(s, A), OK);
	assert_int_equal(hop_states_enter(s, A), OK);
	assert_int_equal(hop_states_enter(s, A), ERR_LIMIT);
	assert_int_equal(hop_states_enter(s, B), OK);
	hop_states_leave(s, A, false);
	assert_int_equal(hop_states_enter(s, A), OK);
	for (int i = 0; i < 2; i++)
		hop_states_leave(s, A, false);
	hop_states_leave(s, B, false);
	hop_states_free(&s);
	assert_null(s);
}

/* Who could not reach it keeps the others from trying, but not while others do reach it. */
static void away_until_somebody_reaches_it(void **state)
{
	struct hop_states *s = hop_states_new(4);
	int64_t now = clock_mono_ms();

	(void)state;
	for (int i = 0; i < 3; i++)
		assert_int_equal(hop_states_enter(s, A), OK);
	hop_states_away(s, A, now - 10, now + LONG_MS);
	hop_states_leave(s, A, false);
	assert_int_equal(hop_states_enter(s, A), ERR_ABSENT);
	assert_int_equal(hop_states_enter(s, B), OK);
	hop_states_leave(s, B, true);
	assert_int_equal(hop_states_enter(s, A), ERR_ABSENT);
	hop_states_leave(s, A, true); /* one that was under way gets through */
	assert_int_equal(hop_states_enter(s, A), OK);
	hop_states_away(s, A, now - 10, now + LONG_MS); /* and says more than one that began before */
	assert_int_equal(hop_states_enter(s, A), OK);
	hop_states_away(s, A, clock_mono_ms() + 1, now + LONG_MS);
	assert_int_equal(hop_states_enter(s, A), ERR_ABSENT);
	for (int i = 0; i < 3; i++)
		hop_states_leave(s, A, false);
	assert_int_equal(hop_states_enter(s, A), ERR_ABSENT);
	hop_states_away(s, A, clock_mono_ms() + 1, now);
	assert_int_equal(hop_states_enter(s, A), OK);
	hop_states_leave(s, A, false);
	hop_states_free(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_gets_its_share),
		cmocka_unit_test(away_until_somebody_reaches_it),
	};

	return cmocka_run_group_tests_name("intake/hop_state", tests, NULL, NULL);
}
