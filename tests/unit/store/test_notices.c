/* Events: who is to be told, in which order, once, again, and when no more. */
#include "fixture_job.h"

#include "store/notices.h"
#include "store/settings.h"
#include "store/submissions.h"

#define NOW INT64_C(1700000000000000)
#define S INT64_C(1000000)
#define LATER INT64_C(4000000000000000) /* of the clock by which records are added */

static struct notification *target(struct fixture *f, int64_t account, const char *url)
{
	static const struct settings_who who = { .name = STR_INIT("test") };
	struct resource_env env = { .arena = f->a, .now_us = NOW };
	struct notification *n = ARENA_NEW(f->a, struct notification);
	struct settings_refusal why;

	resource_notifications.defaults(&env, n);
	SET(n, notification, kind, NOTIFY_WEBHOOK);
	SET(n, notification, url, str_of(url));
	struct settings_write *w = settings_write_new(f->st, &env, &resource_notifications, account, &who);
	settings_write_add(w, n, 0);
	assert_int_equal(settings_write_run(w, &why), OK);
	assert_int_equal(n->secret.n, 64);
	return n;
}

static int64_t add(struct fixture *f, int64_t account, const char *id, int disposition)
{
	struct record *r = fixture_record(f->a, account, id, "a@x.test", "b@y.test", "s");

	SET(r->message, message, final_disposition, disposition);
	assert_int_equal(store_record_add(f->st, f->a, r), OK);
	return r->key;
}

static struct notice_list take(struct fixture *f, int64_t num, int64_t now_us, struct notice_target *t)
{
	struct notice_list list;

	assert_int_equal(store_notices_take(f->st, f->a, num, now_us, now_us + 40 * S, t), OK);
	assert_int_equal(store_notices_next(f->st, f->a, num, now_us, 100, &list), OK);
	return list;
}

static int64_t settle(struct fixture *f, const struct notice_target *t, const struct notice_list *list,
		      int64_t now_us, int64_t away_us, int64_t before_us)
{
	const struct notice_settling how = { t, list, now_us, away_us, before_us };
	int64_t given_up;

	assert_int_equal(store_notices_settle(f->st, f->a, &how, &given_up), OK);
	return given_up;
}

static size_t due(struct fixture *f, int64_t now_us)
{
	struct notice_due_list list;

	assert_int_equal(store_notices_due(f->st, f->a, now_us, 10, &list), OK);
	return list.n;
}

static struct notification *stored(struct fixture *f, int64_t account, const struct notification *n)
{
	struct settings_object o;

	assert_int_equal(settings_get(f->st, f->a, &resource_notifications, account, &n->id, &o), OK);
	return o.obj;
}

static void who_wants_it_is_told_in_order(void **state)
{
	struct fixture *f = *state;
	struct notification *one = target(f, 1, "https://a.example/"),
			    *other = target(f, 2, "https://a.example/");
	struct notice_target t;

	assert_int_equal(due(f, LATER), 0);
	int64_t first = add(f, 1, "A1", DISP_MALICIOUS);
	(void)add(f, 1, "A2", DISP_NONE);
	int64_t second = add(f, 1, "A3", DISP_SPAM);
	assert_int_equal(due(f, LATER), 1);

	struct notice_list list = take(f, one->id.num, LATER, &t);
	assert_int_equal(list.n, 2);
	assert_int_equal(list.v[0].ref, first);
	assert_int_equal(list.v[1].ref, second);
	assert_int_equal(list.v[0].kind, EVENT_VERDICT);
	assert_int_equal(list.v[0].event.n, 36);
	assert_true(str_eq(t.secret, one->secret));
	/* Nobody else takes it meanwhile, whatever comes. */
	struct notice_target twice;
	(void)add(f, 1, "A4", DISP_SPAM);
	assert_int_equal(due(f, LATER + 39 * S), 0);
	assert_int_equal(store_notices_take(f->st, f->a, one->id.num, LATER, LATER + S, &twice), ERR_ABSENT);

	list.v[0].result = list.v[1].result = NOTICE_SENT;
	SET(&t.to, notification, last_success_at, LATER);
	assert_int_equal(settle(f, &t, &list, LATER, 0, 0), 0);
	assert_int_equal(due(f, LATER), 1);
	assert_int_equal(stored(f, 1, one)->pending, 1);
	assert_int_equal(stored(f, 1, one)->last_success_at, LATER);
	assert_int_equal(stored(f, 2, other)->pending, 0);
}

static bool touch(struct arena *a, struct record *r, void *ctx)
{
	(void)ctx;
	record_trace(a, r, false, "looked at");
	return true;
}

