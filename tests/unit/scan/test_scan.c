/* The whole scan: policies and their order, what intake is told, limits, and the same bytes giving the same. */
#include "../detect/bench.h"

#include "base/limits.h"
#include "broker/wire.h"
#include "json/write.h"

#define SPAM_BODY                                                                                      \
	"Viagra and Cialis from our online pharmacy! No prescription. Order now. To be removed click " \
	"here.\r\n"
#define PROVED .spf = "v=spf1 ip4:192.0.2.10 -all"
#define EXE .file = "invoice.pdf.exe", .file_bytes = STR_INIT("MZ\x90\0\3\0\0\0")

enum { T = 1, A = 2, X = 4, V = 8 }; /* trusted, acceptable, exempt, verified */

struct rules {
	const char *block;
	struct {
		const char *pattern;
		int type;
		unsigned flags;
	} allow[3];
};

static const struct {
	const char *name;
	struct mail mail;
	struct rules rules;
	enum disposition want;
	size_t exempt;
	const char *allowed; /* properties.allowlisted_pattern */
	int allowed_type;
} cases[] = {
	{ "no rule", { .body = SPAM_BODY }, { 0 }, DISP_SPAM, 0, NULL, 0 },
	{ "blocked", { 0 }, { .block = "sender.test" }, DISP_MALICIOUS, 0, NULL, 0 },
	{ "trusted",
	  { EXE },
	  { .allow = { { "sender.test", PATTERN_DOMAIN, T } } },
	  DISP_NONE,
	  0,
	  "sender.test",
	  ALLOWLIST_ALLOWED_SENDER },
	{ "trusted, to be verified, not proved",
	  { EXE },
	  { .allow = { { "sender.test", PATTERN_DOMAIN, T | V } } },
	  DISP_MALICIOUS,
	  0,
	  NULL,
	  0 },
	{ "trusted, to be verified, proved",
	  { EXE, PROVED },
	  { .allow = { { "sender.test", PATTERN_DOMAIN, T | V } } },
	  DISP_NONE,
	  0,
	  "sender.test",
	  ALLOWLIST_ALLOWED_SENDER },
	{ "verified for another identity",
	  { EXE, .from = "Bank <a@bank.test>", .mail_from = "x@evil.test", PROVED },
	  { .allow = { { "bank.test", PATTERN_DOMAIN, T | V } } },
	  DISP_MALICIOUS,
	  0,
	  NULL,
	  0 },
	{ "block beats trust",
	  { 0 },
	  { .block = "sender.test", .allow = { { "sender.test", PATTERN_DOMAIN, T } } },
	  DISP_MALICIOUS,
	  0,
	  "sender.test",
	  ALLOWLIST_ALLOWED_SENDER },
	{ "acceptable takes spam away",
	  { .body = SPAM_BODY },
	  { .allow = { { "ann@sender.test", PATTERN_EMAIL, A } } },
	  DISP_NONE,
	  0,
	  "ann@sender.test",
	  ALLOWLIST_ACCEPTABLE_SENDER },
	{ "acceptable keeps malicious",
	  { EXE },
	  { .allow = { { "ann@sender.test", PATTERN_EMAIL, A } } },
	  DISP_MALICIOUS,
	  0,
	  "ann@sender.test",
	  ALLOWLIST_ACCEPTABLE_SENDER },
	{ "exempt keeps the verdict",
	  { .body = SPAM_BODY },
	  { .allow = { { "bob@home.test", PATTERN_EMAIL, X } } },
	  DISP_SPAM,
	  1,
	  "bob@home.test",
	  ALLOWLIST_ALLOWED_RECIPIENT },
	{ "by address of the peer",
	  { EXE },
	  { .allow = { { "192.0.2.0/24", PATTERN_IP, T } } },
	  DISP_NONE,
	  0,
	  "192.0.2.0/24",
	  ALLOWLIST_ALLOWED_SENDER },
};

/* correction: NULL = none. */
static struct policy *compile_with(struct arena *a, const struct rules *rules, struct correction *correction)
{
	struct policy_source source = { .rev = 9, .corrections = { correction, correction != NULL } };
	struct block_sender block = { .pattern = str_of(rules->block), .pattern_type = PATTERN_DOMAIN };

	if (rules->block) {
		source.block.v = &block;
		source.block.n = 1;
	}
	for (size_t i = 0; i < ARRAY_LEN(rules->allow) && rules->allow[i].pattern; i++) {
		unsigned f = rules->allow[i].flags;
		struct allow_policy p = { .pattern = str_of(rules->allow[i].pattern),
					  .pattern_type = rules->allow[i].type,
					  .is_trusted_sender = (f & T) != 0,
					  .is_acceptable_sender = (f & A) != 0,
					  .is_exempt_recipient = (f & X) != 0,
					  .verify_sender = (f & V) != 0 };
		ARENA_PUSH(a, &source.allow, p);
	}
	return policy_compile(a, &source);
}

static struct policy *compile(struct arena *a, const struct rules *rules)
{
	return compile_with(a, rules, NULL);
}

static struct str many(struct arena *a, const char *piece, size_t n)
{
	struct str *parts = ARENA_ARRAY(a, n, struct str);

	for (size_t i = 0; i < n; i++)
		parts[i] = str_of(piece);
	return arena_join(a, parts, n);
}

