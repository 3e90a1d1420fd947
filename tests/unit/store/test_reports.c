/* Reports: one for what has a name, lists by time, their end; and what is noted of mail and submissions. */
#include "fixture.h"

#include "store/jobs.h"
#include "store/report_note.h"
#include "store/reports.h"
#include "store/submissions.h"

static struct strs names_of(struct arena *a, const char *text)
{
	return arena_split(a, str_of(text), ' ');
}

static struct phish_report report_of(struct arena *a, const char *title)
{
	struct phish_report r = { 0 };

	SET(&r, phish_report, title, str_of(title));
	SET(&r, phish_report, content, STR("text"));
	SET(&r, phish_report, disposition, DISP_MALICIOUS);
	SET(&r, phish_report, fields, ARENA_NEW(a, struct phish_mail));
	return r;
}

static enum err put(struct fixture *f, int64_t account, const char *found_by, const char *names,
		    struct phish_report *r)
{
	struct strs by = names_of(f->a, found_by), all = names_of(f->a, names);

	return store_report_write(f->st, f->a, account, &by, &all, 0, r);
}

static enum err find(struct fixture *f, int64_t account, const char *names, int64_t since_us,
		     struct phish_report *out)
{
	struct strs by = names_of(f->a, names);

	return store_report_find(f->st, f->a, account, &by, since_us, out);
}

static void one_for_all_that_has_a_name(void **state)
{
	struct fixture *f = *state;
	struct phish_report r = report_of(f->a, "one"), other = report_of(f->a, "other"), got;

	assert_int_equal(find(f, 1, "x y", 0, &got), ERR_ABSENT);
	assert_int_equal(put(f, 1, "x", "x y", &r), OK);
	assert_true(r.id > 0 && r.created_at == r.updated_at);
	assert_int_equal(find(f, 1, "z y", 0, &got), OK);
	assert_int_equal(got.id, r.id);
	assert_int_equal(got.created_at, r.created_at);
	assert_true(str_eq(got.title, STR("one")));
	assert_int_equal(find(f, 2, "x y", 0, &got), ERR_ABSENT);
	assert_int_equal(find(f, 1, "x", r.updated_at + 1, &got), ERR_ABSENT);

	/* Who did not see it does not write a second one. */
	assert_int_equal(put(f, 1, "y", "y", &other), ERR_CONFLICT);
	/* Who saw it writes it anew, once. */
	struct phish_report stale = got = r;
	SET(&got, phish_report, title, STR("again"));
	assert_int_equal(put(f, 1, "x", "z", &got), OK);
	assert_int_equal(got.id, r.id);
	assert_int_equal(put(f, 1, "x", "x", &stale), ERR_CONFLICT);
	assert_int_equal(find(f, 1, "z", 0, &got), OK);
	assert_true(str_eq(got.title, STR("again")));
	assert_int_equal(got.created_at, r.created_at);
	assert_int_equal(fixture_count(f->st->messages, "SELECT count(*) FROM report"), 1);
}

/* What may tell of a mail is found however old it is, and written anew without a look at names. */
static void by_a_mail(void **state)
{
	struct fixture *f = *state;
	struct phish_report first = report_of(f->a, "first"), named = report_of(f->a, "named"),
			    other = report_of(f->a, "other");
	struct phish_report_list found;
	struct strs names = names_of(f->a, "x y");

	SET(&first, phish_report, key, 7);
	SET(&named, phish_report, key, 8);
	SET(&other, phish_report, key, 9);
	assert_int_equal(put(f, 1, "w", "w", &first), OK);
	assert_int_equal(put(f, 1, "x", "x y", &named), OK);
	assert_int_equal(put(f, 1, "z", "z", &other), OK);
	assert_int_equal(store_reports_about(f->st, f->a, 1, 7, &names, &found), OK);
	assert_int_equal(found.n, 2);
	assert_true(str_eq(found.v[0].title, STR("first")) && str_eq(found.v[1].title, STR("named")));
	assert_int_equal(store_reports_about(f->st, f->a, 1, 8, &names, &found), OK);
	assert_int_equal(found.n, 1);
	assert_int_equal(store_reports_about(f->st, f->a, 2, 7, &names, &found), OK);
	assert_int_equal(found.n, 0);

	/* Its name is another report's by now. */
	struct phish_report newer = report_of(f->a, "newer"), stale = first;
	struct strs of_first = names_of(f->a, "w");
	assert_int_equal(store_report_write(f->st, f->a, 1, &of_first, &of_first, INT64_MAX, &newer), OK);
	SET(&first, phish_report, title, STR("again"));
	assert_int_equal(store_report_rewrite(f->st, f->a, 1, &first), OK);
	assert_int_equal(store_report_rewrite(f->st, f->a, 1, &stale), ERR_CONFLICT);
	assert_int_equal(store_report_get(f->st, f->a, first.id, &stale), OK);
	assert_true(str_eq(stale.title, STR("again")));
	stale.id += 100;
	assert_int_equal(store_report_rewrite(f->st, f->a, 1, &stale), ERR_CONFLICT);
}