static bool judge(struct arena *a, struct record *r, void *ctx)
{
	(void)a, (void)ctx;
	SET(r->message, message, final_disposition, DISP_SUSPICIOUS);
	return true;
}

static void a_changed_verdict_is_told(void **state)
{
	struct fixture *f = *state;
	struct notification *one = target(f, 1, "https://a.example/");
	int64_t key = add(f, 1, "A1", DISP_NONE);

	assert_int_equal(due(f, LATER), 0);
	assert_int_equal(store_record_change(f->st, f->a, key, touch, NULL, NULL), OK);
	assert_int_equal(due(f, LATER), 0);
	assert_int_equal(store_record_change(f->st, f->a, key, judge, NULL, NULL), OK);
	struct notice_target t;
	struct notice_list list = take(f, one->id.num, LATER, &t);
	assert_int_equal(list.n, 1);
	assert_int_equal(list.v[0].ref, key);
}

static void an_ended_release_is_told(void **state)
{
	struct fixture *f = *state;
	struct notification *one = target(f, 1, "https://a.example/");
	struct job job = { .account = 1,
			   .kind = JOB_RELEASE,
			   .ref = 11,
			   .due_us = NOW,
			   .created_us = NOW,
			   .who = STR("token:t") };
	struct job_hold h;

	assert_int_equal(store_jobs_add(f->st, &job, 1), OK);
	assert_int_equal(fixture_job_begin(f, NOW, NOW + S, &h), OK);
	assert_int_equal(fixture_job_settle(f, &h, JOB_OPEN, NOW + S, "busy"), OK);
	assert_int_equal(due(f, LATER), 0);
	assert_int_equal(fixture_job_begin(f, NOW + S, NOW + 2 * S, &h), OK);
	assert_int_equal(fixture_job_settle(f, &h, JOB_FAILED, NOW + S, "no"), OK);
	struct notice_target t;
	struct notice_list list = take(f, one->id.num, NOW + S, &t);
	assert_int_equal(list.n, 1);
	assert_int_equal(list.v[0].kind, EVENT_RELEASE);
	assert_int_equal(list.v[0].ref, job.id);
	assert_int_equal(list.v[0].at_us, NOW + S);
}

static bool set_outcome(struct arena *a, struct submission *s, void *ctx)
{
	(void)a, (void)ctx;
	SET(s, submission, outcome, OUTCOME_CONFIRMED);
	return true;
}

/* When it is made, and when something comes of it; the verdict on its mail is no news. */
static void a_submission_is_told(void **state)
{
	static const struct settings_who who = { .name = STR_INIT("token:t") };
	struct fixture *f = *state;
	struct notification *one = target(f, 1, "https://a.example/");
	struct record *r = fixture_record(f->a, 1, "A1", "a@x.test", "b@y.test", "s");
	struct submission s = { 0 }, after;

	SET(r->message, message, delivery_mode, MODE_REVIEW_SUBMISSION);
	SET(r->message, message, final_disposition, DISP_SPAM);
	assert_int_equal(store_submission_add(f->st, f->a, &who, &s, r), OK);
	assert_int_equal(store_record_change(f->st, f->a, s.key, judge, NULL, NULL), OK);
	for (int i = 0; i < 2; i++)
		assert_int_equal(store_submission_change(f->st, f->a, s.key, NULL, set_outcome, NULL, &after),
				 OK);
	struct notice_target t;
	struct notice_list list = take(f, one->id.num, LATER, &t);
	assert_int_equal(list.n, 2);
	for (size_t i = 0; i < list.n; i++) {
		assert_int_equal(list.v[i].kind, EVENT_SUBMISSION);
		assert_int_equal(list.v[i].ref, s.key);
	}
	assert_false(str_eq(list.v[0].event, list.v[1].event));
}

/* There is a ceiling, for every event is looked at for each of them. */
static void so_many_and_no_more(void **state)
{
	static const struct settings_who who = { .name = STR_INIT("test") };
	struct fixture *f = *state;
	struct resource_env env = { .arena = f->a, .now_us = NOW };
	struct settings_refusal why;

	for (int i = 0; i < NOTIFICATIONS_MAX; i++)
		(void)target(f, 1, arena_printf(f->a, "https://a%d.example/", i).p);
	struct notification *more = ARENA_NEW(f->a, struct notification);
	SET(more, notification, kind, NOTIFY_WEBHOOK);
	SET(more, notification, url, STR("https://more.example/"));
	struct settings_write *w = settings_write_new(f->st, &env, &resource_notifications, 1, &who);
	settings_write_add(w, more, 0);
	assert_int_equal(settings_write_run(w, &why), ERR_LIMIT);
	assert_string_equal(why.why.text, "The collection is full: it holds at most 20 objects");
	(void)target(f, 2, "https://more.example/");
}