/* The same of content. A long text and one expression that may begin anywhere are no reason. */
static void test_unfinished_content(void **state)
{
	static const struct {
		const char *pattern, *piece;
		size_t policies, pieces;
		bool unfinished;
	} sets[] = {
		{ "\\d{16}", "The minutes of Tuesday, 42 of them, are below.\r\n", 1, 8000, false },
		{ "[ab].{1,50}[ab].{1,50}[cd]", "abababab abab ab\r\n", 200, 8000, true },
	};
	struct arena *a = arena_new(64u << 20, NULL, NULL);
	int body = TARGET_BODY;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(sets); i++) {
		struct allow_policy trust = { .pattern = STR("sender.test"),
					      .pattern_type = PATTERN_DOMAIN,
					      .is_trusted_sender = true };
		struct policy_source source = { .allow = { &trust, 1 } };
		for (size_t k = 0; k < sets[i].policies; k++) {
			struct content_policy c = { .name = arena_printf(a, "%zu", k),
						    .pattern = arena_printf(a, "%s[xyz]{%zu}",
									    sets[i].pattern, k % 50),
						    .targets = { &body, 1 },
						    .enabled = true };
			ARENA_PUSH(a, &source.content, c);
		}
		struct policy *p = policy_compile(a, &source);
		const struct mail m = { .body = many(a, sets[i].piece, sets[i].pieces).p };
		struct bench b;
		assert_int_equal(policy_skipped(p), 0);
		bench_scan(&b, &m, p);
		assert_int_equal(bench_finding(&b, "policy.unfinished_content") != NULL, sets[i].unfinished);
		assert_int_equal(b.verdict.message->final_disposition,
				 sets[i].unfinished ? DISP_SUSPICIOUS : DISP_NONE);
		bench_close(&b);
		policy_free(&p);
	}
	arena_free(&a);
}

/* Where nobody can say in time whether the sender is blocked, trust does not open the door. */
static void test_unfinished_block(void **state)
{
	struct arena *a = arena_new(1u << 20, NULL, NULL);
	struct block_sender slow = { .pattern = STR("(?=a)(a+)+[bc]"),
				     .is_regex = true,
				     .pattern_type = PATTERN_EMAIL };
	struct allow_policy trust = { .pattern = STR("sender.test"),
				      .pattern_type = PATTERN_DOMAIN,
				      .is_trusted_sender = true };
	struct policy_source source = { .block = { &slow, 1 }, .allow = { &trust, 1 } };
	struct policy *p = policy_compile(a, &source);
	const struct mail plain = { 0 },
			  odd = { .from = "<aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@sender.test>" };
	struct bench b;

	(void)state;
	bench_scan(&b, &plain, p);
	assert_int_equal(b.verdict.message->final_disposition, DISP_NONE);
	bench_close(&b);
	bench_scan(&b, &odd, p);
	assert_int_equal(b.verdict.message->final_disposition, DISP_SUSPICIOUS);
	assert_non_null(bench_finding(&b, "policy.unfinished"));
	bench_close(&b);
	policy_free(&p);
	arena_free(&a);
}

/* Whose address it is and which domains are trusted may take too long, too. */
static void test_unfinished_lists(void **state)
{
	enum { N = 6000 };
	struct arena *a = arena_new(64u << 20, NULL, NULL);
	struct str home = STR("westbrookanddaughtersofthenorthandthesouth.test");
	struct policy_source trust = { 0 }, registry = { 0 };
	const struct mail neighbour = { .from = "<a@westbroookanddaughtersofthenorthandthesouth.test>",
					.protect = { &home, 1 } },
			  imitator = { .from = "Jane Doe <janedoeofthenorthandthesouth@faraway.test>" };

	(void)state;
	for (uint32_t i = 0; i < N; i++) {
		struct str slow = arena_printf(a, "(([a-z%u]+)*\\.?)+%c[^%c]*x", i % 10, 'a' + (int)(i % 26),
					       'a' + (int)(i / 26 % 26));
		struct trusted_domain t = { .pattern = slow, .is_regex = true, .is_similarity = true };
		struct impersonation p = { .name = STR("Jane Doe"), .email = slow, .is_email_regex = true };
		ARENA_PUSH(a, &trust.trusted, t);
		ARENA_PUSH(a, &registry.impersonation, p);
	}
	const struct {
		const struct policy_source *source;
		const struct mail *mail;
		const char *finding;
	} lists[] = { { &trust, &neighbour, "lookalike_domain.slip" },
		      { &registry, &imitator, "name_impersonation.same" } };
	for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
		struct policy *p = policy_compile(a, lists[i].source);
		struct bench b;
		bench_scan(&b, lists[i].mail, p);
		assert_non_null(bench_finding(&b, lists[i].finding));
		assert_non_null(bench_finding(&b, "policy.gave_up"));
		bench_close(&b);
		policy_free(&p);
	}
	arena_free(&a);
}

static void test_policies(void **state)
{
	struct arena *a = arena_new(1u << 20, NULL, NULL);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct bench b;
		struct policy *p = compile(a, &cases[i].rules);
		bench_scan(&b, &cases[i].mail, p);
		const struct message *m = b.verdict.message;
		if (m->final_disposition != (int)cases[i].want)
			fail_msg("%s: %.*s", cases[i].name,
				 STR_ARG(enum_text(&disposition_names, m->final_disposition)));
		assert_int_equal(b.verdict.exempt.n, cases[i].exempt);
		assert_int_equal(b.verdict.policy_rev, 9);
		assert_int_equal(m->properties->blocklisted_message, cases[i].rules.block != NULL);
		assert_int_equal(HAS(m->properties, properties, allowlisted_pattern),
				 cases[i].allowed != NULL);
		if (cases[i].allowed) {
			assert_true(str_eq(m->properties->allowlisted_pattern, str_of(cases[i].allowed)));
			assert_int_equal(m->properties->allowlisted_pattern_type, cases[i].allowed_type);
		}
		bench_close(&b);
		policy_free(&p);
	}
	arena_free(&a);
}

