/* What comes of submissions: whose word counts, which mail it is about, and that a killed try is finished once. */
#include "../store/fixture.h"

#include <unistd.h>

#include "../daemon/house.h"

#include "base/hash.h"
#include "courier/submission.h"
#include "store/submissions.h"

#define MESSAGE_ID "<lure@example.org>"

/* A mail is two words: what it is judged as, and what it says. "crash" costs the worker. */
static void look(struct arena *a, const struct scan_job *job, const struct policy *policy, struct asker *q,
		 struct verdict *out)
{
	size_t space = str_find_char(job->raw, ' ', 0);

	(void)policy, (void)q;
	if (str_starts(job->raw, STR("crash")))
		_exit(1);
	house_verdict(a, STR("Prize"), out);
	int disposition = enum_value(&disposition_names, str_sub(job->raw, 0, space));
	SET(out->message, message, final_disposition, disposition);
	SET(out->detections, detections, final_disposition, disposition);
	SET(out->message, message, message_id, STR(MESSAGE_ID));
	SET(out->message, message, edf_hash, str_sub(job->raw, space + 1, job->raw.n));
}

struct site {
	struct fixture *f;
	struct house house;
	struct config config;
	struct job_tools tools;
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
	s->tools = (struct job_tools){
		.store = s->f->st, .config = &s->config, .broker = s->house.broker, .log = &quiet
	};
}

/* A mail of the account that was judged SPAM, and says so much; bytes "" = they are not kept. */
static struct record *mail_saying(struct site *s, const char *id, const char *words, struct str bytes)
{
	struct record *r =
	    fixture_record(s->f->a, s->account, id, "m@example.org", "ann@example.test", "Prize");

	SET(r->message, message, final_disposition, DISP_SPAM);
	SET(r->message, message, message_id, STR(MESSAGE_ID));
	SET(r->message, message, edf_hash, str_of(words));
	if (bytes.n) {
		SET(r, record, raw_sha256, hash_sha256_hex(s->f->a, bytes));
		assert_int_equal(store_raw_put(s->f->st, bytes, r->raw_sha256), OK);
	}
	assert_int_equal(store_record_add(s->f->st, s->f->a, r), OK);
	return r;
}

/* text "" = the bytes are not kept. */
static struct submission submit(struct site *s, const char *id, enum submission_authority authority,
				enum submission_disposition requested, const char *text)
{
	struct arena *a = s->f->a;
	struct settings_who who = { .name = STR("user:ann@example.test") };
	struct record *r = fixture_record(a, s->account, id, "ann@example.test", "team@example.test", "");
	struct submission out = { 0 };

	SET(r->message, message, delivery_mode, MODE_REVIEW_SUBMISSION);
	SET(r->message, message, is_phish_submission, true);
	if (text[0]) {
		SET(r, record, raw_sha256, hash_sha256_hex(a, str_of(text)));
		assert_int_equal(store_raw_put(s->f->st, str_of(text), r->raw_sha256), OK);
	}
	SET(&out, submission, type, authority == AUTHORITY_TEAM ? SUBMISSION_TEAM : SUBMISSION_USER);
	SET(&out, submission, requested_disposition, (int)requested);
	SET(&out, submission, authority, (int)authority);
	SET(&out, submission, status, SUBMISSION_OPEN);
	SET(&out, submission, customer_status, CUSTOMER_UNREVIEWED);
	assert_int_equal(store_submission_add(s->f->st, a, &who, &out, r), OK);
	return out;
}

/* The submission after a try. */
static struct submission analysed(struct site *s, int64_t key, enum err want)
{
	struct job job = { .account = s->account, .kind = JOB_SUBMISSION, .ref = key, .tries = 1 };
	struct submission out;
	struct job_try try = { 0 };

	assert_int_equal(submission_run(&s->tools, &job, &try), want);
	assert_false(try.failed);
	assert_int_equal(store_submission_by_key(s->f->st, s->f->a, key, &out), OK);
	return out;
}

static struct record now(struct site *s, int64_t key)
{
	struct record r;

	assert_int_equal(store_record_by_key(s->f->st, s->f->a, key, &r), OK);
	return r;
}

