/* Mailboxes that are looked into: turns, what they come to, and retro scans with all that is counted of them. */
#include "fixture.h"

#include "store/jobs.h"
#include "store/retro.h"

#define T0 INT64_C(1700000000000000)
#define S INT64_C(1000000)
#define SITE "11111111-1111-4111-8111-111111111111"

static struct strs strs_of(struct arena *a, const char *const *texts, size_t n)
{
	struct strs out = { NULL, 0 };

	for (size_t i = 0; i < n; i++)
		ARENA_PUSH(a, &out, str_of(texts[i]));
	return out;
}
#define STRS(f, ...)                                          \
	strs_of((f)->a, (const char *const[]){ __VA_ARGS__ }, \
		sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(char *))

static const struct watch_of inbox = { .account = 1, .integration = STR_INIT(SITE), .folder = FOLDER_INBOX };

static void want(struct fixture *f, const struct watch_of *of, struct strs addresses, int64_t now_us)
{
	assert_int_equal(store_watch_want(f->st, of, STR("x.test"), &addresses, false, now_us), OK);
}

static enum err take(struct fixture *f, bool scans, int64_t now_us, struct watch_turn *out)
{
	return store_watch_take(f->st, f->a, scans, now_us, now_us + 15 * S, out);
}

/* One after the other by the same hands. */
static void settle(struct fixture *f, struct watch_turn *t, const struct watch_result *r)
{
	assert_int_equal(store_watch_settle(f->st, t, r), OK);
	store_watch_let_go(t);
}

static struct watched_mailbox_list watched(struct fixture *f)
{
	struct watched_mailbox_list list;
	size_t total;

	assert_int_equal(store_watched(f->st, f->a, 1, STR(SITE), 0, 100, &list, &total), OK);
	assert_int_equal(total, list.n);
	return list;
}

static void a_turn_belongs_to_one(void **state)
{
	struct fixture *f = *state;
	struct watch_turn a, b;
	struct watch_result r = { .state = WATCH_WATCHED,
				  .cursor = STR("c1"),
				  .found = 2,
				  .now_us = T0 + 60 * S,
				  .due_us = T0 + 90 * S };

	want(f, &inbox, STRS(f, "a@x.test"), T0);
	assert_int_equal(take(f, true, T0, &a), ERR_ABSENT);
	assert_int_equal(take(f, false, T0, &a), OK);
	assert_true(str_eq(a.address, STR("a@x.test")));
	assert_true(str_eq(a.integration, STR(SITE)));
	assert_int_equal(a.since_us, T0);
	assert_int_equal(a.state, WATCH_NEW);
	assert_int_equal(a.cursor.n, 0);
	assert_int_equal(take(f, false, T0 + 60 * S, &b), ERR_ABSENT); /* however long it takes */

	/* Whoever had it is dead: it goes on, but not at once. */
	store_watch_let_go(&a);
	assert_int_equal(take(f, false, T0 + 14 * S, &b), ERR_ABSENT);
	assert_int_equal(take(f, false, T0 + 60 * S, &b), OK);
	assert_int_equal(b.cursor.n, 0);
	settle(f, &b, &r);
	assert_int_equal(take(f, false, T0 + 89 * S, &b), ERR_ABSENT);
	assert_int_equal(take(f, false, T0 + 90 * S, &b), OK);
	assert_true(str_eq(b.cursor, STR("c1")));
	assert_int_equal(watched(f).v[0].found, 2);
	assert_int_equal(watched(f).v[0].looked_at, T0 + 60 * S);
	store_watch_let_go(&b);
}

static void faults_are_kept_in_words(void **state)
{
	struct fixture *f = *state;
	struct watch_turn t;
	struct watch_result r = {
		.state = WATCH_FAULTY, .fault = STR("login refused: no"), .now_us = T0, .due_us = T0 + S
	};

	want(f, &inbox, STRS(f, "a@x.test"), T0);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(take(f, false, T0 + i * S, &t), OK);
		assert_int_equal(t.failures, i);
		r.due_us = T0 + (i + 1) * S;
		r.failures = i + 1;
		settle(f, &t, &r);
	}
	assert_true(str_eq(watched(f).v[0].fault, STR("login refused: no")));
	assert_int_equal(watched(f).v[0].state, WATCH_FAULTY);
	assert_int_equal(take(f, false, T0 + 3 * S, &t), OK);
	r = (struct watch_result){ .state = WATCH_WATCHED, .now_us = T0 + 3 * S, .due_us = T0 + 4 * S };
	settle(f, &t, &r);
	assert_false(HAS(&watched(f).v[0], watched_mailbox, fault));
	assert_int_equal(take(f, false, T0 + 4 * S, &t), OK);
	assert_int_equal(t.failures, 0);
}

