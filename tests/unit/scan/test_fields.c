/* Header fields as bytes: what is stripped, and what copies have in common; fingerprints of campaigns. */
#include "../detect/bench.h"

#include "base/buf.h"
#include "base/limits.h"
#include "mime/header.h"
#include "scan/fields.h"

#define TEN(x) x x x x x x x x x x
#define HUNDREDS TEN(TEN("0123456789 "))
#define PLAIN "From: a@b.test\r\nSubject: x\r\n"

/* The message without the ranges, as intake relays it. */
static struct str without(struct arena *a, struct str raw, const struct byte_range_list *ranges)
{
	char *p = arena_alloc(a, raw.n + 1);
	size_t n = 0, at = 0;

	for (size_t i = 0; i <= ranges->n; i++) {
		size_t end = i < ranges->n ? (size_t)ranges->v[i].start : raw.n;
		memcpy(p + n, raw.p + at, end - at);
		n += end - at;
		at = i < ranges->n ? end + (size_t)ranges->v[i].length : end;
	}
	return str_from(p, n);
}

static struct scan_job job_of(struct str raw)
{
	return (struct scan_job){ .raw = raw,
				  .authserv_id = STR("mx.home.test"),
				  .header_prefix = STR("X-Postern-") };
}

static void test_strip(void **state)
{
	static const struct {
		const char *name, *raw, *want;
	} cases[] = {
		{ "nothing", PLAIN "\r\nbody", PLAIN "\r\nbody" },
		{ "ours", "X-Postern-Disposition: NONE\r\n" PLAIN "\r\nbody", PLAIN "\r\nbody" },
		{ "any case", PLAIN "x-POSTERN-foo: 1\r\n\r\nbody", PLAIN "\r\nbody" },
		{ "space before the colon", PLAIN "X-Postern-Foo : 1\r\n\r\nbody", PLAIN "\r\nbody" },
		{ "folded", PLAIN "X-Postern-Foo: 1\r\n 2\r\n\t3\r\n\r\nbody", PLAIN "\r\nbody" },
		{ "bare line feeds", "From: a@b.test\nX-Postern-Foo: 1\n 2\nSubject: x\n\nbody",
		  "From: a@b.test\nSubject: x\n\nbody" },
		{ "in the body", PLAIN "\r\nX-Postern-Foo: 1\r\n", PLAIN "\r\nX-Postern-Foo: 1\r\n" },
		{ "prefix only", PLAIN "X-Postern: 1\r\n\r\n", PLAIN "X-Postern: 1\r\n\r\n" },
		{ "our results", PLAIN "Authentication-Results: mx.home.test; spf=pass\r\n\r\n",
		  PLAIN "\r\n" },
		{ "our results, hidden",
		  PLAIN "authentication-results:\r\n (x \\) y) \"MX.home.test\" 1; spf=pass\r\n\r\n",
		  PLAIN "\r\n" },
		{ "results of another",
		  PLAIN "Authentication-Results: mx.home.test.evil.test; spf=pass\r\n\r\n",
		  PLAIN "Authentication-Results: mx.home.test.evil.test; spf=pass\r\n\r\n" },
		{ "behind a line that is no field", PLAIN "junk\r\nX-Postern-Foo: 1\r\nB: 1\r\n\r\nbody",
		  PLAIN "junk\r\nB: 1\r\n\r\nbody" },
		{ "the colon on the next line", PLAIN "X-Postern-Foo\r\n : 1\r\n\r\nbody", PLAIN "\r\nbody" },
		{ "behind a bare CR", PLAIN "A: b\rX-Postern-Foo: 1\r\n\r\nbody", PLAIN "\r\nbody" },
		{ "folded, no field", PLAIN "A: b\r\n X-Postern-Foo: 1\r\n\r\n",
		  PLAIN "A: b\r\n X-Postern-Foo: 1\r\n\r\n" },
		{ "our results, behind a bare CR",
		  PLAIN "A: b\rAuthentication-Results: mx.home.test; a\r\n\r\n", PLAIN "\r\n" },
		{ "our results, escaped",
		  PLAIN "Authentication-Results : \"mx\\.home.\\test\"; spf=pass\r\n\r\n", PLAIN "\r\n" },
		{ "our results, a dot behind",
		  PLAIN "Authentication-Results: mx.home.test.; spf=pass\r\n\r\n", PLAIN "\r\n" },
		{ "a host under ours", PLAIN "Authentication-Results: mx.home.test.x; spf=pass\r\n\r\n",
		  PLAIN "Authentication-Results: mx.home.test.x; spf=pass\r\n\r\n" },
		{ "a comment without end", PLAIN "Authentication-Results: (mx.home.test; spf=pass\r\n\r\n",
		  PLAIN "\r\n" },
		{ "a comment beyond measure",
		  PLAIN "Authentication-Results: (" HUNDREDS ") a.test; a\r\n\r\n", PLAIN "\r\n" },
		{ "another's, with a version", PLAIN "Authentication-Results: a.test 1; spf=pass\r\n\r\n",
		  PLAIN "Authentication-Results: a.test 1; spf=pass\r\n\r\n" },
		{ "another's, folded before the results",
		  PLAIN "Authentication-Results: a.test (b=c)\r\n\t; spf=pass\r\n\r\n",
		  PLAIN "Authentication-Results: a.test (b=c)\r\n\t; spf=pass\r\n\r\n" },
		{ "a longer name", PLAIN "Authentication-Results-X: mx.home.test; a\r\n\r\n",
		  PLAIN "Authentication-Results-X: mx.home.test; a\r\n\r\n" },
		{ "without a body", PLAIN "X-Postern-Foo: 1", PLAIN },
		{ "two, with one between", "X-Postern-A: 1\r\n" PLAIN "X-Postern-B: 1\r\n\r\n",
		  PLAIN "\r\n" },
	};
	struct arena *a = arena_new(4u << 20, NULL, NULL);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct scan_job job = job_of(str_of(cases[i].raw));
		struct headers h = headers_parse(a, job.raw, 0, job.raw.n, NULL);
		size_t more;
		struct byte_range_list ranges = fields_forged(a, &job, &h, &more);
		struct str got = without(a, job.raw, &ranges);
		if (!str_eq(got, str_of(cases[i].want)))
			fail_msg("%s: \"%.*s\"", cases[i].name, STR_ARG(got));
		assert_int_equal(more, 0);
	}
	arena_free(&a);
}

