/* Which mails become a report: how many, of what, one for all of them, and the same when a try is done again. */
#include "../store/fixture.h"

#include "base/clock.h"
#include "courier/phish_report.h"
#include "store/reports.h"
#include "store/settings.h"

#define HOUR_US INT64_C(3600000000)

struct site {
	struct fixture *f;
	struct job_tools tools;
	int64_t account;
	int n; /* mails added */
};

static void open_site(struct site *s, void **state)
{
	struct account account = { 0 };

	*s = (struct site){ .f = *state };
	SET(&account, account, name, STR("test"));
	assert_int_equal(settings_account_add(s->f->st, s->f->a, &account), OK);
	s->account = account.num;
	s->tools = (struct job_tools){ .store = s->f->st, .log = &quiet };
}

struct kind {
	const char *from, *edf, *link;
	int disposition;
	bool held;
};

static int64_t add(struct site *s, const struct kind *k)
{
	struct arena *a = s->f->a;
	struct str id = arena_printf(a, "4Njp3P0STMz%d", s->n),
		   to = arena_printf(a, "user%d@example.test", s->n);
	struct record *r = fixture_record(a, s->account, id.p, k->from, to.p, "Prize");
	struct message *m = r->message;

	s->n++;
	SET(m, message, final_disposition, k->disposition);
	if (k->edf)
		SET(m, message, edf_hash, str_of(k->edf));
	if (k->link)
		ARENA_PUSH(a, &r->link_hosts, str_of(k->link));
	r->has |= FIELD_BIT(record, link_hosts);
	SET(m, message, is_quarantined, k->held);
	SET(&r->outcomes.v[0], outcome, status, k->held ? DELIVERY_QUARANTINED : DELIVERY_DELIVERED);
	ARENA_PUSH(a, &m->delivery_status, k->held ? DELIVERY_QUARANTINED : DELIVERY_DELIVERED);
	m->has |= FIELD_BIT(message, delivery_status);
	assert_int_equal(store_record_add(s->f->st, a, r), OK);
	return r->key;
}

static void run(struct site *s, int64_t key, enum report_cause cause, const char *want)
{
	struct job_try try = { 0 };
	struct job job = { .account = s->account,
			   .kind = JOB_REPORT,
			   .created_us = clock_now_us(),
			   .data = arena_printf(s->f->a, "{\"key\":%lld,\"cause\":\"%.*s\"}", (long long)key,
						STR_ARG(enum_text(&report_cause_names, (int)cause))) };

	assert_int_equal(phish_report_run(&s->tools, &job, &try), OK);
	assert_false(try.failed);
	assert_string_equal(try.why.text, want);
}

static struct phish_report_list all(struct site *s)
{
	struct store_reports q = { .account = s->account, .end_us = STORE_NEWEST, .n = 1000 };
	struct phish_report_list found;
	size_t total;

	assert_int_equal(store_reports(s->f->st, s->f->a, &q, &found, &total), OK);
	return found;
}

static bool says(const struct phish_report *r, const char *text)
{
	return str_find(r->content, str_of(text), 0) != SIZE_MAX;
}

static void enough_of_a_kind_are_a_campaign(void **state)
{
	static const struct {
		const char *name;
		struct kind kinds[2]; /* by turns */
		int mails;
		size_t want;
	} cases[] = {
		{ "one less",
		  { { "a@x.example", "f1", NULL, DISP_MALICIOUS, true } },
		  CAMPAIGN_MAILS - 1,
		  0 },
		{ "a fingerprint, of many senders",
		  { { "a@y1.example", "f2", NULL, DISP_MALICIOUS, true },
		    { "b@y2.example", "f2", NULL, DISP_BEC, true } },
		  CAMPAIGN_MAILS,
		  1 },
		{ "suspicious ones", { { "a@z.example", "f3", NULL, DISP_SUSPICIOUS, false } }, 9, 0 },
		{ "a sender's domain",
		  { { "a@q.example", NULL, NULL, DISP_MALICIOUS, true },
		    { "b@q.example", "f4", NULL, DISP_MALICIOUS, true } },
		  CAMPAIGN_MAILS,
		  1 },
		{ "a link",
		  { { "a@l1.example", NULL, "go.lure.example", DISP_MALICIOUS, true },
		    { "b@l2.example", NULL, "www.lure.example", DISP_MALICIOUS, true } },
		  CAMPAIGN_MAILS,
		  1 },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct site s;
		int64_t key = 0;
		open_site(&s, state);
		for (int j = 0; j < cases[i].mails; j++) {
			bool second = j % 2 && cases[i].kinds[1].from;
			s.n = (int)(100 * i) + j;
			key = add(&s, &cases[i].kinds[second]);
		}
		run(&s, key, REPORT_CAMPAIGN, cases[i].want ? "written" : "nothing new to report");
		struct phish_report_list found = all(&s);
		if (found.n != cases[i].want)
			fail_msg("%s: %zu reports", cases[i].name, found.n);
		if (found.n)
			assert_true(says(&found.v[0], "- Mails: 5\n"));
	}
}

