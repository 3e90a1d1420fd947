/* What is found in mailboxes: filed once, however often and by whichever way it comes. */
#include "../store/fixture.h"

#include <pthread.h>
#include <unistd.h>

#include "../daemon/house.h"

#include "base/hash.h"
#include "courier/found.h"
#include "intake/copy_record.h"
#include "intake/settle.h"
#include "store/jobs.h"
#include "store/settings.h"

#define SITE "11111111-1111-4111-8111-111111111111"

/* The content of a mail is its text behind the first line, which stands for its trace. "bad" in it is a detection. */
static void look(struct arena *a, const struct scan_job *job, const struct policy *policy, struct asker *q,
		 struct verdict *out)
{
	size_t line = str_find_char(job->raw, '\n', 0);

	(void)policy;
	(void)q;
	if (str_starts(job->raw, STR("crash")))
		_exit(1);
	house_verdict(a, job->recipients.n == 1 ? job->recipients.v[0] : STR("whose?"), out);
	SET(out, verdict, content_sha256, hash_sha256_hex(a, str_sub(job->raw, line, job->raw.n)));
	if (str_find(job->raw, STR("bad"), 0) != SIZE_MAX) {
		SET(out->message, message, final_disposition, DISP_MALICIOUS);
		SET(out->detections, detections, final_disposition, DISP_MALICIOUS);
	}
}

struct site {
	struct fixture *f;
	struct house house;
	struct config config;
	struct found_tools tools;
	int64_t account;
};

static void open_site(struct site *s, void **state)
{
	struct account account = { 0 };

	*s = (struct site){ .f = *state };
	s->config.hostname = "mx.example.net";
	s->config.header_prefix = "X-Postern-";
	s->config.scan_trusted_authserv_ids = "";
	SET(&account, account, name, STR("test"));
	assert_int_equal(settings_account_add(s->f->st, s->f->a, &account), OK);
	s->account = account.num;
	house_start(&s->house, look, &(struct broker_options){ .log = &quiet });
	s->tools = (struct found_tools){ s->f->st, s->house.broker, &s->config, &quiet };
}

static struct found_place place_of(const struct site *s, enum delivery_mode mode, const char *address)
{
	return (struct found_place){ .account = s->account,
				     .integration = STR(SITE),
				     .address = str_of(address),
				     .mode = mode,
				     .place = { STR("INBOX"), STR("7.1") },
				     .marks = { STR("\\Seen"), 1700000000000000 } };
}

static struct record find(struct site *s, enum delivery_mode mode, const char *address, const char *text)
{
	struct found_place at = place_of(s, mode, address);
	struct errbuf why = { "" };
	struct record r;
	enum err e = found_file(&s->tools, s->f->a, &at, str_of(text), &r, &why);

	if (e)
		fail_msg("%s: %s", err_name(e), why.text);
	assert_int_equal(store_record_by_key(s->f->st, s->f->a, r.key, &r), OK);
	return r;
}

static int64_t count(struct site *s)
{
	return fixture_count(s->f->st->messages, "SELECT count(*) FROM msg");
}

static bool is_kept(struct site *s, const struct record *r)
{
	struct str bytes;

	return store_raw_get(s->f->st, s->f->a, r->raw_sha256, &bytes) == OK;
}

static void it_is_filed_as_a_copy_is(void **state)
{
	struct site s;

	open_site(&s, state);
	struct record r = find(&s, MODE_API, "a@example.test", "trace\na bad text");
	assert_int_equal(r.message->delivery_mode, MODE_API);
	assert_int_equal(r.message->final_disposition, DISP_MALICIOUS);
	assert_true(str_eq(r.message->subject, STR("a@example.test")));
	assert_int_equal(r.outcomes.n, 1);
	assert_int_equal(r.outcomes.v[0].status, DELIVERY_DELIVERED);
	assert_true(str_eq(r.message->client_recipients.v[0], STR("a@example.test")));
	const struct mailbox_copy *copy = r.outcomes.v[0].mailbox;
	assert_true(str_eq(copy->integration, STR(SITE)));
	assert_true(str_eq(copy->folder, STR("INBOX")));
	assert_true(str_eq(copy->place, STR("7.1")));
	assert_true(str_eq(copy->flags, STR("\\Seen")));
	assert_int_equal(copy->received_at, 1700000000000000);
	assert_false(HAS(copy, mailbox_copy, destination));
	assert_true(is_kept(&s, &r));
	house_end(&s.house);
}