/* What was learnt of it. */
static bool is_learnt(struct site *s, const struct submission *of)
{
	struct settings_object o;

	return settings_find(s->f->st, s->f->a, &resource_corrections, s->account, of->submission_id, &o) ==
	       OK;
}

static void whose_word_counts(void **state)
{
	static const struct {
		const char *name, *text;
		enum submission_authority authority;
		enum submission_disposition requested;
		enum submission_outcome outcome;
		int disposition; /* of the outcome; -1 = none */
		int judged;      /* the mail it is about, afterwards */
		const char *why; /* it is not confirmed */
	} cases[] = {
		{ "user-right", "MALICIOUS-BEC", AUTHORITY_USER, SUBMISSION_MALICIOUS, OUTCOME_CONFIRMED,
		  SUBMISSION_MALICIOUS, DISP_MALICIOUS, NULL },
		{ "user-wrong", "NONE", AUTHORITY_USER, SUBMISSION_MALICIOUS, OUTCOME_UNCONFIRMED,
		  SUBMISSION_NONE, DISP_SPAM,
		  "today's judgement is NONE, and the word of a user counts only where that says the same" },
		{ "stranger-right", "MALICIOUS", AUTHORITY_STRANGER, SUBMISSION_MALICIOUS,
		  OUTCOME_UNCONFIRMED, SUBMISSION_MALICIOUS, DISP_SPAM, "who submits it is not proved" },
		{ "team-alone", "MALICIOUS", AUTHORITY_TEAM, SUBMISSION_NONE, OUTCOME_CONFIRMED,
		  SUBMISSION_NONE, DISP_NONE, NULL },
		{ "no-label", "UNKNOWN", AUTHORITY_USER, SUBMISSION_NONE, OUTCOME_UNCONFIRMED, -1, DISP_SPAM,
		  "today's judgement is UNKNOWN, and the word of a user counts only where that says the "
		  "same" },
	};
	struct site s;

	open_site(&s, state);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *id = arena_printf(s.f->a, "mail%zu", i).p, *says = cases[i].name;
		struct str text = arena_printf(s.f->a, "%s %s", cases[i].text, says);
		struct record *about = mail_saying(&s, id, says, text);
		struct submission got = submit(&s, says, cases[i].authority, cases[i].requested, text.p);
		got = analysed(&s, got.key, OK);
		if (got.outcome != (int)cases[i].outcome ||
		    (HAS(&got, submission, outcome_disposition) ? got.outcome_disposition : -1) !=
			cases[i].disposition)
			fail_msg("%s: outcome %d, %d", says, got.outcome, got.outcome_disposition);
		assert_int_equal(got.status,
				 got.outcome == OUTCOME_CONFIRMED ? SUBMISSION_ACCEPTED : SUBMISSION_OPEN);
		assert_int_equal(got.customer_status, CUSTOMER_UNREVIEWED);
		assert_int_equal(got.original_disposition, SUBMISSION_SPAM);
		assert_int_equal(is_learnt(&s, &got), got.outcome == OUTCOME_CONFIRMED);
		assert_true(str_eq(got.original_postfix_id, str_of(id)));
		struct record r = now(&s, about->key);
		struct submission_view view = submission_view_of(&got);
		assert_int_equal(HAS(&view, submission_view, outcome_reason), cases[i].why != NULL);
		if (cases[i].why) {
			struct str why = str_of(cases[i].why);
			assert_true(str_eq(view.outcome_reason, why));
			assert_true(str_ends(r.trace.v[r.trace.n - 1].message, why));
			assert_true(str_ends(r.message->action_log.v[0].status, why));
		}
		assert_int_equal(r.message->final_disposition, cases[i].judged);
		assert_int_equal(r.message->action_log.n, got.outcome == OUTCOME_CONFIRMED ? 2 : 1);
		struct record mail = now(&s, got.key);
		assert_true(str_eq(mail.message->subject, STR("Prize")));
		assert_true(mail.message->is_phish_submission);
		/* A confirmed one has what was asked for, any other what the analysis says. */
		assert_int_equal(mail.message->final_disposition,
				 i == 3 ? DISP_NONE : enum_value(&disposition_names, str_of(cases[i].text)));
		/* It is over. */
		(void)analysed(&s, got.key, OK);
		assert_int_equal(now(&s, about->key).rev, r.rev);
	}
	house_end(&s.house);
}

