/* What makes a delivered mail bad later on, what nearly does, whom that leaves alone, and that nothing is done twice. */
#include "../store/fixture_job.h"

#include "courier/learn.h"
#include "courier/reevaluation.h"
#include "model/integration.h"
#include "store/corrections.h"
#include "store/key.h"
#include "store/moves.h"

#define MINUTES_US (6 * INT64_C(60000000)) /* a minute behind the first step */
#define HOURS_US (INT64_C(13) * 3600000000)
#define DAYS_US (INT64_C(25) * 3600000000)
#define DAY_US (INT64_C(86400) * 1000000)
#define SENDER "n@news.example"
#define TEXT "v1:0123456789abcdef"
#define NEAR "v1:0123456789abcdee"
#define FAR "v1:fedcba9876543210"

/* ---- the account ---- */

struct bench {
	struct fixture *f;
	struct reevaluation *v;
	struct block_lists lists;
	const char *listed; /* "NAME ADDRESS", divided by commas */
	size_t asked;
	int64_t account;
	unsigned mails;
	int64_t last_us; /* when the newest came */
};

static struct bench bench;

static void answer(void *ctx, struct arena *a, const struct ask *asks, size_t n, struct answer *out)
{
	struct bench *b = ctx;
	struct strs rows = arena_split(a, str_of(b->listed ? b->listed : ""), ',');

	b->asked += n;
	for (size_t i = 0; i < n; i++) {
		out[i] = (struct answer){ .status = ANSWER_NXDOMAIN };
		assert_int_equal(asks[i].kind, ASK_LISTED);
		for (size_t k = 0; k < rows.n; k++) {
			struct strs row = arena_split(a, rows.v[k], ' ');
			struct dns_record record;
			struct ip ip;
			if (!str_eq(row.v[0], asks[i].name))
				continue;
			assert_int_equal(ip_parse(row.v[1], &ip), OK);
			record = (struct dns_record){ .data = arena_str(a, str_from((const char *)ip.b, 4)) };
			out[i].status = ANSWER_OK;
			ARENA_PUSH(a, &out[i].records, record);
		}
	}
}

static void begin(struct bench *b)
{
	struct reevaluation_tools tools = {
		.job = { .store = b->f->st, .log = &quiet },
		.grounds = { .store = b->f->st, .lists = &b->lists, .ask = answer, .ask_ctx = b },
	};

	b->v = reevaluation_new(&tools);
}

static void write_object(struct bench *b, const struct resource *r, void *obj)
{
	struct resource_env env = { .arena = b->f->a, .now_us = clock_now_us() };
	struct settings_refusal refusal;
	struct settings_write *w = settings_write_new(b->f->st, &env, r, b->account, &settings_operator);

	settings_write_add(w, obj, 0);
	assert_int_equal(settings_write_run(w, &refusal), OK);
}

/* Mail for example.test lies in mailboxes, and the account says where bad mail goes to. */
static void set_moves(struct bench *b, bool later)
{
	struct integration *i = ARENA_NEW(b->f->a, struct integration);
	struct auto_moves *m = ARENA_NEW(b->f->a, struct auto_moves);
	struct domain *d = ARENA_NEW(b->f->a, struct domain);

	SET(i, integration, name, STR("x"));
	SET(i, integration, provider, MAILBOX_IMAP);
	SET(i, integration, enabled, true);
	SET(i, integration, secret, STR("the secret"));
	write_object(b, &resource_integrations, i);
	SET(m, auto_moves, malicious, DESTINATION_JUNK);
	SET(m, auto_moves, post_delivery_response, later);
	write_object(b, &resource_auto_moves, m);
	SET(d, domain, domain, STR("example.test"));
	SET(d, domain, integration_id, str_of(i->id.uuid));
	write_object(b, &resource_domains, d);
}

static struct bench *set_up(void **state)
{
	static const struct config config = { .lists_addresses = "", .lists_domains = "dbl.spamhaus.org" };
	struct account account = { 0 };
	struct bench *b = &bench;
	struct errbuf eb;

