/* mail_defect: what nobody looked at does not pass for clean, and what readers see differently is told. */
#include "bench.h"

#include "base/buf.h"
#include "base/limits.h"

/* A mail of three pieces, the middle one many times. */
struct mail_of {
	const char *name, *head, *middle;
	size_t times;
	const char *tail;
	const char *want; /* NULL = no finding of mail_defect */
	double least;
};

#define FROM                                                                                  \
	"From: Ann <ann@sender.test>\r\nDate: Fri, 6 Nov 2026 10:00:00 +0000\r\nMessage-ID: " \
	"<1@sender.test>\r\n"
#define MIXED FROM "Content-Type: multipart/mixed; boundary=b\r\n\r\n"
#define TEXT "--b\r\nContent-Type: text/plain\r\n\r\nHello\r\n"
#define WANT "mail_defect."

static const struct mail_of mails[] = {
	/* not all was looked at */
	{ "fields", FROM, "X-A: b\r\n", LIMIT_HEADER_FIELDS + 1, "\r\nHello\r\n", WANT "header_many", 1 },
	{ "parts", MIXED, TEXT, LIMIT_PARTS + 1, "--b--\r\n", WANT "too_many_parts", 1 },
	{ "nested", "", FROM "Content-Type: message/rfc822\r\n\r\n", LIMIT_DEPTH + 1, FROM "\r\nHello\r\n",
	  WANT "too_deep", 1 },
	{ "text", FROM "\r\n", "All work and no play makes Jack a dull boy.\r\n", LIMIT_TEXT / 40, "",
	  WANT "text_cut", 1 },
	{ "attachments", MIXED, "--b\r\nContent-Type: image/png; name=a\r\n\r\nx\r\n",
	  LIMIT_ATTACHMENTS_KEPT + 1, "--b--\r\n", WANT "attachments_cut", 1 },
	{ "From", "From: \"", "long name ", LIMIT_HEADER_BYTES / 9, "\" <ann@sender.test>\r\n\r\nHello\r\n",
	  WANT "field_cut", 1 },
	{ "a fragment", FROM "Content-Type: message/partial; number=1; total=2; id=a\r\n\r\n", "Hello\r\n", 1,
	  "", WANT "message_partial", 1 },
	{ "content elsewhere", FROM "Content-Type: message/external-body; access-type=URL\r\n\r\n",
	  "Content-Type: text/html\r\n\r\n", 1, "", WANT "external_body", 0.7 },
	{ "Content-Type", FROM "Content-Type: multipart/mixed;", " x=y;", LIMIT_HEADER_LINE / 4,
	  " boundary=b\r\n\r\n" TEXT, WANT "too_many_parameters", 1 },
	{ "Content-Type of a part", MIXED "--b\r\nContent-Type: text/plain;", " x=y;", LIMIT_HEADER_LINE / 4,
	  " charset=utf-8\r\n\r\nHello\r\n--b--\r\n", WANT "too_many_parameters", 1 },
	{ "an address", "From: Ann <", "a", LIMIT_ADDRESS, "@sender.test>\r\n\r\nHello\r\n",
	  WANT "long_address", 1 },
	{ "an address to answer to", FROM "Reply-To: Ann <", "a", LIMIT_ADDRESS,
	  "@sender.test>\r\n\r\nHello\r\n", WANT "long_address", 1 },
	{ "two From fields", FROM, "From: Ann <ann@sender.test>\r\n", 1, "\r\nHello\r\n",
	  WANT "duplicate_from", 1 },
	/* readers differ */
	{ "two types", FROM "Content-Type: text/plain\r\n", "Content-Type: text/html\r\n", 1, "\r\nHello\r\n",
	  WANT "duplicate_content_field", 0.7 },
	{ "two encodings of a part", MIXED "--b\r\nContent-Transfer-Encoding: 7bit\r\n",
	  "Content-Transfer-Encoding: base64\r\n", 1, "\r\nSGVsbG8=\r\n--b--\r\n",
	  WANT "duplicate_content_field", 0.7 },
	{ "two boundaries", FROM "Content-Type: multipart/mixed; boundary=a;", " boundary=b", 1,
	  "\r\n\r\n" TEXT "--b--\r\n", WANT "duplicate_parameter", 0.7 },
	{ "no boundary", FROM "Content-Type: multipart/mixed\r\n\r\n", TEXT, 1, "--b--\r\n",
	  WANT "no_boundary", 0.7 },
	{ "another boundary", MIXED, "--c\r\nContent-Type: text/html\r\n\r\nHello\r\n", 1, "--c--\r\n",
	  WANT "boundary_unused", 0.7 },
	{ "an encoding nobody knows", FROM "Content-Transfer-Encoding: ", "base65", 1, "\r\n\r\nHello\r\n",
	  WANT "bad_transfer_encoding", 0.5 },
	{ "a CR in the Subject", FROM "Subject: a\rFrom: ", "boss@home.test", 1, "\r\n\r\nHello\r\n",
	  WANT "bare_cr", 1 },
	{ "nobody", "", "Date: Fri, 6 Nov 2026 10:00:00 +0000\r\n", 1, "\r\nHello\r\n", WANT "missing_from",
	  0.7 },
	/* near misses */
	{ "as many fields as are looked at", FROM, "X-A: b\r\n", LIMIT_HEADER_FIELDS - 3, "\r\nHello\r\n",
	  NULL, 0 },
	{ "as many attachments as are looked at", MIXED,
	  "--b\r\nContent-Type: image/png; name=a\r\n\r\nx\r\n", LIMIT_ATTACHMENTS_KEPT, "--b--\r\n", NULL,
	  0 },
	{ "many people", FROM "To: ", "Somebody <somebody@home.test>, ", LIMIT_HEADER_LINE / 30,
	  "bob@home.test\r\n\r\nHello\r\n", NULL, 0 },
	{ "as long an address as can be", "From: Ann <", "a", LIMIT_ADDRESS - 12,
	  "@sender.test>\r\n\r\nHello\r\n", NULL, 0 },
	{ "a parameter twice that nobody reads", FROM "Content-Type: application/pdf; name=a.pdf; charset=x;",
	  " charset=y", 1, "\r\n\r\nx", NULL, 0 },
	{ "a copy that ends before its parts", FROM "Content-Type: message/rfc822\r\n\r\n" MIXED,
	  "The rest was cut.\r\n", 1, "", NULL, 0 },
	{ "two descriptions", FROM "Content-Description: a\r\n", "Content-Description: b\r\n", 1,
	  "\r\nHello\r\n", NULL, 0 },
	{ "clumsy line ends", FROM "\r\n", "Hello\n", 3, "Bye\r\n", NULL, 0 },
	{ "what a bounce returns", FROM "Content-Type: message/partial\r\n\r\n", "Hello\r\n", 1, "", NULL,
	  0 },
	{ "a letter", FROM "\r\n", "Hello\r\n", 1, "", NULL, 0 },
};