/* Some readers drop what cannot be seen, or end a line there. */
static void test_unseen(void **state)
{
	static const struct str fields[] = {
		STR_INIT("X-Post\0ern-Foo: 1\r\n"),
		STR_INIT("\0X-Postern-\0Foo: 1\r\n"),
		STR_INIT("Authentication\0-Results: \0mx.home\0.test; spf=pass\r\n"),
		STR_INIT("Authentication-Results\0: mx.home.test; spf=pass\r\n"),
		STR_INIT("Authentication-Results \0: mx.home.test; spf=pass\r\n"),
		STR_INIT("Authentication-Results\v: mx.home.test; spf=pass\r\n"),
		STR_INIT("Authentication-Results\f: mx.home.test; spf=pass\r\n"),
		STR_INIT("\vAuthentication-Results: mx.home.test; spf=pass\r\n"),
		STR_INIT("Authentication-Results: \vmx.home.test; spf=pass\r\n"),
		STR_INIT("Authentication-Results: \0\"mx.home.test\"; spf=pass\r\n"),
		STR_INIT("Authentication-Results: \xc2\xa0mx.home.test; spf=pass\r\n"),
		STR_INIT("Authentication-Results: mx.home.test\xc2\xa0; spf=pass\r\n"),
		STR_INIT("\xef\xbb\xbf"
			 "Authentication-Results: mx.home.test; spf=pass\r\n"),
		STR_INIT("\xef\xbb\xbfX-Postern-Foo: 1\r\n"),
		STR_INIT("A: b\x85"
			 "Authentication-Results: mx.home.test; spf=pass\r\n"),
		STR_INIT("A: b\vX-Postern-Foo: 1\r\n"),
	};
	struct arena *a = arena_new(4u << 20, NULL, NULL);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
		struct str raw = arena_printf(a, "%s%*s\r\nbody", PLAIN, (int)fields[i].n, "");
		memcpy((char *)(uintptr_t)raw.p + strlen(PLAIN), fields[i].p, fields[i].n);
		struct scan_job job = job_of(raw);
		struct headers h = headers_parse(a, raw, 0, raw.n, NULL);
		size_t more;
		struct byte_range_list ranges = fields_forged(a, &job, &h, &more);
		if (!str_eq(without(a, raw, &ranges), STR(PLAIN "\r\nbody")))
			fail_msg("field %zu", i);
	}
	arena_free(&a);
}

