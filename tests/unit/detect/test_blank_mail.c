/* blank_mail: pictures and links that stand alone, and those that do not. */
#include "bench.h"

#define HTML .type = "text/html"
#define TO_SHOP "<a href=\"https://shop.evil.org/x\">"
#define SHOWN TO_SHOP "<img src=\"https://shop.evil.org/p.png\"></a>"
#define LINES "<br><br><br><br><br><br><br><br><br><br>"
#define SENTENCE "The minutes of the last meeting are in the folder, and the next one is in May. "

static const struct row rows[] = {
	{ "a picture", { HTML, .body = SHOWN }, "blank_mail.picture", 1 },
	{ "a picture and how to leave",
	  { HTML, .body = SHOWN "<p>Unsubscribe here</p>" },
	  "blank_mail.picture",
	  1 },
	{ "German", { HTML, .body = SHOWN "<p>Hier abmelden</p>" }, "blank_mail.picture", 1 },
	{ "Japanese",
	  { HTML, .body = SHOWN "<p>\xe9\x85\x8d\xe4\xbf\xa1\xe5\x81\x9c\xe6\xad\xa2</p>" },
	  "blank_mail.picture",
	  1 },
	{ "words that are hidden",
	  { HTML, .body = SHOWN "<div style=\"display:none\">" SENTENCE SENTENCE "</div>" },
	  "blank_mail.picture",
	  1 },
	{ "spaces nobody sees",
	  { HTML, .body = SHOWN "\xe2\x80\x8b\xe2\x80\x8b \xc2\xad" },
	  "blank_mail.picture",
	  1 },
	{ "comments", { HTML, .body = SHOWN "<!-- " SENTENCE SENTENCE " -->" }, "blank_mail.picture", 1 },
	{ "two pictures", { HTML, .body = SHOWN SHOWN }, "blank_mail.picture", 1 },
	{ "a link",
	  { .body = "Hi https://shop.evil.org/one/two/three?four=five\r\n" },
	  "blank_mail.link",
	  0.6 },
	{ "a link in HTML", { HTML, .body = TO_SHOP "Look</a>" }, "blank_mail.link", 0.6 },
	{ "a named list",
	  { HTML, .headers = "List-Unsubscribe: <https://home.test.com/u>\r\n", .body = SHOWN },
	  "blank_mail.picture",
	  0.4 },
	{ "words in a text that is not shown",
	  { .type = "multipart/alternative; boundary=b",
	    .body =
		"--b\r\n\r\n" SENTENCE "\r\n--b\r\nContent-Type: text/html\r\n\r\n" SHOWN "\r\n--b--\r\n" },
	  "blank_mail.picture",
	  1 },
	{ "words far below",
	  { HTML, .body = SHOWN LINES LINES LINES LINES LINES LINES "<p>" SENTENCE SENTENCE "</p>" },
	  "blank_mail.picture",
	  1 },
	/* near misses */
	{ "words below", { HTML, .body = SHOWN LINES "<p>" SENTENCE SENTENCE "</p>" }, NULL, 0 },
	{ "words between lines",
	  { HTML,
	    .body = SHOWN LINES LINES LINES "<p>" SENTENCE "</p>" LINES LINES LINES "<p>" SENTENCE "</p>" },
	  NULL,
	  0 },
	{ "the same in words beside",
	  { .type = "multipart/alternative; boundary=b",
	    .body = "--b\r\n\r\n" SENTENCE "See https://www.evil.org/x\r\n--b\r\nContent-Type: "
		    "text/html\r\n\r\n" SHOWN "\r\n--b--\r\n" },
	  NULL,
	  0 },
	{ "words before it, shown",
	  { .type = "multipart/mixed; boundary=b",
	    .body =
		"--b\r\n\r\n" SENTENCE "\r\n--b\r\nContent-Type: text/html\r\n\r\n" SHOWN "\r\n--b--\r\n" },
	  NULL,
	  0 },
	{ "a letter", { 0 }, NULL, 0 },
	{ "nothing", { .body = "\r\n" }, NULL, 0 },
	{ "no link", { .body = "See you tomorrow.\r\n" }, NULL, 0 },
	{ "a picture that leads nowhere", { HTML, .body = "<img src=\"cid:photo\">" }, NULL, 0 },
	{ "a picture that is shown from elsewhere",
	  { HTML, .body = "<img src=\"https://a.org/p.png\">" },
	  NULL,
	  0 },
	{ "a letter with a logo", { HTML, .body = "<p>" SENTENCE "</p>" SHOWN }, NULL, 0 },
	{ "a link with words", { .body = SENTENCE "https://a.org/minutes\r\n" }, NULL, 0 },
	{ "an answer to himself",
	  { .headers = "Subject: Re: You have won\r\nIn-Reply-To: <DM4PR@mail.sender.test>\r\n",
	    .body = "https://evil.org/\r\n" },
	  "blank_mail.link",
	  0.6 },
	{ "an answer to another of his provider",
	  { .from = "Ann <ann@gmail.com>",
	    .headers = "In-Reply-To: <CAK1@mail.gmail.com>\r\n",
	    .body = "https://a.org/\r\n" },
	  NULL,
	  0 },
	{ "an answer",
	  { .headers = "In-Reply-To: <1@home.test.com>\r\n", .body = "https://a.org/\r\n" },
	  NULL,
	  0 },
	{ "an answer with a logo",
	  { HTML, .headers = "References: <1@home.test.com>\r\n", .body = SHOWN },
	  NULL,
	  0 },
	{ "a style sheet alone",
	  { HTML, .body = "<link href=\"https://a.org/s.css\"><p>Hello</p>" },
	  NULL,
	  0 },
	{ "an address to write to in a header",
	  { .headers = "List-Help: <https://a.org/help>\r\n", .body = "Hello\r\n" },
	  NULL,
	  0 },
	{ "a link in a document, under a line of text",
	  { .file = "t.pdf",
	    .file_type = "application/pdf",
	    .file_bytes = STR_INIT("%PDF-1.4\n1 0 obj<</S/URI/URI(https://bit.ly/3abc)>>endobj\n"),
	    .body = "As you wished.\r\n" },
	  NULL,
	  0 },
	{ "a short address from a free mailbox",
	  { .from = "Ann <ann.9912@gmail.com>", .body = "https://tinyurl.com/3abc\r\n" },
	  "blank_mail.hidden_link",
	  0.85 },
	{ "a free mailbox that claims to be a list",
	  { .from = "Ann <ann.9912@gmail.com>",
	    .headers = "List-Unsubscribe: <mailto:u@gmail.com>\r\n",
	    .body = "https://tinyurl.com/3abc\r\n" },
	  "blank_mail.hidden_link",
	  0.85 },
	{ "a short address from a house",
	  { .body = "https://tinyurl.com/3abc\r\n" },
	  "blank_mail.link",
	  0.6 },
	{ "a cheap name from a free mailbox",
	  { .from = "Ann <ann.9912@gmail.com>", .body = "https://prizes.click/3abc\r\n" },
	  "blank_mail.link",
	  0.7 },
	{ "under a subject that lures",
	  { .headers = "Subject: Your parcel could not be delivered\r\n",
	    .body = "https://evil.org/3abc\r\n" },
	  "blank_mail.link",
	  0.75 },
	{ "a picture that leads to a stranger, with the field of lists",
	  { HTML, .headers = "List-Unsubscribe: <https://sender.test/u>\r\n",
	    .body = "<a href=\"https://other.example/x\"><img src=\"https://other.example/p.png\"></a>" },
	  "blank_mail.picture",
	  1 },
	{ "a picture that leads home, with the field of lists",
	  { HTML, .headers = "List-Unsubscribe: <https://sender.test/u>\r\n",
	    .body = "<a href=\"https://www.sender.test/x\"><img src=\"https://sender.test/p.png\"></a>" },
	  "blank_mail.picture",
	  0.4 },
	{ "a visiting card",
	  { .body = "Good to meet you.\r\n",
	    .file = "ann.vcf",
	    .file_type = "text/vcard",
	    .file_bytes =
		STR_INIT("BEGIN:VCARD\r\nFN:Ann\r\nURL:https://people.far.test/ann\r\nEND:VCARD\r\n") },
	  NULL,
	  0 },
};