	*b = (struct bench){ .f = *state };
	SET(&account, account, name, STR("test"));
	assert_int_equal(settings_account_add(b->f->st, b->f->a, &account), OK);
	b->account = account.num;
	assert_int_equal(block_lists_of(b->f->a, &config, &b->lists, &eb), OK);
	begin(b);
	return b;
}

static void block(struct bench *b, const char *pattern)
{
	struct block_sender *s = ARENA_NEW(b->f->a, struct block_sender);

	SET(s, block_sender, pattern, str_of(pattern));
	SET(s, block_sender, pattern_type, PATTERN_DOMAIN);
	write_object(b, &resource_block_senders, s);
}

static void allow(struct bench *b, const char *pattern, bool trusted)
{
	struct allow_policy *p = ARENA_NEW(b->f->a, struct allow_policy);

	SET(p, allow_policy, pattern, str_of(pattern));
	SET(p, allow_policy, pattern_type, PATTERN_DOMAIN);
	SET(p, allow_policy, is_trusted_sender, trusted);
	SET(p, allow_policy, is_acceptable_sender, !trusted);
	SET(p, allow_policy, verify_sender, true);
	write_object(b, &resource_allow_policies, p);
}

/* ---- mail ---- */

struct mail {
	const char *from; /* NULL = SENDER */
	const char *edf, *simhash, *link;
	enum disposition was; /* what it was judged as, */
	double score;         /* by one finding of that weight, */
	enum family family;   /* of that family */
	bool proved;
	double seen; /* mails of its sender before */
	int mode;
	void (*more)(struct record *r);
};

static int64_t add(struct bench *b, struct mail mail)
{
	struct arena *a = b->f->a;
	struct record *r = fixture_record(a, b->account, arena_printf(a, "m%u", b->mails++).p,
					  mail.from ? mail.from : SENDER, "user@example.test", "News");
	struct message *m = r->message;
	struct validation *v = ARENA_NEW(a, struct validation);

	if (mail.score > 0) {
		struct finding f = { 0 };
		SET(&f, finding, name, STR("test"));
		SET(&f, finding, detection, (int)mail.was);
		SET(&f, finding, score, mail.score);
		SET(&f, finding, family, (int64_t)mail.family);
		ARENA_PUSH(a, &m->findings, f);
		SET(m, message, findings, m->findings);
		SET(r->detections, detections, findings, m->findings);
	}
	SET(v, validation, dmarc, mail.proved ? AUTH_PASS : AUTH_NONE);
	SET(v, validation, spf, AUTH_NONE);
	SET(v, validation, dkim, AUTH_NONE);
	SET(m, message, validation, v);
	SET(m, message, delivery_mode, mail.mode);
	/* A finding that is not enough alone leaves the mail clean. */
	SET(m, message, final_disposition, (int)(mail.score == 1 ? mail.was : DISP_NONE));
	SET(r->detections, detections, final_disposition, m->final_disposition);
	if (mail.edf)
		SET(m, message, edf_hash, str_of(mail.edf));
	if (mail.simhash)
		SET(r, record, simhash, str_of(mail.simhash));
	if (mail.link) {
		ARENA_PUSH(a, &r->link_hosts, str_of(mail.link));
		SET(r, record, link_hosts, r->link_hosts);
	}
	if (mail.seen > 0) {
		struct past_fact fact = { 0 };
		SET(&fact, past_fact, key, STR("from:" SENDER));
		SET(&fact, past_fact, first_us, 1);
		SET(&fact, past_fact, last_us, 2);
		SET(&fact, past_fact, seen, mail.seen);
		SET(&fact, past_fact, bad, 0);
		ARENA_PUSH(a, &r->past, fact);
		SET(r, record, past, r->past);
	}
	if (mail.more)
		mail.more(r);
	assert_int_equal(store_record_add(b->f->st, a, r), OK);
	b->last_us = key_us(r->key);
	return r->key;
}

