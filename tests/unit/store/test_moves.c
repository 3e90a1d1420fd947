/* Which moves follow from what a mail is, and what the vault keeps. */
#include "fixture.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "model/integration.h"
#include "model/submission.h"
#include "store/jobs.h"
#include "store/moves.h"
#include "store/settings.h"

static void write_object(struct fixture *f, const struct resource *r, void *obj)
{
	struct resource_env env = { .arena = f->a, .now_us = 1 };
	struct settings_refusal refusal;
	struct settings_write *w = settings_write_new(f->st, &env, r, 1, &settings_operator);

	settings_write_add(w, obj, 0);
	assert_int_equal(settings_write_run(w, &refusal), OK);
}

/* The account moves MALICIOUS to JunkEmail and SPAM to DeletedItems; open.test has an integration, bare.test none. */
static void set_up(struct fixture *f, bool of_users)
{
	struct integration *i = ARENA_NEW(f->a, struct integration);
	struct auto_moves *m = ARENA_NEW(f->a, struct auto_moves);
	struct domain *open = ARENA_NEW(f->a, struct domain), *bare = ARENA_NEW(f->a, struct domain);

	SET(i, integration, name, STR("x"));
	SET(i, integration, provider, MAILBOX_IMAP);
	SET(i, integration, enabled, true);
	SET(i, integration, secret, STR("the secret"));
	write_object(f, &resource_integrations, i);
	SET(m, auto_moves, malicious, DESTINATION_JUNK);
	SET(m, auto_moves, spam, DESTINATION_TRASH);
	SET(m, auto_moves, phish_submission_response, of_users);
	write_object(f, &resource_auto_moves, m);
	SET(open, domain, domain, STR("open.test"));
	SET(open, domain, integration_id, str_of(i->id.uuid));
	write_object(f, &resource_domains, open);
	SET(bare, domain, domain, STR("bare.test"));
	write_object(f, &resource_domains, bare);
}

static struct record *add(struct fixture *f, const char *id, const char *to, int disposition)
{
	struct record *r = fixture_record(f->a, 1, id, "a@example.org", to, "x");

	SET(r->message, message, final_disposition, disposition);
	assert_int_equal(store_record_add(f->st, f->a, r), OK);
	return r;
}

/* The open job about it; NULL: there is none. */
static const struct move_order *order_of(struct fixture *f, const struct record *r)
{
	struct move_order *order = ARENA_NEW(f->a, struct move_order);
	struct sql *c;

	assert_int_equal(sql_read_one(f->st->messages, &c), OK);
	struct sql_stmt *s =
	    sql_prepare(c, "SELECT data FROM job WHERE ref = $1 AND kind = 'move' AND state = 'open'");
	sql_bind_int(s, 1, r->key);
	enum err err = sql_step(s);
	if (!err)
		assert_int_equal(json_text_read(f->a, &move_order_fields, sql_str_copy(s, 0, f->a),
						JSON_STORED, order, NULL),
				 OK);
	sql_read_end(&c);
	return err ? NULL : order;
}

static void expect_to(struct fixture *f, const struct record *r, int destination)
{
	const struct move_order *o = order_of(f, r);

	assert_non_null(o);
	assert_true(HAS(o, move_order, destination) && o->destination == destination && o->automatic);
}

static void end_jobs(struct fixture *f)
{
	struct sql *c;

	assert_int_equal(sql_write_begin(f->st->messages, &c), OK);
	assert_int_equal(sql_end(&c, sql_run(sql_prepare(c, "UPDATE job SET state = 'done'"), NULL)), OK);
}

/* ---- what arrives ---- */

