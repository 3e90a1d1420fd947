/* attached_mail: a mail around another one that leads to a stranger; and mails that people pass on. */
#include "bench.h"

#define BOX .type = "multipart/mixed; boundary=x"
#define PART(type, text) "--x\r\nContent-Type: " type "\r\n\r\n" text "\r\n"
#define AROUND(words, inner) PART("text/plain", words) PART("message/rfc822", inner) "--x--\r\n"
#define INNER(from, body)                                                                \
	"From: " from "\r\nSubject: Your mailbox\r\nMIME-Version: 1.0\r\nContent-Type: " \
	"text/html\r\n\r\n" body
#define A(url) "<p>Your mailbox is full. <a href=\"" url "\">Keep it</a></p>"
#define EML(text) .file = "message.eml", .file_bytes = STR_INIT(text)
#define FAR "https://login.far.test/a"
#define LONG                                                                                               \
	"Dear Bob, as we said on the telephone yesterday I pass on what the people of the other house "    \
	"wrote to me about the "                                                                           \
	"meeting, so that you can have a look at their plan before we talk to them on Monday, and please " \
	"tell me what you "                                                                                \
	"think of the dates that they offer, since Carol is away for the rest of that week and cannot "    \
	"come.\r\n"
#define DEEP                                                                                    \
	"From: Carl <carl@sender.test>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; " \
	"boundary=y\r\n\r\n"                                                                    \
	"--y\r\nContent-Type: message/rfc822\r\n\r\n" INNER("IT <it@other.test>", A(FAR)) "\r\n--y--\r\n"

static const struct row rows[] = {
	{ "part",
	  { BOX, .body = AROUND("See attached.", INNER("IT <it@other.test>", A(FAR))) },
	  "attached_mail",
	  0.35 },
	{ "file",
	  { .body = "See attached.\r\n", EML(INNER("IT <it@other.test>", A(FAR))) },
	  "attached_mail",
	  0.35 },
	{ "without a word",
	  { BOX, .body = AROUND("", INNER("IT <it@other.test>", A(FAR))) },
	  "attached_mail",
	  0.35 },
	{ "free site",
	  { BOX, .body = AROUND("See.", INNER("IT <it@other.test>", A("https://x-y.web.app/"))) },
	  "attached_mail",
	  0.6 },
	{ "short address",
	  { BOX, .body = AROUND("See.", INNER("IT <it@other.test>", A("https://bit.ly/3abc"))) },
	  "attached_mail",
	  0.6 },
	{ "in the name of our own house",
	  { BOX, .body = AROUND("See.", INNER("IT <it@home.test>", A(FAR))) },
	  "attached_mail",
	  0.5 },
	{ "in nobody's name",
	  { BOX, .body = AROUND("See.", "Subject: x\r\nContent-Type: text/html\r\n\r\n" A(FAR)) },
	  "attached_mail",
	  0.5 },
	{ "in plain text",
	  { BOX, .body = AROUND("See.", "From: a@other.test\r\nSubject: x\r\n\r\nSign in at " FAR) },
	  "attached_mail",
	  0.35 },
	{ "two deep", { BOX, .body = AROUND("See.", DEEP) }, "attached_mail", 0.5 },
	{ "two deep, in a file", { .body = "See.\r\n", EML(DEEP) }, "attached_mail", 0.5 },
	{ "from a free mailbox",
	  { BOX, .from = "A <a@gmail.com>", .body = AROUND("See.", INNER("IT <it@other.test>", A(FAR))) },
	  "attached_mail",
	  0.4 },
	{ "a form",
	  { BOX, .body = AROUND(
		     "See.", INNER("IT <it@other.test>", "<form action=\"" FAR "\"><input name=a></form>")) },
	  "attached_mail",
	  0.35 },
	{ "a bounce by its sender's word",
	  { .from = "Mail System <mailer-daemon@sender.test>",
	    BOX,
	    .body = AROUND("It did not arrive.", INNER("IT <it@other.test>", A(FAR))) },
	  "attached_mail",
	  0 },
	{ "a postmaster",
	  { .from = "IT <postmaster@sender.test>",
	    BOX,
	    .body = AROUND("FYI", INNER("IT <it@other.test>", A(FAR))) },
	  "attached_mail",
	  0 },
	{ "a report that reports nothing",
	  { .type = "multipart/report; boundary=x",
	    .body = AROUND("It did not arrive.", INNER("IT <it@other.test>", A(FAR))) },
	  "attached_mail",
	  0 },
	/* near misses */
	{ "to the house of the inner mail",
	  { BOX, .body = AROUND("FYI", INNER("Shop <a@far.test>", A(FAR))) },
	  NULL,
	  0 },
	{ "to the outer sender's",
	  { BOX, .body = AROUND("FYI", INNER("IT <it@other.test>", A("https://www.sender.test/"))) },
	  NULL,
	  0 },
	{ "to our own",
	  { BOX, .body = AROUND("FYI", INNER("IT <it@other.test>", A("https://www.home.test/"))) },
	  NULL,
	  0 },
	{ "no link", { BOX, .body = AROUND("FYI", INNER("IT <it@other.test>", "<p>Hello</p>")) }, NULL, 0 },
	{ "with a letter around it",
	  { BOX, .body = AROUND(LONG, INNER("IT <it@other.test>", A(FAR))) },
	  NULL,
	  0 },
	{ "a picture of the inner mail",
	  { BOX, .body = AROUND("FYI", INNER("IT <it@other.test>", "<img src=\"https://far.test/a.png\">")) },
	  NULL,
	  0 },
	{ "through a mailing service",
	  { BOX, .body = AROUND("FYI",
				INNER("IT <it@other.test>", A("https://u1.ct.sendgrid.net/ls/click?x=1"))) },
	  NULL,
	  0 },
	{ "no mail inside", { .body = "See " FAR "\r\n" }, NULL, 0 },
	{ "a bounce",
	  { .from = "Mail System <mailer-daemon@sender.test>",
	    .mail_from = "",
	    BOX,
	    .body = AROUND("It did not arrive.", INNER("IT <it@other.test>", A(FAR))) },
	  NULL,
	  0 },
	{ "a report",
	  { .type = "multipart/report; boundary=x",
	    .body = PART("message/delivery-status", "Action: failed\r\n")
		AROUND("It did not arrive.", INNER("IT <it@other.test>", A(FAR))) },
	  NULL,
	  0 },
	{ "an old acquaintance",
	  { BOX, .body = AROUND("FYI", INNER("IT <it@other.test>", A(FAR))),
	    .spf = "v=spf1 ip4:" PEER " -all", .dmarc = "v=DMARC1; p=reject", .seen = 50 },
	  NULL,
	  0 },
	{ "a text file",
	  { .body = "See.\r\n", .file = "a.txt", .file_bytes = STR_INIT("see " FAR) },
	  NULL,
	  0 },
};

static void test_rows(void **state)
{
	(void)state;
	bench_table(rows, ARRAY_LEN(rows), "attached_mail");
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_rows) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
