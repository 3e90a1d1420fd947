/* Copies that could not be scanned when they came: what a second scan makes of them. */
#include "../store/fixture.h"

#include <unistd.h>

#include "../daemon/house.h"

#include "base/hash.h"
#include "courier/rescan.h"
#include "intake/copy_record.h"
#include "intake/settle.h"
#include "resource/resource.h"
#include "store/settings.h"

#define CONTENT "46e2d0a4dfc45c9a4d9bd1dbbd4b3c5c0d2d2df1e7b0a7ab2ac9e2a4dd1fb1c5"
#define SERVICE "0123456789abcdef@copies.example.net"

#define REPORT "report: "
#define INNER "the mail in the report"

/* A journal report for one of the protected domain; what is inside it is scanned as if it had come alone. */
static void look_at_report(struct arena *a, const struct scan_job *job, struct verdict *out)
{
	struct attached_mail *m = ARENA_NEW(a, struct attached_mail);
	struct journaled *j = ARENA_NEW(a, struct journaled);

	house_verdict(a, STR("A report"), out);
	SET(m, attached_mail, start, (int64_t)sizeof(REPORT) - 1);
	SET(m, attached_mail, length, (int64_t)(job->raw.n + 1 - sizeof(REPORT)));
	SET(m, attached_mail, encoding, ATTACHED_AS_IT_IS);
	SET(j, journaled, mail, m);
	SET(j, journaled, sender, STR("s@elsewhere.test"));
	ARENA_PUSH(a, &j->recipients, STR("c@example.test"));
	ARENA_PUSH(a, &j->recipients, STR("y@elsewhere.test"));
	SET(j, journaled, recipients, j->recipients);
	SET(out, verdict, journaled, j);
}

/* Says of each mail that it is for two of the protected domain, and one elsewhere. "crash" costs the worker. */
static void look(struct arena *a, const struct scan_job *job, const struct policy *policy, struct asker *q,
		 struct verdict *out)
{
	(void)policy;
	if (str_starts(job->raw, STR("crash")))
		_exit(1);
	if (str_starts(job->raw, STR("asks"))) {
		const struct answer *known = asker_history(q, STR("from:a@example.org")),
				    *strange = asker_history(q, STR("from:b@example.org"));
		house_verdict(a,
			      arena_printf(a, "seen %.3f, first %lld; %s", known->history.seen,
					   (long long)known->history.first_us,
					   strange->status == ANSWER_NXDOMAIN ? "never" : "seen"),
			      out);
		SET(out, verdict, content_sha256, STR(CONTENT));
		return;
	}
	if (job->wrapped && str_starts(job->raw, STR(REPORT))) {
		look_at_report(a, job, out);
		return;
	}
	house_verdict(a, STR("Read at last"), out);
	ARENA_PUSH(a, &out->message->to, STR("a@example.test"));
	ARENA_PUSH(a, &out->message->to, STR("x@elsewhere.test"));
	SET(out->message, message, to, out->message->to);
	ARENA_PUSH(a, &out->message->cc, STR("B@Example.test"));
	SET(out->message, message, cc, out->message->cc);
	SET(out, verdict, content_sha256, STR(CONTENT));
}

struct site {
	struct fixture *f;
	struct house house;
	struct config config;
	int64_t account;
};

static void protect(struct site *s, const char *name)
{
	struct resource_env env = { .arena = s->f->a, .now_us = clock_now_us() };
	struct settings_who who = { .name = STR("test") };
	struct domain *d = ARENA_NEW(s->f->a, struct domain);
	struct settings_refusal why;

	SET(d, domain, domain, str_of(name));
	ARENA_PUSH(s->f->a, &d->allowed_delivery_modes, MODE_BCC);
	ARENA_PUSH(s->f->a, &d->allowed_delivery_modes, MODE_JOURNAL);
	SET(d, domain, allowed_delivery_modes, d->allowed_delivery_modes);
	struct settings_write *w = settings_write_new(s->f->st, &env, &resource_domains, s->account, &who);
	settings_write_add(w, d, 0);
	assert_int_equal(settings_write_run(w, &why), OK);
}

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
	protect(s, "example.test");
	house_start(&s->house, look, &(struct broker_options){ .log = &quiet });
}

