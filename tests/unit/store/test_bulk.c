/* Bulk jobs: what is found once, children a few at a time, counters that add up, and every way to an end. */
#include "fixture_job.h"

#include <unistd.h>

#include "store/bulk.h"
#include "store/key.h"
#include "store/moves.h"

#define OWNER 1
#define S INT64_C(1000000)
#define WINDOW 64 /* of releases, in store/bulk_child.c */

static const struct settings_who tests = { .name = STR_INIT("token:tests") };

/* ---- mail and jobs ---- */

static struct record *mail(struct fixture *f, const char *id, bool held)
{
	struct record *r = fixture_record(f->a, OWNER, id, "a@example.net", "b@example.test", "hello");
	struct ints *status = &r->message->delivery_status;
	int at = held ? DELIVERY_QUARANTINED : DELIVERY_DELIVERED;

	SET(r->message, message, final_disposition, DISP_SPAM);
	ARENA_PUSH(f->a, status, at);
	r->message->has |= FIELD_BIT(message, delivery_status);
	SET(r->message, message, is_quarantined, held);
	r->outcomes.v[0].status = at;
	assert_int_equal(store_record_add(f->st, f->a, r), OK);
	return r;
}

static void mails(struct fixture *f, const char *prefix, size_t n)
{
	for (size_t i = 0; i < n; i++)
		mail(f, arena_printf(f->a, "%s%05zu", prefix, i).p, true);
}

static struct bulk_job asked(struct fixture *f, enum bulk_action action)
{
	struct bulk_job j = { 0 };
	struct bulk_params *p = ARENA_NEW(f->a, struct bulk_params);
	struct search_params *q = ARENA_NEW(f->a, struct search_params);

	search_params_defaults(q);
	SET(p, bulk_params, type, (int)action);
	if (action == BULK_MOVE)
		SET(p, bulk_params, destination, DESTINATION_JUNK);
	SET(&j, bulk_job, action_type, (int)action);
	SET(&j, bulk_job, action_params, p);
	SET(&j, bulk_job, search_params, q);
	SET(&j, bulk_job, comment, STR("why"));
	return j;
}

static struct str bulk_of(struct fixture *f, enum bulk_action action)
{
	struct bulk_job j = asked(f, action);

	assert_int_equal(store_bulk_add(f->st, f->a, OWNER, &tests, &j), OK);
	assert_int_equal(j.status, BULK_PENDING);
	return j.job_id;
}

static struct str bulk(struct fixture *f)
{
	return bulk_of(f, BULK_RELEASE);
}

static struct bulk_job get(struct fixture *f, struct str id)
{
	struct bulk_job j;

	assert_int_equal(store_bulk_get(f->st, f->a, OWNER, id, &j), OK);
	return j;
}

/* What each message's row says, counted by status. */
struct tally {
	size_t by[6], n;
	struct bulk_message last;
};

static void count_row(const struct bulk_message *m, void *ctx)
{
	struct tally *t = ctx;

	t->by[m->status]++;
	t->n++;
	t->last = *m;
}

static struct tally rows(struct fixture *f, struct str id, int status)
{
	const struct store_bulk_messages q = {
		.account = OWNER, .job_id = id, .status = status, .n = 100000
	};
	struct tally t = { 0 };
	size_t total;

	assert_int_equal(store_bulk_messages(f->st, f->a, &q, count_row, &t, &total), OK);
	assert_int_equal(total, get(f, id).total_messages_discovered);
	return t;
}

/* Counters say what the rows say. */
static struct bulk_job check(struct fixture *f, struct str id)
{
	struct bulk_job j = get(f, id);
	struct tally t = rows(f, id, -1);

	assert_int_equal(j.total_messages_discovered, t.n);
	assert_int_equal(j.messages_pending, t.by[BULK_MESSAGE_PENDING] + t.by[BULK_MESSAGE_PROCESSING]);
	assert_int_equal(j.messages_successful, t.by[BULK_MESSAGE_COMPLETED]);
	assert_int_equal(j.messages_failed, t.by[BULK_MESSAGE_FAILED]);
	assert_int_equal(j.messages_skipped, t.by[BULK_MESSAGE_SKIPPED]);
	assert_int_equal(j.messages_cancelled, t.by[BULK_MESSAGE_CANCELLED]);
	for (int status = 0; status < 6; status++)
		assert_int_equal(rows(f, id, status).n, t.by[status]);
	return j;
}