static struct record get(struct bench *b, int64_t key)
{
	struct record r;

	assert_int_equal(store_record_by_key(b->f->st, b->f->a, key, &r), OK);
	return r;
}

/* All that is due so long after the newest mail came. */
static void look(struct bench *b, int64_t after_us)
{
	enum err e = OK;

	for (int i = 0; i < 20 && !e; i++)
		e = reevaluation_turn(b->v, b->last_us + after_us);
	assert_int_equal(e, ERR_ABSENT);
}

static const struct finding *found(const struct record *r, const char *name)
{
	for (size_t i = 0; i < r->message->findings.n; i++)
		if (str_eq(r->message->findings.v[i].name, str_of(name)))
			return &r->message->findings.v[i];
	return NULL;
}

static void expect(struct bench *b, int64_t key, enum disposition want)
{
	struct record r = get(b, key);

	if (r.message->final_disposition != (int)want)
		fail_msg("%s: it is %d", r.message->postfix_id.p, r.message->final_disposition);
	assert_int_equal(r.detections->final_disposition, want);
}

static int64_t count(struct bench *b, const char *text)
{
	return fixture_count(b->f->st->messages, text);
}

static void end(struct bench *b)
{
	reevaluation_free(&b->v);
}

/* ---- grounds ---- */

static void a_sender_that_is_blocked_now(void **state)
{
	struct bench *b = set_up(state);

	set_moves(b, true);
	int64_t bad = add(b, (struct mail){ 0 }),
		other = add(b, (struct mail){ .from = "n@othernews.example" });
	look(b, MINUTES_US);
	expect(b, bad, DISP_NONE);
	block(b, "news.example");
	look(b, MINUTES_US); /* the first look is over, the next one is in half a day */
	expect(b, bad, DISP_NONE);
	look(b, HOURS_US);
	expect(b, bad, DISP_MALICIOUS);
	expect(b, other, DISP_NONE);
	struct record r = get(b, bad);
	const struct finding *f = found(&r, "policy.blocked_sender");
	assert_non_null(f);
	assert_true(
	    str_eq(f->reason, STR("Twelve hours later, the sender is on the block list of this account.")));
	assert_true(str_eq(f->value, STR(SENDER)));
	assert_int_equal(r.message->action_log.n, 1);
	const struct action_log *word = &r.message->action_log.v[0];
	assert_true(str_eq(word->status, STR("from NONE to MALICIOUS by a look 12 hours later")));
	assert_true(str_eq(word->properties->service, STR(SERVICE_REEVALUATION)));
	assert_int_equal(r.trace.n, 1);
	assert_true(str_starts(r.trace.v[0].message, STR("reclassified from NONE to MALICIOUS")));
	assert_int_equal(count(b, "SELECT count(*) FROM job WHERE kind = 'move'"), 1);
	assert_true(count(b, "SELECT count(*) FROM job WHERE kind = 'report' AND "
			     "data LIKE '%after_delivery%'") > 0);
	look(b, DAYS_US);
	assert_int_equal(get(b, bad).rev, r.rev);
	assert_int_equal(count(b, "SELECT count(*) FROM job WHERE kind = 'move'"), 1);
	end(b);
}

static void block_beats_trust_and_trust_the_rest(void **state)
{
	struct bench *b = set_up(state);
	struct mail mail = { .was = DISP_MALICIOUS, .score = 0.4, .link = "bad.test", .proved = true };
	int64_t trusted, unproved;

	b->listed = "bad.test.dbl.spamhaus.org 127.0.1.4";
	allow(b, "news.example", true);
	trusted = add(b, mail);
	mail.proved = false;
	unproved = add(b, mail);
	look(b, MINUTES_US);
	expect(b, trusted, DISP_NONE);
	assert_true(get(b, unproved).message->final_disposition >= DISP_SUSPICIOUS);
	block(b, "news.example");
	look(b, HOURS_US);
	expect(b, trusted, DISP_MALICIOUS);
	end(b);
}