static void make_unreadable(struct site *s, int64_t key)
{
	struct sql *c;

	assert_int_equal(sql_write_begin(s->f->st->messages, &c), OK);
	struct sql_stmt *q = sql_prepare(c, "UPDATE msg SET dict = 9 WHERE id = $1");
	sql_bind_int(q, 1, key);
	assert_int_equal(sql_end(&c, sql_run(q, NULL)), OK);
}

static bool set_about(struct arena *a, struct submission *s, void *ctx)
{
	const struct record *about = ctx;

	(void)a;
	SET(s, submission, original_key, about->key);
	SET(s, submission, original_disposition, SUBMISSION_SPAM);
	return true;
}

/* The newest of those that have its Message-ID. */
static void what_is_unreadable_is_not_compared(void **state)
{
	struct site s;

	open_site(&s, state);
	struct record *about = mail_saying(&s, "mail1", "prize", STR("MALICIOUS prize"));
	make_unreadable(&s, mail_saying(&s, "mail2", "prize", STR(""))->key);
	struct submission got = submit(&s, "told", AUTHORITY_USER, SUBMISSION_MALICIOUS, "MALICIOUS prize");
	got = analysed(&s, got.key, OK);
	assert_int_equal(got.original_key, about->key);
	assert_int_equal(got.outcome, OUTCOME_CONFIRMED);
	house_end(&s.house);
}

static void a_message_id_alone_is_nobodys(void **state)
{
	struct site s;

	open_site(&s, state);
	struct record *about = mail_saying(&s, "mail1", "contract", STR(""));
	struct submission got = submit(&s, "forged", AUTHORITY_USER, SUBMISSION_MALICIOUS, "MALICIOUS prize");
	got = analysed(&s, got.key, OK);
	assert_int_equal(got.outcome, OUTCOME_CONFIRMED);
	assert_false(HAS(&got, submission, original_key));
	assert_false(is_learnt(&s, &got)); /* it is what the server says itself */
	assert_int_equal(now(&s, about->key).rev, 0);
	house_end(&s.house);
}

/* Who adds a bad file to a good mail before he reports it says nothing of the good one. */
static void the_mail_that_is_kept_counts(void **state)
{
	struct site s;

	open_site(&s, state);
	struct record *about =
	    fixture_record(s.f->a, s.account, "mail1", "m@example.org", "ann@example.test", "x");
	SET(about->message, message, message_id, STR(MESSAGE_ID));
	SET(about->message, message, edf_hash, STR("prize"));
	SET(about, record, raw_sha256, hash_sha256_hex(s.f->a, STR("NONE prize")));
	assert_int_equal(store_raw_put(s.f->st, STR("NONE prize"), about->raw_sha256), OK);
	assert_int_equal(store_record_add(s.f->st, s.f->a, about), OK);
	struct submission got = submit(&s, "made", AUTHORITY_USER, SUBMISSION_MALICIOUS, "MALICIOUS prize");
	got = analysed(&s, got.key, OK);
	assert_int_equal(got.outcome, OUTCOME_UNCONFIRMED);
	assert_int_equal(got.outcome_disposition, SUBMISSION_NONE);
	assert_int_equal(now(&s, about->key).message->final_disposition, DISP_NONE);
	assert_int_equal(now(&s, got.key).message->final_disposition, DISP_MALICIOUS);
	house_end(&s.house);
}

/* Nobody knows any more what it was, so a user's bytes say nothing of it. */
static void a_mail_that_is_gone_waits_for_a_person(void **state)
{
	struct site s;

	open_site(&s, state);
	struct record *about = mail_saying(&s, "mail1", "prize", STR(""));
	struct submission got = submit(&s, "made", AUTHORITY_USER, SUBMISSION_MALICIOUS, "MALICIOUS prize");
	got = analysed(&s, got.key, OK);
	assert_int_equal(got.outcome, OUTCOME_UNCONFIRMED);
	assert_true(str_eq(
	    got.note,
	    STR("only what was attached could be judged; of the mail itself: its bytes are not kept")));
	assert_int_equal(now(&s, about->key).message->final_disposition, DISP_SPAM);
	assert_false(is_learnt(&s, &got));
	house_end(&s.house);
}

