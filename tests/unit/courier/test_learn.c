/* Which mail follows a correction, which does not, that a killed try changes nothing twice, and what undoing leaves. */
#include "../store/fixture_job.h"

#include "courier/learn.h"
#include "detect/detect.h"
#include "store/corrections.h"

#define TEXT "v1:0123456789abcdef"
#define NEAR "v1:0123456789abcdee"
#define OTHER "v1:fedcba9876543210"
#define SENDER "n@news.example"

static struct job_tools tools;

static int64_t open_account(struct fixture *f)
{
	struct account account = { 0 };

	SET(&account, account, name, STR("test"));
	assert_int_equal(settings_account_add(f->st, f->a, &account), OK);
	tools = (struct job_tools){ .store = f->st, .log = &quiet };
	return account.num;
}

struct mail {
	const char *id, *edf, *simhash, *from;
	bool proved;           /* by DMARC */
	enum disposition was;  /* what it was judged as */
	enum family family;    /* of the finding that says so */
	const char *word;      /* of a person, about this very mail: "" = of the correction's submission */
	enum disposition bad;  /* what it becomes by a correction to MALICIOUS, */
	enum disposition good; /* and to NONE */
};

static int64_t add(struct fixture *f, int64_t account, const struct mail *m)
{
	struct record *r = fixture_record(f->a, account, m->id, m->from, "user@example.test", "News");
	struct validation *v = ARENA_NEW(f->a, struct validation);
	struct finding_list findings = { 0 };
	struct finding finding = { 0 };

	SET(&finding, finding, name, STR("test"));
	SET(&finding, finding, detection, (int)m->was);
	SET(&finding, finding, score, 1);
	SET(&finding, finding, family, (int64_t)m->family);
	ARENA_PUSH(f->a, &findings, finding);
	SET(v, validation, dmarc, m->proved ? AUTH_PASS : AUTH_NONE);
	SET(r->message, message, validation, v);
	SET(r->message, message, findings, findings);
	SET(r->message, message, final_disposition, (int)m->was);
	SET(r->detections, detections, final_disposition, (int)m->was);
	SET(r->message, message, from, str_of(m->from));
	SET(r->message, message, edf_hash, str_of(m->edf));
	SET(r, record, simhash, str_of(m->simhash));
	if (m->word) {
		struct action_properties *p = ARENA_NEW(f->a, struct action_properties);
		struct action_log e = { 0 };
		SET(p, action_properties, submission_id, str_of(m->word[0] ? m->word : "taught"));
		SET(&e, action_log, operation, LOGOP_RECLASSIFY);
		SET(&e, action_log, properties, p);
		record_act(f->a, r, &e);
	}
	assert_int_equal(store_record_add(f->st, f->a, r), OK);
	return r->key;
}

static struct record get(struct fixture *f, int64_t key)
{
	struct record r;

	assert_int_equal(store_record_by_key(f->st, f->a, key, &r), OK);
	return r;
}

/* The correction of a submission that says of the mail what it is. */
static struct correction teach(struct fixture *f, int64_t key, enum submission_disposition is)
{
	struct verdict v = { 0 };
	struct submission s = { 0 };
	struct record mail = get(f, key);
	struct settings_object o;

	SET(&v, verdict, proved_domain, STR("news.example"));
	SET(&s, submission, submission_id, STR("taught"));
	SET(&s, submission, who, STR("token:test"));
	SET(&s, submission, original_key, key);
	SET(&s, submission, original_disposition, submission_disposition_of(mail.message->final_disposition));
	SET(&s, submission, outcome_disposition, (int)is);
	for (int i = 0; i < 2; i++)
		assert_int_equal(learn(&tools, f->a, &s, &mail, &v), OK);
	assert_int_equal(settings_find(f->st, f->a, &resource_corrections, mail.account, STR("taught"), &o),
			 OK);
	return *(const struct correction *)o.obj;
}

