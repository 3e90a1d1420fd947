/* One digest is worked on by one session at a time; the others wait or give up at their deadline. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "intake/in_flight.h"

#define THREADS 8
#define ROUNDS 200

struct shared {
	struct in_flight *f;
	atomic_int inside, done;
	atomic_bool crowded;
};

static void *work(void *arg)
{
	struct shared *s = arg;

	for (int i = 0; i < ROUNDS; i++) {
		if (in_flight_enter(s->f, STR("digest"), clock_mono_ms() + 60000))
			continue;
		if (atomic_fetch_add(&s->inside, 1) != 0)
			atomic_store(&s->crowded, true);
		atomic_fetch_sub(&s->inside, 1);
		in_flight_leave(s->f, STR("digest"));
		atomic_fetch_add(&s->done, 1);
	}
	return NULL;
}

static void one_at_a_time(void **state)
{
	struct shared s = { .f = in_flight_new() };
	pthread_t threads[THREADS];

	(void)state;
	for (int i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, work, &s), 0);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	assert_false(atomic_load(&s.crowded));
	assert_int_equal(atomic_load(&s.done), THREADS * ROUNDS);
	in_flight_free(&s.f);
}

static void gives_up(void **state)
{
	struct in_flight *f = in_flight_new();

	(void)state;
	assert_int_equal(in_flight_enter(f, STR("a"), 0), OK);
	assert_int_equal(in_flight_enter(f, STR("b"), 0), OK);
	assert_int_equal(in_flight_enter(f, STR("a"), clock_mono_ms() + 5), ERR_LATER);
	in_flight_leave(f, STR("a"));
	assert_int_equal(in_flight_enter(f, STR("a"), 0), OK);
	in_flight_leave(f, STR("b"));
	in_flight_leave(f, STR("a"));
	in_flight_free(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(one_at_a_time), cmocka_unit_test(gives_up) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