static void test_table(void **state)
{
	(void)state;
	bench_table(rows, ARRAY_LEN(rows), "blank_mail");
}

/* What friends share is told of, and is no spam; a lure that is as short is. */
static void test_verdicts(void **state)
{
#define FRIEND                                                                              \
	.from = "Ann Example <ann.example@gmail.com>", .spf = "v=spf1 ip4:192.0.2.10 -all", \
	.mail_from = "ann.example@gmail.com"
	static const struct {
		struct mail mail;
		enum disposition want;
	} cases[] = {
		{ { FRIEND, .headers = "Subject: Photos\r\n",
		    .body = "https://photos.app.goo.gl/a1b2c3\r\n" },
		  DISP_NONE },
		{ { FRIEND, .body = "https://drive.google.com/file/d/1x/view\r\n" }, DISP_NONE },
		{ { FRIEND, .headers = "Subject: tonight\r\n",
		    .body = "We meet here https://maps.app.goo.gl/a1\r\n" },
		  DISP_NONE },
		{ { FRIEND, .body = "listen to this https://youtu.be/a1b2\r\n" }, DISP_NONE },
		{ { FRIEND, .body = "https://we.tl/t-a1b2\r\n" }, DISP_NONE },
		{ { FRIEND, .seen = 20, .body = "look https://tinyurl.com/3abc\r\n" }, DISP_NONE },
		{ { .seen = 20, .body = "slides: https://bit.ly/3abc\r\n" }, DISP_NONE },
		{ { FRIEND, .headers = "Subject: Your reward\r\n", .body = "https://tinyurl.com/3abc\r\n" },
		  DISP_SUSPICIOUS },
		{ { FRIEND, .headers = "Subject: Your parcel is pending\r\n",
		    .body = "https://prizes.click/3abc\r\n" },
		  DISP_SPAM },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		enum disposition got = bench_verdict(&cases[i].mail);
		if (got != cases[i].want)
			fail_msg("%zu: %d", i, (int)got);
	}
}

/* It points at the link. */
static void test_evidence(void **state)
{
	const struct mail m = { HTML, .body = SHOWN };
	struct bench b;

	(void)state;
	bench_scan(&b, &m, NULL);
	const struct finding *f = bench_finding(&b, "blank_mail.picture");
	assert_non_null(f);
	assert_true(
	    str_eq(str_sub(b.job.raw, (size_t)f->offset, (size_t)(f->offset + f->length)), STR(TO_SHOP)));
	bench_close(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_table), cmocka_unit_test(test_verdicts),
					    cmocka_unit_test(test_evidence) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
