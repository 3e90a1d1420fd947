/* Adding, getting and changing records; many threads; a full disk. */
#include "fixture.h"

#include <pthread.h>
#include <sys/stat.h>

#include "json/write.h"
#include "store/key.h"

static struct str as_json(struct arena *a, const struct record *r)
{
	struct buf b;

	buf_init(&b, 1 << 20);
	json_object_write(&b, &record_fields, r, &(struct json_write){ .audience = JSON_FOR_OURSELVES });
	struct str out = arena_str(a, buf_str(&b));
	buf_free(&b);
	return out;
}

static void a_record_comes_back_whole(void **state)
{
	struct fixture *f = *state;
	struct record *r =
	    fixture_record(f->a, 7, "4Njp3P0STMz2c02Q", "a@example.org", "b@example.test", "Grüße");
	struct record got;
	int64_t before = clock_now_us();

	SET(r->message, message, final_disposition, DISP_BEC);
	SET(r, record, digest, hash_sha256_hex(f->a, STR("mail")));
	assert_int_equal(store_record_add(f->st, f->a, r), OK);
	assert_int_equal(key_account(r->key), 7);
	assert_true(r->message->scanned_at >= before - 1000 && r->message->scanned_at <= clock_now_us());
	char time[CLOCK_TEXT_MAX];
	struct str at = clock_zoneless(r->message->scanned_at, time);
	struct str alert = arena_printf(f->a, "4Njp3P0STMz2c02Q-%.*s", STR_ARG(at));
	assert_true(str_eq(r->message->alert_id, alert));
	assert_true(str_starts(r->message->id, alert) && r->message->id.n == alert.n + 9);

	const struct str names[] = { r->message->id, alert, STR("4Njp3P0STMz2c02Q") };
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		assert_int_equal(store_record_get(f->st, f->a, 7, names[i], RECORD_WHOLE, &got), OK);
		assert_true(str_eq(as_json(f->a, r), as_json(f->a, &got)));
	}
	const struct str wrong[] = { STR("4Njp3P0STMz2c02R"), STR("4Njp3P0STMz2c02Q-2020-01-01T00:00:00"),
				     STR(""), STR("-"), arena_printf(f->a, "%.*s-00000000", STR_ARG(alert)) };
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
		assert_int_equal(store_record_get(f->st, f->a, 7, wrong[i], RECORD_WHOLE, &got), ERR_ABSENT);
	assert_int_equal(store_record_get(f->st, f->a, 8, names[0], RECORD_WHOLE, &got), ERR_ABSENT);
}

static void clean_mail_has_no_alert(void **state)
{
	struct fixture *f = *state;
	struct record *r = fixture_record(f->a, 1, "p1", "a@example.org", "b@example.test", "x"), got;

	assert_int_equal(store_record_add(f->st, f->a, r), OK);
	assert_int_equal(store_record_get(f->st, f->a, 1, r->message->id, RECORD_WHOLE, &got), OK);
	assert_false(HAS(got.message, message, alert_id));
}

static void the_message_alone_is_the_same(void **state)
{
	struct fixture *f = *state;
	struct record *r = fixture_record(f->a, 3, "p1", "a@example.org", "b@example.test", "x"), part, whole;
	struct json_write how = { .audience = JSON_FOR_OURSELVES };
	struct buf x, y;

	SET(r->detections, detections, action, STR("DELIVERED"));
	assert_int_equal(store_record_add(f->st, f->a, r), OK);
	assert_int_equal(store_record_get(f->st, f->a, 3, STR("p1"), RECORD_MESSAGE, &part), OK);
	assert_int_equal(store_record_get(f->st, f->a, 3, STR("p1"), RECORD_WHOLE, &whole), OK);
	assert_true(part.key == r->key && part.account == 3 && part.rev == 0);
	assert_false(HAS(&part, record, detections) || HAS(&part, record, outcomes));
	assert_true(str_eq(whole.detections->action, STR("DELIVERED")) && whole.outcomes.n == 1);
	buf_init(&x, 1 << 20);
	buf_init(&y, 1 << 20);
	json_object_write(&x, &message_fields, part.message, &how);
	json_object_write(&y, &message_fields, whole.message, &how);
	assert_true(x.n > 0 && str_eq(buf_str(&x), buf_str(&y)));
	buf_free(&x);
	buf_free(&y);
}