/* What an acceptable sender took away is kept, with the policy's name. */
static void test_suppressed(void **state)
{
	struct arena *a = arena_new(1u << 20, NULL, NULL);
	const struct rules rules = { .allow = { { "ann@sender.test", PATTERN_EMAIL, A } } };
	const struct mail m = { .body = SPAM_BODY };
	struct policy *p = compile(a, &rules);
	struct bench b;

	(void)state;
	bench_scan(&b, &m, p);
	const struct finding *f = bench_finding(&b, "text_scam.offer");
	assert_non_null(f);
	assert_true(str_eq(f->suppressed_by, STR("ann@sender.test")));
	assert_int_equal(b.verdict.message->detection_reasons.n, 0);
	bench_close(&b);
	policy_free(&p);
	arena_free(&a);
}

/* ---- corrections ---- */

#define LETTER                                                                                          \
	"The parking permits of every garage were reviewed and each holder should confirm the vehicle " \
	"before "                                                                                       \
	"barriers are replaced next month.\r\n"

/* What may come of a mail that is, or is like, the one that was corrected: that is from ann@sender.test, proved. */
static const struct {
	const char *name;
	struct mail mail;
	struct rules rules;
	enum submission_disposition is;
	enum disposition want;
	bool judged; /* by the correction */
	bool excuses;
} corrected[] = {
	{ "bad", { .body = LETTER }, { 0 }, SUBMISSION_MALICIOUS, DISP_MALICIOUS, true, false },
	{ "spam", { .body = LETTER }, { 0 }, SUBMISSION_SPAM, DISP_SPAM, true, false },
	{ "bulk", { .body = LETTER }, { 0 }, SUBMISSION_BULK, DISP_BULK, true, false },
	{ "spoof", { .body = LETTER }, { 0 }, SUBMISSION_SPOOF, DISP_SPOOF, true, false },
	{ "suspicious", { .body = LETTER }, { 0 }, SUBMISSION_SUSPICIOUS, DISP_SUSPICIOUS, true, false },
	{ "never better than it is",
	  { .body = LETTER, EXE },
	  { 0 },
	  SUBMISSION_SPAM,
	  DISP_MALICIOUS,
	  true,
	  false },
	{ "trusted",
	  { .body = LETTER, PROVED },
	  { .allow = { { "ann@sender.test", PATTERN_EMAIL, T } } },
	  SUBMISSION_MALICIOUS,
	  DISP_NONE,
	  false,
	  false },
	{ "acceptable",
	  { .body = LETTER },
	  { .allow = { { "ann@sender.test", PATTERN_EMAIL, A } } },
	  SUBMISSION_SPAM,
	  DISP_NONE,
	  true,
	  false },
	{ "released",
	  { .body = LETTER, .released = true },
	  { 0 },
	  SUBMISSION_MALICIOUS,
	  DISP_NONE,
	  false,
	  false },
	{ "harmless", { .body = SPAM_BODY LETTER, PROVED }, { 0 }, SUBMISSION_NONE, DISP_NONE, true, true },
	{ "only bulk", { .body = SPAM_BODY LETTER, PROVED }, { 0 }, SUBMISSION_BULK, DISP_BULK, true, true },
	{ "harmless, not proved",
	  { .body = SPAM_BODY LETTER },
	  { 0 },
	  SUBMISSION_NONE,
	  DISP_SPAM,
	  false,
	  false },
	{ "harmless, in another name",
	  { .from = "Ann <ann@other.test>", .mail_from = "ann@other.test", .body = SPAM_BODY LETTER, PROVED },
	  { 0 },
	  SUBMISSION_NONE,
	  DISP_SPAM,
	  false,
	  false },
	{ "harmless, with a program",
	  { .body = SPAM_BODY LETTER, EXE, PROVED },
	  { 0 },
	  SUBMISSION_NONE,
	  DISP_MALICIOUS,
	  true,
	  true },
	{ "harmless and blocked",
	  { .body = SPAM_BODY LETTER, PROVED },
	  { .block = "sender.test" },
	  SUBMISSION_NONE,
	  DISP_MALICIOUS,
	  true,
	  true },
};