/* The next job that is due. */
static bool begin(struct fixture *f, struct job_hold *h)
{
	enum err err = fixture_job_begin(f, clock_now_us() + S, clock_now_us() + 15 * S, h);

	assert_true(err == OK || err == ERR_ABSENT);
	return err == OK;
}

static void settle(struct fixture *f, struct job_hold *h, enum job_state state, const char *why)
{
	assert_int_equal(fixture_job_settle(f, h, state, clock_now_us(), why), OK);
}

/* As courier does; how many pages that took. */
static size_t discover(struct fixture *f)
{
	struct job_hold h;
	bool more = true;
	size_t n = 0;

	assert_true(begin(f, &h));
	assert_int_equal(h.job.kind, JOB_BULK);
	for (; more; n++)
		assert_int_equal(store_bulk_discover(f->st, h.job.ref, &more), OK);
	settle(f, &h, JOB_DONE, "found");
	return n;
}

static int64_t open_children(struct fixture *f)
{
	return fixture_count(f->st->messages, "SELECT count(*) FROM job WHERE state = 'open'");
}

/* ---- tests ---- */

static void each_message_is_found_once_and_done(void **state)
{
	struct fixture *f = *state;
	struct job_hold h;
	size_t n = 0;

	mails(f, "4NjA", 300);
	mail(f, "4NjDELIVERED", false);
	struct str id = bulk(f);
	mail(f, "4NjLATER", true); /* behind its end */
	assert_int_equal(discover(f), 2);
	struct bulk_job j = check(f, id);
	assert_int_equal(j.status, BULK_PROCESSING);
	assert_int_equal(j.total_messages_discovered, 301);
	assert_int_equal(j.messages_skipped, 1);
	assert_int_equal(j.messages_pending, 300);
	assert_true(str_eq(j.comment, STR("why")));
	assert_true(HAS(j.search_params, search_params, start) && HAS(j.search_params, search_params, end));
	for (; begin(f, &h); n++) {
		assert_int_equal(h.job.kind, JOB_RELEASE);
		assert_true(h.job.patient);
		assert_true(str_eq(h.job.who, STR("token:tests")));
		assert_true(open_children(f) <= WINDOW);
		if (n == 100)
			assert_int_equal(check(f, id).messages_pending, 200);
		struct job_result r = { .state = n % 3 ? JOB_DONE : JOB_FAILED,
					.at_us = clock_now_us(),
					.why = STR("so it went"),
					.nothing = n % 3 == 1 };
		assert_int_equal(store_job_settle(f->st, f->a, &h, &r, NULL, NULL), OK);
	}
	assert_int_equal(n, 300);
	j = check(f, id);
	assert_int_equal(j.status, BULK_COMPLETED);
	assert_false(HAS(&j, bulk_job, status_message));
	assert_int_equal(j.messages_failed, 100);
	assert_int_equal(j.messages_skipped, 101);
	assert_int_equal(j.messages_successful, 100);
	struct bulk_message m = rows(f, id, BULK_MESSAGE_FAILED).last;
	assert_true(m.message_id.n == 36);
}

static void what_finds_nothing_is_over(void **state)
{
	struct fixture *f = *state;
	struct str id = bulk(f);

	assert_int_equal(discover(f), 1);
	struct bulk_job j = check(f, id);
	assert_int_equal(j.status, BULK_COMPLETED);
	assert_true(HAS(&j, bulk_job, started_at) && HAS(&j, bulk_job, completed_at));
	assert_true(str_eq(j.status_message, STR("The search found no message.")));
	assert_int_equal(open_children(f), 0);
}

static void a_page_that_was_written_is_not_found_again(void **state)
{
	struct fixture *f = *state;
	struct job_hold h;
	bool more;

	mails(f, "4NjA", 600);
	struct str id = bulk(f);
	for (int i = 0; i < 2; i++) {
		/* Whoever was at it has died. */
		int64_t later = clock_now_us() + (1 + 20 * i) * S;
		assert_int_equal(fixture_job_begin(f, later, later + 15 * S, &h), OK);
		assert_int_equal(store_bulk_discover(f->st, h.job.ref, &more), OK);
		assert_true(more);
		store_job_let_go(&h);
	}
	assert_int_equal(check(f, id).total_messages_discovered, 500);
	assert_int_equal(store_bulk_discover(f->st, h.job.ref, &more), OK);
	assert_false(more);
	assert_int_equal(check(f, id).total_messages_discovered, 600);
	assert_int_equal(store_bulk_discover(f->st, h.job.ref, &more), ERR_ABSENT);
}

