/* Jobs: one of a kind for each record, one worker for each, put off, ended, forgotten. */
#include "fixture_job.h"

#include <unistd.h>

#define T0 INT64_C(1700000000000000)
#define S INT64_C(1000000)

static struct job job_of(int64_t ref)
{
	return (struct job){ .account = 1,
			     .kind = JOB_RELEASE,
			     .ref = ref,
			     .due_us = T0,
			     .created_us = T0,
			     .who = STR("token:t") };
}

static int64_t add(struct store *st, int64_t ref)
{
	struct job j = job_of(ref);

	assert_int_equal(store_jobs_add(st, &j, 1), OK);
	assert_true(j.id > 0);
	return j.id;
}

static void each_is_worked_off_once(void **state)
{
	struct fixture *f = *state;
	struct job_hold a, b;
	bool open;

	int64_t one = add(f->st, 11), two = add(f->st, 12);
	assert_int_equal(fixture_job_begin(f, T0 - 1, T0 + 15 * S, &a), ERR_ABSENT);
	assert_int_equal(fixture_job_begin(f, T0, T0 + 15 * S, &a), OK);
	assert_int_equal(fixture_job_begin(f, T0, T0 + 15 * S, &b), OK);
	assert_int_equal(a.job.id + b.job.id, one + two);
	assert_int_not_equal(a.job.id, b.job.id);
	assert_int_equal(a.job.tries, 1);
	assert_true(str_eq(a.job.who, STR("token:t")));

	/* Due again by its clock, but somebody is at it. */
	struct job_hold c;
	assert_int_equal(fixture_job_begin(f, T0 + 20 * S, T0 + 40 * S, &c), ERR_ABSENT);

	assert_int_equal(fixture_job_settle(f, &a, JOB_DONE, T0 + S, "fine"), OK);
	assert_int_equal(store_job_is_open(f->st, a.job.ref, &open), OK);
	assert_false(open);
	assert_int_equal(fixture_job_settle(f, &b, JOB_OPEN, T0 + 60 * S, "busy"), OK);
	assert_int_equal(store_job_is_open(f->st, b.job.ref, &open), OK);
	assert_true(open);
	assert_int_equal(fixture_job_begin(f, T0 + 59 * S, T0 + 80 * S, &c), ERR_ABSENT);
	assert_int_equal(fixture_job_begin(f, T0 + 60 * S, T0 + 80 * S, &c), OK);
	assert_int_equal(c.job.tries, 2);
	assert_true(job_was_tried(&c.job));
	assert_int_equal(fixture_job_settle(f, &c, JOB_FAILED, T0 + 61 * S, "no"), OK);
	struct job j;
	assert_int_equal(store_job_get(f->st, f->a, c.job.id, &j), OK);
	assert_int_equal(j.state, JOB_FAILED);
	assert_true(str_eq(j.why, STR("no")));
}

/* A worker whose process ends holds nothing any more. */
static void what_a_dead_worker_held_is_taken_up(void **state)
{
	struct fixture *f = *state;
	struct job_hold a, b;

	add(f->st, 11);
	assert_int_equal(fixture_job_begin(f, T0, T0 + 15 * S, &a), OK);
	close(a.lock);
	assert_int_equal(fixture_job_begin(f, T0 + 14 * S, T0 + 30 * S, &b), ERR_ABSENT);
	assert_int_equal(fixture_job_begin(f, T0 + 15 * S, T0 + 30 * S, &b), OK);
	assert_int_equal(b.job.tries, 2);
	assert_false(job_was_tried(&b.job)); /* not to its end */
	assert_int_equal(fixture_job_settle(f, &b, JOB_DONE, T0 + 16 * S, "fine"), OK);
}

/* Of all but account 1. */
static bool admits_others(void *ctx, const struct job *j)
{
	(void)ctx;
	return j->account != 1;
}

static bool admits_hop(void *ctx, const struct job *j)
{
	return j->ref == *(const int64_t *)ctx;
}

