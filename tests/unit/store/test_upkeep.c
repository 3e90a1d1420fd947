/* Retention, the budget for raw mail, backup. */
#include "fixture_job.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/file.h"
#include "store/raw.h"

static struct record *add(struct fixture *f, int64_t account, const char *id, int disposition, bool held,
			  const char *raw)
{
	struct record *r = fixture_record(f->a, account, id, "a@example.org", "b@example.test", "x");
	const struct timespec long_ago[2] = { { .tv_sec = 1 }, { .tv_sec = 1 } };
	char path[200];

	SET(r->message, message, final_disposition, disposition);
	SET(r->message, message, is_quarantined, held);
	SET(r, record, raw_sha256, hash_sha256_hex(f->a, str_of(raw)));
	assert_int_equal(store_raw_put(f->st, str_of(raw), r->raw_sha256), OK);
	assert_int_equal(store_record_add(f->st, f->a, r), OK);
	snprintf(path, sizeof(path), "%s/raw/%.2s/%.*s.zst", f->path, r->raw_sha256.p,
		 STR_ARG(r->raw_sha256));
	assert_int_equal(utimensat(AT_FDCWD, path, long_ago, 0), 0);
	return r;
}

static bool has_raw(struct fixture *f, const struct record *r)
{
	struct str got;

	return store_raw_get(f->st, f->a, r->raw_sha256, &got) == OK;
}

static bool has_row(struct fixture *f, const struct record *r)
{
	struct record got;

	return store_record_get(f->st, f->a, r->account, r->message->postfix_id, RECORD_WHOLE, &got) == OK;
}

static size_t found(struct fixture *f, const char *sender)
{
	struct store_search q = { .account = 1,
				  .end_us = INT64_MAX / 2,
				  .disposition = -1,
				  .operation = -1,
				  .delivery_status = -1,
				  .page = 1,
				  .per_page = 1000,
				  .sender = str_of(sender) };
	struct fixture_page page = { .most = 0 };

	assert_int_equal(fixture_search(f, f->a, &q, 0, &page), OK);
	return page.n;
}

/* Keys have milliseconds: what was added before this returns is at least two of them old. */
static void pass_time(void)
{
	for (int64_t until = clock_now_us() + 3000; clock_now_us() < until;)
		;
}

/* store_upkeep.expire */
static bool let_go(struct arena *a, struct record *r, void *ctx)
{
	(void)a;
	(void)ctx;
	SET(r->message, message, is_quarantined, false);
	return true;
}

static void release(struct fixture *f, const struct record *r)
{
	assert_int_equal(store_record_change(f->st, f->a, r->key, let_go, NULL, NULL), OK);
}

static void raw_mail_goes_by_its_kind(void **state)
{
	struct fixture *f = *state;
	struct store_upkeep only_clean = { .retention_clean_us = 1000 };
	struct store_upkeep all = { .retention_clean_us = 1000,
				    .retention_detections_us = 1000,
				    .expire = let_go };
	struct record *clean = add(f, 1, "p1", DISP_NONE, false, "clean");
	struct record *bad = add(f, 1, "p2", DISP_SPAM, false, "bad");
	struct record *shared = add(f, 1, "p3", DISP_NONE, false, "shared");
	struct record *sharer = add(f, 2, "p4", DISP_SPAM, true, "shared");

	pass_time();
	fixture_upkeep(f, &only_clean);
	assert_false(has_raw(f, clean));
	assert_true(has_raw(f, bad));
	assert_true(has_raw(f, shared)); /* a row of another account keeps it */
	assert_true(has_row(f, clean));
	fixture_upkeep(f, &all);
	assert_false(has_raw(f, bad));
	assert_false(has_raw(f, sharer));
	assert_true(has_row(f, sharer));
}