static void one_for_all_of_it(void **state)
{
	const struct kind lure = { "a@x.example", "f1", NULL, DISP_MALICIOUS, true },
			  other = { "b@x.example", "f9", NULL, DISP_MALICIOUS, false },
			  clean = { "c@y.example", "f1", NULL, DISP_NONE, false };
	struct site s;
	int64_t keys[30];

	open_site(&s, state);
	for (size_t i = 0; i < ARRAY_LEN(keys); i++)
		keys[i] = add(&s, i == 20 ? &clean : i % 10 == 9 ? &other : &lure);
	run(&s, keys[0], REPORT_CAMPAIGN, "written");
	for (size_t i = 0; i < ARRAY_LEN(keys); i++)
		if (i != 20)
			run(&s, keys[i], REPORT_CAMPAIGN, "written");
	struct phish_report_list found = all(&s);
	assert_int_equal(found.n, 1);
	assert_true(says(&found.v[0], "- Mails: 29\n"));
	assert_true(says(&found.v[0], "- Delivered: 3\n"));
	assert_true(says(&found.v[0], "- Held in quarantine: 26\n"));
	assert_true(says(&found.v[0], "- Similar mails not found to be bad: 1\n"));
	assert_int_equal(found.v[0].key, keys[0]);
	assert_int_equal(found.v[0].last_key, keys[29]);

	/* What has been confirmed since is told in the same. */
	run(&s, keys[3], REPORT_SUBMISSION, "written");
	found = all(&s);
	assert_int_equal(found.n, 1);
	assert_int_equal(found.v[0].causes.n, 2);
	/* A mail that is good by now is nothing to report. */
	run(&s, keys[20], REPORT_AFTER_DELIVERY, "nothing new to report");
	run(&s, keys[29] + 1000, REPORT_BEC, "the mail is gone");
}

/* The first job of a wave writes for those that were noted with it; the others end at once. */
static void a_wave_is_looked_at_once(void **state)
{
	const struct kind lure = { "a@x.example", "f1", NULL, DISP_MALICIOUS, true };
	struct site s;
	struct job_try try = { 0 };
	int64_t key = 0;

	open_site(&s, state);
	for (int i = 0; i < 10; i++)
		key = add(&s, &lure);
	run(&s, key, REPORT_CAMPAIGN, "written");
	struct job early = { .account = s.account,
			     .created_us = clock_now_us() - 60000000,
			     .data = arena_printf(s.f->a, "{\"key\":%lld,\"cause\":\"campaign\"}",
						  (long long)key) };
	assert_int_equal(phish_report_run(&s.tools, &early, &try), OK);
	assert_string_equal(try.why.text, "nothing new to report");
	assert_int_equal(all(&s).v[0].rev, 1);
	/* But for a mail that came later. */
	early.data = arena_printf(s.f->a, "{\"key\":%lld,\"cause\":\"campaign\"}", (long long)add(&s, &lure));
	assert_int_equal(phish_report_run(&s.tools, &early, &try), OK);
	assert_string_equal(try.why.text, "written");
	assert_true(says(&all(&s).v[0], "- Mails: 11\n"));
}