/* Who has thousands of jobs holds up only himself, and what of his may be begun is found behind what may not. */
static void what_is_admitted_is_found_behind_the_rest(void **state)
{
	struct fixture *f = *state;
	struct job_hold a, b;
	int64_t living = 1000;
	const struct job_ask others = { T0 + S, T0 + 15 * S, admits_others, NULL, NULL },
			     of_living = { T0 + S, T0 + 15 * S, admits_hop, NULL, &living };

	for (int64_t ref = 1; ref <= 4000; ref++)
		add(f->st, ref);
	struct job other = job_of(5000);
	other.account = 2;
	other.due_us = T0 + S;
	assert_int_equal(store_jobs_add(f->st, &other, 1), OK);
	assert_int_equal(store_job_begin(f->st, f->a, &others, &a), OK);
	assert_int_equal(a.job.id, other.id);
	assert_int_equal(fixture_job_settle(f, &a, JOB_DONE, T0 + 2 * S, "fine"), OK);
	assert_int_equal(store_job_begin(f->st, f->a, &of_living, &b), OK);
	assert_int_equal(b.job.ref, living);
	assert_int_equal(fixture_job_settle(f, &b, JOB_DONE, T0 + 2 * S, "fine"), OK);
}

/* ---- how it ended, what it changed and the next one: one transaction ---- */

struct passing_on {
	struct fixture *f;
	int calls;
	bool disturbed; /* somebody else changes the record meanwhile, once */
};

static bool mark(struct arena *a, struct record *r, void *ctx)
{
	(void)ctx;
	record_trace(a, r, false, "somebody else");
	return true;
}

static bool pass_on(struct arena *a, struct record *r, void *ctx)
{
	struct passing_on *p = ctx;

	if (p->calls++ == 0 && p->disturbed)
		assert_int_equal(store_record_change(p->f->st, p->f->a, r->key, mark, NULL, NULL), OK);
	record_trace(a, r, true, "passed on");
	return true;
}

static size_t traced(struct fixture *f, int64_t key)
{
	struct record r;

	assert_int_equal(store_record_by_key(f->st, f->a, key, &r), OK);
	return r.trace.n;
}

static int64_t add_record(struct fixture *f, const char *id)
{
	struct record *r = fixture_record(f->a, 1, id, "a@x.test", "b@y.test", "hello");

	assert_int_equal(store_record_add(f->st, f->a, r), OK);
	return r->key;
}

static enum err settle_and_go_on(struct fixture *f, struct job_hold *h, struct passing_on *p,
				 struct job_hold *next)
{
	const struct job_change change = { h->job.ref, pass_on, p, f->a };
	const struct job_result done = {
		.state = JOB_DONE, .at_us = T0 + S, .why = STR("fine"), .change = &change
	};
	const struct job_ask ask = { T0 + S, T0 + 15 * S, NULL, NULL, NULL };

	return store_job_settle(f->st, f->a, h, &done, &ask, next);
}

static void an_end_takes_its_change_and_the_next_with_it(void **state)
{
	struct fixture *f = *state;
	struct passing_on p = { .f = f, .disturbed = true };
	struct job_hold h, next;
	struct job j;

	int64_t key = add_record(f, "one"), first = add(f->st, key), second = add(f->st, 12);
	assert_int_equal(fixture_job_begin(f, T0, T0 + 15 * S, &h), OK);
	assert_int_equal(h.job.id, first);
	assert_int_equal(settle_and_go_on(f, &h, &p, &next), OK);
	assert_int_equal(p.calls, 2);
	assert_int_equal(traced(f, key), 2);
	assert_int_equal(store_job_get(f->st, f->a, first, &j), OK);
	assert_int_equal(j.state, JOB_DONE);
	assert_int_equal(next.job.id, second);
	assert_int_equal(next.job.tries, 1);
	assert_true(str_eq(next.job.who, STR("token:t")));
	/* Its record is gone, and no other job is left. */
	p.calls = 0;
	assert_int_equal(settle_and_go_on(f, &next, &p, &h), OK);
	assert_int_equal(p.calls, 0);
	assert_int_equal(h.lock, -1);
	assert_int_equal(store_job_get(f->st, f->a, second, &j), OK);
	assert_int_equal(j.state, JOB_DONE);
}

