/* Those that wait: each goes on once it is ready, they hold no thread meanwhile, nobody has all places, and the end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <sched.h>
#include <stdatomic.h>

#include "api/waiting.h"

struct job {
	atomic_bool ready;
	atomic_int runs;
};

static void run(void *arg)
{
	atomic_fetch_add(&((struct job *)arg)->runs, 1);
}

static bool is_ready(void *arg)
{
	return atomic_load(&((struct job *)arg)->ready);
}

static void wait_for(struct job *j)
{
	while (!atomic_load(&j->runs))
		sched_yield();
}

static void more_wait_than_there_are_threads(void **state)
{
	enum { JOBS = 50 };
	static struct job jobs[JOBS], other;
	struct pool *p = pool_new(1, 4, run);
	struct waiting *w = waiting_new(JOBS, 1, is_ready, p);
	(void)state;

	for (unsigned i = 0; i < JOBS; i++)
		assert_true(waiting_add(w, i % 3, &jobs[i]));
	assert_true(pool_add(p, 1, &other));
	wait_for(&other);
	for (unsigned i = 0; i < JOBS; i += 2)
		atomic_store(&jobs[i].ready, true);
	for (unsigned i = 0; i < JOBS; i += 2)
		wait_for(&jobs[i]);
	for (unsigned i = 0; i < JOBS; i++)
		assert_int_equal(atomic_load(&jobs[i].runs), i % 2 == 0);
	/* The end does not wait for what is not ready, and the queue of the pool is shorter than all of them. */
	waiting_close(w);
	assert_false(waiting_add(w, 1, &other));
	pool_close(p);
	for (unsigned i = 0; i < JOBS; i++)
		assert_int_equal(atomic_load(&jobs[i].runs), 1);
	waiting_free(&w);
	assert_null(w);
	pool_free(&p);
}

static void one_owner_leaves_places_for_others(void **state)
{
	static struct job job;
	struct pool *p = pool_new(1, 100, run);
	struct waiting *w = waiting_new(10, 1, is_ready, p);
	unsigned one = 0, two = 0, three = 0;
	(void)state;

	for (int i = 0; i < 20; i++)
		one += waiting_add(w, 1, &job);
	for (int i = 0; i < 20; i++)
		two += waiting_add(w, 2, &job);
	for (int i = 0; i < 20; i++)
		three += waiting_add(w, 3, &job);
	assert_int_equal(one, 5);
	assert_int_equal(two, 5);
	assert_int_equal(three, 0);
	waiting_free(&w);
	pool_free(&p);
	assert_int_equal(atomic_load(&job.runs), 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(more_wait_than_there_are_threads),
		cmocka_unit_test(one_owner_leaves_places_for_others),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
