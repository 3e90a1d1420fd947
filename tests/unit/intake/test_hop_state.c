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

static unsigned take_all(struct hop_states *s, const char *transport)
{
	unsigned n = 0;
	enum err e;

	while ((e = hop_states_enter(s, str_of(transport))) == OK)
		n++;
	assert_int_equal(e, ERR_LIMIT);
	return n;
}

/* However many are silent: whoever comes has something left. */
static void shares(void **state)
{
	static const struct {
		const char *transport;
		unsigned want;
	} rows[] = { { "a:25", 64 }, { "b:25", 48 }, { "c:25", 36 },
		     { "d:25", 27 }, { "e:25", 21 }, { "f:25", 15 } };
	struct hop_states *s = hop_states_new(256);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		assert_int_equal(take_all(s, rows[i].transport), rows[i].want);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		for (unsigned k = 0; k < rows[i].want; k++)
			hop_states_leave(s, str_of(rows[i].transport), false);
	assert_int_equal(take_all(s, "f:25"), 64);
	hop_states_free(&s);
}

static void one_thread(void **state)
{
	struct hop_states *s = hop_states_new(1);

	(void)state;
	assert_int_equal(take_all(s, "a:25"), 1);
	hop_states_leave(s, STR("a:25"), false);
	assert_int_equal(take_all(s, "b:25"), 1);
	hop_states_free(&s);
}

/* Who could not reach it keeps the others from trying, but not while others do reach it. */
static void away_until_somebody_reaches_it(void **state)
{
	struct hop_states *s = hop_states_new(16);
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
		cmocka_unit_test(shares),
		cmocka_unit_test(one_thread),
		cmocka_unit_test(away_until_somebody_reaches_it),
	};

	return cmocka_run_group_tests_name("intake/hop_state", tests, NULL, NULL);
}