static void an_end_that_is_not_written_changes_nothing(void **state)
{
	struct fixture *f = *state;
	struct passing_on p = { .f = f };
	struct job_hold h, next, other;
	struct sql *c;
	struct job j;

	int64_t key = add_record(f, "one"), first = add(f->st, key), second = add(f->st, 12);
	assert_int_equal(fixture_job_begin(f, T0, T0 + 15 * S, &h), OK);
	assert_int_equal(sql_write_begin(f->st->messages, &c), OK);
	enum err err = sql_script(c, "CREATE TRIGGER full BEFORE UPDATE OF state ON job BEGIN "
				     "SELECT RAISE(ABORT, 'full'); END");
	assert_int_equal(sql_end(&c, err), OK);
	assert_int_not_equal(settle_and_go_on(f, &h, &p, &next), OK);
	assert_int_equal(next.lock, -1);
	/* It is held still, to be written again. */
	assert_int_equal(fixture_job_begin(f, T0 + 20 * S, T0 + 40 * S, &other), OK);
	assert_int_equal(other.job.id, second);
	store_job_let_go(&other);
	store_job_let_go(&h);
	assert_int_equal(h.lock, -1);
	assert_int_equal(traced(f, key), 0);
	assert_int_equal(store_job_get(f->st, f->a, first, &j), OK);
	assert_int_equal(j.state, JOB_OPEN);
	assert_int_equal(other.job.tries, 1); /* and not begun before */
}

/* ---- several ---- */

#define HOP 7 /* refs of a hop have its rest */

static bool joins_any(void *ctx, const struct job *with, const struct job *j)
{
	(void)ctx, (void)with, (void)j;
	return true;
}

static bool joins_hop(void *ctx, const struct job *with, const struct job *j)
{
	(void)ctx;
	return with->ref % HOP == j->ref % HOP;
}

/* Whose ref is at least that. */
static bool admits_from(void *ctx, const struct job *j)
{
	return j->ref >= *(const int64_t *)ctx;
}

static void add_of(struct store *st, int64_t ref, enum job_kind kind, const char *data, bool patient)
{
	struct job j = job_of(ref);

	j.kind = kind;
	j.data = str_of(data);
	j.patient = patient;
	assert_int_equal(store_jobs_add(st, &j, 1), OK);
}