static void passing_failures_end_after_five_tries(void **state)
{
	struct fixture *f = *state;
	int64_t now = clock_now_us();
	struct job_hold h;
	struct tally t;

	mails(f, "4NjA", 1);
	struct str id = bulk(f);
	discover(f);
	for (int try = 1; try < BULK_TRIES; try++) {
		now += 100 * S;
		assert_int_equal(fixture_job_begin(f, now, now + 15 * S, &h), OK);
		assert_int_equal(rows(f, id, -1).by[BULK_MESSAGE_PROCESSING], 1);
		assert_int_equal(fixture_job_settle(f, &h, JOB_OPEN, now + 60 * S, "busy"), OK);
		t = rows(f, id, -1);
		assert_int_equal(t.by[BULK_MESSAGE_PENDING], 1);
		assert_int_equal(t.last.retry_count, try);
		assert_int_equal(t.last.retry_after, now + 60 * S);
		check(f, id);
	}
	now += 100 * S;
	assert_int_equal(fixture_job_begin(f, now, now + 15 * S, &h), OK);
	assert_int_equal(h.job.tries, BULK_TRIES);
	assert_int_equal(fixture_job_settle(f, &h, JOB_OPEN, now + 60 * S, "busy"), OK);
	assert_int_equal(check(f, id).messages_failed, 1);
	assert_int_equal(get(f, id).status, BULK_COMPLETED);
	assert_int_equal(open_children(f), 0);
}

/* What had no turn is no failed try, and waits for nothing. */
static void what_had_no_turn_is_begun_again(void **state)
{
	struct fixture *f = *state;
	struct job_hold h;

	mails(f, "4NjA", 1);
	struct str id = bulk(f);
	discover(f);
	for (int try = 0; try < 2 * BULK_TRIES; try++) {
		assert_true(begin(f, &h));
		assert_int_equal(h.job.tries, 1);
		const struct job_result r = {
			.state = JOB_OPEN, .at_us = h.job.created_us, .why = STR("no turn"), .goes_on = true
		};
		assert_int_equal(store_job_settle(f->st, f->a, &h, &r, NULL, NULL), OK);
		struct tally t = rows(f, id, -1);
		assert_int_equal(t.by[BULK_MESSAGE_PENDING], 1);
		assert_int_equal(t.last.retry_count, 0);
		assert_false(HAS(&t.last, bulk_message, retry_after));
	}
	assert_true(begin(f, &h));
	settle(f, &h, JOB_DONE, "fine");
	assert_int_equal(check(f, id).messages_successful, 1);
}

static void what_is_put_off_holds_up_no_other(void **state)
{
	struct fixture *f = *state;
	struct job_hold h;
	size_t n = 0;

	mails(f, "4NjA", 3 * WINDOW);
	struct str id = bulk(f);
	discover(f);
	for (; begin(f, &h); n++)
		assert_int_equal(fixture_job_settle(f, &h, JOB_OPEN, clock_now_us() + 60 * S, "busy"), OK);
	assert_int_equal(n, 3 * WINDOW);
	assert_int_equal(check(f, id).messages_pending, n);
}

static void cancelling_stops_what_waits(void **state)
{
	struct fixture *f = *state;
	struct job_hold running, late, h;
	struct bulk_job j;
	size_t n = 0;

	mails(f, "4NjA", 200);
	struct str id = bulk(f);
	discover(f);
	assert_true(begin(f, &running));
	assert_true(begin(f, &late));
	assert_true(begin(f, &h));
	assert_int_equal(fixture_job_settle(f, &h, JOB_OPEN, clock_now_us(), "busy"), OK);
	assert_int_equal(store_bulk_cancel(f->st, f->a, OWNER, &tests, id, &j), OK);
	assert_int_equal(j.status, BULK_CANCELLED);
	assert_int_equal(j.messages_cancelled, 198);
	assert_int_equal(j.messages_pending, 2);
	check(f, id);
	settle(f, &running, JOB_DONE, "fine");
	assert_int_equal(check(f, id).messages_successful, 1);
	assert_int_equal(fixture_job_settle(f, &late, JOB_OPEN, clock_now_us(), "busy"), OK);
	assert_int_equal(check(f, id).messages_cancelled, 199);
	for (; begin(f, &h); n++)
		settle(f, &h, JOB_DONE, "fine");
	assert_int_equal(n, 0);
	assert_int_equal(open_children(f), 0);
	assert_int_equal(store_bulk_cancel(f->st, f->a, OWNER, &tests, id, &j), OK);
	assert_int_equal(check(f, id).messages_pending, 0);
}