static void test_corrections(void **state)
{
	struct arena *a = arena_new(1u << 20, NULL, NULL);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(corrected); i++) {
		struct correction c = { 0 };
		struct policy *p = compile(a, &corrected[i].rules);
		struct bench b;
		bench_scan(&b, &corrected[i].mail, p);
		int before = b.verdict.message->final_disposition;
		SET(&c, correction, id,
		    ((struct ident){ .uuid = "11111111-1111-4111-8111-111111111111", .num = 7 }));
		SET(&c, correction, disposition, (int)corrected[i].is);
		SET(&c, correction, edf_hash, arena_str(a, b.verdict.message->edf_hash));
		SET(&c, correction, simhash, arena_str(a, b.verdict.simhash));
		SET(&c, correction, authenticated_domain, STR("sender.test"));
		bench_close(&b);
		policy_free(&p);

		p = compile_with(a, &corrected[i].rules, &c);
		bench_scan(&b, &corrected[i].mail, p);
		const struct verdict *v = &b.verdict;
		const struct finding *f = bench_finding(&b, "campaign.confirmed");
		if (v->message->final_disposition != (int)corrected[i].want)
			fail_msg("%s: %.*s", corrected[i].name,
				 STR_ARG(enum_text(&disposition_names, v->message->final_disposition)));
		if (HAS(v, verdict, correction) != corrected[i].judged || (f != NULL) != corrected[i].judged)
			fail_msg("%s: judged by it: %d", corrected[i].name, f != NULL);
		if (corrected[i].judged) {
			assert_int_equal(v->correction, 7);
			assert_int_equal(v->uncorrected, before);
		}
		bool excused = false;
		for (size_t k = 0; k < v->message->findings.n; k++)
			excused |=
			    str_starts(v->message->findings.v[k].suppressed_by, STR("correction 1111"));
		if (excused != corrected[i].excuses)
			fail_msg("%s: excused: %d", corrected[i].name, excused);
		bench_close(&b);
		policy_free(&p);
	}
	arena_free(&a);
}

/* A mail that only has most of the words: enough where nobody stands behind it. */
static void test_near_corrections(void **state)
{
	static const struct {
		struct mail mail;
		enum disposition want;
	} mails[] = {
		{ { .body = "Hello. " LETTER }, DISP_MALICIOUS },
		{ { .body = "Hello. " LETTER, PROVED }, DISP_SUSPICIOUS },
		{ { .body = "Hello. " LETTER, PROVED, .seen = 30 }, DISP_NONE },
	};
	struct arena *a = arena_new(1u << 20, NULL, NULL);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(mails); i++) {
		static const struct rules none = { 0 };
		const struct mail first = { .body = LETTER };
		struct correction c = { 0 };
		struct bench b;
		bench_scan(&b, &first, NULL);
		SET(&c, correction, disposition, SUBMISSION_MALICIOUS);
		SET(&c, correction, edf_hash, STR("v1:another"));
		SET(&c, correction, simhash, arena_str(a, b.verdict.simhash));
		bench_close(&b);
		struct policy *p = compile_with(a, &none, &c);
		bench_scan(&b, &mails[i].mail, p);
		assert_int_equal(b.verdict.message->final_disposition, mails[i].want);
		assert_int_equal(HAS(&b.verdict, verdict, correction), mails[i].want != DISP_NONE);
		bench_close(&b);
		policy_free(&p);
	}
	arena_free(&a);
}

/* Of attachments with one name, or none, each has its own detection. */
static void test_attachments(void **state)
{
	static const char raw[] =
	    "From: a@b.test\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
	    "--b\r\nContent-Type: image/png\r\nContent-Disposition: attachment\r\n\r\nx\r\n"
	    "--b\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment\r\n"
	    "Content-Transfer-Encoding: base64\r\n\r\nTVqQAAMAAAAEAAAA//8AALgAAAAAAAAAQAAAAAAAAAA=\r\n"
	    "--b--\r\n";
	const struct mail m = { .offline = true };
	struct bench b;

	(void)state;
	bench_scan(&b, &m, NULL);
	b.job.raw = STR(raw);
	scan_run(b.arena, &b.job, NULL, asker_new(b.arena, NULL, NULL), &b.verdict);
	const struct detections *d = b.verdict.detections;
	assert_int_equal(d->attachments.n, 2);
	assert_int_equal(d->attachments.v[0].detection, DISP_NONE);
	assert_int_equal(d->attachments.v[1].detection, DISP_MALICIOUS);
	bench_close(&b);
}

/* A link to our page that somebody took out of an answer is what it leads to; to anybody else's page it is none. */
static void test_click_links(void **state)
{
	/* "1 4Njp3P0STMz2c02Q 1 https://a.example/" */
	static const char raw[] = "From: a@b.test\r\n\r\nhttps://click.test/v1/"
				  "MSA0TmpwM1AwU1RNejJjMDJRIDEgaHR0cHM6Ly9hLmV4YW1wbGUv.AAAA\r\n";
	static const struct {
		struct str page, host;
	} pages[] = { { STR_INIT("https://click.test"), STR_INIT("a.example") },
		      { STR_INIT("https://other.test"), STR_INIT("click.test") },
		      { STR_INIT(""), STR_INIT("click.test") } };
	const struct mail m = { .offline = true };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(pages); i++) {
		struct bench b;
		bench_scan(&b, &m, NULL);
		b.job.raw = STR(raw);
		b.job.click_url = pages[i].page;
		scan_run(b.arena, &b.job, NULL, asker_new(b.arena, NULL, NULL), &b.verdict);
		assert_int_equal(b.verdict.link_hosts.n, 1);
		assert_true(str_eq(b.verdict.link_hosts.v[0], pages[i].host));
		bench_close(&b);
	}
}

/* Fields in the charset of the text, which its part names, or its page. */
static void test_bare_bytes(void **state)
{
	static const char *const mails[] = {
		"From: \"\xd6\xd0\" <a@sender.test>\r\nSubject: \xce\xc4\r\n"
		"Content-Type: text/plain; charset=gb2312\r\n\r\n\xd6\xd0",
		"From: \xd6\xd0 <a@sender.test>\r\nSubject: \xce\xc4\r\n"
		"Content-Type: text/html\r\n\r\n<meta charset=gb2312>\xd6\xd0",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(mails); i++) {
		const struct mail m = { .offline = true };
		struct bench b;
		bench_scan(&b, &m, NULL);
		b.job.raw = str_of(mails[i]);
		scan_run(b.arena, &b.job, NULL, asker_new(b.arena, NULL, NULL), &b.verdict);
		assert_true(str_eq(b.verdict.message->from, STR("a@sender.test")));
		assert_true(str_eq(b.verdict.message->from_name, STR("\xe4\xb8\xad")));
		assert_true(str_eq(b.verdict.message->subject, STR("\xe6\x96\x87")));
		bench_close(&b);
	}
}

