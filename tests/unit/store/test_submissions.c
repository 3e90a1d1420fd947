/* Submissions: their mail apart from all other, lists, escalation, their job, and what goes with them. */
#include "fixture_job.h"

#include "store/submissions.h"

static const struct settings_who team = { .name = STR_INIT("token:ops"), .id = STR_INIT("1") };

static struct submission submission_of(enum submission_type type, enum submission_disposition requested)
{
	struct submission s = { 0 };

	SET(&s, submission, type, (int)type);
	SET(&s, submission, requested_by, STR("ann@example.test"));
	SET(&s, submission, requested_disposition, (int)requested);
	SET(&s, submission, original_disposition, SUBMISSION_SPAM);
	SET(&s, submission, customer_status, CUSTOMER_UNREVIEWED);
	SET(&s, submission, status, SUBMISSION_OPEN);
	SET(&s, submission, authority, type == SUBMISSION_TEAM ? AUTHORITY_TEAM : AUTHORITY_USER);
	return s;
}

static enum err add(struct fixture *f, int64_t account, const char *id, const char *subject,
		    struct submission *s)
{
	struct record *r =
	    fixture_record(f->a, account, id, "mallory@example.org", "ann@example.test", subject);

	SET(r->message, message, delivery_mode, MODE_REVIEW_SUBMISSION);
	SET(r->message, message, is_phish_submission, true);
	SET(r->message, message, final_disposition, DISP_SPAM);
	SET(s, submission, subject, r->message->subject);
	return store_submission_add(f->st, f->a, &team, s, r);
}

static struct store_submissions query(int64_t account)
{
	return (struct store_submissions){ .account = account,
					   .end_us = STORE_NEWEST,
					   .type = -1,
					   .original = -1,
					   .requested = -1,
					   .outcome = -1,
					   .from_user = -1,
					   .n = 100 };
}

/* The ids of what is found, with a space between. */
static void assert_found(struct fixture *f, const struct store_submissions *q, const char *want)
{
	struct submissions found;
	struct str all = STR("");
	size_t total;

	assert_int_equal(store_submissions(f->st, f->a, q, &found, &total), OK);
	for (size_t i = 0; i < found.n; i++)
		all = ARENA_JOIN(f->a, all, i ? STR(" ") : STR(""), found.v[i].submission_id);
	if (!str_eq(all, str_of(want)))
		fail_msg("found \"%.*s\", not \"%s\"", STR_ARG(all), want);
}

static size_t messages(struct fixture *f, int64_t shelf)
{
	struct store_search q = { .account = shelf,
				  .end_us = STORE_NEWEST,
				  .disposition = -1,
				  .operation = -1,
				  .delivery_status = -1,
				  .sender = STR("example.org"),
				  .page = 1,
				  .per_page = 100 };
	struct fixture_page page = { .most = 0 };

	assert_int_equal(fixture_search(f, f->a, &q, 0, &page), OK);
	return page.n;
}

static void their_mail_is_on_a_shelf_of_its_own(void **state)
{
	struct fixture *f = *state;
	struct submission s = submission_of(SUBMISSION_TEAM, SUBMISSION_NONE), got;
	struct record *mail =
			  fixture_record(f->a, 1, "mail1", "mallory@example.org", "ann@example.test", "x"),
		      r;
	struct store_page page;

	assert_int_equal(store_record_add(f->st, f->a, mail), OK);
	assert_int_equal(add(f, 1, "sample1", "Prize", &s), OK);
	for (int indexed = 0; indexed < 2; indexed++) {
		assert_int_equal(messages(f, 1), 1);
		assert_int_equal(messages(f, store_submitted(1)), 1);
		assert_int_equal(messages(f, store_submitted(2)), 0);
		fixture_upkeep(f, NULL);
	}
	assert_int_equal(store_record_get(f->st, f->a, 1, STR("sample1"), RECORD_WHOLE, &r), ERR_ABSENT);
	assert_int_equal(store_record_get(f->st, f->a, store_submitted(1), STR("sample1"), RECORD_WHOLE, &r),
			 OK);
	assert_int_equal(r.account, 1);
	assert_int_equal(r.key, s.key);
	assert_int_equal(store_recent(f->st, f->a, 0, 10, false, &page), OK);
	assert_int_equal(page.n, 1);
	assert_int_equal(store_recent(f->st, f->a, store_submitted(1), 10, false, &page), OK);
	assert_int_equal(page.n, 1);

	assert_int_equal(store_submission_get(f->st, f->a, 1, STR("sample1"), &got), OK);
	assert_int_equal(got.key, s.key);
	assert_int_equal(got.requested_at, r.message->scanned_at);
	assert_true(str_eq(got.who, STR("token:ops")));
	assert_int_equal(store_submission_get(f->st, f->a, 2, STR("sample1"), &got), ERR_ABSENT);
	assert_int_equal(store_submission_get(f->st, f->a, 1, STR("mail1"), &got), ERR_ABSENT);
	assert_int_equal(add(f, 1, "sample1", "Again", &s), ERR_CONFLICT);
}