static void equal_mail_is_one_record(void **state)
{
	struct site s;

	open_site(&s, state);
	struct record a = find(&s, MODE_API, "a@example.test", "trace a\nthe text");
	struct record b = find(&s, MODE_API, "b@example.test", "trace b\nthe text");
	struct record again = find(&s, MODE_API, "a@example.test", "trace a\nthe text");
	assert_int_equal(a.key, b.key);
	assert_int_equal(a.key, again.key);
	assert_int_equal(again.rev, b.rev); /* nothing was written */
	assert_int_equal(again.outcomes.n, 2);
	assert_true(HAS(&again.outcomes.v[1], outcome, mailbox));
	struct record other = find(&s, MODE_API, "a@example.test", "trace a\nanother text");
	assert_int_not_equal(other.key, a.key);
	assert_int_equal(count(&s), 2);
	house_end(&s.house);
}

/* A record as intake makes it, with the content that the text has. */
static struct record file_direct(struct site *s, const char *id, const char *text, int status)
{
	struct arena *a = s->f->a;
	struct record *r =
	    fixture_record(a, s->account, id, "sender@example.org", "a@example.test", "direct");
	struct verdict v = { 0 };

	SET(&v, verdict, content_sha256, hash_sha256_hex(a, str_of(strchr(text, '\n'))));
	SET(r->message, message, delivery_mode, MODE_DIRECT);
	SET(&r->outcomes.v[0], outcome, status, status);
	SET(r, record, content, copy_digest(a, s->account, &v, STR("")));
	settle_record(a, r);
	assert_int_equal(store_record_add(s->f->st, a, r), OK);
	return *r;
}

static void what_came_directly_is_known(void **state)
{
	struct site s;

	open_site(&s, state);
	struct record direct = file_direct(&s, "4Njp3P0STMz2c02Q", "t\nthe text", DELIVERY_DELIVERED);
	struct record r = find(&s, MODE_API, "A@example.test", "other trace\nthe text");
	assert_int_equal(r.key, direct.key);
	assert_true(str_eq(r.message->subject, STR("direct"))); /* its verdict stays */
	assert_int_equal(r.outcomes.n, 1);
	assert_true(str_eq(r.outcomes.v[0].mailbox->place, STR("7.1")));
	/* By a list it is somebody else's, too. */
	r = find(&s, MODE_API, "c@example.test", "other trace\nthe text");
	assert_int_equal(r.key, direct.key);
	assert_int_equal(r.outcomes.n, 2);
	assert_int_equal(count(&s), 1);
	house_end(&s.house);
}

static void what_was_held_came_otherwise(void **state)
{
	struct site s;

	open_site(&s, state);
	struct record held = file_direct(&s, "4Njp3P0STMz2c02Q", "t\nthe text", DELIVERY_QUARANTINED);
	struct record r = find(&s, MODE_API, "a@example.test", "t\nthe text");
	assert_int_not_equal(r.key, held.key);
	assert_int_equal(r.message->delivery_mode, MODE_API);
	struct record again = find(&s, MODE_API, "a@example.test", "t\nthe text");
	assert_int_equal(again.key, r.key);

	/* Unless somebody lets it go right now: then its release tells, in a moment. */
	struct record other = file_direct(&s, "4Njp3P0STMz2c03Q", "t\nreleased", DELIVERY_QUARANTINED);
	struct job job = { .account = s.account, .kind = JOB_RELEASE, .ref = other.key, .created_us = 1 };
	struct found_place at = place_of(&s, MODE_API, "a@example.test");
	struct errbuf why = { "" };
	assert_int_equal(store_jobs_add(s.f->st, &job, 1), OK);
	assert_int_equal(found_file(&s.tools, s.f->a, &at, STR("t\nreleased"), &r, &why), ERR_LATER);
	assert_non_null(strstr(why.text, "released"));
	house_end(&s.house);
}