static void postfix_ids_are_unique(void **state)
{
	struct fixture *f = *state;
	struct record *r = fixture_record(f->a, 1, "p1", "a@example.org", "b@example.test", "x");
	struct record *twin = fixture_record(f->a, 2, "p1", "a@example.org", "b@example.test", "x");

	assert_int_equal(store_record_add(f->st, f->a, r), OK);
	assert_int_equal(store_record_add(f->st, f->a, twin), ERR_CONFLICT);
}

static void resends_are_found_by_digest(void **state)
{
	struct fixture *f = *state;
	struct str digest = hash_sha256_hex(f->a, STR("mail"));
	struct record got, *last = NULL;

	assert_int_equal(store_record_by_digest(f->st, f->a, 1, digest, &got), ERR_ABSENT);
	for (int round = 0; round < 2; round++) {
		for (int i = 0; i < 3; i++) {
			struct str id = arena_printf(f->a, "p%d%d", round, i);
			last = fixture_record(f->a, 1, id.p, "a@example.org", "b@example.test", "x");
			SET(last, record, digest, digest);
			assert_int_equal(store_record_add(f->st, f->a, last), OK);
		}
		/* Before the index knows them, and after. */
		assert_int_equal(store_record_by_digest(f->st, f->a, 1, digest, &got), OK);
		assert_int_equal(got.key, last->key);
		fixture_upkeep(f, NULL);
		assert_int_equal(store_record_by_digest(f->st, f->a, 1, digest, &got), OK);
		assert_int_equal(got.key, last->key);
	}
	assert_int_equal(store_record_by_digest(f->st, f->a, 2, digest, &got), ERR_ABSENT);
}

/* ---- change ---- */

static bool release(struct arena *a, struct record *r, void *ctx)
{
	(void)a;
	(void)ctx;
	SET(r->message, message, is_quarantined, false);
	SET(&r->outcomes.v[0], outcome, status, DELIVERY_DELIVERED);
	return true;
}

static bool set_digest(struct arena *a, struct record *r, void *ctx)
{
	(void)a;
	SET(r, record, digest, *(struct str *)ctx);
	return true;
}

static bool refuse(struct arena *a, struct record *r, void *ctx)
{
	(void)a;
	(void)r;
	(void)ctx;
	return false;
}

static void changes_are_kept(void **state)
{
	struct fixture *f = *state;
	struct record *r = fixture_record(f->a, 1, "p1", "a@example.org", "b@example.test", "x"), out, got;
	struct store_page held;

	SET(r->message, message, is_quarantined, true);
	assert_int_equal(store_record_add(f->st, f->a, r), OK);
	assert_int_equal(store_recent(f->st, f->a, 0, 10, true, &held), OK);
	assert_int_equal(held.n, 1);
	assert_int_equal(store_record_change(f->st, f->a, r->key, refuse, NULL, &out), OK);
	assert_int_equal(out.rev, 0);
	assert_int_equal(store_record_change(f->st, f->a, r->key, release, NULL, &out), OK);
	assert_int_equal(out.rev, 1);
	assert_int_equal(store_record_get(f->st, f->a, 1, STR("p1"), RECORD_WHOLE, &got), OK);
	assert_int_equal(got.rev, 1);
	assert_false(got.message->is_quarantined);
	assert_true(str_eq(got.message->id, r->message->id));
	assert_int_equal(store_recent(f->st, f->a, 0, 10, true, &held), OK);
	assert_int_equal(held.n, 0);
	assert_int_equal(store_record_change(f->st, f->a, r->key + 1, release, NULL, NULL), ERR_ABSENT);
}

#define CHANGERS 8
#define CHANGES 25