/* What courier finds to do about it: `want` is how the first try ends. */
static void work(struct fixture *f, const struct correction *c, int64_t tries, enum err want)
{
	struct job_try try = { 0 };
	struct job_hold h;
	int64_t now = clock_now_us() + INT64_C(10000000);

	if (tries == 1) {
		assert_int_equal(fixture_job_begin(f, now, now, &h), OK);
		assert_int_equal(h.job.kind, JOB_CORRECTION);
		assert_int_equal(h.job.ref, c->id.num);
	} else {
		h.job = (struct job){ .account = 1, .ref = c->id.num, .data = STR("taught"), .tries = tries };
	}
	assert_int_equal(learn_run(&tools, &h.job, &try), want);
	assert_false(try.failed);
	if (tries == 1)
		assert_int_equal(fixture_job_settle(f, &h, JOB_DONE, now, ""), OK);
}

static void undo(struct fixture *f, int64_t account, const struct correction *c)
{
	struct resource_env env = { .arena = f->a, .now_us = clock_now_us() };
	struct settings_write *w =
	    settings_write_new(f->st, &env, &resource_corrections, account, &settings_operator);
	struct settings_refusal refusal;
	struct settings_object o;

	assert_int_equal(settings_get(f->st, f->a, &resource_corrections, account, &c->id, &o), OK);
	settings_write_delete(w, &o);
	assert_int_equal(settings_write_run(w, &refusal), OK);
}

static const struct mail mails[] = {
	{ "equal", "v1:aa", TEXT, SENDER, true, DISP_SPAM, FAMILY_CONTENT, NULL, DISP_MALICIOUS, DISP_NONE },
	{ "equal-unproved", "v1:aa", TEXT, SENDER, false, DISP_SPAM, FAMILY_CONTENT, NULL, DISP_MALICIOUS,
	  DISP_SPAM },
	{ "equal-other-owner", "v1:aa", TEXT, "n@evil.example", true, DISP_SPAM, FAMILY_CONTENT, NULL,
	  DISP_MALICIOUS, DISP_SPAM },
	{ "bad-file", "v1:aa", TEXT, SENDER, true, DISP_MALICIOUS, FAMILY_ATTACHMENT, NULL, DISP_MALICIOUS,
	  DISP_MALICIOUS },
	{ "blocked", "v1:aa", TEXT, SENDER, true, DISP_MALICIOUS, FAMILY_POLICY, NULL, DISP_MALICIOUS,
	  DISP_MALICIOUS },
	{ "bec", "v1:aa", TEXT, SENDER, true, DISP_BEC, FAMILY_SENDER, NULL, DISP_BEC, DISP_NONE },
	{ "near", "v1:ab", NEAR, "x@evil.example", false, DISP_NONE, FAMILY_CONTENT, NULL, DISP_MALICIOUS,
	  DISP_NONE },
	{ "near-proved", "v1:ab", NEAR, SENDER, true, DISP_SPAM, FAMILY_CONTENT, NULL, DISP_MALICIOUS,
	  DISP_SPAM },
	{ "near-in-other-name", "v1:ab", NEAR, "b@bank.example", true, DISP_NONE, FAMILY_CONTENT, NULL,
	  DISP_NONE, DISP_NONE },
	{ "another", "v1:ac", OTHER, SENDER, true, DISP_SPAM, FAMILY_CONTENT, NULL, DISP_SPAM, DISP_SPAM },
	{ "spoken-of", "v1:aa", TEXT, SENDER, true, DISP_SUSPICIOUS, FAMILY_CONTENT, "another",
	  DISP_SUSPICIOUS, DISP_SUSPICIOUS },
	{ "not-judged", "v1:aa", TEXT, SENDER, true, DISP_UNKNOWN, FAMILY_CONTENT, NULL, DISP_UNKNOWN,
	  DISP_UNKNOWN },
};