/* A backup holds removals off; what would have gone meanwhile must still go afterwards. */
static void nothing_is_passed_over_during_a_backup(void **state)
{
	struct fixture *f = *state;
	struct store_upkeep by_age = { .retention_clean_us = 1000 }, by_room = { .raw_budget_bytes = 1 },
			    rows = { .retention_metadata_us = 1000 };
	const struct store_upkeep *const ways[] = { &by_age, &by_room, &rows };

	for (size_t i = 0; i < ARRAY_LEN(ways); i++) {
		struct str id = arena_printf(f->a, "p%zu", i), raw = arena_printf(f->a, "raw %zu", i);
		struct record *r = add(f, 1, id.p, DISP_NONE, false, raw.p);
		pass_time();
		int lock = file_lock(f->st->dir_fd, GATE_RAW, false, true);
		assert_true(lock >= 0);
		f->st->upkeep.minute_ms = 0;
		fixture_upkeep(f, ways[i]);
		assert_true(has_raw(f, r) && has_row(f, r));
		close(lock);
		fixture_upkeep(f, ways[i]);
		assert_false(has_raw(f, r));
		assert_true(has_row(f, r) == (ways[i] != &rows));
	}
}

/* Mail of the last hour is not evicted, and comes up again when it is older. */
static void young_mail_is_not_passed_over(void **state)
{
	struct fixture *f = *state;
	const struct timespec now[2] = { { .tv_nsec = UTIME_NOW }, { .tv_nsec = UTIME_NOW } },
			      long_ago[2] = { { .tv_sec = 1 }, { .tv_sec = 1 } };
	struct store_upkeep u = { .raw_budget_bytes = 1 };
	struct record *r = add(f, 1, "p1", DISP_NONE, false, "young");
	struct str path =
	    arena_printf(f->a, "%s/raw/%.2s/%.*s.zst", f->path, r->raw_sha256.p, STR_ARG(r->raw_sha256));

	assert_int_equal(utimensat(AT_FDCWD, path.p, now, 0), 0);
	fixture_upkeep(f, &u);
	assert_true(has_raw(f, r));
	assert_int_equal(utimensat(AT_FDCWD, path.p, long_ago, 0), 0);
	f->st->upkeep.minute_ms = 0;
	fixture_upkeep(f, &u);
	assert_false(has_raw(f, r));
}

static void a_row_not_indexed_keeps_its_raw(void **state)
{
	struct fixture *f = *state;
	struct store_upkeep u = { .retention_clean_us = INT64_C(2000000) };
	struct record *r = add(f, 1, "p1", DISP_NONE, false, "same");

	fixture_upkeep(f, &u);
	assert_true(has_raw(f, r));
}

static void old_rows_go_everywhere(void **state)
{
	struct fixture *f = *state;
	struct store_upkeep u = { .retention_metadata_us = 1000 };
	struct record *r = NULL;

	for (int i = 0; i < 120; i++) {
		struct str id = arena_printf(f->a, "p%d", i), raw = arena_printf(f->a, "raw %d", i);
		r = add(f, 1 + i % 2, id.p, DISP_SPAM, i % 3 == 0, raw.p);
		if (i == 60)
			fixture_upkeep(f, NULL);
	}
	assert_int_equal(found(f, "a@example.org"), 60);
	pass_time();
	fixture_upkeep(f, &u);
	assert_int_equal(fixture_count(f->st->messages, "SELECT count(*) FROM msg"), 0);
	assert_int_equal(found(f, "a@example.org"), 0);
	assert_false(has_row(f, r));
	assert_false(has_raw(f, r));
	assert_int_equal(raw_total(f->st), 0);
	struct search_use *use = search_index_use(f->st->search, false);
	assert_int_equal(fixture_count(search_use_db(use), "SELECT count(*) FROM indexed"), 0);
	assert_int_equal(
	    fixture_count(search_use_db(use), "SELECT count(*) FROM fts WHERE fts MATCH '\"v=x\"'"), 0);
	search_use_end(f->st->search, &use);
	/* And the store goes on. */
	add(f, 1, "new", DISP_NONE, false, "new");
	fixture_upkeep(f, NULL);
	assert_int_equal(found(f, "a@example.org"), 1);
}