static void what_arrives(void **state)
{
	struct fixture *f = *state;

	set_up(f, true);
	expect_to(f, add(f, "p1", "a@open.test", DISP_MALICIOUS), DESTINATION_JUNK);
	expect_to(f, add(f, "p2", "a@OPEN.test", DISP_BEC), DESTINATION_JUNK);
	expect_to(f, add(f, "p3", "a@open.test", DISP_SPAM), DESTINATION_TRASH);
	assert_null(order_of(f, add(f, "p4", "a@open.test", DISP_NONE)));
	assert_null(order_of(f, add(f, "p5", "a@open.test", DISP_SUSPICIOUS)));
	assert_null(order_of(f, add(f, "p6", "a@bare.test", DISP_MALICIOUS)));
	assert_null(order_of(f, add(f, "p7", "a@elsewhere.test", DISP_MALICIOUS)));
}

struct change {
	int status, disposition;
	bool released, exempt;
	struct mailbox_copy *copy;
	const char *type; /* of the submission that is noted */
};

static bool apply(struct arena *a, struct record *r, void *ctx)
{
	const struct change *c = ctx;
	struct outcome *o = &r->outcomes.v[0];

	SET(r->message, message, final_disposition, c->disposition);
	SET(o, outcome, status, c->status);
	SET(o, outcome, released, c->released);
	SET(o, outcome, exempt, c->exempt);
	if (c->copy)
		SET(o, outcome, mailbox, c->copy);
	if (c->type) {
		struct action_properties *p = ARENA_NEW(a, struct action_properties);
		struct action_log e = { 0 };
		SET(p, action_properties, submission_type, str_of(c->type));
		SET(&e, action_log, operation, LOGOP_RECLASSIFY);
		SET(&e, action_log, properties, p);
		record_act(a, r, &e);
	}
	return true;
}

static void change(struct fixture *f, const struct record *r, struct change c)
{
	assert_int_equal(store_record_change(f->st, f->a, r->key, apply, &c, NULL), OK);
}

static struct record *add_queued(struct fixture *f, const char *id)
{
	struct record *r = fixture_record(f->a, 1, id, "a@example.org", "a@open.test", "x");

	SET(r->message, message, final_disposition, DISP_MALICIOUS);
	r->outcomes.v[0].status = DELIVERY_QUEUED;
	assert_int_equal(store_record_add(f->st, f->a, r), OK);
	return r;
}

/* When the next hop has it, and nobody let it pass. */
static void what_is_delivered(void **state)
{
	struct fixture *f = *state;

	set_up(f, true);
	struct record *one = add_queued(f, "p1"), *two = add_queued(f, "p2"), *three = add_queued(f, "p3");
	assert_null(order_of(f, one));
	change(f, one, (struct change){ .status = DELIVERY_DELIVERED, .disposition = DISP_MALICIOUS });
	expect_to(f, one, DESTINATION_JUNK);
	change(
	    f, two,
	    (struct change){ .status = DELIVERY_DELIVERED, .disposition = DISP_MALICIOUS, .released = true });
	assert_null(order_of(f, two));
	change(
	    f, three,
	    (struct change){ .status = DELIVERY_DELIVERED, .disposition = DISP_MALICIOUS, .exempt = true });
	assert_null(order_of(f, three));
}

/* ---- what is judged otherwise ---- */

static struct mailbox_copy copy(int destination, bool automatic)
{
	struct mailbox_copy c = { 0 };

	SET(&c, mailbox_copy, integration, STR("6e2f04e2-30a0-4b31-8bd2-9d2b6e0d4a15"));
	SET(&c, mailbox_copy, destination, destination);
	SET(&c, mailbox_copy, automatic, automatic);
	SET(&c, mailbox_copy, moved, true);
	return c;
}