static void a_link_or_sender_that_is_listed_now(void **state)
{
	struct bench *b = set_up(state);
	static const struct {
		struct mail mail;
		const char *listed, *name;
		enum disposition want;
	} rows[] = {
		{ { .link = "www.bad.test" },
		  "bad.test.dbl.spamhaus.org 127.0.1.4",
		  "listed.link",
		  DISP_SUSPICIOUS },
		{ { 0 }, "news.example.dbl.spamhaus.org 127.0.1.4", "listed.sender", DISP_SUSPICIOUS },
		/* No list decides alone, and one that speaks of spam needs more. */
		{ { .link = "www.bad.test" }, "bad.test.dbl.spamhaus.org 127.0.1.2", NULL, DISP_NONE },
		{ { .link = "www.bad.test", .was = DISP_SPAM, .score = 0.4 },
		  "bad.test.dbl.spamhaus.org 127.0.1.2",
		  "listed.link",
		  DISP_SPAM },
		{ { .link = "good.test" }, "bad.test.dbl.spamhaus.org 127.0.1.4", NULL, DISP_NONE },
		{ { .link = "bad.test" }, "bad.test.dbl.spamhaus.org 127.255.255.254", NULL, DISP_NONE },
		{ { .link = "bad.test" },
		  "bad.test.dbl.spamhaus.org 127.0.1.4,invalid.dbl.spamhaus.org 127.0.1.2",
		  NULL,
		  DISP_NONE },
		{ { .link = "u1.ct.sendgrid.net" },
		  "sendgrid.net.dbl.spamhaus.org 127.0.1.4",
		  NULL,
		  DISP_NONE },
		{ { .link = "192.0.2.1" }, "192.0.2.1.dbl.spamhaus.org 127.0.1.4", NULL, DISP_NONE },
		{ { .from = "ann@gmail.com" }, "gmail.com.dbl.spamhaus.org 127.0.1.4", NULL, DISP_NONE },
		/* Somebody who wrote before and proves it. */
		{ { .link = "bad.test", .proved = true, .seen = 5 },
		  "bad.test.dbl.spamhaus.org 127.0.1.4",
		  NULL,
		  DISP_NONE },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		int64_t key = add(b, rows[i].mail);
		b->listed = rows[i].listed;
		look(b, MINUTES_US);
		struct record r = get(b, key);
		if (r.message->final_disposition != (int)rows[i].want)
			fail_msg("row %zu: %d", i, r.message->final_disposition);
		if (rows[i].name)
			assert_non_null(found(&r, rows[i].name));
	}
	end(b);
}

static void an_accepted_sender_may_send_spam(void **state)
{
	struct bench *b = set_up(state);
	struct mail mail = { .link = "bad.test", .was = DISP_SPAM, .score = 0.4, .proved = true };

	allow(b, "news.example", false);
	int64_t key = add(b, mail);
	b->listed = "bad.test.dbl.spamhaus.org 127.0.1.2";
	look(b, MINUTES_US);
	expect(b, key, DISP_NONE);
	end(b);
}

static void an_age_that_became_known(void **state)
{
	struct bench *b = set_up(state);
	struct mail soft = { .was = DISP_SUSPICIOUS, .score = 0.6 };
	struct mail old = { .was = DISP_SUSPICIOUS, .score = 0.6, .from = "n@old.example" };
	struct mail unknown = { .was = DISP_SUSPICIOUS, .score = 0.6, .from = "n@unknown.example" };
	int64_t young_key = add(b, soft), alone = add(b, (struct mail){ 0 }), old_key = add(b, old),
		unknown_key = add(b, unknown), now = clock_now_us();

	assert_int_equal(store_age_put(b->f->st, STR("news.example"), now - 5 * DAY_US, now), OK);
	assert_int_equal(store_age_put(b->f->st, STR("old.example"), now - 5000 * DAY_US, now), OK);
	assert_int_equal(store_age_put(b->f->st, STR("unknown.example"), 0, now), OK);
	look(b, MINUTES_US);
	expect(b, young_key, DISP_SUSPICIOUS);
	expect(b, alone, DISP_NONE); /* so are those of young firms */
	expect(b, old_key, DISP_NONE);
	expect(b, unknown_key, DISP_NONE);
	struct record r = get(b, young_key);
	assert_non_null(found(&r, "new_domain.registered_lately"));

	/* An account may say that young is bad. */
	struct detection_settings *s = ARENA_NEW(b->f->a, struct detection_settings);
	SET(s, detection_settings, malicious_domain_age, 10);
	write_object(b, &resource_detection_settings, s);
	look(b, HOURS_US);
	expect(b, alone, DISP_MALICIOUS);
	expect(b, old_key, DISP_NONE);
	end(b);
}