static void budget_takes_clean_then_free_never_held(void **state)
{
	struct fixture *f = *state;
	struct record *clean[10], *free_ones[10], *held[10];
	size_t left = 0;

	for (int i = 0; i < 10; i++) {
		clean[i] = add(f, 1 + i % 2, arena_printf(f->a, "c%d", i).p, DISP_NONE, false,
			       arena_printf(f->a, "clean %d", i).p);
		free_ones[i] = add(f, 1, arena_printf(f->a, "f%d", i).p, DISP_SPAM, false,
				   arena_printf(f->a, "free %d", i).p);
		held[i] = add(f, 1, arena_printf(f->a, "h%d", i).p, DISP_SPAM, true,
			      arena_printf(f->a, "held %d", i).p);
	}
	struct record *both = add(f, 2, "both", DISP_NONE, false, "held 3");
	int64_t total = raw_total(f->st);
	struct store_upkeep u = { .raw_budget_bytes = total * 9 / 10 };
	fixture_upkeep(f, &u);
	assert_true(raw_total(f->st) <= u.raw_budget_bytes);
	for (int i = 0; i < 10; i++) {
		left += has_raw(f, clean[i]);
		assert_true(has_raw(f, free_ones[i]) && has_raw(f, held[i]));
		/* The oldest first, here within the two accounts: once one is there, all that follow are. */
		assert_true(i < 2 || has_raw(f, clean[i]) || !has_raw(f, clean[i - 2]));
	}
	assert_true(left > 0 && left < 10);

	u.raw_budget_bytes = 1;
	f->st->upkeep.minute_ms = 0;
	fixture_upkeep(f, &u);
	for (int i = 0; i < 10; i++)
		assert_true(!has_raw(f, clean[i]) && !has_raw(f, free_ones[i]) && has_raw(f, held[i]));
	assert_true(has_raw(f, both)); /* what is held keeps the file it shares */
}

/* Held mail goes only behind its record, and not while a job is about to release it. */
static void held_mail_is_told_of_before_it_goes(void **state)
{
	struct fixture *f = *state;
	struct store_upkeep u = { .retention_clean_us = 1000, .retention_detections_us = 1000 };
	struct record *r = add(f, 1, "p1", DISP_SPAM, true, "held"), got;
	struct record *asked = add(f, 1, "p2", DISP_SPAM, true, "asked for");
	struct job job = { .account = 1, .kind = JOB_RELEASE, .ref = asked->key };
	struct job_hold hold;

	assert_int_equal(store_jobs_add(f->st, &job, 1), OK);
	pass_time();
	fixture_upkeep(f, &u); /* nobody to say so: it stays */
	assert_true(has_raw(f, r));
	u.expire = let_go;
	fixture_upkeep(f, &u);
	assert_false(has_raw(f, r));
	assert_int_equal(store_record_by_key(f->st, f->a, r->key, &got), OK);
	assert_false(got.message->is_quarantined);
	assert_true(has_raw(f, asked));
	assert_int_equal(store_record_by_key(f->st, f->a, asked->key, &got), OK);
	assert_true(got.message->is_quarantined);
	/* The job ends without it: now it goes, though others of its age were gone through before. */
	assert_int_equal(fixture_job_begin(f, clock_now_us(), INT64_MAX, &hold), OK);
	assert_int_equal(fixture_job_settle(f, &hold, JOB_FAILED, clock_now_us(), "refused"), OK);
	fixture_upkeep(f, &u);
	assert_false(has_raw(f, asked));
	assert_int_equal(fixture_count(f->st->messages, "SELECT count(*) FROM let_go"), 0);
}