static void test_message_fields(void **state)
{
	const struct mail mail = {
		.from = "=?utf-8?q?J=C3=B6rg?= <joerg@sender.test>",
		.headers = "Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\nReply-To: Other "
			   "<other@sender.test>\r\nCc: c@home.test\r\n"
			   "X-Originating-IP: [203.0.113.7]\r\n",
		.type = "text/html",
		.body = "<p>Hello <a href=\"https://www.example.org/a\">there</a></p>",
		.mail_from = "joerg@sender.test",
		PROVED,
	};
	struct bench b;

	(void)state;
	bench_scan(&b, &mail, NULL);
	const struct message *m = b.verdict.message;
	assert_true(str_eq(m->from, STR("joerg@sender.test")));
	assert_true(str_eq(m->from_name, STR("J\xc3\xb6rg")));
	assert_true(str_eq(m->replyto, STR("other@sender.test")));
	assert_true(str_eq(m->subject, STR("Gr\xc3\xbc\xc3\x9f"
					   "e")));
	assert_true(str_eq(m->message_id, STR("<1@sender.test>")));
	assert_true(str_eq(m->to.v[0], STR("bob@home.test")) && str_eq(m->to_name.v[0], STR("Bob")));
	assert_true(str_eq(m->cc.v[0], STR("c@home.test")));
	assert_true(str_eq(m->smtp_helo_server_ip, STR(PEER)) && str_eq(m->smtp_previous_hop_ip, STR(PEER)));
	assert_true(str_eq(m->x_originating_ip, STR("203.0.113.7")));
	assert_int_equal(m->validation->spf, AUTH_PASS);
	assert_int_equal(m->validation->dkim, AUTH_NONE);
	assert_true(str_starts(m->edf_hash, STR("v1:")) && m->edf_hash.n == 35);
	assert_int_equal(m->htmltext_structure_hash.n, 32);
	assert_true(HAS(m, message, sent_at));
	assert_true(str_eq(b.verdict.detections->sender_info->pld, STR("sender.test")));
	assert_int_equal(b.verdict.detections->links.n, 1);
	assert_int_equal(b.verdict.link_hosts.n, 1);
	assert_true(str_find(b.verdict.authentication, STR("spf=pass"), 0) != SIZE_MAX);
	bench_close(&b);
}