static void what_goes_together_is_begun_and_ended_together(void **state)
{
	struct fixture *f = *state;
	const struct job_ask ask = { T0, T0 + 15 * S, NULL, joins_hop, NULL };
	struct passing_on p[3] = { { .f = f }, { .f = f, .disturbed = true }, { .f = f } };
	struct job_hold first, holds[JOBS_TOGETHER - 1], other;
	struct job_end ends[3];
	struct job_result results[3];
	struct job_change changes[3];
	int64_t keys[3] = { add_record(f, "one"), add_record(f, "two"), 1 + 5 * HOP };
	size_t n = 0;

	/* The keys of records are of whatever hop: all join. */
	const struct job_ask any = { T0, T0 + 15 * S, NULL, joins_any, NULL };
	add(f->st, 1);
	assert_int_equal(store_job_begin(f->st, f->a, &any, &first), OK);
	for (int i = 0; i < 3; i++)
		add(f->st, keys[i]);
	add_of(f->st, 1 + 2 * HOP, JOB_MOVE, "", false);
	add_of(f->st, 1 + 3 * HOP, JOB_RELEASE, "{}", false);
	add_of(f->st, 1 + 4 * HOP, JOB_RELEASE, "", true);
	assert_int_equal(store_jobs_join(f->st, f->a, &ask, &first.job, holds, 0), 0);
	n = store_jobs_join(f->st, f->a, &any, &first.job, holds, JOBS_TOGETHER - 1);
	assert_int_equal(n, 3);
	assert_int_equal(store_jobs_join(f->st, f->a, &any, &first.job, holds + 3, JOBS_TOGETHER - 4), 0);
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(holds[i].job.tries, 1);
		assert_true(str_eq(holds[i].job.who, STR("token:t")));
		changes[i] = (struct job_change){ holds[i].job.ref, pass_on, &p[i], f->a };
		results[i] = (struct job_result){
			.state = JOB_DONE, .at_us = T0 + S, .why = STR("fine"), .change = &changes[i]
		};
		ends[i] = (struct job_end){ .hold = &holds[i], .result = &results[i] };
	}
	store_jobs_settle(f->st, ends, n);
	for (size_t i = 0; i < n; i++) {
		struct job j;
		assert_int_equal(ends[i].err, OK);
		assert_int_equal(holds[i].lock, -1);
		assert_int_equal(store_job_get(f->st, f->a, holds[i].job.id, &j), OK);
		assert_int_equal(j.state, JOB_DONE);
	}
	assert_int_equal(p[1].calls, 2); /* somebody else changed its record meanwhile */
	assert_int_equal(traced(f, keys[0]), 1);
	assert_int_equal(traced(f, keys[1]), 2);
	/* The others are there still; but no bulk job wants the patient one. */
	for (n = 0; fixture_job_begin(f, T0, T0 + 15 * S, &other) == OK; n++)
		store_job_let_go(&other);
	assert_int_equal(n, 2);
	store_job_let_go(&first);
}

static void only_those_that_join_are_begun(void **state)
{
	struct fixture *f = *state;
	const struct job_ask ask = { T0, T0 + 15 * S, NULL, joins_hop, NULL };
	struct job_hold first, holds[JOBS_TOGETHER - 1];

	for (int64_t ref = 1; ref <= 100 * HOP; ref++)
		add(f->st, ref);
	assert_int_equal(store_job_begin(f->st, f->a, &ask, &first), OK);
	size_t n = store_jobs_join(f->st, f->a, &ask, &first.job, holds, JOBS_TOGETHER - 1);
	assert_int_equal(n, JOBS_TOGETHER - 1);
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(holds[i].job.ref % HOP, first.job.ref % HOP);
		store_job_let_go(&holds[i]);
	}
	store_job_let_go(&first);
}

/* Whoever may go on with nothing else goes on with what would have joined. */
static void the_next_one_may_be_of_the_same_company(void **state)
{
	struct fixture *f = *state;
	int64_t from = 50;
	const struct job_ask ask = { T0, T0 + 15 * S, admits_from, joins_hop, &from };
	const struct job_result done = { .state = JOB_DONE, .at_us = T0 + S, .why = STR("fine") };
	struct job_hold h, next;

	for (int64_t ref = 1; ref <= 10 * HOP; ref++)
		add(f->st, ref);
	assert_int_equal(store_job_begin(f->st, f->a, &ask, &h), OK);
	assert_int_equal(h.job.ref, from);
	assert_int_equal(store_job_settle(f->st, f->a, &h, &done, &ask, &next), OK);
	assert_true(next.lock >= 0);
	assert_int_equal(next.job.ref, from + HOP);
	assert_int_equal(next.job.tries, 1);
	store_job_let_go(&next);
}

