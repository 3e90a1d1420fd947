/* The pool: every job runs once, a full queue says so, and the end waits for what was begun. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <pthread.h>
#include <stdatomic.h>

#include "api/pool.h"

static void count(void *job)
{
	atomic_fetch_add((atomic_int *)job, 1);
}

static void wait_for_it(void *job)
{
	pthread_mutex_t *gate = job;

	pthread_mutex_lock(gate);
	pthread_mutex_unlock(gate);
}

static void every_job_runs_once(void **state)
{
	enum { JOBS = 1000 };
	atomic_int done = 0;
	int taken = 0;
	(void)state;
	struct pool *p = pool_new(3, JOBS, count);

	for (int i = 0; i < JOBS; i++)
		taken += pool_add(p, &done);
	pool_free(&p);
	assert_null(p);
	assert_int_equal(taken, JOBS);
	assert_int_equal(atomic_load(&done), JOBS);
}

static void a_full_queue_refuses(void **state)
{
	pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
	int taken = 0;
	(void)state;
	struct pool *p = pool_new(1, 2, wait_for_it);

	pthread_mutex_lock(&gate);
	for (int i = 0; i < 10; i++)
		taken += pool_add(p, &gate);
	/* Two wait, and the thread may have taken one. */
	assert_true(taken == 2 || taken == 3);
	pthread_mutex_unlock(&gate);
	pool_free(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_job_runs_once),
		cmocka_unit_test(a_full_queue_refuses),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