/* A copy as intake files it when its scan has failed. */
static struct record *file(struct site *s, const char *id, const char *text)
{
	struct arena *a = s->f->a;
	struct str sha256 = hash_sha256_hex(a, str_of(text));
	struct record *r = fixture_record(a, s->account, id, "sender@example.org", SERVICE, "");
	struct verdict nothing = { 0 };

	r->outcomes = (struct outcome_list){ 0 };
	r->has &= ~FIELD_BIT(record, outcomes);
	SET(r->message, message, final_disposition, DISP_UNKNOWN);
	SET(r->message, message, delivery_mode, MODE_BCC);
	SET(r, record, raw_sha256, sha256);
	SET(r, record, digest, copy_digest(a, s->account, &nothing, sha256));
	SET(r, record, rescan, true);
	settle_record(a, r);
	assert_int_equal(store_raw_put(s->f->st, str_of(text), sha256), OK);
	assert_int_equal(store_record_add(s->f->st, a, r), OK);
	return r;
}

static void a_copy_gets_its_recipients(void **state)
{
	struct verdict of_twin = { .content_sha256 = STR(CONTENT) };
	struct record got, twin;
	struct errbuf why = { "" };
	struct site s;

	open_site(&s, state);
	struct record *r = file(&s, "copy", "text");
	if (rescan(s.f->st, s.house.broker, &s.config, r, &why) != OK)
		fail_msg("%s", why.text);
	assert_int_equal(store_record_get(s.f->st, s.f->a, s.account, STR("copy"), RECORD_WHOLE, &got), OK);
	assert_true(str_eq(got.message->subject, STR("Read at last")));
	assert_int_equal(got.message->final_disposition, DISP_NONE);
	assert_int_equal(got.message->client_recipients.n, 2);
	assert_true(str_eq(got.message->client_recipients.v[0], STR("a@example.test")));
	assert_true(str_eq(got.message->client_recipients.v[1], STR("B@Example.test")));
	assert_int_equal(got.outcomes.n, 2);
	assert_int_equal(got.message->delivery_status.n, 1);
	assert_int_equal(got.message->delivery_status.v[0], DELIVERY_DELIVERED);
	assert_true(str_eq(got.detections->action, STR("DELIVERED")));
	assert_true(str_eq(got.message->envelope_to.v[0], STR(SERVICE)));
	assert_false(got.rescan);
	/* The next copy of the same content is known by it. */
	struct str digest = copy_digest(s.f->a, s.account, &of_twin, STR("whatever"));
	assert_int_equal(store_record_by_digest(s.f->st, s.f->a, s.account, digest, &twin), OK);
	assert_int_equal(twin.key, r->key);
	house_end(&s.house);
}

/* What the past says, and of when it was asked last. */
struct past_teller {
	double seen;
	int64_t asked_of;
};

static void tell_past(void *ctx, int64_t account, const struct str *keys, size_t n, int64_t when_us,
		      struct history *out)
{
	struct past_teller *p = ctx;

	(void)account;
	p->asked_of = when_us;
	for (size_t i = 0; i < n; i++)
		if (str_eq(keys[i], STR("from:a@example.org")))
			out[i] = (struct history){ 1, 2, p->seen, 0 };
}