static void others_with_the_same_text(void **state)
{
	struct bench *b = set_up(state);
	static const struct {
		const char *simhash, *from[3];
		double score;
		enum family family;
		enum disposition says, want;
	} rows[] = {
		{ TEXT, { "a@x1.test", "a@x2.test", "a@x3.test" }, 1, FAMILY_CONTENT, DISP_SPAM, DISP_SPAM },
		{ TEXT,
		  { "a@x1.test", "a@x2.test", "a@x3.test" },
		  1,
		  FAMILY_CONTENT,
		  DISP_MALICIOUS,
		  DISP_SUSPICIOUS },
		{ NEAR, { "a@x1.test", "a@x2.test", "a@x3.test" }, 1, FAMILY_URL, DISP_SPAM, DISP_SPAM },
		{ TEXT,
		  { "a@gmail.com", "b@gmail.com", "c@gmail.com" },
		  1,
		  FAMILY_CONTENT,
		  DISP_SPAM,
		  DISP_SPAM },
		/* One house is one sender; two are too few; itself does not count. */
		{ TEXT,
		  { "a@x1.test", "b@x1.test", "c@www.x1.test" },
		  1,
		  FAMILY_CONTENT,
		  DISP_SPAM,
		  DISP_NONE },
		{ TEXT, { "a@x1.test", "a@x2.test", SENDER }, 1, FAMILY_CONTENT, DISP_SPAM, DISP_NONE },
		{ FAR, { "a@x1.test", "a@x2.test", "a@x3.test" }, 1, FAMILY_CONTENT, DISP_SPAM, DISP_NONE },
		/* What speaks against their senders or files is nothing about the text. */
		{ TEXT, { "a@x1.test", "a@x2.test", "a@x3.test" }, 1, FAMILY_POLICY, DISP_SPAM, DISP_NONE },
		{ TEXT,
		  { "a@x1.test", "a@x2.test", "a@x3.test" },
		  1,
		  FAMILY_ATTACHMENT,
		  DISP_SPAM,
		  DISP_NONE },
		{ TEXT,
		  { "a@x1.test", "a@x2.test", "a@x3.test" },
		  0.5,
		  FAMILY_CONTENT,
		  DISP_SPAM,
		  DISP_NONE },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		/* Texts of rows are apart: bits of the row are turned in each. */
		struct arena *a = b->f->a;
		uint64_t turn = UINT64_C(0x9e3779b97f4a7c15) * (i + 1);
		const char *edf = arena_printf(a, "v1:e%zu", i).p;
		const char *mine =
		    arena_printf(a, "v1:%016llx", (unsigned long long)(0x0123456789abcdefU ^ turn)).p;
		uint64_t theirs = strtoull(rows[i].simhash + 3, NULL, 16) ^ turn;
		const char *others = arena_printf(a, "v1:%016llx", (unsigned long long)theirs).p;
		bool equal = str_eq(str_of(rows[i].simhash), STR(TEXT));
		int64_t key = add(b, (struct mail){ .edf = edf, .simhash = mine });
		int64_t known =
		    add(b, (struct mail){ .edf = edf, .simhash = mine, .proved = true, .seen = 5 });
		for (size_t k = 0; k < ARRAY_LEN(rows[i].from); k++)
			add(b, (struct mail){ .from = rows[i].from[k],
					      .edf = equal ? edf : arena_printf(a, "v1:o%zu", i).p,
					      .simhash = others,
					      .was = rows[i].says,
					      .score = rows[i].score,
					      .family = rows[i].family });
		look(b, MINUTES_US);
		struct record r = get(b, key);
		if (r.message->final_disposition != (int)rows[i].want)
			fail_msg("row %zu: %d", i, r.message->final_disposition);
		expect(b, known, DISP_NONE);
	}
	end(b);
}