/* SPF's fine results become the words of the API, with the exact one in the comment. */
static void test_validation(void **state)
{
	const struct {
		const char *record;
		enum auth_result want;
		const char *comment;
	} spf[] = {
		{ "v=spf1 ip4:192.0.2.10 -all", AUTH_PASS, "" }, { "v=spf1 -all", AUTH_FAIL, "fail" },
		{ "v=spf1 ~all", AUTH_FAIL, "softfail" },        { "v=spf1 ?all", AUTH_NEUTRAL, "neutral" },
		{ "v=spf1 bogus", AUTH_ERROR, "permerror" },     { NULL, AUTH_NONE, "" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(spf); i++) {
		const struct mail m = { .spf = spf[i].record };
		struct bench b;
		bench_scan(&b, &m, NULL);
		const struct validation *v = b.verdict.message->validation;
		assert_int_equal(v->spf, spf[i].want);
		if (str_find(v->comment, str_of(spf[i].comment), 0) == SIZE_MAX)
			fail_msg("%s: %.*s", spf[i].record, STR_ARG(v->comment));
		bench_close(&b);
	}
}

static void test_history_keys(void **state)
{
	const struct mail proved = { .from = "Ann <Ann@Sender.TEST>", PROVED }, claimed = { 0 };
	struct bench a, b;

	(void)state;
	bench_scan(&a, &proved, NULL);
	assert_int_equal(a.verdict.history.n, 3);
	assert_true(str_eq(a.verdict.history.v[0], STR("from:ann@sender.test")));
	assert_true(str_eq(a.verdict.history.v[1], STR("domain:sender.test")));
	assert_true(str_eq(a.verdict.history.v[2], STR("pair:bob@home.test|ann@sender.test")));
	bench_scan(&b, &claimed, NULL);
	assert_int_equal(b.verdict.history.n, 1);
	assert_true(str_eq(b.verdict.history.v[0], STR("claimed:ann@sender.test")));
	bench_close(&a);
	bench_close(&b);
}

static bool remembers(const struct bench *b, const char *key)
{
	return strs_has(&b->verdict.history, str_of(key));
}

/* Whom the account wrote to, by which message; of its own mail alone, and only where it proves to be that. */
static void test_what_we_wrote_is_remembered(void **state)
{
	static const char to[] = "Jo <Jo@Partner.EXAMPLE>, Bob <bob@home.test>, x@gmail.com";
	const struct mail ours = { .from = "Boss <boss@home.test>",
				   .mail_from = "boss@home.test",
				   PROVED,
				   .to = to,
				   .id = "<77@home.test>",
				   .headers = "Cc: kim@other.example\r\n" },
			  claimed = { .from = "Boss <boss@home.test>", .to = to },
			  theirs = { PROVED, .to = to },
			  list = { PROVED, .mail_from = "l@list.test",
				   .headers = "List-Id: <L.list.test>\r\n" };
	struct bench b;

	(void)state;
	bench_scan(&b, &ours, NULL);
	assert_true(remembers(&b, "from:boss@home.test") && remembers(&b, "sent:77@home.test"));
	assert_true(remembers(&b, "wrote:jo@partner.example") &&
		    remembers(&b, "wrote-domain:partner.example"));
	assert_true(remembers(&b, "wrote:x@gmail.com") && remembers(&b, "wrote:kim@other.example"));
	assert_false(remembers(&b, "wrote-domain:gmail.com") || remembers(&b, "wrote:bob@home.test"));
	bench_close(&b);
	bench_scan(&b, &claimed, NULL);
	assert_int_equal(b.verdict.history.n, 1);
	bench_close(&b);
	bench_scan(&b, &theirs, NULL);
	assert_int_equal(b.verdict.history.n, 3);
	bench_close(&b);
	bench_scan(&b, &list, NULL);
	assert_true(remembers(&b, "list:l.list.test"));
	bench_close(&b);
}

/* Of mail for many readers not all keys are kept: those of the sender are. */
static void test_keys_of_many_readers(void **state)
{
	const struct mail m = { PROVED, .headers = "List-Unsubscribe: <https://www.sender.test/u>\r\n" };
	struct str readers[LIMIT_ASK_KEYS + 1];
	struct bench b;

	(void)state;
	bench_scan(&b, &m, NULL);
	assert_true(remembers(&b, "from:ann@sender.test"));
	for (size_t i = 0; i < ARRAY_LEN(readers); i++)
		readers[i] = arena_printf(b.arena, "r%zu@home.test", i);
	b.job.recipients = (struct strs){ readers, ARRAY_LEN(readers) };
	scan_run(b.arena, &b.job, NULL, asker_new(b.arena, bench_answer, &b), &b.verdict);
	assert_int_equal(b.verdict.history.n, LIMIT_ASK_KEYS);
	assert_true(remembers(&b, "from:ann@sender.test") && remembers(&b, "domain:sender.test"));
	bench_close(&b);
}

/* Who was asked, or answers what was sent, is known at once; who is answered by us once is not. */
static void test_solicited(void **state)
{
#define ANSWER "In-Reply-To: <77@home.test>\r\n"
	static const struct {
		const char *name;
		struct mail mail;
		bool known;
	} known_ones[] = {
		{ "asked first", { PROVED, .seen = 1, .only = "wrote:" }, true },
		{ "an answer from the house asked",
		  { PROVED, .headers = ANSWER, .seen = 1, .never = "wrote:", .wrote = true },
		  true },
		{ "a stranger", { PROVED }, false },
		{ "asked, but not proved", { .seen = 1, .only = "wrote:" }, false },
		{ "who wrote first and was answered", { PROVED, .seen = 1, .wrote = true }, false },
		{ "an answer to what we never sent",
		  { PROVED, .headers = ANSWER, .seen = 1, .never = "sent:", .wrote = true },
		  false },
		{ "an answer from a house nobody asked",
		  { PROVED, .headers = ANSWER, .seen = 1, .only = "sent:" },
		  false },
		{ "asked, but bad since",
		  { PROVED, .seen = 1, .bad = 1, .never = "from:", .wrote = true },
		  false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(known_ones); i++) {
		struct mail m = known_ones[i].mail;
		struct bench b;
		m.body = "Hi, I want to change my direct deposit, my payroll details are new.\r\n";
		bench_scan(&b, &m, NULL);
		const struct finding *f = bench_finding(&b, "text_scam.payroll");
		assert_non_null(f);
		if ((f->score < 0.5) != known_ones[i].known)
			fail_msg("%s: %.2f", known_ones[i].name, f->score);
		bench_close(&b);
	}
}

/* What a person let through is described and not judged, not even by a block; and it makes nobody an acquaintance. */
static void test_released(void **state)
{
	struct arena *a = arena_new(1u << 20, NULL, NULL);
	const struct rules rules = { .block = "sender.test",
				     .allow = { { "sender.test", PATTERN_DOMAIN, T } } };
	const struct mail m = { EXE, PROVED, .released = true };
	struct policy *p = compile(a, &rules);
	struct bench b;

	(void)state;
	bench_scan(&b, &m, p);
	const struct message *got = b.verdict.message;
	assert_int_equal(got->final_disposition, DISP_NONE);
	assert_int_equal(got->findings.n, 0);
	assert_false(got->properties->blocklisted_message);
	assert_false(HAS(got->properties, properties, allowlisted_pattern));
	assert_int_equal(b.verdict.history.n, 0);
	assert_int_equal(b.verdict.attributes.n, 0);
	assert_true(str_eq(got->from, STR("ann@sender.test")));
	assert_int_equal(b.verdict.detections->attachments.n, 1);
	assert_true(b.verdict.authentication.n > 0);
	bench_close(&b);
	policy_free(&p);
	arena_free(&a);
}

/* A copy by BCC is judged by what the provider's own field says, and by no other. */
static void test_believed_results(void **state)
{
	static struct str ids[] = { STR_INIT("mx.provider.test") };
	static const struct {
		const char *headers;
		enum auth_result spf, dkim, dmarc;
	} fields[] = {
		{ "Authentication-Results: mx.provider.test; spf=pass smtp.mailfrom=a@sender.test; dkim=pass "
		  "header.d=sender.test; dmarc=pass (p=REJECT) header.from=sender.test\r\n",
		  AUTH_PASS, AUTH_PASS, AUTH_PASS },
		{ "Authentication-Results: evil.test; spf=pass smtp.mailfrom=a@sender.test\r\n", AUTH_NONE,
		  AUTH_NONE, AUTH_NONE },
		{ "Authentication-Results: MX.provider.test; spf=softfail smtp.mailfrom=sender.test; "
		  "dkim=fail\r\n"
		  "Authentication-Results: mx.provider.test; spf=pass smtp.mailfrom=sender.test; dkim=pass "
		  "header.d=x\r\n",
		  AUTH_FAIL, AUTH_FAIL, AUTH_NONE },
		{ "Authentication-Results: mx.provider.test; dkim=fail header.d=a.test; dkim=pass "
		  "header.d=b.test\r\n",
		  AUTH_NONE, AUTH_PASS, AUTH_NONE },
		{ "Authentication-Results: mx.provider.test; none\r\n", AUTH_NONE, AUTH_NONE, AUTH_NONE },
		/* only the topmost is believed: a stranger may have written the others */
		{ "Authentication-Results: mx.provider.test; spf=pass smtp.mailfrom=sender.test\r\n"
		  "Authentication-Results: mx.provider.test; dmarc=pass header.from=sender.test; dkim=pass "
		  "header.d=sender.test\r\n",
		  AUTH_PASS, AUTH_NONE, AUTH_NONE },
		{ "Authentication-Results: evil.test; spf=fail\r\n"
		  "Authentication-Results: mx.provider.test; spf=pass smtp.mailfrom=sender.test\r\n"
		  "Received: from a.test ([198.51.100.7]) by mx.provider.test; Fri, 6 Nov 2026 10:00:00 "
		  "+0000\r\n"
		  "Authentication-Results: mx.provider.test; dmarc=pass header.from=sender.test\r\n",
		  AUTH_PASS, AUTH_NONE, AUTH_NONE },
		/* a pass of DMARC is for the domain that From shows */
		{ "Authentication-Results: mx.provider.test; dmarc=pass header.from=evil.test\r\n", AUTH_NONE,
		  AUTH_NONE, AUTH_NONE },
		{ "Authentication-Results: mx.provider.test; dmarc=pass\r\n", AUTH_NONE, AUTH_NONE,
		  AUTH_NONE },
		{ "Authentication-Results: mx.provider.test; dmarc=pass header.from=Sender.TEST\r\n",
		  AUTH_NONE, AUTH_NONE, AUTH_PASS },
		{ "Authentication-Results: mx.provider.test; dmarc=fail header.from=evil.test\r\n", AUTH_NONE,
		  AUTH_NONE, AUTH_FAIL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
		const struct mail m = { .headers = fields[i].headers, .no_peer = true, .offline = true };
		struct bench b;
		struct verdict v;
		bench_scan(&b, &m, NULL);
		b.job.trusted_authserv_ids = (struct strs){ ids, 1 };
		scan_run(b.arena, &b.job, NULL, asker_new(b.arena, NULL, NULL), &v);
		if (v.message->validation->spf != (int)fields[i].spf ||
		    v.message->validation->dkim != (int)fields[i].dkim ||
		    v.message->validation->dmarc != (int)fields[i].dmarc)
			fail_msg("field %zu", i);
		bench_close(&b);
	}
}

/* Results of another host name the envelope it saw; a copy's own MAIL FROM is another one and proves nothing. */
static void test_envelope_of_copy(void **state)
{
	static struct str ids[] = { STR_INIT("mx.provider.test") };
	static const struct {
		const char *mail_from;
		enum disposition want;
	} copies[] = { { "x@evil.test", DISP_NONE }, { "x@bank.test", DISP_MALICIOUS } };
	const struct rules rules = { .allow = { { "evil.test", PATTERN_DOMAIN, T | V },
						{ "bank.test", PATTERN_DOMAIN, T | V } } };
	struct arena *a = arena_new(1u << 20, NULL, NULL);
	struct policy *p = compile(a, &rules);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(copies); i++) {
		const struct mail m = { EXE, .mail_from = copies[i].mail_from, .offline = true,
					.headers = "Authentication-Results: mx.provider.test; spf=pass "
						   "smtp.mailfrom=x@evil.test\r\n" };
		struct bench b;
		bench_scan(&b, &m, NULL);
		b.job.delivery_mode = MODE_BCC;
		b.job.trusted_authserv_ids = (struct strs){ ids, 1 };
		scan_run(b.arena, &b.job, p, asker_new(b.arena, NULL, NULL), &b.verdict);
		assert_int_equal(b.verdict.message->final_disposition, copies[i].want);
		bench_close(&b);
	}
	policy_free(&p);
	arena_free(&a);
}

static struct str as_json(struct bench *b)
{
	const struct json_write how = { .audience = JSON_FOR_OURSELVES };
	struct buf buf;

	buf_init(&buf, LIMIT_VERDICT);
	json_object_write(&buf, &verdict_fields, &b->verdict, &how);
	assert_true(buf_ok(&buf));
	struct str out = arena_str(b->arena, buf_str(&buf));
	buf_free(&buf);
	return out;
}

static void test_deterministic(void **state)
{
	const struct mail m = { EXE, .body = SPAM_BODY, .dmarc = "v=DMARC1; p=reject" };
	struct bench a, b;

	(void)state;
	bench_scan(&a, &m, NULL);
	bench_scan(&b, &m, NULL);
	assert_true(str_eq(as_json(&a), as_json(&b)));
	bench_close(&a);
	bench_close(&b);
}

static struct str repeated(struct arena *a, const char *head, const char *part, size_t times,
			   const char *tail)
{
	size_t one = strlen(part), n = strlen(head) + one * times + strlen(tail);
	char *p = arena_alloc(a, n), *at = p;

	memcpy(at, head, strlen(head));
	at += strlen(head);
	for (size_t i = 0; i < times; i++, at += one)
		memcpy(at, part, one);
	memcpy(at, tail, strlen(tail));
	return str_from(p, n);
}

/* Whoever else a mail names: what is kept of them is bounded, and recipients in our domains are among them. */
static void test_people(void **state)
{
	char other[320];
	struct buf list;

	(void)state;
	memset(other, 'x', sizeof(other));
	buf_init(&list, 4u << 20);
	buf_add_c(&list, "Cc: ");
	for (int i = 0; i < 900; i++)
		buf_printf(&list, "%s\"%.200s\" <%d%.200s@other.test>,\r\n ",
			   i % 100   ? ""
			   : i % 200 ? "a@b.test\r\nCc: "
				     : "a@b.test\r\nTo: ",
			   other, i, other);
	for (int i = 0; i < 50; i++)
		buf_printf(&list, "u%d@Home.test, ", i);
	buf_add_c(&list, "\r\n");
	buf_add_char(&list, 0);
	assert_true(buf_ok(&list));
	const struct mail m = { .headers = list.p, .offline = true };
	struct bench b;
	bench_scan(&b, &m, NULL);
	const struct message *got = b.verdict.message;
	const struct strs *lists[] = { &got->to, &got->to_name, &got->cc };
	for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
		size_t bytes = 0;
		for (size_t k = 0; k < lists[i]->n; k++)
			bytes += lists[i]->v[k].n;
		assert_in_range(bytes, 10000, 128u << 10);
	}
	assert_int_equal(got->to.n, got->to_name.n);
	assert_true(strs_has(&got->to, STR("u0@home.test")) && strs_has(&got->to, STR("u49@home.test")));
	bench_close(&b);
	buf_free(&list);
}

/* Mail beyond every limit still gets a verdict, and one that fits its wire. */
static void test_excess(void **state)
{
	struct arena *a = arena_new(256u << 20, NULL, NULL);
	const struct {
		const char *name;
		struct str raw;
	} mails[] = {
		{ "empty", STR_NONE },
		{ "NULs", { "\0\0\0\0", 4 } },
		{ "only a colon", STR_INIT(":") },
		{ "headers", repeated(a, "From: a@b.test\r\n", "X-A: \1\2\3\r\n", 30000, "\r\nx") },
		{ "one long header", repeated(a, "From: a@b.test\r\nX: ", "\1", 1u << 20, "\r\n\r\nx") },
		{ "addresses",
		  repeated(a, "From: a@b.test\r\nTo: ", "x@y.test, ", 20000, "z@z.test\r\n\r\nx") },
		{ "forged",
		  repeated(a, "From: a@b.test\r\n", "X-Postern-Disposition: NONE\r\n", 30000, "\r\nx") },
		{ "parts", repeated(a, "From: a@b.test\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n",
				    "--b\r\nContent-Disposition: attachment; filename=a.exe\r\n\r\nMZ\r\n",
				    5000, "--b--\r\n") },
		{ "links", repeated(a, "From: a@b.test\r\nContent-Type: text/html\r\n\r\n",
				    "<a href=\"http://198.51.100.7/\1\">www.bank.com</a> ", 5000, "") },
		{ "words",
		  repeated(a, "From: a@b.test\r\n\r\n", "gift cards million dollars viagra ", 100000, "") },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(mails); i++) {
		const struct mail m = { .offline = true };
		struct bench b;
		bench_scan(&b, &m, NULL);
		b.job.raw = mails[i].raw;
		scan_run(a, &b.job, NULL, asker_new(a, NULL, NULL), &b.verdict);
		assert_non_null(b.verdict.message);
		assert_true(b.verdict.strip.n <= LIMIT_HEADER_FIELDS);
		struct verdict read;
		struct errbuf eb;
		if (wire_verdict_read(a, as_json(&b), &read, &eb) != OK)
			fail_msg("%s: %s", mails[i].name, eb.text);
		bench_close(&b);
	}
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_policies),
		cmocka_unit_test(test_suppressed),
		cmocka_unit_test(test_corrections),
		cmocka_unit_test(test_near_corrections),
		cmocka_unit_test(test_bare_bytes),
		cmocka_unit_test(test_message_fields),
		cmocka_unit_test(test_validation),
		cmocka_unit_test(test_history_keys),
		cmocka_unit_test(test_keys_of_many_readers),
		cmocka_unit_test(test_what_we_wrote_is_remembered),
		cmocka_unit_test(test_solicited),
		cmocka_unit_test(test_believed_results),
		cmocka_unit_test(test_envelope_of_copy),
		cmocka_unit_test(test_deterministic),
		cmocka_unit_test(test_excess),
		cmocka_unit_test(test_attachments),
		cmocka_unit_test(test_click_links),
		cmocka_unit_test(test_people),
		cmocka_unit_test(test_unfinished_block),
		cmocka_unit_test(test_unfinished_content),
		cmocka_unit_test(test_unfinished_lists),
		cmocka_unit_test(test_released),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