/* A target that was not reached waits as a whole; what it refuses alone lets the others pass. */
static void put_off(void **state)
{
	struct fixture *f = *state;
	struct notification *one = target(f, 1, "https://a.example/");
	struct notice_target t;

	(void)add(f, 1, "A1", DISP_SPAM);
	(void)add(f, 1, "A2", DISP_SPAM);
	struct notice_list list = take(f, one->id.num, LATER, &t);
	assert_int_equal(t.failures, 0);
	SET(&t.to, notification, last_failure_reason, STR("answered 500"));
	(void)settle(f, &t, &list, LATER, LATER + 5 * S, 0);
	(void)add(f, 1, "A3", DISP_SPAM);
	assert_int_equal(due(f, LATER + 4 * S), 0);
	assert_int_equal(due(f, LATER + 5 * S), 1);
	assert_true(str_eq(stored(f, 1, one)->last_failure_reason, STR("answered 500")));

	list = take(f, one->id.num, LATER + 5 * S, &t);
	assert_int_equal(t.failures, 1);
	assert_int_equal(list.n, 3);
	struct str event = list.v[0].event;
	list.v[0].result = NOTICE_LATER;
	list.v[0].due_us = LATER + 20 * S;
	list.v[1].result = NOTICE_SENT;
	list.v[2].result = NOTICE_SENT;
	(void)settle(f, &t, &list, LATER, 0, 0);
	assert_int_equal(due(f, LATER + 19 * S), 0);
	(void)add(f, 1, "A4", DISP_SPAM);
	assert_int_equal(due(f, LATER), 1);
	list = take(f, one->id.num, LATER + 20 * S, &t);
	assert_int_equal(t.failures, 0);
	assert_int_equal(list.n, 2);
	assert_true(str_eq(list.v[1].event, event));
	assert_int_equal(list.v[1].tries, 1);
}

static void given_up_when_too_old_or_gone(void **state)
{
	struct fixture *f = *state;
	struct notification *one = target(f, 1, "https://a.example/");
	struct notice_target t;

	(void)add(f, 1, "A1", DISP_SPAM);
	(void)add(f, 1, "A2", DISP_SPAM);
	struct notice_list list = take(f, one->id.num, LATER, &t);
	list.v[0].result = NOTICE_GONE;
	assert_int_equal(settle(f, &t, &list, LATER, LATER + S, 0), 1);
	assert_int_equal(stored(f, 1, one)->pending, 1);
	list = take(f, one->id.num, LATER + S, &t);
	assert_int_equal(settle(f, &t, &list, LATER, LATER + 2 * S, LATER), 1);
	assert_int_equal(stored(f, 1, one)->pending, 0);
	assert_int_equal(stored(f, 1, one)->given_up, 2);
	assert_int_equal(due(f, INT64_MAX - 1), 0);
}

static int64_t rows(struct fixture *f, const char *text)
{
	struct sql *c;
	assert_int_equal(sql_read_one(f->st->messages, &c), OK);
	struct sql_stmt *s = sql_prepare(c, text);
	assert_int_equal(sql_step(s), OK);
	int64_t n = sql_int(s, 0);
	sql_read_end(&c);
	return n;
}

/* Who mends a target does not wait; who deletes it takes all with it; there is an end to what waits. */
static void change_url(struct fixture *f, const struct notification *n, const char *url)
{
	static const struct settings_who who = { .name = STR_INIT("test") };
	struct resource_env env = { .arena = f->a, .now_us = NOW };
	struct notification *changed = ARENA_NEW(f->a, struct notification);
	struct settings_object o;
	struct settings_refusal why;

	assert_int_equal(settings_get(f->st, f->a, &resource_notifications, 1, &n->id, &o), OK);
	*changed = *(struct notification *)o.obj;
	SET(changed, notification, url, str_of(url));
	struct settings_write *w = settings_write_new(f->st, &env, &resource_notifications, 1, &who);
	settings_write_replace(w, &o, changed, 0);
	assert_int_equal(settings_write_run(w, &why), OK);
}