/* ---- corrections ---- */

static struct correction teach(struct bench *b, int64_t key, enum submission_disposition is)
{
	struct job_tools tools = { .store = b->f->st, .log = &quiet };
	struct submission s = { 0 };
	struct record mail = get(b, key);
	struct settings_object o;

	SET(&s, submission, submission_id, STR("taught"));
	SET(&s, submission, who, STR("token:test"));
	SET(&s, submission, original_key, key);
	SET(&s, submission, original_disposition, submission_disposition_of(mail.message->final_disposition));
	SET(&s, submission, outcome_disposition, (int)is);
	assert_int_equal(learn(&tools, b->f->a, &s, &mail, NULL), OK);
	assert_int_equal(
	    settings_find(b->f->st, b->f->a, &resource_corrections, b->account, STR("taught"), &o), OK);
	return *(const struct correction *)o.obj;
}

static void a_correction_that_did_not_reach_it(void **state)
{
	struct bench *b = set_up(state);
	int64_t taught = add(b, (struct mail){ .edf = "v1:aa", .simhash = TEXT }),
		equal = add(b, (struct mail){ .edf = "v1:aa", .simhash = TEXT }),
		far = add(b, (struct mail){ .edf = "v1:ab", .simhash = FAR });
	struct correction c = teach(b, taught, SUBMISSION_MALICIOUS);

	look(b, MINUTES_US);
	expect(b, equal, DISP_MALICIOUS);
	expect(b, far, DISP_NONE);
	struct record r = get(b, equal);
	assert_int_equal(r.correction, c.id.num);
	assert_int_equal(r.uncorrected, DISP_NONE);
	look(b, HOURS_US);
	assert_int_equal(get(b, equal).rev, r.rev);
	end(b);
}

/* Policies of the account go before what was confirmed, as they do when mail comes. */
static void a_correction_reaches_nobody_who_is_trusted(void **state)
{
	struct bench *b = set_up(state);
	struct mail mail = { .edf = "v1:aa", .simhash = TEXT, .from = "n@trusted.example", .proved = true };
	int64_t taught = add(b, (struct mail){ .edf = "v1:aa", .simhash = TEXT }), trusted = add(b, mail);

	mail.from = "n@accepted.example";
	int64_t accepted = add(b, mail);
	mail.from = "n@others.example";
	int64_t other = add(b, mail);
	allow(b, "trusted.example", true);
	allow(b, "accepted.example", false);
	teach(b, taught, SUBMISSION_SPAM);
	look(b, MINUTES_US);
	expect(b, trusted, DISP_NONE);
	expect(b, accepted, DISP_NONE);
	expect(b, other, DISP_SPAM);
	end(b);
}

static void run_correction(struct bench *b, const struct correction *c, int64_t tries)
{
	struct job_tools tools = { .store = b->f->st, .log = &quiet };
	struct job job = { .account = b->account, .ref = c->id.num, .data = STR("taught"), .tries = tries };
	struct job_try try = { 0 };

	assert_int_equal(learn_run(&tools, &job, &try), tries > 1 ? OK : ERR_LATER);
}