static void who_asks_during_a_try_is_not_put_off_with_it(void **state)
{
	struct fixture *f = *state;
	struct job_hold h;
	struct job j;

	int64_t id = add(f->st, 11);
	assert_int_equal(fixture_job_begin(f, T0, T0 + 15 * S, &h), OK);
	j = job_of(11);
	j.due_us = T0 + S;
	assert_int_equal(store_jobs_add(f->st, &j, 1), OK);
	assert_int_equal(j.id, id);
	/* The try under way was not theirs: another one follows at once. */
	assert_int_equal(fixture_job_settle(f, &h, JOB_OPEN, T0 + 60 * S, "busy"), OK);
	assert_int_equal(store_job_get(f->st, f->a, id, &j), OK);
	assert_int_equal(j.why.n, 0);
	assert_int_equal(fixture_job_begin(f, T0 + 2 * S, T0 + 30 * S, &h), OK);
	assert_int_equal(h.job.tries, 1);
	assert_int_equal(fixture_job_settle(f, &h, JOB_DONE, T0 + 3 * S, "fine"), OK);
	/* After the end it is another one. */
	assert_int_not_equal(add(f->st, 11), id);
}

/* As above, but the try under way comes to its end. */
static void who_asks_during_a_try_does_not_end_with_it(void **state)
{
	struct fixture *f = *state;
	struct job_hold h;
	struct job j;
	bool open;

	add(f->st, 11);
	assert_int_equal(fixture_job_begin(f, T0, T0 + 15 * S, &h), OK);
	j = job_of(11);
	j.due_us = T0 + S;
	assert_int_equal(store_jobs_add(f->st, &j, 1), OK);
	assert_int_equal(fixture_job_settle(f, &h, JOB_FAILED, T0 + 2 * S, "refused"), OK);
	assert_int_equal(store_job_is_open(f->st, 11, &open), OK);
	assert_true(open);
	assert_int_equal(fixture_job_begin(f, T0 + 2 * S, T0 + 30 * S, &h), OK);
	assert_int_equal(fixture_job_settle(f, &h, JOB_DONE, T0 + 3 * S, "fine"), OK);
}

static void ended_ones_are_forgotten(void **state)
{
	struct fixture *f = *state;
	struct job_hold h;
	struct job j;
	bool more = false;

	int64_t ended = add(f->st, 11);
	assert_int_equal(fixture_job_begin(f, T0, T0 + 15 * S, &h), OK);
	assert_int_equal(fixture_job_settle(f, &h, JOB_DONE, T0 + S, "fine"), OK);
	int64_t open = add(f->st, 12);
	assert_int_equal(store_jobs_forget(f->st, T0 + S, &more), OK);
	assert_int_equal(store_job_get(f->st, f->a, ended, &j), OK);
	assert_int_equal(store_jobs_forget(f->st, T0 + S + 1, &more), OK);
	assert_int_equal(store_job_get(f->st, f->a, ended, &j), ERR_ABSENT);
	assert_int_equal(store_job_get(f->st, f->a, open, &j), OK);
	assert_false(more);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(each_is_worked_off_once, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(what_a_dead_worker_held_is_taken_up, fixture_setup,
						fixture_teardown),
		cmocka_unit_test_setup_teardown(what_is_admitted_is_found_behind_the_rest, fixture_setup,
						fixture_teardown),
		cmocka_unit_test_setup_teardown(an_end_takes_its_change_and_the_next_with_it, fixture_setup,
						fixture_teardown),
		cmocka_unit_test_setup_teardown(an_end_that_is_not_written_changes_nothing, fixture_setup,
						fixture_teardown),
		cmocka_unit_test_setup_teardown(what_goes_together_is_begun_and_ended_together, fixture_setup,
						fixture_teardown),
		cmocka_unit_test_setup_teardown(only_those_that_join_are_begun, fixture_setup,
						fixture_teardown),
		cmocka_unit_test_setup_teardown(the_next_one_may_be_of_the_same_company, fixture_setup,
						fixture_teardown),
		cmocka_unit_test_setup_teardown(who_asks_during_a_try_is_not_put_off_with_it, fixture_setup,
						fixture_teardown),
		cmocka_unit_test_setup_teardown(who_asks_during_a_try_does_not_end_with_it, fixture_setup,
						fixture_teardown),
		cmocka_unit_test_setup_teardown(ended_ones_are_forgotten, fixture_setup, fixture_teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