/* Megabytes of what begins like a field of ours: each octet is looked at a few times only, or this takes for ever. */
static void test_linear(void **state)
{
	static const struct {
		struct str part;
		bool claims, spaced_claims; /* repeated; the same with NULs between */
	} cases[] = {
		{ STR_INIT("\rAuthentication-Results:("), true, true },
		{ STR_INIT("\rAuthentication-Results: (()) a.test"), false, false },
		{ STR_INIT("\rAuthentication-Result\0"), false, false },
		{ STR_INIT("\rX-Poster\0\0\0"), false, false },
		{ STR_INIT("\r\v\0\x85"), false, false },
	};
	enum { BYTES = 4000000 };
	struct arena *a = arena_new(16u << 20, NULL, NULL);
	char *p = arena_alloc(a, BYTES);
	struct str id = STR("mx.home.test");

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct str part = cases[i].part;
		for (size_t at = 0; at < BYTES; at++)
			p[at] = part.p[at % part.n];
		assert_int_equal(fields_claims(str_from(p, BYTES), STR("X-Postern-"), &id), cases[i].claims);
		for (size_t at = 0; at < BYTES; at++)
			p[at] = at % 16 ? 0 : part.p[at / 16 % part.n];
		assert_int_equal(fields_claims(str_from(p, BYTES), STR("X-Postern-"), &id),
				 cases[i].spaced_claims);
	}
	arena_free(&a);
}

/* As many forged fields as a header can have are taken out; what is beyond is counted. */
static void test_many(void **state)
{
	static const char field[] = "X-Postern-Disposition: NONE\r\n";

	(void)state;
	for (size_t n = LIMIT_HEADER_FIELDS; n <= LIMIT_HEADER_FIELDS + 2; n++) {
		struct arena *a = arena_new(4u << 20, NULL, NULL);
		struct buf b;
		size_t more;
		buf_init(&b, 1u << 20);
		for (size_t i = 0; i < n; i++)
			buf_add_c(&b, field);
		buf_add_c(&b, PLAIN "\r\nbody");
		struct scan_job job = job_of(buf_str(&b));
		struct headers h = headers_parse(a, job.raw, 0, job.raw.n, NULL);
		struct byte_range_list ranges = fields_forged(a, &job, &h, &more);
		assert_int_equal(ranges.n, LIMIT_HEADER_FIELDS);
		assert_int_equal(more, n - LIMIT_HEADER_FIELDS);
		if (more == 0)
			assert_true(str_eq(without(a, job.raw, &ranges), STR(PLAIN "\r\nbody")));
		buf_free(&b);
		arena_free(&a);
	}
}

static struct str digest(struct arena *a, const char *raw)
{
	struct scan_job job = job_of(str_of(raw));
	struct headers h = headers_parse(a, job.raw, 0, job.raw.n, NULL);

	return fields_content_sha256(a, &job, &h);
}

static void test_copies(void **state)
{
	struct arena *a = arena_new(4u << 20, NULL, NULL);
	struct str one = digest(a, PLAIN "\r\nbody");

	(void)state;
	assert_int_equal(one.n, 64);
	assert_true(
	    str_eq(one, digest(a, "Received: from x\r\n by y\r\nReturn-Path: <>\r\n" PLAIN "\r\nbody")));
	assert_true(
	    str_eq(one, digest(a, PLAIN "Delivered-To: b@home.test\r\nX-Original-To: c\r\n\r\nbody")));
	assert_true(
	    str_eq(one, digest(a, "Authentication-Results: mx.home.test; none\r\n" PLAIN "\r\nbody")));
	/* As it lies in a mailbox at Microsoft or Google, our own fields taken off. */
	assert_true(str_eq(
	    one, digest(a, "Received: from a by b\r\nX-MS-Exchange-Organization-SCL: 1\r\n"
			   "Authentication-Results: spf=pass smtp.mailfrom=x.test\r\nReceived-SPF: Pass\r\n"
			   "X-EOPAttributedMessage: 0\r\nX-Forefront-Antispam-Report: CIP:192.0.2.1\r\n"
			   "X-Microsoft-Antispam-Mailbox-Delivery: ucf:0\r\n" PLAIN "\r\nbody")));
	assert_true(
	    str_eq(one, digest(a, "ARC-Seal: i=1\r\nARC-Message-Signature: i=1\r\nX-Received: by x\r\n"
				  "ARC-Authentication-Results: i=1\r\nX-Google-Smtp-Source: A\r\n"
				  "X-Gm-Gg: x\r\nAuthentication-Results: mx.google.com; spf=none\r\n" PLAIN
				  "\r\nbody")));
	assert_false(str_eq(one, digest(a, "X-Mailer: 1\r\n" PLAIN "\r\nbody")));
	assert_false(str_eq(one, digest(a, PLAIN "\r\nbody.")));
	assert_false(str_eq(one, digest(a, PLAIN "X: 1\r\n\r\nbody")));
	assert_false(str_eq(one, digest(a, PLAIN "\r\nReceived: from x\r\nbody")));
	arena_free(&a);
}