static bool correct(struct arena *a, struct record *r, void *ctx)
{
	SET(r->message, message, final_disposition, DISP_NONE);
	return let_go(a, r, ctx);
}

/* What is clean after all has the time of clean mail, be it longer or shorter. */
static void released_mail_goes_by_its_kind(void **state)
{
	struct fixture *f = *state;
	struct record *r = add(f, 1, "p1", DISP_SPAM, true, "held");
	struct store_upkeep u = { .retention_detections_us = 1000 };

	pass_time();
	fixture_upkeep(f, &u);
	assert_int_equal(store_record_change(f->st, f->a, r->key, correct, NULL, NULL), OK);
	fixture_upkeep(f, &u);
	assert_true(has_raw(f, r));
	u.retention_clean_us = 1000;
	u.retention_detections_us = INT64_C(3600000000);
	fixture_upkeep(f, &u);
	assert_false(has_raw(f, r));
	assert_int_equal(fixture_count(f->st->messages, "SELECT count(*) FROM let_go"), 0);
}

/* What was released goes for room although younger mail went before it; with nothing but quarantine left, that is said. */
static void released_mail_goes_for_room(void **state)
{
	struct fixture *f = *state;
	struct record *held = add(f, 1, "p1", DISP_SPAM, true, "held"),
		      *stays = add(f, 2, "p2", DISP_SPAM, true, "held, too"),
		      *free_one = add(f, 1, "p3", DISP_SPAM, false, "free");
	struct store_upkeep u = { .raw_budget_bytes = 1 };
	enum raw_room room = RAW_FULL;

	assert_int_equal(store_raw_room(f->st, &room), OK);
	assert_int_equal(room, RAW_ROOM);
	fixture_upkeep(f, &u);
	assert_true(has_raw(f, held) && has_raw(f, stays) && !has_raw(f, free_one));
	assert_int_equal(store_raw_room(f->st, &room), OK);
	assert_int_equal(room, RAW_FULL);

	release(f, held);
	fixture_upkeep(f, &u);
	assert_true(!has_raw(f, held) && has_raw(f, stays));
	assert_int_equal(store_raw_room(f->st, &room), OK);
	assert_int_equal(room, RAW_FULL);

	/* Young files are not removed yet, but they are no quarantine. */
	struct record *young = add(f, 1, "p4", DISP_NONE, false, "young");
	struct str bytes = STR("young");
	assert_int_equal(store_raw_put(f->st, bytes, young->raw_sha256), OK);
	fixture_upkeep(f, &u);
	assert_true(has_raw(f, young));
	assert_int_equal(store_raw_room(f->st, &room), OK);
	assert_int_equal(room, RAW_OVER);

	u.raw_budget_bytes = INT64_C(1) << 30;
	fixture_upkeep(f, &u);
	assert_int_equal(store_raw_room(f->st, &room), OK);
	assert_int_equal(room, RAW_ROOM);
}

static void files_of_failed_adds_go(void **state)
{
	struct fixture *f = *state;
	const struct timespec long_ago[2] = { { .tv_sec = 1 }, { .tv_sec = 1 } };
	struct record *kept = add(f, 1, "p1", DISP_NONE, false, "kept");
	struct str text = STR("orphan"), hex = hash_sha256_hex(f->a, text), got;
	char path[200];

	assert_int_equal(store_raw_put(f->st, text, hex), OK);
	for (int old = 0; old < 2; old++) {
		for (int i = 0; i < RAW_SHARDS; i++) {
			f->st->upkeep.minute_ms = 0;
			fixture_upkeep(f, NULL);
		}
		assert_int_equal(store_raw_get(f->st, f->a, hex, &got), old ? ERR_ABSENT : OK);
		assert_true(has_raw(f, kept));
		snprintf(path, sizeof(path), "%s/raw/%.2s/%.*s.zst", f->path, hex.p, STR_ARG(hex));
		utimensat(AT_FDCWD, path, long_ago, 0);
	}
}