struct changer {
	struct store *st;
	int64_t key;
	enum err err;
};

static bool count_up(struct arena *a, struct record *r, void *ctx)
{
	(void)a;
	(void)ctx;
	SET(r, record, raw_size, r->raw_size + 1);
	return true;
}

static void *change_often(void *ctx)
{
	struct changer *c = ctx;
	struct arena *a = arena_new(SIZE_MAX, NULL, NULL);

	for (int i = 0; i < CHANGES && !c->err; i++)
		c->err = store_record_change(c->st, a, c->key, count_up, NULL, NULL);
	arena_free(&a);
	return NULL;
}

static void no_change_is_lost(void **state)
{
	struct fixture *f = *state;
	struct record *r = fixture_record(f->a, 1, "p1", "a@example.org", "b@example.test", "x"), got;
	struct changer changers[CHANGERS];
	pthread_t threads[CHANGERS];

	assert_int_equal(store_record_add(f->st, f->a, r), OK);
	for (size_t i = 0; i < CHANGERS; i++) {
		changers[i] = (struct changer){ f->st, r->key, OK };
		assert_int_equal(pthread_create(&threads[i], NULL, change_often, &changers[i]), 0);
	}
	for (size_t i = 0; i < CHANGERS; i++) {
		pthread_join(threads[i], NULL);
		assert_int_equal(changers[i].err, OK);
	}
	assert_int_equal(store_record_get(f->st, f->a, 1, STR("p1"), RECORD_WHOLE, &got), OK);
	assert_int_equal(got.raw_size, CHANGERS * CHANGES);
	assert_int_equal(got.rev, CHANGERS * CHANGES);
}

/* ---- many at once ---- */

#define ADDERS 16
#define ADDS 20

struct adder {
	struct store *st;
	int number;
	enum err err;
	int64_t keys[ADDS];
};

static void *add_many(void *ctx)
{
	struct adder *t = ctx;
	struct arena *a = arena_new(SIZE_MAX, NULL, NULL);

	for (int i = 0; i < ADDS && !t->err; i++) {
		struct str id = arena_printf(a, "p%02dx%02d", t->number, i);
		struct record *r = fixture_record(a, 1 + i % 3, id.p, "a@example.org", "b@example.test", "x");
		t->err = store_record_add(t->st, a, r);
		t->keys[i] = r->key;
	}
	arena_free(&a);
	return NULL;
}

static void sixteen_threads_add(void **state)
{
	struct fixture *f = *state;
	struct adder *adders = ARENA_ARRAY(f->a, ADDERS, struct adder);
	pthread_t threads[ADDERS];

	for (int i = 0; i < ADDERS; i++) {
		adders[i] = (struct adder){ .st = f->st, .number = i };
		assert_int_equal(pthread_create(&threads[i], NULL, add_many, &adders[i]), 0);
	}
	for (int i = 0; i < ADDERS; i++)
		pthread_join(threads[i], NULL);
	for (int i = 0; i < ADDERS; i++) {
		assert_int_equal(adders[i].err, OK);
		for (int k = 0; k < ADDS; k++) {
			struct record got;
			struct str id = arena_printf(f->a, "p%02dx%02d", i, k);
			assert_int_equal(store_record_get(f->st, f->a, 1 + k % 3, id, RECORD_WHOLE, &got),
					 OK);
			assert_int_equal(got.key, adders[i].keys[k]);
		}
	}
	assert_int_equal(fixture_count(f->st->messages, "SELECT count(*) FROM msg"), ADDERS * ADDS);
}

static void newest_of_all_accounts(void **state)
{
	struct fixture *f = *state;
	struct store_page page;

	for (int i = 0; i < 9; i++) {
		struct str id = arena_printf(f->a, "p%d", i);
		struct record *r =
		    fixture_record(f->a, 1 + i % 3, id.p, "a@example.org", "b@example.test", "x");
		assert_int_equal(store_record_add(f->st, f->a, r), OK);
	}
	assert_int_equal(store_recent(f->st, f->a, 0, 4, false, &page), OK);
	assert_int_equal(page.n, 4);
	for (size_t i = 1; i < page.n; i++)
		assert_true(page.v[i - 1].message->scanned_at >= page.v[i].message->scanned_at);
	assert_int_equal(store_recent(f->st, f->a, 2, 4, false, &page), OK);
	assert_int_equal(page.n, 3);
	for (size_t i = 0; i < page.n; i++)
		assert_int_equal(page.v[i].account, 2);
}