/* Judged by a look, then by a correction, which is undone: the look's verdict holds again, and it is not made twice. */
static void both_judged_it(void **state)
{
	struct bench *b = set_up(state);
	struct mail mail = { .edf = "v1:aa", .simhash = TEXT };
	int64_t taught = add(b, mail), key = add(b, mail);
	struct resource_env env = { .arena = b->f->a, .now_us = clock_now_us() };
	struct settings_refusal refusal;
	struct settings_object o;

	set_moves(b, true);
	b->listed = "news.example.dbl.spamhaus.org 127.0.1.4";
	look(b, MINUTES_US);
	expect(b, key, DISP_SUSPICIOUS);
	assert_int_equal(count(b, "SELECT count(*) FROM job WHERE kind = 'move'"), 0);
	struct correction c = teach(b, taught, SUBMISSION_MALICIOUS);
	run_correction(b, &c, 2);
	expect(b, key, DISP_MALICIOUS);
	assert_int_equal(get(b, key).uncorrected, DISP_SUSPICIOUS);
	look(b, HOURS_US); /* nothing to add where people spoke */
	assert_int_equal(get(b, key).message->action_log.n, 2);

	struct settings_write *w =
	    settings_write_new(b->f->st, &env, &resource_corrections, b->account, &settings_operator);
	assert_int_equal(settings_get(b->f->st, b->f->a, &resource_corrections, b->account, &c.id, &o), OK);
	settings_write_delete(w, &o);
	assert_int_equal(settings_write_run(w, &refusal), OK);
	run_correction(b, &c, 2);
	expect(b, key, DISP_SUSPICIOUS);
	int64_t rev = get(b, key).rev;
	look(b, DAYS_US);
	assert_int_equal(get(b, key).rev, rev);
	end(b);
}

/* ---- who is left alone ---- */

static struct arena *scratch;

static void speak(struct record *r)
{
	struct action_log e = { 0 };

	SET(&e, action_log, operation, LOGOP_RECLASSIFY);
	SET(&e, action_log, success, true);
	record_act(scratch, r, &e);
}

static void release(struct record *r)
{
	SET(&r->outcomes.v[0], outcome, released, true);
}

static void exempt(struct record *r)
{
	SET(&r->outcomes.v[0], outcome, exempt, true);
}

static void reject(struct record *r)
{
	SET(&r->outcomes.v[0], outcome, status, DELIVERY_REJECTED);
}

static void move(struct record *r)
{
	struct mailbox_copy *c = ARENA_NEW(scratch, struct mailbox_copy);

	SET(c, mailbox_copy, integration, STR("0123456789abcdef0123456789abcdef0123"));
	SET(c, mailbox_copy, destination, DESTINATION_TRASH);
	SET(&r->outcomes.v[0], outcome, mailbox, c);
}

static void hold(struct record *r)
{
	SET(r->message, message, is_quarantined, true);
	SET(&r->outcomes.v[0], outcome, status, DELIVERY_QUARANTINED);
}

static void fail_scan(struct record *r)
{
	SET(r->message, message, final_disposition, DISP_UNKNOWN);
	SET(r->detections, detections, final_disposition, DISP_UNKNOWN);
	SET(r, record, rescan, true);
}

static void who_is_looked_at(void **state)
{
	struct bench *b = set_up(state);
	static const struct {
		int mode;
		void (*more)(struct record *r);
		bool looked_at;
	} rows[] = {
		{ MODE_DIRECT, NULL, true },      { MODE_BCC, NULL, true },
		{ MODE_JOURNAL, NULL, true },     { MODE_API, NULL, true },
		{ MODE_RETRO_SCAN, NULL, false }, { MODE_DIRECT, speak, false },
		{ MODE_DIRECT, release, false },  { MODE_DIRECT, exempt, false },
		{ MODE_DIRECT, reject, false },   { MODE_DIRECT, move, false },
		{ MODE_DIRECT, hold, false },     { MODE_DIRECT, fail_scan, false },
	};
	int64_t keys[ARRAY_LEN(rows)], revs[ARRAY_LEN(rows)];

	scratch = b->f->a;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		keys[i] = add(b, (struct mail){ .mode = rows[i].mode, .more = rows[i].more });
		revs[i] = get(b, keys[i]).rev;
	}
	block(b, "news.example");
	look(b, MINUTES_US);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if ((get(b, keys[i]).rev != revs[i]) != rows[i].looked_at)
			fail_msg("row %zu", i);
	end(b);
}