static struct str put_together(struct arena *a, const struct mail_of *m)
{
	struct buf b;

	buf_init(&b, 8u << 20);
	buf_add_c(&b, m->head);
	for (size_t i = 0; i < m->times; i++)
		buf_add_c(&b, m->middle);
	buf_add_c(&b, m->tail);
	assert_true(buf_ok(&b));
	struct str raw = arena_str(a, buf_str(&b));
	buf_free(&b);
	return raw;
}

static void test_table(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(mails); i++) {
		const struct mail_of *c = &mails[i];
		const struct mail m = { .offline = true };
		struct arena *a = arena_new(16u << 20, NULL, NULL);
		struct bench b;
		bench_scan(&b, &m, NULL);
		b.job.raw = put_together(a, c);
		scan_run(b.arena, &b.job, NULL, asker_new(b.arena, NULL, NULL), &b.verdict);
		const struct finding *f = bench_finding(&b, c->want ? c->want : "mail_defect");
		if ((f != NULL) != (c->want != NULL))
			fail_msg("%s: %.*s", c->name, STR_ARG(f ? f->name : STR("no finding")));
		if (f && (f->score < c->least || f->detection != DISP_SUSPICIOUS))
			fail_msg("%s: %.2f", c->name, f->score);
		if (f && f->score >= 1 && b.verdict.message->final_disposition < DISP_SUSPICIOUS)
			fail_msg("%s passes for clean", c->name);
		if (f && f->score < 1 && !str_ends(f->name, STR("ambiguous")) &&
		    bench_finding(&b, WANT "ambiguous"))
			fail_msg("%s counts twice", c->name);
		if (f)
			assert_true((size_t)(f->offset + f->length) <= b.job.raw.n && f->reason.n > 10);
		bench_close(&b);
		arena_free(&a);
	}
}

/* A zero byte in a field that tells something; elsewhere it is clumsiness. */
static void test_nul(void **state)
{
	static const struct str nuls[] = { STR_INIT("From: boss@home.te\0st\r\n\r\nHello\r\n"),
					   STR_INIT("From: a@b.test\r\nX-A: b\0\r\n\r\nHello\0\r\n") };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(nuls); i++) {
		const struct mail m = { .offline = true };
		struct bench b;
		bench_scan(&b, &m, NULL);
		b.job.raw = nuls[i];
		scan_run(b.arena, &b.job, NULL, asker_new(b.arena, NULL, NULL), &b.verdict);
		const struct finding *f = bench_finding(&b, WANT "nul");
		assert_int_equal(f != NULL, i == 0);
		assert_true(!f || f->score >= 1);
		bench_close(&b);
	}
}

/* An address too long in the envelope, which no field shows. */
static void test_envelope(void **state)
{
	char address[LIMIT_ADDRESS + 2];
	const struct mail m = { .mail_from = address };
	struct bench b;

	(void)state;
	memset(address, 'a', sizeof(address));
	memcpy(address + sizeof(address) - 5, "@b.c", 5);
	bench_scan(&b, &m, NULL);
	assert_non_null(bench_finding(&b, WANT "long_address"));
	bench_close(&b);
}

/* More mailboxes than a block list is asked about, each of them different. */
static void test_mailboxes(void **state)
{
	struct arena *a = arena_new(1u << 20, NULL, NULL);

	(void)state;
	for (unsigned n = LIMIT_MAILBOXES - 1; n <= LIMIT_MAILBOXES; n++) {
		struct buf list;
		struct bench b;
		buf_init(&list, 1u << 16);
		buf_add_c(&list, "Reply-To: a@sender.test");
		for (unsigned i = 1; i < n; i++)
			buf_printf(&list, ", a%u@sender.test, A%u@Sender.test", i, i);
		buf_add_c(&list, "\r\n");
		const struct mail m = { .headers = arena_strndup(a, buf_str(&list).p, buf_str(&list).n) };
		bench_scan(&b, &m, NULL); /* and the one in From */
		assert_int_equal(bench_finding(&b, WANT "many_mailboxes") != NULL, n == LIMIT_MAILBOXES);
		bench_close(&b);
		buf_free(&list);
	}
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_table), cmocka_unit_test(test_nul),
					    cmocka_unit_test(test_envelope),
					    cmocka_unit_test(test_mailboxes) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
