/* One digest is worked on by one session at a time; the others wait or give up at their deadline. */
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

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
	struct shared s = { .f = in_flight_new(-1) };
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
	struct in_flight *f = in_flight_new(-1);

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

/* Another process, which in this test is another opening of the lock file. */
static void between_processes(void **state)
{
	char path[] = "/tmp/in-flight-XXXXXX";
	int first = mkstemp(path);
	struct in_flight *a = in_flight_new(first), *b = in_flight_new(open(path, O_RDWR | O_CLOEXEC));
	struct str one = STR("0123456789abcdef0123456789abcdef"),
		   other = STR("1123456789abcdef0123456789abcdef");

	(void)state;
	assert_true(first >= 0);
	assert_int_equal(in_flight_enter(a, one, 0), OK);
	assert_int_equal(in_flight_enter(b, one, clock_mono_ms() + 30), ERR_LATER);
	assert_int_equal(in_flight_enter(b, other, 0), OK);
	in_flight_leave(a, one);
	assert_int_equal(in_flight_enter(b, one, clock_mono_ms() + 10000), OK);
	/* Whoever dies lets go. */
	assert_int_equal(in_flight_enter(a, one, 0), ERR_LATER);
	in_flight_free(&b);
	assert_int_equal(in_flight_enter(a, one, clock_mono_ms() + 10000), OK);
	in_flight_free(&a);
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(one_at_a_time), cmocka_unit_test(gives_up),
					    cmocka_unit_test(between_processes) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