/* The titles of a page, with a space between. */
static void assert_page(struct fixture *f, const struct store_reports *q, const char *want, size_t want_total)
{
	struct phish_report_list found;
	struct str all = STR("");
	size_t total;

	assert_int_equal(store_reports(f->st, f->a, q, &found, &total), OK);
	for (size_t i = 0; i < found.n; i++)
		all = ARENA_JOIN(f->a, all, i ? STR(" ") : STR(""), found.v[i].title);
	if (!str_eq(all, str_of(want)))
		fail_msg("found \"%.*s\", not \"%s\"", STR_ARG(all), want);
	assert_int_equal(total, want_total);
}

static void one_that_is_unreadable_is_left_out(void **state)
{
	struct fixture *f = *state;
	struct phish_report v[3];
	struct sql *c;
	const struct store_reports q = { .account = 1, .end_us = STORE_NEWEST, .n = 10 };

	for (size_t i = 0; i < ARRAY_LEN(v); i++) {
		const char *title = (const char *[]){ "a", "b", "c" }[i];
		v[i] = report_of(f->a, title);
		assert_int_equal(put(f, 1, title, title, &v[i]), OK);
	}
	assert_int_equal(sql_write_begin(f->st->messages, &c), OK);
	struct sql_stmt *s = sql_prepare(c, "UPDATE report SET body = '{' WHERE id = $1");
	sql_bind_int(s, 1, v[1].id);
	assert_int_equal(sql_end(&c, sql_run(s, NULL)), OK);
	assert_page(f, &q, "c a", 3);
}

static void lists_by_time(void **state)
{
	struct fixture *f = *state;
	struct phish_report v[4];
	const char *const titles[] = { "a", "b", "c", "d" };

	for (size_t i = 0; i < ARRAY_LEN(v); i++) {
		v[i] = report_of(f->a, titles[i]);
		assert_int_equal(put(f, i == 3 ? 2 : 1, titles[i], titles[i], &v[i]), OK);
	}
	struct store_reports q = { .account = 1, .end_us = STORE_NEWEST, .n = 10 };
	assert_page(f, &q, "c b a", 3);
	q.n = 2;
	assert_page(f, &q, "c b", 3);
	q.skip = 2;
	assert_page(f, &q, "a", 3);
	q = (struct store_reports){
		.account = 1, .start_us = v[2].created_at + 1, .end_us = STORE_NEWEST, .n = 9
	};
	assert_page(f, &q, "", 3);
	q = (struct store_reports){ .account = 1, .end_us = v[0].created_at - 1, .n = 9 };
	assert_page(f, &q, "", 3);
	q = (struct store_reports){ .account = 2, .end_us = STORE_NEWEST, .n = 9 };
	assert_page(f, &q, "d", 1);
}

static void they_end(void **state)
{
	struct fixture *f = *state;
	struct phish_report r = report_of(f->a, "one"), other = report_of(f->a, "two");
	struct account account = { 0 };
	bool more = false;

	SET(&account, account, name, STR("test"));
	assert_int_equal(settings_account_add(f->st, f->a, &account), OK);
	assert_int_equal(put(f, account.num, "x", "x y", &r), OK);
	assert_int_equal(put(f, 77, "x", "x", &other), OK);
	assert_int_equal(store_reports_forget(f->st, r.updated_at, &more), OK);
	assert_false(more);
	assert_int_equal(fixture_count(f->st->messages, "SELECT count(*) FROM report"), 2);
	assert_int_equal(settings_account_delete(f->st, f->a, account.num), OK);
	assert_int_equal(fixture_count(f->st->messages, "SELECT count(*) FROM report"), 1);
	assert_int_equal(fixture_count(f->st->messages, "SELECT count(*) FROM report_name"), 1);
	assert_int_equal(store_reports_forget(f->st, other.updated_at + 1, &more), OK);
	assert_int_equal(fixture_count(f->st->messages, "SELECT count(*) FROM report"), 0);
	assert_int_equal(fixture_count(f->st->messages, "SELECT count(*) FROM report_name"), 0);
}