static void judged_otherwise(void **state)
{
	struct fixture *f = *state;

	set_up(f, true);
	struct record *r = add(f, "p1", "a@open.test", DISP_NONE);
	change(
	    f, r,
	    (struct change){ .status = DELIVERY_DELIVERED, .disposition = DISP_MALICIOUS, .type = "User" });
	expect_to(f, r, DESTINATION_JUNK);

	/* Taken back before anything was done, and behind it. */
	change(f, r, (struct change){ .status = DELIVERY_DELIVERED, .disposition = DISP_NONE });
	assert_non_null(order_of(f, r));
	assert_false(HAS(order_of(f, r), move_order, destination));
	end_jobs(f);
	struct mailbox_copy junk = copy(DESTINATION_JUNK, true);
	change(f, r, (struct change){ .status = DELIVERY_MOVED, .disposition = DISP_NONE, .copy = &junk });
	assert_null(order_of(f, r));
	change(f, r,
	       (struct change){ .status = DELIVERY_MOVED, .disposition = DISP_MALICIOUS, .copy = &junk });
	assert_null(order_of(f, r)); /* it lies there */
	change(f, r, (struct change){ .status = DELIVERY_MOVED, .disposition = DISP_SPAM, .copy = &junk });
	expect_to(f, r, DESTINATION_TRASH);
	change(f, r, (struct change){ .status = DELIVERY_MOVED, .disposition = DISP_BULK, .copy = &junk });
	assert_false(HAS(order_of(f, r), move_order, destination));
}

/* A move by itself that was given up may have been done, and its record says that it failed: both is looked after. */
static void what_was_given_up_goes_back(void **state)
{
	struct fixture *f = *state;
	struct mailbox_copy tried = copy(DESTINATION_JUNK, true), of_person = copy(DESTINATION_JUNK, false);

	set_up(f, true);
	for (int i = 0; i < 2; i++) {
		struct mailbox_copy *c = i ? &of_person : &tried;
		struct record *r = add(f, i ? "p2" : "p1", "a@open.test", DISP_MALICIOUS);
		end_jobs(f);
		CLEAR(c, mailbox_copy, destination);
		SET(c, mailbox_copy, moved, false);
		change(f, r,
		       (struct change){
			   .status = DELIVERY_MOVE_FAILED, .disposition = DISP_MALICIOUS, .copy = c });
		assert_null(order_of(f, r));
		change(
		    f, r,
		    (struct change){ .status = DELIVERY_MOVE_FAILED, .disposition = DISP_NONE, .copy = c });
		if (i == 1) {
			assert_null(order_of(f, r));
			continue;
		}
		assert_non_null(order_of(f, r));
		assert_true(order_of(f, r)->automatic);
		assert_false(HAS(order_of(f, r), move_order, destination));
		end_jobs(f);
	}
}

/* Where a person put it stays, but for the inbox; and nothing takes the place of a person's open wish. */
static void people_come_first(void **state)
{
	struct fixture *f = *state;
	struct mailbox_copy trash = copy(DESTINATION_TRASH, false), inbox = copy(DESTINATION_INBOX, false);
	int64_t job;

	set_up(f, true);
	struct record *r = add(f, "p1", "a@open.test", DISP_NONE);
	change(f, r,
	       (struct change){ .status = DELIVERY_MOVED, .disposition = DISP_MALICIOUS, .copy = &trash });
	assert_null(order_of(f, r));
	change(f, r, (struct change){ .status = DELIVERY_MOVED, .disposition = DISP_NONE, .copy = &trash });
	assert_null(order_of(f, r));
	change(
	    f, r,
	    (struct change){ .status = DELIVERY_DELIVERED, .disposition = DISP_MALICIOUS, .copy = &inbox });
	expect_to(f, r, DESTINATION_JUNK);
	assert_int_equal(
	    store_moves_ask(f->st, f->a, 1, &r->key, 1, DESTINATION_TRASH, STR("token:x"), 5, &job), OK);
	assert_int_equal(order_of(f, r)->destination, DESTINATION_TRASH);
	assert_false(order_of(f, r)->automatic);
	change(f, r,
	       (struct change){ .status = DELIVERY_DELIVERED, .disposition = DISP_SPAM, .copy = &inbox });
	change(
	    f, r,
	    (struct change){ .status = DELIVERY_DELIVERED, .disposition = DISP_MALICIOUS, .copy = &inbox });
	assert_int_equal(order_of(f, r)->destination, DESTINATION_TRASH);
}