static void single_mails_are_told_of(void **state)
{
	static const enum report_cause causes[] = { REPORT_BEC, REPORT_AFTER_DELIVERY, REPORT_SUBMISSION };
	struct site s;

	open_site(&s, state);
	for (size_t i = 0; i < ARRAY_LEN(causes); i++) {
		struct str from = arena_printf(s.f->a, "a@d%zu.example", i);
		const struct kind k = { from.p, NULL, NULL, DISP_SPOOF, false };
		run(&s, add(&s, &k), causes[i], "written");
		struct phish_report_list found = all(&s);
		assert_int_equal(found.n, i + 1);
		assert_int_equal(found.v[0].causes.n, 1);
		assert_int_equal(found.v[0].causes.v[0], causes[i]);
		assert_int_equal(found.v[0].priority, PRIORITY_MEDIUM);
	}
}

static bool judge(struct arena *a, struct record *r, void *ctx)
{
	(void)a;
	SET(r->message, message, final_disposition, *(int *)ctx);
	return true;
}

static void becomes(struct site *s, int64_t key, int disposition)
{
	assert_int_equal(store_record_change(s->f->st, s->f->a, key, judge, &disposition, NULL), OK);
}

/* As if all reports had been written a week ago. */
static void age(struct site *s)
{
	struct sql *c;

	assert_int_equal(sql_write_begin(s->f->st->messages, &c), OK);
	struct sql_stmt *q = sql_prepare(c, "UPDATE report SET updated_at = updated_at - $1");
	sql_bind_int(q, 1, 7 * 24 * HOUR_US);
	assert_int_equal(sql_end(&c, sql_run(q, NULL)), OK);
}

static void a_mail_that_turned_out_good_is_said_to_be(void **state)
{
	const struct kind lure = { "a@x.example", "f1", NULL, DISP_MALICIOUS, false };
	struct site s;

	open_site(&s, state);
	int64_t key = add(&s, &lure);
	run(&s, key, REPORT_SUBMISSION, "written");
	struct phish_report before = all(&s).v[0];
	assert_int_equal(before.priority, PRIORITY_HIGH);
	age(&s);
	becomes(&s, key, DISP_NONE);
	run(&s, key, REPORT_SUBMISSION, "nothing new to report");
	run(&s, key, REPORT_ANEW, "written");
	assert_int_equal(all(&s).n, 1);
	struct phish_report r = all(&s).v[0];
	assert_int_equal(r.id, before.id);
	assert_int_equal(r.created_at, before.created_at);
	assert_int_equal(r.priority, PRIORITY_LOW);
	assert_int_equal(r.disposition, DISP_NONE);
	assert_true(str_eq(
	    r.title, STR("Submitted mail confirmed to be bad from x[dot]example: found to be good since")));
	assert_true(says(&r, "It was found to be good since"));
	assert_true(says(&r, "- Verdict: NONE\n"));
	assert_true(says(&r, "- Delivered to: `user0@example.test`\n"));
	assert_false(says(&r, "Take the mail out") || says(&r, "## Indicators"));

	/* Undone. */
	becomes(&s, key, DISP_MALICIOUS);
	run(&s, key, REPORT_ANEW, "written");
	r = all(&s).v[0];
	assert_true(str_eq(r.title, before.title) && str_eq(r.content, before.content));
	assert_int_equal(r.priority, PRIORITY_HIGH);
}