/* ---- faults ---- */

static void full_disk_is_later_and_leaves_nothing(void **state)
{
	struct fixture *f = *state;
	enum err err = OK;
	int added = 0;
	struct str noise;
	char bytes[2000];

	assert_int_equal(
	    sql_max_pages(f->st->messages, fixture_count(f->st->messages, "PRAGMA page_count") + 20), OK);
	while (!err && added < 1000) {
		for (size_t i = 0; i < sizeof(bytes); i++)
			bytes[i] = (char)('a' + fixture_random(f, 26));
		noise = str_from(bytes, sizeof(bytes));
		struct str id = arena_printf(f->a, "p%d", added);
		struct record *r = fixture_record(f->a, 1, id.p, "a@example.org", "b@example.test", "x");
		SET(r->message, message, subject, noise);
		err = store_record_add(f->st, f->a, r);
		added += err == OK;
	}
	assert_int_equal(err, ERR_LATER);
	assert_int_equal(fixture_count(f->st->messages, "SELECT count(*) FROM msg"), added);
	assert_int_equal(sql_max_pages(f->st->messages, 1 << 20), OK);
	struct record *r = fixture_record(f->a, 1, "again", "a@example.org", "b@example.test", "x");
	assert_int_equal(store_record_add(f->st, f->a, r), OK);
}

static void an_unreadable_row_holds_up_nothing(void **state)
{
	struct fixture *f = *state;
	struct store_search q = { .account = 1,
				  .end_us = INT64_MAX,
				  .disposition = -1,
				  .operation = -1,
				  .delivery_status = -1,
				  .per_page = 10,
				  .page = 1,
				  .sender = STR("example.org") };
	struct fixture_page page = { .most = 0 };
	struct record got;
	struct sql *c;

	for (int i = 0; i < 3; i++) {
		struct str id = arena_printf(f->a, "p%d", i);
		struct record *r = fixture_record(f->a, 1, id.p, "a@example.org", "b@example.test", "x");
		assert_int_equal(store_record_add(f->st, f->a, r), OK);
	}
	assert_int_equal(sql_write_begin(f->st->messages, &c), OK);
	assert_int_equal(sql_script(c, "UPDATE msg SET rest = x'00' WHERE postfix_id = 'p1'"), OK);
	assert_int_equal(sql_commit(&c), OK);
	assert_int_equal(store_record_get(f->st, f->a, 1, STR("p1"), RECORD_WHOLE, &got), ERR_LATER);
	for (int round = 0; round < 2; round++) {
		assert_int_equal(fixture_search(f, f->a, &q, 0, &page), OK);
		assert_int_equal(page.n, 2);
		fixture_upkeep(f, NULL);
	}
}