static void mended_while_it_is_told(void **state)
{
	struct fixture *f = *state;
	struct notification *one = target(f, 1, "https://a.example/");
	struct notice_target t;

	(void)add(f, 1, "A1", DISP_SPAM);
	struct notice_list list = take(f, one->id.num, LATER, &t);
	change_url(f, one, "https://b.example/");
	/* Whoever is at it finds that the old one is away; the new one does not wait for that. */
	(void)settle(f, &t, &list, LATER, NOTICE_NEVER, 0);
	assert_int_equal(due(f, LATER), 1);
	(void)take(f, one->id.num, LATER, &t);
	assert_int_equal(t.failures, 0);
}

static void mended_deleted_full(void **state)
{
	static const struct settings_who who = { .name = STR_INIT("test") };
	struct fixture *f = *state;
	struct notification *one = target(f, 1, "https://a.example/");
	struct resource_env env = { .arena = f->a, .now_us = NOW };
	struct notice_target t;
	struct settings_object o;
	struct settings_refusal why;
	struct sql *c;

	(void)add(f, 1, "A1", DISP_SPAM);
	struct notice_list list = take(f, one->id.num, LATER, &t);
	(void)settle(f, &t, &list, LATER, NOTICE_NEVER, 0);
	assert_int_equal(due(f, INT64_MAX - 1), 0);
	change_url(f, one, "https://b.example/");
	assert_int_equal(due(f, NOW), 1);

	assert_int_equal(sql_write_begin(f->st->messages, &c), OK);
	assert_int_equal(sql_script(c, "UPDATE notification_state SET pending = 50000"), OK);
	assert_int_equal(sql_commit(&c), OK);
	(void)add(f, 1, "A2", DISP_SPAM);
	assert_int_equal(rows(f, "SELECT count(*) FROM notice"), 1);
	assert_int_equal(stored(f, 1, one)->given_up, 1);

	assert_int_equal(settings_get(f->st, f->a, &resource_notifications, 1, &one->id, &o), OK);
	struct settings_write *w = settings_write_new(f->st, &env, &resource_notifications, 1, &who);
	settings_write_delete(w, &o);
	assert_int_equal(settings_write_run(w, &why), OK);
	assert_int_equal(rows(f, "SELECT count(*) FROM notification_state"), 0);
	assert_int_equal(store_notices_take(f->st, f->a, one->id.num, LATER, LATER + S, &t), ERR_ABSENT);
	fixture_upkeep(f, NULL);
	assert_int_equal(
	    rows(f, "SELECT (SELECT count(*) FROM notice) + (SELECT count(*) FROM notice_orphan)"), 0);
}

/* However much waits for one that is deleted, nobody has to wait until it is gone; what waits for others stays. */
static void what_waited_goes_in_slices(void **state)
{
	static const struct settings_who who = { .name = STR_INIT("test") };
	struct fixture *f = *state;
	struct notification *one = target(f, 1, "https://a.example/");
	struct resource_env env = { .arena = f->a, .now_us = NOW };
	struct settings_object o;
	struct settings_refusal why;
	bool more = true;
	int slices = 0;
	struct sql *c;

	(void)target(f, 1, "https://b.example/");
	(void)add(f, 1, "A1", DISP_SPAM);
	assert_int_equal(sql_write_begin(f->st->messages, &c), OK);
	assert_int_equal(
	    sql_script(c, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) "
			  "INSERT INTO notice(target, event, kind, ref, at, due, tries) "
			  "SELECT (SELECT min(target) FROM notice), 'e', 'verdict', i, i, i, 0 FROM n"),
	    OK);
	assert_int_equal(sql_commit(&c), OK);
	assert_int_equal(settings_get(f->st, f->a, &resource_notifications, 1, &one->id, &o), OK);
	struct settings_write *w = settings_write_new(f->st, &env, &resource_notifications, 1, &who);
	settings_write_delete(w, &o);
	assert_int_equal(settings_write_run(w, &why), OK);
	assert_int_equal(rows(f, "SELECT count(*) FROM notice"), 5002);
	while (more) {
		int64_t before = rows(f, "SELECT count(*) FROM notice");
		more = false;
		assert_int_equal(store_notices_forget(f->st, &more), OK);
		assert_true(before - rows(f, "SELECT count(*) FROM notice") <= 1000);
		slices++;
	}
	assert_true(slices > 5);
	assert_int_equal(rows(f, "SELECT count(*) FROM notice"), 1);
	assert_int_equal(due(f, LATER), 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(who_wants_it_is_told_in_order), TEST(a_changed_verdict_is_told),
		TEST(an_ended_release_is_told),      TEST(a_submission_is_told),
		TEST(so_many_and_no_more),           TEST(put_off),
		TEST(given_up_when_too_old_or_gone), TEST(mended_deleted_full),
		TEST(what_waited_goes_in_slices),    TEST(mended_while_it_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