/* It only tells: nothing is written to what others told, and only what is shown is kept. */
static void a_retro_scan_changes_nothing(void **state)
{
	struct site s;

	open_site(&s, state);
	struct record direct = file_direct(&s, "4Njp3P0STMz2c02Q", "t\nthe text", DELIVERY_DELIVERED);
	struct record r = find(&s, MODE_RETRO_SCAN, "a@example.test", "t\nthe text");
	assert_int_equal(r.key, direct.key);
	assert_int_equal(r.rev, direct.rev);
	struct record clean = find(&s, MODE_RETRO_SCAN, "a@example.test", "t\nfine"),
		      bad = find(&s, MODE_RETRO_SCAN, "a@example.test", "t\nbad");
	assert_int_equal(clean.message->delivery_mode, MODE_RETRO_SCAN);
	assert_false(is_kept(&s, &clean));
	assert_true(is_kept(&s, &bad));
	struct record both = find(&s, MODE_RETRO_SCAN, "b@example.test", "t\nbad");
	assert_int_equal(both.key, bad.key);
	assert_int_equal(both.outcomes.n, 2);
	assert_int_equal(fixture_count(s.f->st->messages, "SELECT count(*) FROM job WHERE kind = 'move'"), 0);
	house_end(&s.house);
}

static void what_cannot_be_scanned_is_scanned_again(void **state)
{
	struct store_page page;
	struct site s;

	open_site(&s, state);
	struct record r = find(&s, MODE_API, "a@example.test", "crash\n");
	assert_int_equal(r.message->final_disposition, DISP_UNKNOWN);
	assert_true(r.rescan);
	assert_true(is_kept(&s, &r));
	assert_int_equal(store_awaiting_rescan(s.f->st, s.f->a, 10, &page), OK);
	assert_int_equal(page.n, 1);
	struct record again = find(&s, MODE_API, "a@example.test", "crash\n");
	assert_int_equal(again.key, r.key);
	house_end(&s.house);
}

struct racer {
	struct site *site;
	char address[32];
	enum err err;
};

static void *race(void *arg)
{
	struct racer *r = arg;
	struct arena *a = arena_new(FOUND_BYTES, NULL, NULL);
	struct found_place at = place_of(r->site, MODE_API, r->address);
	struct errbuf why = { "" };
	struct record out;

	r->err = found_file(&r->site->tools, a, &at, STR("t\nraced for"), &out, &why);
	arena_free(&a);
	return NULL;
}

static void who_comes_at_once_files_one(void **state)
{
	struct racer v[6];
	pthread_t threads[ARRAY_LEN(v)];
	struct store_page page;
	struct site s;

	open_site(&s, state);
	for (size_t i = 0; i < ARRAY_LEN(v); i++) {
		v[i].site = &s;
		snprintf(v[i].address, sizeof(v[i].address), "r%zu@example.test", i);
		assert_int_equal(pthread_create(&threads[i], NULL, race, &v[i]), 0);
	}
	for (size_t i = 0; i < ARRAY_LEN(v); i++) {
		pthread_join(threads[i], NULL);
		assert_int_equal(v[i].err, OK);
	}
	assert_int_equal(count(&s), 1);
	assert_int_equal(store_recent(s.f->st, s.f->a, s.account, 1, false, &page), OK);
	assert_int_equal(page.v[0].message->client_recipients.n, ARRAY_LEN(v));
	house_end(&s.house);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(it_is_filed_as_a_copy_is),     TEST(equal_mail_is_one_record),
		TEST(what_came_directly_is_known),  TEST(what_was_held_came_otherwise),
		TEST(a_retro_scan_changes_nothing), TEST(what_cannot_be_scanned_is_scanned_again),
		TEST(who_comes_at_once_files_one)
	};

	return cmocka_run_group_tests_name("courier/found", tests, NULL, NULL);
}