/* Who was at it when it was cancelled has died: nobody knows how far he came, so it is done again. */
static void what_was_begun_when_it_was_cancelled_ends(void **state)
{
	struct fixture *f = *state;
	int64_t later = clock_now_us() + 20 * S;
	struct job_hold h;
	struct bulk_job j;

	mails(f, "4NjA", 1);
	struct str id = bulk(f);
	discover(f);
	assert_true(begin(f, &h));
	assert_int_equal(store_bulk_cancel(f->st, f->a, OWNER, &tests, id, &j), OK);
	store_job_let_go(&h);
	assert_int_equal(fixture_job_begin(f, later, later + 15 * S, &h), OK);
	settle(f, &h, JOB_DONE, "fine");
	assert_int_equal(check(f, id).messages_successful, 1);
}

static void somebody_else_who_waits_for_the_same_keeps_it(void **state)
{
	struct fixture *f = *state;
	struct job_hold h;
	struct bulk_job j;

	mails(f, "4NjA", 1);
	int64_t key = fixture_count(f->st->messages, "SELECT id FROM msg");
	struct str id = bulk(f);
	discover(f);
	struct job single = { .account = OWNER,
			      .kind = JOB_RELEASE,
			      .ref = key,
			      .due_us = clock_now_us(),
			      .created_us = clock_now_us(),
			      .who = STR("token:other") };
	assert_int_equal(store_jobs_add(f->st, &single, 1), OK);
	assert_int_equal(open_children(f), 1);
	assert_int_equal(store_bulk_cancel(f->st, f->a, OWNER, &tests, id, &j), OK);
	assert_true(begin(f, &h));
	assert_false(h.job.patient);
	assert_int_equal(h.job.id, single.id);
	settle(f, &h, JOB_DONE, "fine");
	assert_int_equal(check(f, id).messages_cancelled, 1);
}

static void two_jobs_about_the_same_share_its_end(void **state)
{
	struct fixture *f = *state;
	struct job_hold h;

	mails(f, "4NjA", 3);
	struct str one = bulk(f), two = bulk(f);
	discover(f);
	discover(f);
	assert_int_equal(open_children(f), 3);
	while (begin(f, &h))
		settle(f, &h, JOB_DONE, "fine");
	assert_int_equal(check(f, one).messages_successful, 3);
	assert_int_equal(check(f, two).messages_successful, 3);
	assert_int_equal(get(f, two).status, BULK_COMPLETED);
}

/* Who asks for another folder while a move is under way gets that, and the row says so. */
static void what_was_asked_for_otherwise_is_not_done(void **state)
{
	struct fixture *f = *state;
	struct job_hold h;
	int64_t key, job;

	mail(f, "4NjA", false);
	mail(f, "4NjB", false);
	struct str id = bulk_of(f, BULK_MOVE);
	discover(f);
	assert_true(begin(f, &h));
	key = h.job.ref;
	settle(f, &h, JOB_DONE, "moved");
	assert_true(begin(f, &h));
	assert_int_not_equal(h.job.ref, key);
	store_job_let_go(&h);
	assert_int_equal(store_moves_ask(f->st, f->a, OWNER, &h.job.ref, 1, DESTINATION_TRASH,
					 STR("token:other"), clock_now_us(), &job),
			 OK);
	assert_int_equal(job, h.job.id);
	assert_true(begin(f, &h));
	settle(f, &h, JOB_DONE, "moved");
	struct bulk_job j = check(f, id);
	assert_int_equal(j.messages_successful, 1);
	assert_int_equal(j.messages_cancelled, 1);
	assert_int_equal(j.status, BULK_COMPLETED);
}

static void only_what_is_over_is_deleted(void **state)
{
	struct fixture *f = *state;
	struct bulk_job j;
	struct job_hold h;

	mails(f, "4NjA", 1200);
	struct str id = bulk(f);
	discover(f);
	assert_int_equal(store_bulk_delete(f->st, f->a, OWNER, &tests, id), ERR_CONFLICT);
	assert_int_equal(store_bulk_cancel(f->st, f->a, OWNER, &tests, id, &j), OK);
	assert_int_equal(store_bulk_delete(f->st, f->a, 2, &tests, id), ERR_ABSENT);
	assert_int_equal(store_bulk_delete(f->st, f->a, OWNER, &tests, id), OK);
	assert_int_equal(store_bulk_get(f->st, f->a, OWNER, id, &j), ERR_ABSENT);
	assert_false(begin(f, &h));
	fixture_upkeep(f, NULL);
	assert_int_equal(fixture_count(f->st->messages, "SELECT count(*) FROM bulk_message"), 0);
	assert_int_equal(fixture_count(f->st->messages, "SELECT count(*) FROM bulk_orphan"), 0);
}