static void what_cannot_be_analysed_waits_for_a_person(void **state)
{
	struct submission got;
	struct site s;

	open_site(&s, state);
	got = submit(&s, "no-bytes", AUTHORITY_USER, SUBMISSION_SPAM, "");
	got = analysed(&s, got.key, OK);
	assert_int_equal(got.outcome, OUTCOME_NOT_ANALYSED);
	assert_true(str_eq(got.note, STR("its bytes are not kept")));
	got = submit(&s, "crash", AUTHORITY_USER, SUBMISSION_SPAM, "crash it");
	got = analysed(&s, got.key, OK);
	assert_int_equal(got.outcome, OUTCOME_NOT_ANALYSED);
	got = submit(&s, "team", AUTHORITY_TEAM, SUBMISSION_SPAM, "crash it");
	got = analysed(&s, got.key, OK);
	assert_int_equal(got.outcome, OUTCOME_CONFIRMED);
	got = submit(&s, "later", AUTHORITY_TEAM, SUBMISSION_SPAM, "SPAM it");
	s.tools.broker = NULL;
	got = analysed(&s, got.key, ERR_LATER);
	assert_false(HAS(&got, submission, outcome));
	house_end(&s.house);
}

/* Nobody could judge it until its time was over. */
static void what_is_given_up_says_so(void **state)
{
	struct submission got;
	struct site s;

	open_site(&s, state);
	struct record *about = mail_saying(&s, "mail1", "prize", STR(""));
	for (int team = 0; team < 2; team++) {
		got = submit(&s, team ? "team" : "user", team ? AUTHORITY_TEAM : AUTHORITY_USER,
			     SUBMISSION_MALICIOUS, "MALICIOUS prize");
		assert_int_equal(
		    store_submission_change(s.f->st, s.f->a, got.key, NULL, set_about, about, &got), OK);
		struct job job = { .account = s.account, .kind = JOB_SUBMISSION, .ref = got.key };
		struct job_try try = { .why = { "no mail is scanned here" } };
		submission_given_up(&s.tools, &job, &try);
		assert_int_equal(store_submission_by_key(s.f->st, s.f->a, got.key, &got), OK);
		assert_int_equal(got.outcome, team ? OUTCOME_CONFIRMED : OUTCOME_NOT_ANALYSED);
		assert_true(str_eq(got.note, STR("given up: no mail is scanned here")));
		assert_int_equal(now(&s, about->key).message->final_disposition,
				 team ? DISP_MALICIOUS : DISP_SPAM);
		assert_int_equal(is_learnt(&s, &got), team);
	}
	/* Its record cannot be read, either. */
	got = submit(&s, "unreadable", AUTHORITY_TEAM, SUBMISSION_SPAM, "SPAM prize");
	make_unreadable(&s, got.key);
	struct job job = { .account = s.account, .kind = JOB_SUBMISSION, .ref = got.key };
	struct job_try try = { .why = { "the store cannot be read now" } };
	submission_given_up(&s.tools, &job, &try);
	assert_int_equal(store_submission_by_key(s.f->st, s.f->a, got.key, &got), OK);
	assert_int_equal(got.outcome, OUTCOME_CONFIRMED);
	house_end(&s.house);
}

static bool forget_request(struct arena *a, struct submission *s, void *ctx)
{
	(void)a, (void)ctx;
	CLEAR(s, submission, requested_disposition);
	return true;
}

static void who_asks_for_nothing_changes_nothing(void **state)
{
	struct submission got;
	struct site s;

	open_site(&s, state);
	struct record *about = mail_saying(&s, "mail1", "prize", STR(""));
	got = submit(&s, "told", AUTHORITY_TEAM, SUBMISSION_NONE, "NONE prize");
	assert_int_equal(store_submission_change(s.f->st, s.f->a, got.key, NULL, forget_request, NULL, &got),
			 OK);
	got = analysed(&s, got.key, OK);
	assert_int_equal(got.outcome, OUTCOME_UNCONFIRMED);
	assert_int_equal(got.outcome_disposition, SUBMISSION_NONE);
	struct record r = now(&s, about->key);
	assert_int_equal(r.message->final_disposition, DISP_SPAM);
	assert_true(str_eq(r.message->action_log.v[0].status, STR("submitted")));
	house_end(&s.house);
}