/* Who asks for a pause gets it of all mailboxes, and no other provider does. */
static void a_provider_is_left_alone(void **state)
{
	struct fixture *f = *state;
	struct watch_of other = { .account = 1, .integration = STR("22222222-2222-4222-8222-222222222222") };
	struct watch_turn t;

	want(f, &inbox, STRS(f, "a@x.test", "b@x.test", "c@x.test"), T0);
	want(f, &other, STRS(f, "d@y.test"), T0 + 1);
	assert_int_equal(take(f, false, T0 + 1, &t), OK);
	assert_int_equal(store_watch_pause(f->st, 1, STR(SITE), T0 + 1, T0 + 30 * S), OK);
	struct watch_result r = {
		.state = WATCH_FAULTY, .fault = STR("wait"), .now_us = T0 + 1, .due_us = T0 + 30 * S
	};
	settle(f, &t, &r);
	assert_int_equal(take(f, false, T0 + 2, &t), OK);
	assert_true(str_eq(t.address, STR("d@y.test")));
	assert_int_equal(take(f, false, T0 + 2, &t), ERR_ABSENT);
	assert_int_equal(take(f, false, T0 + 30 * S, &t), OK);
}

static void what_nobody_wants_is_not_watched(void **state)
{
	struct fixture *f = *state;
	struct watch_of all = inbox;
	struct watch_turn t;

	want(f, &inbox, STRS(f, "b@x.test", "a@x.test"), T0);
	struct strs sub = STRS(f, "c@sub.x.test"), one = STRS(f, "a@x.test");
	assert_int_equal(store_watch_want(f->st, &inbox, STR("sub.x.test"), &sub, true, T0), OK);
	assert_int_equal(watched(f).n, 3);
	assert_int_equal(take(f, false, T0, &t), OK);
	struct watch_result r = { .state = WATCH_WATCHED,
				  .cursor = STR("c1"),
				  .since_us = t.since_us,
				  .now_us = T0 + S,
				  .due_us = T0 + 2 * S };
	settle(f, &t, &r);

	/* Another folder: from when it was last looked into. */
	all.folder = FOLDER_ALL_ITEMS;
	assert_int_equal(store_watch_want(f->st, &all, STR("x.test"), &one, true, T0 + 10 * S), OK);
	assert_int_equal(watched(f).n, 2);
	struct watch_domain_list domains;
	assert_int_equal(store_watch_domains(f->st, f->a, &domains), OK);
	assert_int_equal(domains.n, 2);
	/* Again: nothing of it is written. */
	int64_t seen = 0;
	(void)store_is_unchanged(f->st, &seen);
	assert_int_equal(store_watch_want(f->st, &all, STR("x.test"), &one, true, T0 + 11 * S), OK);
	assert_true(store_is_unchanged(f->st, &seen));
	assert_int_equal(store_watch_settle(f->st, &t, &r), ERR_ABSENT);
	assert_int_equal(take(f, false, T0 + 10 * S, &t), OK);
	while (!str_eq(t.address, STR("a@x.test")))
		assert_int_equal(take(f, false, T0 + 10 * S, &t), OK);
	assert_int_equal(t.folder, FOLDER_ALL_ITEMS);
	assert_int_equal(t.cursor.n, 0);
	assert_int_equal(t.since_us, T0 + S);
}

/* ---- retro scans ---- */

static const struct settings_who who = { .name = STR_INIT("token:t") };

static struct retro_scan ask(struct fixture *f, int64_t days, int64_t now_us)
{
	struct retro_scan s = { 0 };

	SET(&s, retro_scan, days, days);
	SET(&s, retro_scan, domain, STR("x.test"));
	assert_int_equal(store_retro_add(f->st, f->a, 1, &who, now_us, &s), OK);
	return s;
}

static struct retro_scan look(struct fixture *f, struct str id)
{
	struct retro_scan s;

	assert_int_equal(store_retro_get(f->st, f->a, 1, id, &s), OK);
	return s;
}