static void files_are_private(void **state)
{
	struct fixture *f = *state;
	const char *const files[] = { "messages.db", "messages.db-wal", "search.db",
				      "history.db",  "secret",          "gate" };
	struct stat st;
	char path[200];

	assert_int_equal(stat(f->path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		snprintf(path, sizeof(path), "%s/%s", f->path, files[i]);
		assert_int_equal(stat(path, &st), 0);
		assert_int_equal(st.st_mode & 07777, 0600);
	}
}

static void secret_stays(void **state)
{
	struct fixture *f = *state;
	struct str before = arena_str(f->a, store_secret(f->st)), zeroes = str_from((char[32]){ 0 }, 32);

	store_close(&f->st);
	fixture_open(f);
	assert_true(str_eq(before, store_secret(f->st)));
	assert_false(str_eq(before, zeroes));
}

static void a_missing_store_is_not_made_by_accident(void **state)
{
	struct fixture *f = *state;
	struct store_options o = { .dir = "/tmp/postern-store-absent/x", .log = &quiet };
	struct store *st;
	struct errbuf eb;

	(void)f;
	assert_int_equal(store_open(&o, &st, &eb), ERR_ABSENT);
	assert_null(st);
}

/* What is read of a mail later may say what it is equal to. */
static void a_changed_digest_is_found(void **state)
{
	struct fixture *f = *state;
	struct str digest[] = { hash_sha256_hex(f->a, STR("bytes")), hash_sha256_hex(f->a, STR("content")) };
	struct record *r = fixture_record(f->a, 1, "p1", "a@example.org", "b@example.test", "x"), got;

	SET(r, record, digest, digest[0]);
	assert_int_equal(store_record_add(f->st, f->a, r), OK);
	for (int i = 1; i < 4; i++) {
		struct str to = digest[i % 2];
		assert_int_equal(store_record_change(f->st, f->a, r->key, set_digest, &to, NULL), OK);
		assert_int_equal(store_record_by_digest(f->st, f->a, 1, to, &got), OK);
		assert_int_equal(got.key, r->key);
		assert_int_equal(store_record_by_digest(f->st, f->a, 1, digest[1 - i % 2], &got), ERR_ABSENT);
	}
	/* Another change leaves it where it is. */
	assert_int_equal(store_record_change(f->st, f->a, r->key, release, NULL, NULL), OK);
	assert_int_equal(store_record_by_digest(f->st, f->a, 1, digest[1], &got), OK);
	struct str none = STR_NONE;
	assert_int_equal(store_record_change(f->st, f->a, r->key, set_digest, &none, NULL), OK);
	assert_int_equal(store_record_by_digest(f->st, f->a, 1, digest[1], &got), ERR_ABSENT);
	assert_int_equal(fixture_count(f->st->messages, "SELECT count(*) FROM resend"), 0);
}

/* In a full log, too, the newest is there; and each kind of what worked is told once. */
static void actions_are_told_once_and_kept(void **state)
{
	struct fixture *f = *state;
	struct record *r = fixture_record(f->a, 1, "p1", "a@example.org", "b@example.test", "x");
	const struct ints *kinds = &r->message->post_delivery_operations;

	for (int64_t i = 0; i < 300; i++) {
		struct action_log entry = { 0 };
		SET(&entry, action_log, operation,
		    i % 3 == 0   ? LOGOP_MOVE
		    : i % 3 == 1 ? LOGOP_PREVIEW
				 : LOGOP_RELEASE);
		SET(&entry, action_log, success, i % 3 != 0);
		SET(&entry, action_log, completed_at, i);
		record_act(f->a, r, &entry);
	}
	assert_int_equal(r->message->action_log.n, 200);
	assert_int_equal(r->message->action_log.v[0].completed_at, 0);
	assert_int_equal(r->message->action_log.v[199].completed_at, 299);
	assert_int_equal(kinds->n, 2);
	assert_int_equal(kinds->v[0], OP_PREVIEW);
	assert_int_equal(kinds->v[1], OP_QUARANTINE_RELEASE);
	assert_true(HAS(r->message, message, post_delivery_operations));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_record_comes_back_whole),
		TEST(clean_mail_has_no_alert),
		TEST(the_message_alone_is_the_same),
		TEST(postfix_ids_are_unique),
		TEST(resends_are_found_by_digest),
		TEST(a_changed_digest_is_found),
		TEST(actions_are_told_once_and_kept),
		TEST(changes_are_kept),
		TEST(no_change_is_lost),
		TEST(sixteen_threads_add),
		TEST(newest_of_all_accounts),
		TEST(full_disk_is_later_and_leaves_nothing),
		TEST(an_unreadable_row_holds_up_nothing),
		TEST(files_are_private),
		TEST(secret_stays),
		TEST(a_missing_store_is_not_made_by_accident),
	};

	return cmocka_run_group_tests_name("store/records", tests, NULL, NULL);
}