static void why_it_was_written_stays(void **state)
{
	static const struct {
		enum report_cause cause;
		const char *title;
	} cases[] = {
		{ REPORT_AFTER_DELIVERY,
		  "Mail found to be bad after its delivery from x[dot]example: found to be good since" },
		{ REPORT_AFTER_RELEASE,
		  "Mail found to be bad after its release from x[dot]example: found to be good since" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct kind lure = { "a@x.example", i ? "f1" : "f2", NULL, DISP_MALICIOUS, false };
		struct site s;
		open_site(&s, state);
		s.n = (int)i;
		int64_t key = add(&s, &lure);
		run(&s, key, cases[i].cause, "written");
		age(&s);
		becomes(&s, key, DISP_NONE);
		run(&s, key, REPORT_ANEW, "written");
		struct phish_report r = all(&s).v[0];
		assert_int_equal(r.causes.n, 1);
		assert_int_equal(r.causes.v[0], cases[i].cause);
		assert_true(str_eq(r.tags.v[0].value, enum_text(&report_cause_names, (int)cases[i].cause)));
		assert_true(str_eq(r.title, str_of(cases[i].title)));
	}
}

static void what_turned_out_good_is_not_counted(void **state)
{
	const struct kind lure = { "a@x.example", "f1", NULL, DISP_MALICIOUS, true };
	int64_t keys[7];
	struct site s;

	open_site(&s, state);
	for (size_t i = 0; i < 6; i++)
		keys[i] = add(&s, &lure);
	run(&s, keys[5], REPORT_CAMPAIGN, "written");
	assert_true(says(&all(&s).v[0], "- Mails: 6\n"));
	/* The first one, by the next that comes. */
	becomes(&s, keys[0], DISP_NONE);
	keys[6] = add(&s, &lure);
	run(&s, keys[6], REPORT_CAMPAIGN, "written");
	struct phish_report r = all(&s).v[0];
	assert_true(says(&r, "- Mails: 6\n"));
	assert_true(says(&r, "- Similar mails not found to be bad: 1\n"));
	assert_int_equal(r.key, keys[1]);
	/* Another one, of an old report. */
	age(&s);
	becomes(&s, keys[3], DISP_SPAM);
	run(&s, keys[3], REPORT_ANEW, "written");
	r = all(&s).v[0];
	assert_true(says(&r, "- Mails: 5\n"));
	assert_true(says(&r, "- Similar mails not found to be bad: 2\n"));
	/* All of them. */
	for (size_t i = 0; i < ARRAY_LEN(keys); i++)
		becomes(&s, keys[i], DISP_NONE);
	run(&s, keys[6], REPORT_ANEW, "written");
	r = all(&s).v[0];
	assert_true(says(&r, "It was found to be good since"));
	assert_false(says(&r, "makes them a campaign"));
	/* What came after it is none of its. */
	int64_t later = add(&s, &lure);
	becomes(&s, later, DISP_SUSPICIOUS);
	run(&s, later, REPORT_ANEW, "nothing new to report");
	assert_int_equal(all(&s).n, 1);
}

/* Searches tell of a mail whether some got it, not who. */
static void who_got_it_is_told_of_each_mail(void **state)
{
	const struct kind lure = { "a@x.example", "f1", NULL, DISP_MALICIOUS, true };
	struct site s;

	open_site(&s, state);
	for (int i = 0; i < CAMPAIGN_MAILS - 1; i++)
		(void)add(&s, &lure);
	struct record *r =
	    fixture_record(s.f->a, s.account, "4Njp3P0STMz9", lure.from, "ann@example.test", "Prize");
	struct outcome held = { 0 };
	SET(&held, outcome, address, STR("Bob@example.test"));
	SET(&held, outcome, status, DELIVERY_QUARANTINED);
	SET(&r->outcomes.v[0], outcome, status, DELIVERY_DELIVERED);
	ARENA_PUSH(s.f->a, &r->outcomes, held);
	SET(r->message, message, edf_hash, str_of(lure.edf));
	SET(r->message, message, final_disposition, DISP_MALICIOUS);
	ARENA_PUSH(s.f->a, &r->message->delivery_status, DELIVERY_DELIVERED);
	ARENA_PUSH(s.f->a, &r->message->delivery_status, DELIVERY_QUARANTINED);
	r->message->has |= FIELD_BIT(message, delivery_status);
	assert_int_equal(store_record_add(s.f->st, s.f->a, r), OK);
	run(&s, add(&s, &lure), REPORT_CAMPAIGN, "written");
	struct phish_report report = all(&s).v[0];
	assert_true(says(&report, "- Delivered to: `ann@example.test`\n- Held for: `user0@example.test`\n"));
	assert_true(says(&report, "- Held for: `bob@example.test`\n"));
	assert_false(says(&report, "- Meant for: "));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(enough_of_a_kind_are_a_campaign, fixture_setup,
						fixture_teardown),
		cmocka_unit_test_setup_teardown(one_for_all_of_it, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(a_wave_is_looked_at_once, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(single_mails_are_told_of, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(a_mail_that_turned_out_good_is_said_to_be, fixture_setup,
						fixture_teardown),
		cmocka_unit_test_setup_teardown(why_it_was_written_stays, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(what_turned_out_good_is_not_counted, fixture_setup,
						fixture_teardown),
		cmocka_unit_test_setup_teardown(who_got_it_is_told_of_each_mail, fixture_setup,
						fixture_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