static int64_t record(struct fixture *f, const char *id, int disposition)
{
	struct record *r = fixture_record(f->a, 1, id, "s@evil.test", "a@x.test", "hello");

	SET(r->message, message, final_disposition, disposition);
	SET(r->message, message, delivery_mode, MODE_RETRO_SCAN);
	assert_int_equal(store_record_add(f->st, f->a, r), OK);
	return r->key;
}

static struct watch_sighting sighting(struct fixture *f, int64_t key, int disposition)
{
	return (struct watch_sighting){ .key = key,
					.disposition = disposition,
					.categories = STRS(f, "CredentialHarvester"),
					.sender_domain = STR("evil.test"),
					.origin = STR("AQ") };
}

static void a_scan_counts_each_message_once(void **state)
{
	struct fixture *f = *state;
	struct retro_scan s = ask(f, 14, T0);
	struct watch_turn a, b;
	struct job_hold job;
	struct job_ask due = { .now_us = T0, .retry_us = T0 + S };
	int64_t account, bad = record(f, "4Njp3P0STMz2c02Q", DISP_MALICIOUS),
			 fine = record(f, "4Njp3P0STMz2c03Q", DISP_NONE);

	assert_int_equal(look(f, s.id).state, RETRO_PENDING);
	assert_int_equal(store_job_begin(f->st, f->a, &due, &job), OK);
	assert_int_equal(job.job.kind, JOB_RETRO);
	int64_t num = -job.job.ref;
	assert_int_equal(store_retro_by_num(f->st, f->a, num, &account, &s), OK);
	assert_int_equal(account, 1);
	assert_int_equal(s.since, T0 - 14 * 86400 * S);
	struct strs people = STRS(f, "a@x.test", "b@x.test");
	assert_int_equal(store_retro_begin(f->st, num, &inbox, &people, T0), OK);
	assert_int_equal(store_retro_begin(f->st, num, &inbox, &people, T0),
			 OK); /* the job was tried twice */
	assert_int_equal(look(f, s.id).mailboxes_total, 2);

	assert_int_equal(take(f, false, T0, &a), ERR_ABSENT);
	assert_int_equal(take(f, true, T0, &a), OK);
	assert_int_equal(take(f, true, T0, &b), OK);
	assert_int_equal(a.scan, num);
	assert_int_equal(a.since_us, s.since);
	struct watch_result r = {
		.state = WATCH_WATCHED, .cursor = STR("1"), .found = 2, .now_us = T0, .due_us = T0 + 60 * S
	};
	struct watch_sighting seen[] = { sighting(f, bad, DISP_MALICIOUS), sighting(f, fine, DISP_NONE) };
	r.sightings.v = seen;
	r.sightings.n = 2;
	assert_int_equal(store_watch_settle(f->st, &a, &r), OK);
	/* Of the other mailbox one of them again, and it is the last of it. */
	r.sightings.n = 1;
	r.found = 2;
	r.failed = 1;
	r.state = WATCH_DONE;
	r.due_us = WATCH_NEVER;
	assert_int_equal(store_watch_settle(f->st, &b, &r), OK);
	s = look(f, s.id);
	assert_int_equal(s.state, RETRO_PROCESSING);
	assert_int_equal(s.mailboxes_done, 1);
	assert_int_equal(s.messages_seen, 4);
	assert_int_equal(s.messages_failed, 1);
	assert_int_equal(s.messages_scanned, 2);
	assert_int_equal(s.dispositions.n, 2);

	struct retro_report report;
	assert_int_equal(store_retro_report(f->st, f->a, 1, s.id, &report), OK);
	assert_int_equal(report.detections, 1);
	assert_int_equal(report.targets.n, 2);
	/* The first mailbox was numbered anew, and is read again. */
	struct watch_result again = r;
	again.state = WATCH_WATCHED;
	again.anew = true;
	again.due_us = T0 + 60 * S;
	assert_int_equal(store_watch_settle(f->st, &a, &again), OK);
	assert_int_equal(store_retro_report(f->st, f->a, 1, s.id, &report), OK);
	assert_int_equal(report.targets.v[0].count, 1);
	assert_int_equal(report.targets.v[1].count, 1);
	assert_int_equal(report.sender_domains.v[0].count, 1);
	assert_true(str_eq(report.origins.v[0].value, STR("AQ")));
	assert_true(str_eq(report.threat_categories.v[0].value, STR("CredentialHarvester")));
	struct store_page page;
	size_t total;
	assert_int_equal(store_retro_messages(f->st, f->a, 1, s.id, 0, 10, &page, &total), OK);
	assert_int_equal(total, 1);
	assert_int_equal(page.v[0].key, bad);

	/* Not before it has ended; nor is it anybody else's. */
	assert_int_equal(store_retro_delete(f->st, f->a, 1, s.id, &who, T0), ERR_CONFLICT);
	assert_int_equal(store_retro_delete(f->st, f->a, 2, s.id, &who, T0), ERR_ABSENT);
	r = (struct watch_result){
		.state = WATCH_GIVEN_UP, .fault = STR("gone"), .now_us = T0 + S, .due_us = WATCH_NEVER
	};
	assert_int_equal(store_watch_settle(f->st, &a, &r), OK);
	s = look(f, s.id);
	assert_int_equal(s.state, RETRO_COMPLETED);
	assert_int_equal(s.completed_at, T0 + S);
	assert_int_equal(s.mailboxes_failed, 1);
	assert_int_equal(store_retro_cancel(f->st, f->a, 1, s.id, &who, T0, &s), ERR_CONFLICT);
	assert_int_equal(store_retro_delete(f->st, f->a, 1, s.id, &who, T0), OK);
	bool more = true;
	for (int i = 0; i < 10 && more; i++) {
		more = false;
		assert_int_equal(store_retros_forget(f->st, 0, &more), OK);
	}
	assert_int_equal(fixture_count(f->st->messages, "SELECT count(*) FROM mailbox_watch"), 0);
	assert_int_equal(fixture_count(f->st->messages, "SELECT count(*) FROM retro_message"), 0);
	assert_int_equal(fixture_count(f->st->messages, "SELECT count(*) FROM retro_count"), 0);
	assert_int_equal(fixture_count(f->st->messages, "SELECT count(*) FROM retro_target"), 0);
	assert_int_equal(fixture_count(f->st->messages, "SELECT count(*) FROM retro_orphan"), 0);
}