static void what_cannot_be_searched_fails_with_words(void **state)
{
	struct fixture *f = *state;
	struct job_hold h;
	bool more;

	mails(f, "4NjA", 600);
	struct str id = bulk(f);
	assert_true(begin(f, &h));
	assert_int_equal(store_bulk_discover(f->st, h.job.ref, &more), OK);
	assert_int_equal(store_bulk_fail(f->st, h.job.ref, STR("it takes too long")), OK);
	settle(f, &h, JOB_FAILED, "it takes too long");
	struct bulk_job j = check(f, id);
	assert_int_equal(j.status, BULK_FAILED);
	assert_true(str_eq(j.status_message, STR("it takes too long")));
	assert_int_equal(j.messages_cancelled, 250);
	assert_int_equal(store_bulk_cancel(f->st, f->a, OWNER, &tests, id, &j), ERR_CONFLICT);
	assert_int_equal(j.status, BULK_FAILED);
}

static void lists_are_filtered(void **state)
{
	struct fixture *f = *state;
	struct store_bulk_jobs q = { .account = OWNER, .action = -1, .status = -1, .n = 10 };
	struct bulk_job_list found;
	struct bulk_job j;
	size_t total;

	struct str first = bulk(f), second = bulk(f);
	assert_int_equal(store_bulk_list(f->st, f->a, &q, &found, &total), OK);
	assert_int_equal(found.n, 2);
	assert_true(str_eq(found.v[0].job_id, second) && str_eq(found.v[1].job_id, first));
	assert_int_equal(store_bulk_cancel(f->st, f->a, OWNER, &tests, first, &j), OK);
	q.status = BULK_CANCELLED;
	assert_int_equal(store_bulk_list(f->st, f->a, &q, &found, &total), OK);
	assert_int_equal(found.n, 1);
	assert_int_equal(total, 2);
	q.action = BULK_MOVE;
	assert_int_equal(store_bulk_list(f->st, f->a, &q, &found, &total), OK);
	assert_int_equal(found.n, 0);
	q = (struct store_bulk_jobs){ .account = 2, .action = -1, .status = -1, .n = 10 };
	assert_int_equal(store_bulk_list(f->st, f->a, &q, &found, &total), OK);
	assert_int_equal(total, 0);
}

/* Those of a person come first, and those of another account have their turn. */
static void who_waits_comes_first(void **state)
{
	struct fixture *f = *state;
	struct job single = { .account = OWNER,
			      .kind = JOB_RELEASE,
			      .ref = 77,
			      .due_us = clock_now_us() + S,
			      .created_us = clock_now_us(),
			      .who = STR("token:other") };
	struct job_hold h;

	mails(f, "4NjA", 100);
	bulk(f);
	discover(f);
	assert_int_equal(store_jobs_add(f->st, &single, 1), OK);
	assert_true(begin(f, &h));
	assert_int_equal(h.job.id, single.id);
	settle(f, &h, JOB_DONE, "fine");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests_of[] = {
		TEST(each_message_is_found_once_and_done),
		TEST(what_finds_nothing_is_over),
		TEST(a_page_that_was_written_is_not_found_again),
		TEST(passing_failures_end_after_five_tries),
		TEST(what_had_no_turn_is_begun_again),
		TEST(what_is_put_off_holds_up_no_other),
		TEST(cancelling_stops_what_waits),
		TEST(what_was_begun_when_it_was_cancelled_ends),
		TEST(somebody_else_who_waits_for_the_same_keeps_it),
		TEST(two_jobs_about_the_same_share_its_end),
		TEST(what_was_asked_for_otherwise_is_not_done),
		TEST(only_what_is_over_is_deleted),
		TEST(what_cannot_be_searched_fails_with_words),
		TEST(lists_are_filtered),
		TEST(who_waits_comes_first),
	};

	return cmocka_run_group_tests(tests_of, NULL, NULL);
}
