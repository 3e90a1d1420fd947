/* The pool: every job runs once, a full queue says so, nobody has it alone, and the end waits for what was begun. */
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

	for (unsigned i = 0; i < JOBS; i++)
		taken += pool_add(p, i % 7, &done);
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
	for (unsigned i = 0; i < 10; i++)
		taken += pool_add(p, i, &gate);
	/* Two wait, and the thread may have taken one. */
	assert_true(taken == 2 || taken == 3);
	pthread_mutex_unlock(&gate);
	pool_free(&p);
}

struct job {
	bool short_; /* else it holds its thread until the gate opens */
	pthread_mutex_t *gate;
	atomic_int *long_running, *most, *short_done;
};

static void run(void *arg)
{
	struct job *j = arg;

	if (j->short_) {
		atomic_fetch_add(j->short_done, 1);
		return;
	}
	int now = atomic_fetch_add(j->long_running, 1) + 1, most = atomic_load(j->most);
	while (now > most && !atomic_compare_exchange_weak(j->most, &most, now))
		;
	wait_for_it(j->gate);
	atomic_fetch_sub(j->long_running, 1);
}

static void one_owner_leaves_room_for_others(void **state)
{
	enum { THREADS = 8, SHORT = 20 };
	pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
	atomic_int running = 0, most = 0, done = 0;
	struct job slow = { false, &gate, &running, &most, &done }, fast = { true, NULL, NULL, NULL, &done };
	int taken = 0;
	(void)state;
	struct pool *p = pool_new(THREADS, 100, run);

	pthread_mutex_lock(&gate);
	for (int i = 0; i < 200; i++)
		taken += pool_add(p, 1, &slow);
	assert_in_range(taken, 50, 50 + THREADS / 4);
	for (int i = 0; i < SHORT; i++)
		assert_true(pool_add(p, 2, &fast));
	while (atomic_load(&done) < SHORT)
		sched_yield();
	assert_true(atomic_load(&most) <= THREADS / 4);
	pthread_mutex_unlock(&gate);
	pool_close(p);
	assert_false(pool_add(p, 3, &fast));
	pool_free(&p);
	assert_int_equal(atomic_load(&running), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_job_runs_once),
		cmocka_unit_test(a_full_queue_refuses),
		cmocka_unit_test(one_owner_leaves_room_for_others),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