/* As of when the mail came; and whatever came since, the second time as the first. */
static void the_past_stays_as_it_was(void **state)
{
	struct past_teller past = { .seen = 4.0 / 3 };
	struct record first, again;
	struct errbuf why = { "" };
	struct site s;

	open_site(&s, state);
	house_end(&s.house);
	house_start(&s.house, look,
		    &(struct broker_options){ .log = &quiet, .history = tell_past, .ctx = &past });
	struct record *r = file(&s, "asks", "asks of the past");
	assert_int_equal(rescan(s.f->st, s.house.broker, &s.config, r, &why), OK);
	assert_int_equal(store_record_get(s.f->st, s.f->a, s.account, STR("asks"), RECORD_WHOLE, &first), OK);
	assert_true(str_eq(first.message->subject, STR("seen 1.333, first 1; never")));
	assert_int_equal(past.asked_of, r->message->scanned_at);
	assert_int_equal(first.past.n, 1);
	past.seen = 100;
	assert_int_equal(rescan(s.f->st, s.house.broker, &s.config, &first, &why), OK);
	assert_int_equal(store_record_get(s.f->st, s.f->a, s.account, STR("asks"), RECORD_WHOLE, &again), OK);
	assert_true(str_eq(again.message->subject, first.message->subject));
	assert_true(again.past.n == 1 && again.past.v[0].seen == first.past.v[0].seen);
	/* Of other bytes nothing is known by it. */
	struct verdict v;
	assert_int_equal(
	    rescan_judge(s.f->st, s.house.broker, s.f->a, &s.config, &again, STR("asks anew"), &v, &why), OK);
	assert_true(str_eq(v.message->subject, STR("seen 100.000, first 1; never")));
	house_end(&s.house);
}

static void a_copy_nobody_can_scan_is_given_up(void **state)
{
	static const char *const texts[] = { "crash", "gone" };
	struct errbuf why = { "" };
	struct record got;
	struct site s;

	open_site(&s, state);
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct record *r = file(&s, texts[i], texts[i]);
		if (i == 1)
			SET(r, record, raw_sha256, hash_sha256_hex(s.f->a, STR("other bytes")));
		assert_int_equal(rescan(s.f->st, s.house.broker, &s.config, r, &why), OK);
		assert_int_equal(
		    store_record_get(s.f->st, s.f->a, s.account, str_of(texts[i]), RECORD_WHOLE, &got), OK);
		assert_false(got.rescan);
		assert_int_equal(got.message->final_disposition, DISP_UNKNOWN);
	}
	house_end(&s.house);
}

/* From then on the record is of the mail in the report, and for whom the report says. */
static void a_journal_report_is_unwrapped(void **state)
{
	struct errbuf why = { "" };
	struct record got;
	struct str kept;
	struct site s;

	open_site(&s, state);
	struct record *r = file(&s, "journal", REPORT INNER);
	SET(r, record, wrapped, true);
	SET(r->message, message, delivery_mode, MODE_JOURNAL);
	assert_int_equal(rescan(s.f->st, s.house.broker, &s.config, r, &why), OK);
	assert_int_equal(store_record_get(s.f->st, s.f->a, s.account, STR("journal"), RECORD_WHOLE, &got),
			 OK);
	assert_true(str_eq(got.message->subject, STR("Read at last")));
	assert_true(str_eq(got.message->envelope_from, STR("s@elsewhere.test")));
	assert_int_equal(got.message->envelope_to.n, 1);
	assert_true(str_eq(got.message->envelope_to.v[0], STR("c@example.test")));
	assert_int_equal(got.outcomes.n, 1);
	assert_true(str_eq(got.outcomes.v[0].address, STR("c@example.test")));
	assert_false(got.rescan || got.wrapped);
	assert_int_equal(got.raw_size, sizeof(INNER) - 1);
	assert_int_equal(store_raw_get(s.f->st, s.f->a, got.raw_sha256, &kept), OK);
	assert_true(str_eq(kept, STR(INNER)));
	house_end(&s.house);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = { TEST(a_copy_gets_its_recipients), TEST(the_past_stays_as_it_was),
					    TEST(a_copy_nobody_can_scan_is_given_up),
					    TEST(a_journal_report_is_unwrapped) };

	return cmocka_run_group_tests_name("courier/rescan", tests, NULL, NULL);
}