/* The verdict is another one, and the mail stays where it is. */
static void an_account_that_wants_no_moves_later(void **state)
{
	struct bench *b = set_up(state);
	int64_t key = add(b, (struct mail){ 0 });

	set_moves(b, false);
	block(b, "news.example");
	look(b, MINUTES_US);
	expect(b, key, DISP_MALICIOUS);
	assert_int_equal(count(b, "SELECT count(*) FROM job WHERE kind = 'move'"), 0);
	end(b);
}

/* ---- in pieces ---- */

/* Killed behind each record, and before it is noted how far it came: all is done, and nothing twice. */
static void killed_between(void **state)
{
	struct bench *b = set_up(state);
	int64_t keys[120];

	set_moves(b, true);
	for (size_t i = 0; i < ARRAY_LEN(keys); i++)
		keys[i] = add(b, (struct mail){ 0 });
	block(b, "news.example");
	int64_t now = b->last_us + MINUTES_US;
	/* The first slice, and a second one whose place is lost with the process. */
	assert_int_equal(reevaluation_turn(b->v, now), OK);
	int64_t place = count(b, "SELECT upto FROM upkeep WHERE task LIKE 'reevaluate 5%'");
	assert_int_equal(reevaluation_turn(b->v, now), OK);
	reevaluation_free(&b->v);
	struct sql *c;
	assert_int_equal(sql_write_begin(b->f->st->messages, &c), OK);
	struct sql_stmt *s = sql_prepare(c, "UPDATE upkeep SET upto = $1 WHERE task LIKE 'reevaluate 5%'");
	sql_bind_int(s, 1, place);
	assert_int_equal(sql_end(&c, sql_run(s, NULL)), OK);
	store_close(&b->f->st);
	fixture_open(b->f);
	begin(b);
	look(b, MINUTES_US);
	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		struct record r = get(b, keys[i]);
		assert_int_equal(r.message->final_disposition, DISP_MALICIOUS);
		assert_int_equal(r.message->action_log.n, 1);
	}
	assert_int_equal(count(b, "SELECT count(*) FROM job WHERE kind = 'move'"), ARRAY_LEN(keys));
	end(b);
}

static void one_that_is_unreadable_holds_up_no_other(void **state)
{
	struct bench *b = set_up(state);
	int64_t broken = add(b, (struct mail){ 0 }), key = add(b, (struct mail){ 0 });
	struct sql *c;

	assert_int_equal(sql_write_begin(b->f->st->messages, &c), OK);
	struct sql_stmt *s = sql_prepare(c, "UPDATE msg SET dict = 9 WHERE id = $1");
	sql_bind_int(s, 1, broken);
	assert_int_equal(sql_end(&c, sql_run(s, NULL)), OK);
	block(b, "news.example");
	for (int i = 0; i < 4; i++) {
		assert_int_equal(reevaluation_turn(b->v, b->last_us + MINUTES_US), ERR_LATER);
		expect(b, key, DISP_NONE); /* it may be the store */
	}
	look(b, MINUTES_US);
	expect(b, key, DISP_MALICIOUS);
	end(b);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_sender_that_is_blocked_now),
		TEST(block_beats_trust_and_trust_the_rest),
		TEST(a_link_or_sender_that_is_listed_now),
		TEST(an_accepted_sender_may_send_spam),
		TEST(an_age_that_became_known),
		TEST(others_with_the_same_text),
		TEST(a_correction_that_did_not_reach_it),
		TEST(a_correction_reaches_nobody_who_is_trusted),
		TEST(both_judged_it),
		TEST(who_is_looked_at),
		TEST(an_account_that_wants_no_moves_later),
		TEST(killed_between),
		TEST(one_that_is_unreadable_holds_up_no_other),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