/* ---- what is noted ---- */

static int64_t jobs(struct fixture *f, const char *cause)
{
	struct str text = arena_printf(
	    f->a, "SELECT count(*) FROM job WHERE kind = 'report' AND ref < 0 AND data LIKE '%%%s%%'", cause);

	return fixture_count(f->st->messages, text.p);
}

struct turn {
	int disposition;
	bool bec;
};

static bool judge(struct arena *a, struct record *r, void *ctx)
{
	const struct turn *t = ctx;

	SET(r->message, message, final_disposition, t->disposition);
	r->attributes = (struct strs){ NULL, 0 };
	if (t->bec)
		ARENA_PUSH(a, &r->attributes, STR("BEC"));
	r->has |= FIELD_BIT(record, attributes);
	return true;
}

static void what_is_noted_of_mail(void **state)
{
	static const struct {
		const char *name;
		int first;
		bool held;
		struct turn then; /* disposition -1: it stays */
		int64_t campaign, late, bec, anew;
	} cases[] = {
		{ "clean", DISP_NONE, false, { -1, false }, 0, 0, 0, 0 },
		{ "spam", DISP_SPAM, false, { -1, false }, 0, 0, 0, 0 },
		{ "malicious", DISP_MALICIOUS, true, { -1, false }, 1, 0, 0, 0 },
		{ "BEC", DISP_BEC, true, { -1, false }, 0, 0, 1, 0 },
		{ "delivered, then malicious", DISP_NONE, false, { DISP_MALICIOUS, false }, 1, 1, 0, 1 },
		{ "delivered, then suspicious", DISP_NONE, false, { DISP_SUSPICIOUS, false }, 0, 1, 0, 1 },
		{ "delivered, then spam", DISP_NONE, false, { DISP_SPAM, false }, 0, 0, 0, 0 },
		{ "held, then malicious", DISP_SPAM, true, { DISP_MALICIOUS, false }, 1, 0, 0, 1 },
		{ "malicious, then clean", DISP_MALICIOUS, false, { DISP_NONE, false }, 1, 0, 0, 1 },
		{ "spoof, then with the attribute", DISP_SPOOF, false, { DISP_SPOOF, true }, 0, 0, 1, 0 },
		{ "delivered, then BEC", DISP_NONE, false, { DISP_BEC, false }, 0, 1, 1, 1 },
		{ "malicious and the same again",
		  DISP_MALICIOUS,
		  false,
		  { DISP_MALICIOUS, false },
		  1,
		  0,
		  0,
		  0 },
	};
	struct fixture *f = *state;
	int64_t campaign = 0, late = 0, bec = 0, anew = 0;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct str id = arena_printf(f->a, "4Njp3P0STMz%zu", i);
		struct turn turn = cases[i].then;
		struct record *r =
		    fixture_record(f->a, 1, id.p, "m@example.org", "ann@example.test", "Prize");
		SET(r->message, message, final_disposition, cases[i].first);
		if (cases[i].held)
			SET(&r->outcomes.v[0], outcome, status, DELIVERY_QUARANTINED);
		assert_int_equal(store_record_add(f->st, f->a, r), OK);
		if (turn.disposition >= 0)
			assert_int_equal(store_record_change(f->st, f->a, r->key, judge, &turn, NULL), OK);
		campaign += cases[i].campaign;
		late += cases[i].late;
		bec += cases[i].bec;
		anew += cases[i].anew;
		if (jobs(f, "campaign") != campaign || jobs(f, "found_after_delivery") != late ||
		    jobs(f, "business_email_compromise") != bec || jobs(f, "judged_anew") != anew)
			fail_msg("%s", cases[i].name);
	}
}

static bool confirm(struct arena *a, struct submission *s, void *ctx)
{
	(void)a;
	SET(s, submission, outcome, *(int *)ctx);
	SET(s, submission, outcome_disposition, s->requested_disposition);
	return true;
}