/* One that is to be analysed has a job, an invalid one has none. */
static void a_job_comes_with_it(void **state)
{
	struct fixture *f = *state;
	struct submission s = submission_of(SUBMISSION_TEAM, SUBMISSION_NONE), bad = s;
	struct job_hold h;

	assert_int_equal(add(f, 1, "good", "x", &s), OK);
	SET(&bad, submission, status, SUBMISSION_INVALID);
	SET(&bad, submission, outcome, OUTCOME_NO_EML);
	assert_int_equal(add(f, 1, "bad", "x", &bad), OK);
	assert_int_equal(fixture_job_begin(f, clock_now_us(), INT64_MAX, &h), OK);
	assert_int_equal(h.job.kind, JOB_SUBMISSION);
	assert_int_equal(h.job.ref, s.key);
	assert_int_equal(h.job.account, 1);
	assert_int_equal(fixture_job_settle(f, &h, JOB_DONE, clock_now_us(), ""), OK);
	assert_int_equal(fixture_job_begin(f, clock_now_us(), INT64_MAX, &h), ERR_ABSENT);

	struct store_submissions q = query(1);
	assert_found(f, &q, "good");
	q.invalid = true;
	assert_found(f, &q, "bad");
}

static bool review(struct arena *a, struct submission *s, void *ctx)
{
	(void)a;
	SET(s, submission, customer_status, CUSTOMER_REVIEWED);
	SET(s, submission, outcome_disposition, *(int *)ctx);
	return true;
}

static void lists_are_filtered_and_ordered(void **state)
{
	struct fixture *f = *state;
	struct submission a = submission_of(SUBMISSION_TEAM, SUBMISSION_NONE), b = a, other = a,
			  c = submission_of(SUBMISSION_USER, SUBMISSION_MALICIOUS);
	int outcome = SUBMISSION_BULK;

	SET(&b, submission, original_disposition, SUBMISSION_BULK);
	assert_int_equal(add(f, 1, "b1", "Ärger mit 50%", &a), OK);
	assert_int_equal(add(f, 1, "c1", "aardvark", &b), OK);
	assert_int_equal(add(f, 1, "a1", "prize", &c), OK);
	assert_int_equal(add(f, 2, "x1", "prize", &other), OK);
	assert_int_equal(store_submission_change(f->st, f->a, c.key, &team, review, &outcome, &c), OK);

	struct {
		struct store_submissions q;
		const char *want;
	} cases[] = {
		{ query(1), "b1 c1 a1" }, { query(1), "a1 c1 b1" }, { query(1), "a1 b1 c1" },
		{ query(1), "c1 b1 a1" }, { query(1), "c1 a1 b1" }, { query(1), "a1" },
		{ query(1), "c1" },       { query(1), "b1 c1" },    { query(1), "a1" },
		{ query(1), "a1" },       { query(1), "" },         { query(1), "" },
		{ query(1), "c1" },       { query(1), "b1" },       { query(1), "b1" },
		{ query(1), "c1 a1" },    { query(1), "a1" },       { query(1), "" },
		{ query(2), "x1" },
	};
	cases[1].q.descending = true;
	cases[2].q.order = SUBMISSIONS_BY_ID;
	cases[3].q.order = SUBMISSIONS_BY_ORIGINAL;
	cases[4].q.order = SUBMISSIONS_BY_SUBJECT;
	cases[5].q.type = SUBMISSION_USER;
	cases[6].q.original = SUBMISSION_BULK;
	cases[7].q.requested = SUBMISSION_NONE;
	cases[8].q.outcome = SUBMISSION_BULK;
	cases[9].q.customer_status = STR("reviewed");
	cases[10].q.status = STR("whatever");
	cases[11].q.status = STR("unreviewed");
	cases[11].q.customer_status = STR("reviewed");
	cases[12].q.id = STR("c1");
	cases[13].q.text = STR("äRGER MIT");
	cases[14].q.text = STR("50%");
	cases[15].q.skip = 1;
	cases[16].q.skip = 2;
	cases[17].q.end_us = clock_now_us() - INT64_C(3600000000);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_found(f, &cases[i].q, cases[i].want);
	struct submissions found;
	size_t total;
	cases[5].q.n = 1;
	assert_int_equal(store_submissions(f->st, f->a, &cases[5].q, &found, &total), OK);
	assert_int_equal(total, 3);
}