#define LETTER                                                                                             \
	"your parcel from the shop in the old town is waiting and you may fetch it tomorrow between nine " \
	"and noon "                                                                                        \
	"when you bring the paper we sent you by post last week with the number on it\r\n"

static struct str fingerprint(struct bench *b, const char *headers, const char *body)
{
	const struct mail m = { .headers = headers, .body = body, .offline = true };

	bench_scan(b, &m, NULL);
	return b->verdict.message->edf_hash;
}

static uint64_t simhash(const char *headers, const char *type, const char *body)
{
	const struct mail m = { .headers = headers, .type = type, .body = body, .offline = true };
	struct bench b;
	uint64_t bits = 0;

	bench_scan(&b, &m, NULL);
	struct str text = b.verdict.simhash;
	if (text.n) {
		assert_true(str_starts(text, STR("v1:")) && text.n == 19);
		bits = strtoull(arena_str(b.arena, text).p + 3, NULL, 16);
		assert_true(bits != 0);
	}
	bench_close(&b);
	return bits;
}

#define CAMPAIGN(button, days)                                                                              \
	"we noticed an unusual sign in to your mailbox from a new device and have limited what you can "    \
	"send "                                                                                             \
	"until you confirm that it was you please use the " button " below within " days " or the mailbox " \
	"will be closed and all letters in it will be lost for good the security team of your provider "    \
	"thanks you for your help and wishes you a pleasant week "
#define CAMPAIGN_A CAMPAIGN("button", "one day")
#define CAMPAIGN_B CAMPAIGN("link", "one day")
#define CAMPAIGN_C CAMPAIGN("link", "two weeks") LETTER

/* Texts with most words in common differ in few bits; others in many; what is too short is not compared. */
static void test_simhash(void **state)
{
	static const struct {
		const char *name, *headers, *type, *body;
		int least, most; /* bits of difference to CAMPAIGN_A; -1: has no SimHash */
	} others[] = {
		{ "another number", "", NULL, CAMPAIGN_A "4711\r\n", 0, 0 },
		{ "the reader's name", "", NULL, "Dear Bob, " CAMPAIGN_A, 0, 3 },
		{ "another subject", "Subject: Urgent\r\n", NULL, CAMPAIGN_A, 0, 0 },
		{ "a word of it", "", NULL, CAMPAIGN_B, 1, 6 },
		{ "a third more", "", NULL, CAMPAIGN_C, 7, 20 },
		{ "as HTML", "", "text/html", "<p>" CAMPAIGN_A "</p>", 0, 0 },
		{ "another text", "", NULL, LETTER LETTER, 12, 64 },
		{ "hardly any text", "", NULL, "see you on saturday then\r\n", -1, -1 },
	};
	uint64_t one = simhash("", NULL, CAMPAIGN_A "\r\n");

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(others); i++) {
		uint64_t other = simhash(others[i].headers, others[i].type, others[i].body);
		int bits = other ? __builtin_popcountll(one ^ other) : -1;
		if (bits < others[i].least || bits > others[i].most)
			fail_msg("%s: %d bits", others[i].name, bits);
	}
}

static void test_fingerprint(void **state)
{
	static const struct {
		const char *name, *headers, *body;
		bool same;
	} others[] = {
		{ "a number", "Subject: Parcel 42\r\n", "Hello Bob, " LETTER, true },
		{ "a reply", "Subject: RE: AW: Parcel 17\r\n", "Hello Bob, " LETTER, true },
		{ "where to unsubscribe",
		  "Subject: Parcel 17\r\nList-Unsubscribe: <https://list.test/u/a_b-c>\r\n",
		  "Hello Bob, " LETTER, true },
		{ "another subject", "Subject: Your bill 17\r\n", "Hello Bob, " LETTER, false },
		{ "another text", "Subject: Parcel 17\r\n", "Come and see us on Saturday, all of you.\r\n",
		  false },
		{ "a link more", "Subject: Parcel 17\r\n", "Hello Bob, " LETTER "http://evil.org/x\r\n",
		  false },
	};
	struct bench one;
	struct str want = fingerprint(&one, "Subject: Parcel 17\r\n", "Hello Bob, " LETTER);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(others); i++) {
		struct bench b;
		if (str_eq(want, fingerprint(&b, others[i].headers, others[i].body)) != others[i].same)
			fail_msg("%s", others[i].name);
		bench_close(&b);
	}
	bench_close(&one);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_strip),   cmocka_unit_test(test_unseen),
		cmocka_unit_test(test_linear),  cmocka_unit_test(test_many),
		cmocka_unit_test(test_copies),  cmocka_unit_test(test_fingerprint),
		cmocka_unit_test(test_simhash),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