static void the_word_of_users(void **state)
{
	struct fixture *f = *state;

	set_up(f, false);
	struct record *one = add(f, "p1", "a@open.test", DISP_NONE),
		      *two = add(f, "p2", "a@open.test", DISP_NONE);
	change(
	    f, one,
	    (struct change){ .status = DELIVERY_DELIVERED, .disposition = DISP_MALICIOUS, .type = "User" });
	assert_null(order_of(f, one));
	change(
	    f, two,
	    (struct change){ .status = DELIVERY_DELIVERED, .disposition = DISP_MALICIOUS, .type = "Team" });
	expect_to(f, two, DESTINATION_JUNK);
}

/* ---- the vault ---- */

static void put_long_ago(struct fixture *f, struct str digest, const char *text)
{
	const struct timespec long_ago[2] = { { .tv_sec = 1 }, { .tv_sec = 1 } };
	char path[200];

	assert_int_equal(store_raw_put(f->st, str_of(text), digest), OK);
	snprintf(path, sizeof(path), "%s/raw/%.2s/%.*s.zst", f->path, digest.p, STR_ARG(digest));
	assert_int_equal(utimensat(AT_FDCWD, path, long_ago, 0), 0);
}

static bool has_raw(struct fixture *f, struct str digest)
{
	struct str bytes;

	return store_raw_get(f->st, f->a, digest, &bytes) == OK;
}

/* Kept whatever its age and however little room there is, until the copy is put back. */
static void the_vault(void **state)
{
	struct fixture *f = *state;
	struct mailbox_copy purged = copy(DESTINATION_PURGES, false), back = copy(DESTINATION_INBOX, false);
	struct str digest = hash_sha256_hex(f->a, STR("the mail"));
	struct store_upkeep by_age = { .retention_clean_us = 1000 }, by_room = { .raw_budget_bytes = 1 };

	set_up(f, true);
	struct record *r = fixture_record(f->a, 1, "p1", "a@example.org", "a@open.test", "x");
	SET(r, record, raw_sha256, digest);
	put_long_ago(f, digest, "the mail");
	assert_int_equal(store_record_add(f->st, f->a, r), OK);
	SET(&purged, mailbox_copy, raw, digest);
	change(f, r, (struct change){ .status = DELIVERY_MOVED, .disposition = DISP_NONE, .copy = &purged });
	by_age.now_us = by_room.now_us = clock_now_us() + INT64_C(86400000000);
	fixture_upkeep(f, &by_age);
	fixture_upkeep(f, &by_room);
	assert_true(has_raw(f, digest));
	change(f, r,
	       (struct change){ .status = DELIVERY_DELIVERED, .disposition = DISP_NONE, .copy = &back });
	fixture_upkeep(f, &by_age);
	assert_false(has_raw(f, digest));
}

/* Two that are asked for at the same time are two: neither has the other's answer. */
static void tests_of_mailboxes(void **state)
{
	struct fixture *f = *state;
	const struct mailbox_test test = { .integration = STR("f174e90a-fafe-4643-bbbc-4a0ed4fc8415") };
	int64_t first, second;

	assert_int_equal(store_mailbox_test_ask(f->st, f->a, 1, &test, STR("token:a"), &first), OK);
	assert_int_equal(store_mailbox_test_ask(f->st, f->a, 1, &test, STR("token:b"), &second), OK);
	assert_int_not_equal(first, second);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_arrives, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(what_is_delivered, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(judged_otherwise, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(what_was_given_up_goes_back, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(people_come_first, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(the_word_of_users, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(the_vault, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(tests_of_mailboxes, fixture_setup, fixture_teardown),
	};

	return cmocka_run_group_tests_name("store/moves", tests, NULL, NULL);
}