static void an_unreadable_one_is_left_out(void **state)
{
	struct fixture *f = *state;
	struct submission a = submission_of(SUBMISSION_TEAM, SUBMISSION_NONE), b = a;
	struct store_submissions q = query(1);
	struct sql *c;

	assert_int_equal(add(f, 1, "a1", "x", &a), OK);
	assert_int_equal(add(f, 1, "b1", "x", &b), OK);
	assert_int_equal(sql_write_begin(f->st->messages, &c), OK);
	assert_int_equal(sql_script(c, "UPDATE submission SET body = '{' WHERE id = 'a1'"), OK);
	assert_int_equal(sql_commit(&c), OK);
	assert_found(f, &q, "b1");
}

static void a_users_one_is_escalated(void **state)
{
	struct fixture *f = *state;
	struct submission user = submission_of(SUBMISSION_USER, SUBMISSION_SUSPICIOUS),
			  up = submission_of(SUBMISSION_TEAM, SUBMISSION_MALICIOUS), wrong = up, got;

	assert_int_equal(add(f, 1, "user1", "x", &user), OK);
	SET(&wrong, submission, escalated_submission_id, STR("nobody"));
	assert_int_equal(add(f, 1, "team0", "x", &wrong), ERR_ABSENT);
	assert_int_equal(store_submission_get(f->st, f->a, 1, STR("team0"), &got), ERR_ABSENT);
	SET(&up, submission, escalated_submission_id, STR("user1"));
	assert_int_equal(add(f, 1, "team1", "x", &up), OK);
	assert_int_equal(store_submission_get(f->st, f->a, 1, STR("user1"), &got), OK);
	assert_int_equal(got.customer_status, CUSTOMER_ESCALATED);
	assert_int_equal(got.escalated_as, SUBMISSION_MALICIOUS);
	assert_true(str_eq(got.escalated_submission_id, STR("team1")));
	assert_true(str_eq(got.escalated_by, STR("ann@example.test")));
	/* A team's own is nobody's to escalate. */
	SET(&wrong, submission, escalated_submission_id, STR("team1"));
	assert_int_equal(add(f, 1, "team2", "x", &wrong), ERR_ABSENT);

	/* Of two at the same time one is. */
	SET(&wrong, submission, escalated_submission_id, STR("user1"));
	assert_int_equal(add(f, 1, "team3", "x", &wrong), ERR_CONFLICT);

	struct store_submissions q = query(1);
	q.from_user = 1;
	assert_found(f, &q, "team1");
	q.from_user = 0;
	assert_found(f, &q, "user1");
	assert_int_equal(fixture_count(f->st->messages, "SELECT count(*) FROM audit"), 3);
}

static void they_go_with_their_mail(void **state)
{
	struct fixture *f = *state;
	struct store_upkeep old = { .now_us = clock_now_us() + INT64_C(3600000000),
				    .retention_metadata_us = INT64_C(60000000) };
	struct submission s = submission_of(SUBMISSION_TEAM, SUBMISSION_NONE);
	struct store_submissions q = query(1);

	assert_int_equal(add(f, 1, "sample1", "x", &s), OK);
	fixture_upkeep(f, NULL);
	assert_found(f, &q, "sample1");
	fixture_upkeep(f, &old);
	assert_found(f, &q, "");
	assert_int_equal(messages(f, store_submitted(1)), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(their_mail_is_on_a_shelf_of_its_own, fixture_setup,
						fixture_teardown),
		cmocka_unit_test_setup_teardown(a_job_comes_with_it, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(lists_are_filtered_and_ordered, fixture_setup,
						fixture_teardown),
		cmocka_unit_test_setup_teardown(an_unreadable_one_is_left_out, fixture_setup,
						fixture_teardown),
		cmocka_unit_test_setup_teardown(a_users_one_is_escalated, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(they_go_with_their_mail, fixture_setup, fixture_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