static void a_cancelled_scan_takes_nothing_more(void **state)
{
	struct fixture *f = *state;
	struct retro_scan s = ask(f, 1, T0);
	struct watch_turn t;
	struct job_hold job;
	struct job_ask due = { .now_us = T0, .retry_us = T0 + S };
	struct strs people = STRS(f, "a@x.test");

	assert_int_equal(store_job_begin(f->st, f->a, &due, &job), OK);
	assert_int_equal(store_retro_begin(f->st, -job.job.ref, &inbox, &people, T0), OK);
	assert_int_equal(take(f, true, T0, &t), OK);
	assert_int_equal(store_retro_cancel(f->st, f->a, 1, s.id, &who, T0 + S, &s), OK);
	assert_int_equal(s.state, RETRO_CANCELLED);
	struct watch_result r = { .state = WATCH_DONE, .found = 1, .now_us = T0, .due_us = WATCH_NEVER };
	assert_int_equal(store_watch_settle(f->st, &t, &r), ERR_ABSENT);
	assert_int_equal(take(f, true, T0 + 3600 * S, &t), ERR_ABSENT);
	assert_int_equal(look(f, s.id).messages_seen, 0);
	assert_int_equal(store_retro_cancel(f->st, f->a, 1, s.id, &who, T0 + 2 * S, &s), OK);
	assert_int_equal(s.completed_at, T0 + S);
	assert_int_equal(store_retro_begin(f->st, -job.job.ref, &inbox, &people, T0), OK);
	assert_int_equal(look(f, s.id).state, RETRO_CANCELLED);
}

static void there_is_an_end_to_open_scans(void **state)
{
	struct fixture *f = *state;
	struct retro_scan s = { 0 };
	struct retro_scan_list list;
	size_t total;

	for (int i = 0; i < RETRO_OPEN_MAX; i++)
		ask(f, i + 1, T0 + i);
	SET(&s, retro_scan, days, 1);
	assert_int_equal(store_retro_add(f->st, f->a, 1, &who, T0, &s), ERR_LIMIT);
	assert_int_equal(store_retro_add(f->st, f->a, 2, &who, T0, &s), OK);
	assert_int_equal(store_retros(f->st, f->a, 1, 1, 3, &list, &total), OK);
	assert_int_equal(total, RETRO_OPEN_MAX);
	assert_int_equal(list.n, 3);
	assert_int_equal(list.v[0].days, RETRO_OPEN_MAX - 1);
	assert_int_equal(store_retro_tell(f->st, 1, RETRO_FAILED, STR("no integration"), T0 + S), OK);
	s = look(f, list.v[0].id);
	assert_int_equal(s.state, RETRO_PENDING);
}

