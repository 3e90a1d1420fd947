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

	while (at + n < THREADS && lanes_enter(l, at + n, (struct lane){ false, account, { hop, false } }))
		n++;
	return n;
}

static void a_silent_next_hop_leaves_room(void **state)
{
	struct lanes *l = lanes_new(THREADS);
	(void)state;

	assert_int_equal(fill(l, 0, 1, 100), 8);
	assert_true(lanes_enter(l, 8, (struct lane){ false, 1, { 101, false } }));
	lanes_leave(l, 8);
	assert_int_equal(fill(l, 8, 2, 200), 4);
	assert_int_equal(fill(l, 12, 3, 300), 2);
	assert_int_equal(fill(l, 14, 4, 400), 1);
	assert_false(lanes_enter(l, 15, (struct lane){ false, 1, { 100, false } }));
	/* Who was at something and leaves it counts as free. */
	assert_true(lanes_enter(l, 3, (struct lane){ false, 5, { 500, false } }));
	assert_false(lanes_enter(l, 4, (struct lane){ false, 1, { 100, false } }));
	lanes_free(&l);
	assert_null(l);
}

static void an_account_leaves_room(void **state)
{
	struct lanes *l = lanes_new(THREADS);
	size_t n = 0;
	(void)state;

	while (n < THREADS && lanes_enter(l, n, (struct lane){ false, 1, { 100 + n, false } }))
		n++;
	assert_int_equal(n, 11);
	assert_false(lanes_enter(l, n, (struct lane){ false, 1, { 0, false } }));
	assert_true(lanes_enter(l, n, (struct lane){ false, 2, { 0, false } }));
	lanes_free(&l);
}

/* Who waits for an answer finds threads, whatever bulk jobs are at, and bulk jobs some whatever he is at. */
static void patient_jobs_count_among_themselves(void **state)
{
	struct lanes *l = lanes_new(THREADS);
	size_t n = 0, m = 0;
	(void)state;

	while (n < THREADS && lanes_enter(l, n, (struct lane){ true, (int64_t)n, { 100 + n, false } }))
		n++;
	assert_int_equal(n, 8);
	for (size_t i = 2; i < n; i++)
		lanes_leave(l, i);
	for (n = 2; n < THREADS && lanes_enter(l, n, (struct lane){ true, 1, { 100, false } }); n++)
		;
	assert_int_equal(n, 8);
	while (n + m < THREADS && lanes_enter(l, n + m, (struct lane){ false, 1, { 100, false } }))
		m++;
	assert_int_equal(m, 4);
	assert_false(lanes_enter(l, n + m, (struct lane){ true, 2, { 200, false } }));
	lanes_free(&l);
}

/* One thread has all of them, where nobody waits for it. */
static void patient_jobs_that_go_together_have_one_thread(void **state)
{
	struct lanes *l = lanes_new(THREADS);
	(void)state;

	assert_true(lanes_enter(l, 0, (struct lane){ true, 1, { 100, true } }));
	assert_false(lanes_enter(l, 1, (struct lane){ true, 1, { 100, true } }));
	assert_true(lanes_enter(l, 1, (struct lane){ false, 1, { 100, true } }));
	assert_true(lanes_enter(l, 3, (struct lane){ false, 1, { 100, true } }));
	assert_true(lanes_enter(l, 2, (struct lane){ true, 1, { 101, true } }));
	/* It may go on with the next ones. */
	assert_true(lanes_enter(l, 0, (struct lane){ true, 1, { 100, true } }));
	lanes_free(&l);
}

static void next_hops_of_jobs_are_kept_for_a_while(void **state)
{
	struct lanes *l = lanes_new(1);
	struct hop hop;
	(void)state;

	assert_false(lanes_recall(l, 7, 0, &hop));
	lanes_note(l, 7, (struct hop){ 700, true }, 0);
	assert_true(lanes_recall(l, 7, 59999, &hop));
	assert_int_equal(hop.id, 700);
	assert_true(hop.together);
	assert_false(lanes_recall(l, 7, 60000, &hop));
	assert_false(lanes_recall(l, 7 + 4096, 0, &hop));
	lanes_free(&l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_silent_next_hop_leaves_room),
		cmocka_unit_test(an_account_leaves_room),
		cmocka_unit_test(patient_jobs_count_among_themselves),
		cmocka_unit_test(patient_jobs_that_go_together_have_one_thread),
		cmocka_unit_test(next_hops_of_jobs_are_kept_for_a_while),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