static void what_is_noted_of_submissions(void **state)
{
	static const struct {
		enum submission_disposition requested;
		int outcome;
		int64_t want;
	} cases[] = {
		{ SUBMISSION_MALICIOUS, OUTCOME_CONFIRMED, 1 },   { SUBMISSION_SPOOF, OUTCOME_CONFIRMED, 1 },
		{ SUBMISSION_SPAM, OUTCOME_CONFIRMED, 0 },        { SUBMISSION_NONE, OUTCOME_CONFIRMED, 0 },
		{ SUBMISSION_MALICIOUS, OUTCOME_UNCONFIRMED, 0 },
	};
	struct fixture *f = *state;
	struct settings_who who = { .name = STR("token:t") };
	int64_t all = 0;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct str id = arena_printf(f->a, "4Njp3P0STMz%zu", i);
		struct record *r =
		    fixture_record(f->a, 1, id.p, "m@example.org", "ann@example.test", "Prize");
		struct submission s = { 0 };
		int outcome = cases[i].outcome;
		SET(r->message, message, delivery_mode, MODE_REVIEW_SUBMISSION);
		SET(r->message, message, final_disposition, DISP_MALICIOUS);
		SET(&s, submission, requested_disposition, (int)cases[i].requested);
		SET(&s, submission, type, SUBMISSION_TEAM);
		assert_int_equal(store_submission_add(f->st, f->a, &who, &s, r), OK);
		/* The sample itself did not come to anybody. */
		assert_int_equal(jobs(f, "campaign"), 0);
		for (int again = 0; again < 2; again++)
			assert_int_equal(
			    store_submission_change(f->st, f->a, s.key, NULL, confirm, &outcome, &s), OK);
		all += cases[i].want;
		assert_int_equal(jobs(f, "confirmed_submission"), all);
	}
}

/* Those of one moment are due together, and not before what they tell of is in the store. */
static void one_moment_is_due_at_once(void **state)
{
	const int64_t s = INT64_C(1000000), t = INT64_C(1700000000) * s;

	(void)state;
	assert_int_equal(store_report_due(t), store_report_due(t + 5 * s - 1));
	assert_true(store_report_due(t + 5 * s) > store_report_due(t));
	for (int64_t at = t; at < t + 20 * s; at += 100000)
		assert_true(store_report_due(at) > at + 2 * s && store_report_due(at) <= at + 7 * s);
}

/* What a person let out of the quarantine was not delivered because nobody knew better. */
static void a_release_is_told_from_a_delivery(void **state)
{
	struct fixture *f = *state;
	struct record *r =
	    fixture_record(f->a, 1, "4Njp3P0STMz1", "a@x.example", "ann@example.test", "Prize");
	const unsigned delivery = 1u << REPORT_AFTER_DELIVERY, release = 1u << REPORT_AFTER_RELEASE;
	struct outcome other = r->outcomes.v[0];

	SET(r->message, message, final_disposition, DISP_NONE);
	SET(&r->outcomes.v[0], outcome, status, DELIVERY_DELIVERED);
	SET(&other, outcome, status, DELIVERY_QUARANTINED);
	ARENA_PUSH(f->a, &r->outcomes, other);
	struct report_view v = report_view_of(r), after = v;
	after.disposition = DISP_SPOOF;
	assert_int_equal(report_causes(&v, &after), delivery);

	SET(&r->outcomes.v[1], outcome, status, DELIVERY_DELIVERED);
	SET(&r->outcomes.v[1], outcome, released, true);
	v = report_view_of(r);
	assert_int_equal(report_causes(&v, &after), delivery | release);

	SET(&r->outcomes.v[0], outcome, status, DELIVERY_QUARANTINED);
	v = report_view_of(r);
	assert_int_equal(report_causes(&v, &after), release);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_release_is_told_from_a_delivery, fixture_setup,
						fixture_teardown),
		cmocka_unit_test_setup_teardown(one_for_all_that_has_a_name, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(by_a_mail, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(lists_by_time, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(one_that_is_unreadable_is_left_out, fixture_setup,
						fixture_teardown),
		cmocka_unit_test_setup_teardown(they_end, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(what_is_noted_of_mail, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(what_is_noted_of_submissions, fixture_setup,
						fixture_teardown),
		cmocka_unit_test(one_moment_is_due_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
