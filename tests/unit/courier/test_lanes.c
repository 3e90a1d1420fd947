/* Shares of the threads: alone many, together always some for one more; what is kept of jobs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "courier/lanes.h"

#define THREADS 16

/* How many are taken for them from the thread `at` on. */
static size_t fill(struct lanes *l, size_t at, int64_t account, uint64_t hop)
{
	size_t n = 0;

	while (at + n < THREADS && lanes_enter(l, at + n, account, hop))
		n++;
	return n;
}

static void a_silent_next_hop_leaves_room(void **state)
{
	struct lanes *l = lanes_new(THREADS);
	(void)state;

	assert_int_equal(fill(l, 0, 1, 100), 8);
	assert_true(lanes_enter(l, 8, 1, 101));
	lanes_leave(l, 8);
	assert_int_equal(fill(l, 8, 2, 200), 4);
	assert_int_equal(fill(l, 12, 3, 300), 2);
	assert_int_equal(fill(l, 14, 4, 400), 1);
	assert_false(lanes_enter(l, 15, 1, 100));
	/* Who was at something and leaves it counts as free. */
	assert_true(lanes_enter(l, 3, 5, 500));
	assert_false(lanes_enter(l, 4, 1, 100));
	lanes_free(&l);
	assert_null(l);
}

static void an_account_leaves_room(void **state)
{
	struct lanes *l = lanes_new(THREADS);
	size_t n = 0;
	(void)state;

	while (n < THREADS && lanes_enter(l, n, 1, 100 + n))
		n++;
	assert_int_equal(n, 11);
	assert_false(lanes_enter(l, n, 1, 0));
	assert_true(lanes_enter(l, n, 2, 0));
	lanes_free(&l);
}

static void next_hops_of_jobs_are_kept_for_a_while(void **state)
{
	struct lanes *l = lanes_new(1);
	uint64_t hop;
	(void)state;

	assert_false(lanes_recall(l, 7, 0, &hop));
	lanes_note(l, 7, 700, 0);
	assert_true(lanes_recall(l, 7, 59999, &hop));
	assert_int_equal(hop, 700);
	assert_false(lanes_recall(l, 7, 60000, &hop));
	assert_false(lanes_recall(l, 7 + 4096, 0, &hop));
	lanes_free(&l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_silent_next_hop_leaves_room),
		cmocka_unit_test(an_account_leaves_room),
		cmocka_unit_test(next_hops_of_jobs_are_kept_for_a_while),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