/* It is left out of the list, and costs nobody the others. */
static void a_scan_that_cannot_be_read(void **state)
{
	struct fixture *f = *state;
	struct retro_scan_list list;
	struct sql *c;
	size_t total;

	ask(f, 1, T0);
	ask(f, 2, T0 + 1);
	assert_int_equal(sql_write_begin(f->st->messages, &c), OK);
	struct sql_stmt *s = sql_prepare(c, "UPDATE retro_scan SET body = '{' WHERE num = 1");
	assert_int_equal(sql_end(&c, sql_run(s, NULL)), OK);
	assert_int_equal(store_retros(f->st, f->a, 1, 0, 10, &list, &total), OK);
	assert_int_equal(list.n, 1);
	assert_int_equal(list.v[0].days, 2);
}

static void there_is_an_end_to_all_scans(void **state)
{
	struct fixture *f = *state;
	struct retro_scan s = { 0 };

	for (int i = 0; i < RETRO_MAX; i++) {
		ask(f, 1, T0 + i);
		assert_int_equal(store_retro_tell(f->st, i + 1, RETRO_FAILED, STR("no integration"), T0 + i),
				 OK);
	}
	SET(&s, retro_scan, days, 1);
	assert_int_equal(store_retro_add(f->st, f->a, 1, &who, T0, &s), ERR_LIMIT);
	assert_int_equal(store_retro_add(f->st, f->a, 2, &who, T0, &s), OK);
}

/* ---- equal content ---- */

static struct record *with_content(struct fixture *f, const char *id, char content)
{
	struct record *r = fixture_record(f->a, 1, id, "s@x.test", "a@x.test", "hello");
	char *hex = arena_alloc(f->a, 64);

	memset(hex, '1', 64);
	hex[63] = content; /* the same column, and yet another digest */
	SET(r, record, content, str_from(hex, 64));
	return r;
}

static void equal_content_is_one_record(void **state)
{
	struct fixture *f = *state;
	struct record *a = with_content(f, "4Njp3P0STMz2c02Q", 'a'),
		      *b = with_content(f, "4Njp3P0STMz2c03Q", 'a'),
		      *c = with_content(f, "4Njp3P0STMz2c04Q", 'b');
	struct store_page page;

	assert_int_equal(store_records_by_content(f->st, f->a, 1, a->content, &page), OK);
	assert_int_equal(page.n, 0);
	assert_int_equal(store_record_add_first(f->st, f->a, 0, a), OK);
	assert_int_equal(store_record_add_first(f->st, f->a, 0, b), ERR_CONFLICT);
	assert_int_equal(store_records_by_content(f->st, f->a, 1, a->content, &page), OK);
	assert_int_equal(page.n, 1);
	assert_int_equal(page.v[0].key, a->key);
	assert_int_equal(store_records_by_content(f->st, f->a, 1, c->content, &page), OK);
	assert_int_equal(page.n, 0);
	/* Whoever has seen it may add another one. */
	assert_int_equal(store_record_add_first(f->st, f->a, a->key, b), OK);
	assert_int_equal(store_records_by_content(f->st, f->a, 1, a->content, &page), OK);
	assert_int_equal(page.n, 2);
	assert_int_equal(page.v[0].key, b->key);
	assert_int_equal(store_records_by_content(f->st, f->a, 2, a->content, &page), OK);
	assert_int_equal(page.n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_turn_belongs_to_one, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(faults_are_kept_in_words, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(a_provider_is_left_alone, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(what_nobody_wants_is_not_watched, fixture_setup,
						fixture_teardown),
		cmocka_unit_test_setup_teardown(a_scan_counts_each_message_once, fixture_setup,
						fixture_teardown),
		cmocka_unit_test_setup_teardown(a_cancelled_scan_takes_nothing_more, fixture_setup,
						fixture_teardown),
		cmocka_unit_test_setup_teardown(there_is_an_end_to_open_scans, fixture_setup,
						fixture_teardown),
		cmocka_unit_test_setup_teardown(a_scan_that_cannot_be_read, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(there_is_an_end_to_all_scans, fixture_setup,
						fixture_teardown),
		cmocka_unit_test_setup_teardown(equal_content_is_one_record, fixture_setup, fixture_teardown),
	};

	return cmocka_run_group_tests_name("store/mailbox_watch", tests, NULL, NULL);
}