static void a_backup_is_a_whole_store(void **state)
{
	struct fixture *f = *state;
	struct record *r[20];
	struct str key = STR("domain:example.org"), got;
	struct history h;
	struct store *copy;
	struct errbuf eb = { "" };
	char to[100], path[200];
	struct stat st;

	for (int i = 0; i < 20; i++)
		r[i] = add(f, 1, arena_printf(f->a, "p%d", i).p, DISP_SPAM, true,
			   arena_printf(f->a, "raw %d", i).p);
	store_history_add(f->st, 1, &key, 1, false, clock_now_us());
	snprintf(to, sizeof(to), "%s/copy", f->dir);
	assert_int_equal(store_backup(f->st, to, true, &eb), OK);
	assert_int_equal(store_backup(f->st, to, true, &eb), ERR_CONFLICT);
	assert_int_equal(stat(to, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	snprintf(path, sizeof(path), "%s/messages.db", to);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);

	/* What happens to the original does not reach the copy. */
	struct store_upkeep gone = { .retention_metadata_us = 1000 };
	pass_time();
	fixture_upkeep(f, &gone);
	struct store_options o = { .dir = to, .flags = STORE_CREATE, .log = &quiet };
	assert_int_equal(store_open(&o, &copy, &eb), OK);
	for (int i = 0; i < 20; i++) {
		struct record rec;
		assert_false(has_row(f, r[i]));
		assert_int_equal(store_record_get(copy, f->a, 1, r[i]->message->id, RECORD_WHOLE, &rec), OK);
		assert_int_equal(store_raw_get(copy, f->a, rec.raw_sha256, &got), OK);
	}
	assert_true(str_eq(store_secret(copy), store_secret(f->st)));
	assert_int_equal(store_history_get(copy, 1, &key, 1, clock_now_us(), &h), OK);
	assert_true(h.seen > 0.9);
	store_close(&f->st);
	f->st = copy;
	fixture_upkeep(f, NULL);
	assert_int_equal(found(f, "a@example.org"), 20);
}

struct asking {
	struct fixture *f;
	struct record *about;
};

/* As let_go, but somebody asks for its release meanwhile. */
static bool let_go_asked(struct arena *a, struct record *r, void *ctx)
{
	const struct asking *ask = ctx;
	struct job job = { .account = 1, .kind = JOB_RELEASE, .ref = ask->about->key };

	assert_int_equal(store_jobs_add(ask->f->st, &job, 1), OK);
	return let_go(a, r, NULL);
}

static void who_asks_while_its_time_ends_gets_it(void **state)
{
	struct fixture *f = *state;
	struct asking ask = { f, add(f, 1, "p1", DISP_SPAM, true, "held") };
	struct store_upkeep u = { .retention_detections_us = 1000,
				  .expire = let_go_asked,
				  .expire_ctx = &ask };
	struct record r;

	pass_time();
	fixture_upkeep(f, &u);
	assert_int_equal(store_record_by_key(f->st, f->a, ask.about->key, &r), OK);
	assert_true(r.message->is_quarantined);
	assert_true(has_raw(f, ask.about));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(raw_mail_goes_by_its_kind),
		TEST(nothing_is_passed_over_during_a_backup),
		TEST(young_mail_is_not_passed_over),
		TEST(a_row_not_indexed_keeps_its_raw),
		TEST(old_rows_go_everywhere),
		TEST(budget_takes_clean_then_free_never_held),
		TEST(files_of_failed_adds_go),
		TEST(a_backup_is_a_whole_store),
		TEST(held_mail_is_told_of_before_it_goes),
		TEST(who_asks_while_its_time_ends_gets_it),
		TEST(released_mail_goes_by_its_kind),
		TEST(released_mail_goes_for_room),
	};

	return cmocka_run_group_tests_name("store/upkeep", tests, NULL, NULL);
}