static void follows(struct fixture *f, enum submission_disposition is)
{
	int64_t account = open_account(f), other = open_account(f), keys[ARRAY_LEN(mails)];
	bool bad = is == SUBMISSION_MALICIOUS;
	int64_t theirs =
	    add(f, other, &(struct mail){ "theirs", "v1:aa", TEXT, SENDER, true, DISP_SPAM, 0, NULL, 0, 0 });
	int64_t first =
	    add(f, account,
		&(struct mail){ "first", "v1:aa", TEXT, SENDER, true, DISP_SPAM, FAMILY_CONTENT, "", 0, 0 });

	for (size_t i = 0; i < ARRAY_LEN(mails); i++)
		keys[i] = add(f, account, &mails[i]);
	struct correction c = teach(f, first, is);
	work(f, &c, 1, ERR_LATER); /* once more for what was under way */
	work(f, &c, 2, OK);
	struct corrected_message_list shown;
	size_t total, changed = 1;
	for (size_t i = 0; i < ARRAY_LEN(mails); i++) {
		struct record r = get(f, keys[i]);
		enum disposition want = bad ? mails[i].bad : mails[i].good;
		if (r.message->final_disposition != (int)want || r.detections->final_disposition != (int)want)
			fail_msg("%s: %d", mails[i].id, r.message->final_disposition);
		assert_int_equal(r.message->action_log.n, (want != mails[i].was) + (mails[i].word != NULL));
		changed += want != mails[i].was;
	}
	assert_int_equal(get(f, theirs).rev, 0);
	assert_int_equal(store_corrected(f->st, f->a, c.id.num, 0, 100, &shown, &total), OK);
	assert_int_equal(total, changed);
	assert_int_equal(shown.n, changed);
	assert_true(str_eq(shown.v[changed - 1].postfix_id, STR("first")));
	assert_int_equal(shown.v[changed - 1].before, DISP_SPAM);

	undo(f, account, &c);
	work(f, &c, 1, ERR_LATER);
	work(f, &c, 2, OK);
	for (size_t i = 0; i < ARRAY_LEN(mails); i++)
		assert_int_equal(get(f, keys[i]).message->final_disposition, mails[i].was);
	const struct message *undone = get(f, first).message;
	assert_int_equal(undone->final_disposition, DISP_SPAM);
	const struct action_log *last = &undone->action_log.v[undone->action_log.n - 1];
	assert_true(str_eq(last->properties->requested_by, settings_operator.name));
	assert_int_equal(store_corrected(f->st, f->a, c.id.num, 0, 100, &shown, &total), OK);
	assert_int_equal(total, 0);
}

static void bad_mail_follows(void **state)
{
	follows(*state, SUBMISSION_MALICIOUS);
}

static void good_mail_follows(void **state)
{
	follows(*state, SUBMISSION_NONE);
}

/* A worker that was taken over may name any number. */
static void nobody_is_listed_under_others(void **state)
{
	struct fixture *f = *state;
	int64_t account = open_account(f), other = open_account(f);
	int64_t first = add(f, account, &mails[0]);
	struct correction c = teach(f, first, SUBMISSION_MALICIOUS);
	struct record *r = fixture_record(f->a, other, "liar", "a@b.example", "c@d.example", "x");
	struct corrected_message_list shown;
	size_t total;

	SET(r, record, correction, c.id.num);
	SET(r, record, uncorrected, DISP_NONE);
	assert_int_equal(store_record_add(f->st, f->a, r), OK);
	assert_int_equal(store_corrected(f->st, f->a, c.id.num, 0, 100, &shown, &total), OK);
	assert_int_equal(total, 0);
}

static struct record *judged_by(struct fixture *f, int64_t account, const char *id,
				const struct correction *c)
{
	struct record *r = fixture_record(f->a, account, id, SENDER, "user@example.test", "News");

	SET(r->message, message, final_disposition, DISP_MALICIOUS);
	SET(r, record, correction, c->id.num);
	SET(r, record, uncorrected, DISP_SPAM);
	assert_int_equal(store_record_add(f->st, f->a, r), OK);
	return r;
}

