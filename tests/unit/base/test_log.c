/* How many lines of one kind are written. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>
#include <unistd.h>

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

/* What another thread works on is not ours. */
static void *write_elsewhere(void *log)
{
	log_info((const struct log *)log, "other", KV_INT("n", 1));
	return NULL;
}

static void lines_carry_what_their_thread_works_on(void **state)
{
	int fds[2];
	char text[4096];
	pthread_t thread;

	(void)state;
	assert_int_equal(pipe(fds), 0);
	struct log log = { fds[1], LOG_INFO, "test" };
	log_thread_begin("request", STR("r\"1"));
	log_info(&log, "inside", KV_INT("n", 1));
	assert_int_equal(pthread_create(&thread, NULL, write_elsewhere, &log), 0);
	assert_int_equal(pthread_join(thread, NULL), 0);
	log_thread_end();
	log_info(&log, "outside", KV_INT("n", 1));
	ssize_t n = read(fds[0], text, sizeof(text) - 1);
	assert_true(n > 0);
	text[n] = 0;
	assert_non_null(strstr(text, "event=inside request=\"r\\\"1\" n=1\n"));
	assert_non_null(strstr(text, "event=other n=1\n"));
	assert_non_null(strstr(text, "event=outside n=1\n"));
	close(fds[0]);
	close(fds[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_carry_what_their_thread_works_on),
		cmocka_unit_test(quotas),
	};

	return cmocka_run_group_tests_name("base/log", tests, NULL, NULL);
}
