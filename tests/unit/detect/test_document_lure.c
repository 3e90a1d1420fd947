/* document_lure: a mail that is an envelope for a document with a link. */
#include "bench.h"

#define WANT "document_lure"
#define PDF(inner) \
	.file = "transfer.pdf", .file_type = "application/pdf", .file_bytes = STR_INIT("%PDF-1.4\n" inner)
#define URI(n, url) #n " 0 obj<</S/URI/URI(" url ")>>endobj\n"
#define BOX .type = "multipart/mixed; boundary=x"
#define PDF_PART(name, url)                                                                       \
	"--x\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename=" name \
	"\r\n\r\n%PDF-1.4\n" URI(1, url) "\r\n"
#define FREE "Ann <ann.9912@gmail.com>"
#define SHORT "Your transfer is waiting.\r\n"
#define LONG                                                                                                 \
	"Dear Bob, here is the report that we talked about on Monday, with the figures of the last quarter " \
	"and those of the two years before. The second chapter is new, the third was written again after "   \
	"what the others said. Please tell me until Friday what you think of it, and whether it may go to "  \
	"the board as it is. Kind regards, Ann\r\n"

static const struct row rows[] = {
	{ "short address from free mail",
	  { .from = FREE, .body = SHORT, PDF(URI(1, "https://bit.ly/3abc")) },
	  WANT,
	  0.9 },
	{ "short address from a stranger",
	  { .body = SHORT, PDF(URI(1, "https://cutt.ly/3abc")) },
	  WANT,
	  0.85 },
	{ "shared document",
	  { .from = FREE, .body = SHORT, PDF(URI(1, "https://drive.google.com/file/d/1/preview")) },
	  WANT,
	  0.9 },
	{ "free site",
	  { .from = FREE, .body = SHORT, PDF(URI(1, "https://claim-now.weebly.com/")) },
	  WANT,
	  0.9 },
	{ "form", { .body = SHORT, PDF(URI(1, "https://forms.gle/abc")) }, WANT, 0.85 },
	{ "tunnel", { .body = SHORT, PDF(URI(1, "https://a1b2.ngrok.io/")) }, WANT, 0.9 },
	{ "stranger's site from free mail",
	  { .from = FREE, .body = SHORT, PDF(URI(1, "https://other.test/claim")) },
	  WANT,
	  0.7 },
	{ "stranger's site", { .body = SHORT, PDF(URI(1, "https://other.test/claim")) }, WANT, 0.55 },
	{ "cheap domain", { .body = SHORT, PDF(URI(1, "https://claim.other.top/")) }, WANT, 0.75 },
	{ "long text from free mail",
	  { .from = FREE, .body = LONG, PDF(URI(1, "https://bit.ly/3abc")) },
	  WANT,
	  0.75 },
	{ "several links to the same place",
	  { .from = FREE, .body = SHORT, PDF(URI(1, "https://bit.ly/3abc") URI(2, "https://bit.ly/4abc")) },
	  WANT,
	  0.9 },
	{ "two places",
	  { .from = FREE, .body = SHORT, PDF(URI(1, "https://other.test/a") URI(2, "https://bit.ly/4abc")) },
	  WANT,
	  0.9 },
	{ "behind a document of the sender's own",
	  { BOX,
	    .body = PDF_PART("a.pdf", "https://www.sender.test/") PDF_PART("b.pdf", "https://bit.ly/3abc") },
	  WANT,
	  0.85 },
	{ "behind a harmless document",
	  { BOX, .body = PDF_PART("a.pdf", "https://other.test/a") PDF_PART("b.pdf", "https://bit.ly/3abc") },
	  WANT,
	  0.85 },
	/* near misses */
	{ "two documents of the sender's own",
	  { BOX, .body = PDF_PART("a.pdf", "https://www.sender.test/")
		     PDF_PART("b.pdf", "https://sender.test/b") },
	  NULL,
	  0 },
	{ "document without links", { .from = FREE, .body = SHORT, PDF("1 0 obj\n") }, NULL, 0 },
	{ "the sender's own site", { .body = SHORT, PDF(URI(1, "https://www.sender.test/shop")) }, NULL, 0 },
	{ "own site beside a short address",
	  { .body = SHORT, PDF(URI(1, "https://bit.ly/3abc") URI(2, "https://sender.test/")) },
	  NULL,
	  0 },
	{ "long text from a domain of one's own",
	  { .body = LONG, PDF(URI(1, "https://bit.ly/3abc")) },
	  NULL,
	  0 },
	{ "a document about something",
	  { .from = FREE,
	    .body = SHORT,
	    PDF(URI(1, "https://one.test/") URI(2, "https://two.example/")
		    URI(3, "https://three.example/")) },
	  NULL,
	  0 },
	{ "the reader's own house",
	  { .from = FREE,
	    .body = SHORT,
	    .protect = { (struct str[]){ STR_INIT("home.test") }, 1 },
	    PDF(URI(1, "https://intranet.home.test/")) },
	  NULL,
	  0 },
	{ "mail address in a document",
	  { .from = FREE, .body = SHORT, PDF(URI(1, "mailto:a@b.test")) },
	  NULL,
	  0 },
	{ "link in the text, not in the document",
	  { .from = FREE, .body = "See https://bit.ly/3abc\r\n", PDF("1 0 obj\n") },
	  NULL,
	  0 },
	{ "a page",
	  { .from = FREE,
	    .body = SHORT,
	    .file = "a.html",
	    .file_bytes = STR_INIT("<a href=https://bit.ly/3abc>x</a>") },
	  NULL,
	  0 },
	{ "an answer",
	  { .from = FREE,
	    .headers = "Subject: Re: transfer\r\nIn-Reply-To: <1@home.test>\r\n",
	    .body = SHORT,
	    .offline = true,
	    PDF(URI(1, "https://bit.ly/3abc")) },
	  NULL,
	  0 },
};

static void test_table(void **state)
{
	(void)state;
	bench_table(rows, ARRAY_LEN(rows), "document_lure");
}

static void test_evidence(void **state)
{
	const struct mail mail = { .from = FREE, .body = SHORT, PDF(URI(1, "https://bit.ly/3abc")) };
	struct bench b;

	(void)state;
	bench_scan(&b, &mail, NULL);
	const struct finding *f = bench_finding(&b, WANT);
	assert_non_null(f);
	assert_true(str_eq(f->attachment, STR("transfer.pdf")));
	assert_true(str_eq(f->value, STR("https://bit.ly/3abc")));
	assert_int_not_equal(str_find(f->detail, STR("; little text; a sender without a domain"), 0),
			     SIZE_MAX);
	bench_close(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_table), cmocka_unit_test(test_evidence) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