/* It was judged by what was known when it came, and its record is written when that is gone. */
static void mail_under_way_is_undone_with_the_rest(void **state)
{
	struct fixture *f = *state;
	struct job_try try = { 0 };
	struct job_hold h;
	int64_t account = open_account(f), now;
	struct correction c = teach(f, add(f, account, &mails[0]), SUBMISSION_MALICIOUS);

	work(f, &c, 1, ERR_LATER);
	undo(f, account, &c);
	struct record *before = judged_by(f, account, "before", &c);
	now = clock_now_us() + INT64_C(10000000);
	assert_int_equal(fixture_job_begin(f, now, now, &h), OK);
	assert_int_equal(learn_run(&tools, &h.job, &try), ERR_LATER);
	assert_int_equal(get(f, before->key).message->final_disposition, DISP_SPAM);
	struct record *meanwhile = judged_by(f, account, "meanwhile", &c);
	h.job.tries++;
	assert_int_equal(learn_run(&tools, &h.job, &try), OK);
	assert_int_equal(get(f, meanwhile->key).message->final_disposition, DISP_SPAM);
	assert_int_equal(fixture_job_settle(f, &h, JOB_DONE, now, ""), OK);
}

static void make_readable(struct fixture *f, int64_t key, bool readable)
{
	struct sql *c;

	assert_int_equal(sql_write_begin(f->st->messages, &c), OK);
	struct sql_stmt *s = sql_prepare(c, "UPDATE msg SET dict = $2 WHERE id = $1");
	sql_bind_int(s, 1, key);
	sql_bind_int(s, 2, readable ? 0 : 9);
	assert_int_equal(sql_end(&c, sql_run(s, NULL)), OK);
}

static void one_that_is_unreadable_holds_up_no_other(void **state)
{
	struct fixture *f = *state;
	int64_t account = open_account(f), keys[4];
	struct corrected_message_list shown;
	struct correction c;
	size_t total;

	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		struct mail m = mails[0];
		m.id = arena_printf(f->a, "mail%zu", i).p;
		keys[i] = add(f, account, &m);
	}
	c = teach(f, keys[3], SUBMISSION_MALICIOUS);
	work(f, &c, 1, ERR_LATER);
	undo(f, account, &c);
	make_readable(f, keys[1], false);
	work(f, &c, 1, ERR_LATER);
	for (size_t i = 0; i < ARRAY_LEN(keys); i++)
		if (i != 1)
			assert_int_equal(get(f, keys[i]).message->final_disposition, DISP_SPAM);
	assert_int_equal(store_corrected(f->st, f->a, c.id.num, 0, 100, &shown, &total), OK);
	assert_int_equal(total, 1);
	make_readable(f, keys[1], true);
	work(f, &c, 2, OK);
	assert_int_equal(get(f, keys[1]).message->final_disposition, DISP_SPAM);
	assert_int_equal(store_corrected(f->st, f->a, c.id.num, 0, 100, &shown, &total), OK);
	assert_int_equal(total, 0);
}

/* What says what the server said is nothing to learn. */
static void only_what_differs_is_learnt(void **state)
{
	struct fixture *f = *state;
	int64_t account = open_account(f);
	struct record mail = get(f, add(f, account, &mails[0]));
	struct submission s = { 0 };
	struct settings_list list;

	SET(&s, submission, submission_id, STR("same"));
	SET(&s, submission, original_disposition, SUBMISSION_SPAM);
	SET(&s, submission, outcome_disposition, SUBMISSION_SPAM);
	assert_int_equal(learn(&tools, f->a, &s, &mail, NULL), OK);
	assert_int_equal(settings_list(f->st, f->a, &resource_corrections, account, &list), OK);
	assert_int_equal(list.n, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(bad_mail_follows),
		TEST(good_mail_follows),
		TEST(nobody_is_listed_under_others),
		TEST(mail_under_way_is_undone_with_the_rest),
		TEST(one_that_is_unreadable_holds_up_no_other),
		TEST(only_what_differs_is_learnt),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