static bool forget_outcome(struct arena *a, struct submission *s, void *ctx)
{
	(void)a, (void)ctx;
	CLEAR(s, submission, outcome);
	CLEAR(s, submission, outcome_disposition);
	SET(s, submission, status, SUBMISSION_OPEN);
	return true;
}

/* The outcome is what is written last: without it, all before it may have been done. */
static void what_died_before_its_end_is_done_once(void **state)
{
	struct submission got;
	struct site s;

	open_site(&s, state);
	struct record *about = mail_saying(&s, "mail1", "prize", STR("MALICIOUS prize"));
	got = submit(&s, "again", AUTHORITY_USER, SUBMISSION_MALICIOUS, "MALICIOUS prize");
	(void)analysed(&s, got.key, OK);
	assert_int_equal(store_submission_change(s.f->st, s.f->a, got.key, NULL, forget_outcome, NULL, &got),
			 OK);
	got = analysed(&s, got.key, OK);
	assert_int_equal(got.outcome, OUTCOME_CONFIRMED);
	assert_true(is_learnt(&s, &got));
	assert_int_equal(got.original_disposition, SUBMISSION_SPAM);
	struct record r = now(&s, about->key);
	assert_int_equal(r.message->action_log.n, 2);
	assert_int_equal(r.message->action_log.v[0].operation, LOGOP_SUBMISSION);
	assert_int_equal(r.message->action_log.v[1].operation, LOGOP_RECLASSIFY);
	assert_true(str_eq(r.message->action_log.v[1].status, STR("from SPAM to MALICIOUS")));
	assert_int_equal(r.message->detection_reasons.n, 1);

	got = submit(&s, "team", AUTHORITY_TEAM, SUBMISSION_NONE, "MALICIOUS else");
	(void)analysed(&s, got.key, OK);
	assert_int_equal(store_submission_change(s.f->st, s.f->a, got.key, NULL, forget_outcome, NULL, &got),
			 OK);
	got = analysed(&s, got.key, OK);
	assert_int_equal(now(&s, got.key).message->final_disposition, DISP_NONE);
	house_end(&s.house);
}

static bool forget_bytes(struct arena *a, struct record *r, void *ctx)
{
	(void)a, (void)ctx;
	CLEAR(r, record, raw_sha256);
	r->raw_sha256 = STR_NONE;
	return true;
}

/* The second try knows less than the first, which has changed the record and was learnt from. */
static void what_was_confirmed_stays_confirmed(void **state)
{
	struct submission got;
	struct site s;

	open_site(&s, state);
	struct record *about = mail_saying(&s, "mail1", "prize", STR("MALICIOUS prize"));
	got = submit(&s, "again", AUTHORITY_USER, SUBMISSION_MALICIOUS, "MALICIOUS prize");
	(void)analysed(&s, got.key, OK);
	assert_int_equal(store_submission_change(s.f->st, s.f->a, got.key, NULL, forget_outcome, NULL, &got),
			 OK);
	assert_int_equal(store_record_change(s.f->st, s.f->a, about->key, forget_bytes, NULL, NULL), OK);
	got = analysed(&s, got.key, OK);
	assert_int_equal(got.outcome, OUTCOME_CONFIRMED);
	assert_int_equal(got.outcome_disposition, SUBMISSION_MALICIOUS);
	house_end(&s.house);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = { TEST(whose_word_counts),
					    TEST(a_message_id_alone_is_nobodys),
					    TEST(the_mail_that_is_kept_counts),
					    TEST(who_asks_for_nothing_changes_nothing),
					    TEST(a_mail_that_is_gone_waits_for_a_person),
					    TEST(what_cannot_be_analysed_waits_for_a_person),
					    TEST(what_died_before_its_end_is_done_once),
					    TEST(what_was_confirmed_stays_confirmed),
					    TEST(what_is_unreadable_is_not_compared),
					    TEST(what_is_given_up_says_so) };

	return cmocka_run_group_tests_name("courier/submission", tests, NULL, NULL);
}
