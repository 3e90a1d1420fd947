/* quote_weigh: lures that people and mail servers quote weigh less; lures that hide behind the signs of it do not. */
#include "bench.h"
#include "detect/quote.h"

#define LURE                                                                                            \
	"Your account is suspended. Verify your account and confirm your password within 24 hours:\r\n" \
	"http://evil.test/login.php\r\n"
#define MARKED_LURE                                                                                       \
	"> Your account is suspended. Verify your account and confirm your password within 24 hours:\r\n" \
	"> http://evil.test/login.php\r\n"
#define HTML_LURE                                                                                \
	"<p>Your account is suspended. Verify your account and confirm your password within 24 " \
	"hours.</p><p><a href=\"http://evil.test/x\">https://www.bank.com/login</a></p>"
#define SAID "That is no mail of ours, Bob, please throw it away and tell the others.\r\n\r\n"
#define WROTE "On Mon, 26 Oct 2026 at 07:00, Bob <bob@home.test> wrote:\r\n"
#define ANSWER "Subject: Re: is this real?\r\nIn-Reply-To: <7@home.test>\r\n"
#define OUTLOOK                                                                                    \
	"-----Original Message-----\r\nFrom: Bank <info@evil.test>\r\nSent: Monday\r\nTo: Bob\r\n" \
	"Subject: Your account\r\n\r\n"
#define PASSED                                                                                      \
	"---------- Forwarded message ---------\r\nFrom: Bank <info@evil.test>\r\nDate: Monday\r\n" \
	"Subject: Your account\r\nTo: Bob <bob@home.test>\r\n\r\n"
#define FORWARD "Subject: Fwd: Your account\r\n"
#define OURS \
	.from = "Carol <carol@home.test>", .mail_from = "carol@home.test", .spf = "v=spf1 ip4:" PEER " -all"
/* Ann wrote before, and is proved. */
#define KNOWN .seen = 20, .spf = "v=spf1 ip4:" PEER " -all"
#define REPORT                                                                                           \
	"--b\r\nContent-Type: text/plain\r\n\r\nYour message could not be delivered: no such user.\r\n"  \
	"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.sender.test\r\n\r\n" \
	"Final-Recipient: rfc822; x@sender.test\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"              \
	"--b\r\nContent-Type: message/rfc822\r\n\r\nFrom: Bob <bob@home.test>\r\n"                       \
	"Message-ID: <9@home.test>\r\nContent-Type: text/html\r\n\r\n" HTML_LURE "\r\n--b--\r\n"
#define BOUNCE                                                                                   \
	.from = "MAILER-DAEMON@sender.test", .mail_from = "", .headers = "Subject: failure\r\n", \
	.type = "multipart/report; report-type=delivery-status; boundary=b", .body = REPORT

struct quoting {
	const char *name;
	struct mail mail;
	bool less; /* it weighs less than the lure alone */
};

static const struct quoting rows[] = {
	{ "an answer of somebody known", { KNOWN, .headers = ANSWER, .body = SAID WROTE MARKED_LURE }, true },
	{ "without marks", { KNOWN, .headers = ANSWER, .body = SAID WROTE LURE }, true },
	{ "above the answer", { KNOWN, .headers = ANSWER, .body = WROTE MARKED_LURE "\r\n" SAID }, true },
	{ "in the way of Outlook", { KNOWN, .headers = ANSWER, .body = SAID OUTLOOK LURE }, true },
	{ "in HTML",
	  { KNOWN, .headers = ANSWER, .type = "text/html",
	    .body = "<p>" SAID "</p><blockquote>" HTML_LURE "</blockquote>" },
	  true },
	{ "in HTML of Gmail",
	  { KNOWN, .headers = ANSWER, .type = "text/html",
	    .body = "<div>" SAID "</div><div class=\"gmail_quote\">" HTML_LURE "</div>" },
	  true },
	{ "an answer to what we sent, of somebody new",
	  { .seen = 5,
	    .wrote = true,
	    .never = "from:",
	    .spf = "v=spf1 ip4:" PEER " -all",
	    .headers = ANSWER,
	    .body = SAID WROTE MARKED_LURE },
	  true },
	{ "a colleague passes it on", { OURS, .headers = FORWARD, .body = SAID PASSED LURE }, true },
	{ "an answer, where nothing is known",
	  { .offline = true, .no_peer = true, .headers = ANSWER, .body = SAID WROTE MARKED_LURE },
	  true },
	{ "a bounce, where nothing is known", { BOUNCE, .offline = true, .no_peer = true }, true },
	{ "a bounce of what we sent", { BOUNCE, .seen = 5, .wrote = true }, true },

	{ "a stranger's marks",
	  { .headers = ANSWER, .seen = 5, .only = "domain:other", .body = SAID MARKED_LURE },
	  false },
	{ "a stranger who says he answers",
	  { .headers = ANSWER, .seen = 5, .only = "domain:other", .body = SAID WROTE MARKED_LURE },
	  false },
	{ "a stranger who passes it on",
	  { .headers = FORWARD, .seen = 5, .only = "domain:other", .body = SAID PASSED LURE },
	  false },
	{ "passed on, where nothing is known",
	  { .offline = true, .no_peer = true, .headers = FORWARD, .body = SAID PASSED LURE },
	  false },
	{ "with the fields of an answer, too",
	  { .offline = true,
	    .no_peer = true,
	    .headers = FORWARD "In-Reply-To: <7@home.test>\r\n",
	    .body = SAID PASSED LURE },
	  false },
	{ "our name, which is not proved",
	  { .from = "Carol <carol@home.test>",
	    .mail_from = "carol@home.test",
	    .headers = FORWARD,
	    .body = SAID PASSED LURE },
	  false },
	{ "nothing but the quotation", { KNOWN, .headers = ANSWER, .body = WROTE MARKED_LURE }, false },
	{ "his own words, below a harmless quotation",
	  { KNOWN, .headers = ANSWER, .body = WROTE "> See you on Monday, then.\r\n\r\n" LURE },
	  false },
	{ "his own words, above one",
	  { KNOWN, .headers = ANSWER, .body = LURE "\r\n" WROTE "> See you on Monday.\r\n" },
	  false },
	{ "a mark that no program writes",
	  { KNOWN, .headers = ANSWER,
	    .body = SAID "\xc2\xbb Your account is suspended. Verify your account and confirm your "
			 "password within 24 hours.\r\n" },
	  false },
	{ "a Message-ID of ours that lies in an archive",
	  { .seen = 5, .only = "sent:", .headers = ANSWER, .body = SAID WROTE MARKED_LURE },
	  false },
	{ "a From of whom nobody can be asked",
	  { .from = "IT Support", .headers = ANSWER, .body = SAID WROTE MARKED_LURE },
	  false },
	{ "a mark in a comment",
	  { KNOWN, .headers = ANSWER, .type = "text/html",
	    .body = "<p>" SAID "</p><!-- gmail_quote --><!-- <blockquote> -->" HTML_LURE },
	  false },
	{ "a bounce of what we never sent", { BOUNCE, .seen = 5, .only = "domain:other" }, false },
};

static double weight(const struct mail *m, bool *quoted_out)
{
	struct bench b;
	double sum = 0;

	*quoted_out = false;
	bench_scan(&b, m, NULL);
	const struct finding_list *list = &b.verdict.message->findings;
	for (size_t i = 0; i < list->n; i++) {
		if (str_starts(list->v[i].name, STR("text_scam.")))
			sum += list->v[i].score;
		*quoted_out |= str_ends(list->v[i].detail, STR("in what is quoted"));
	}
	bench_close(&b);
	return sum;
}

static void test_quoting(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		bool quoted;
		double w = weight(&rows[i].mail, &quoted);
		if (w <= 0)
			fail_msg("%s: the lure is not seen", rows[i].name);
		if (quoted != rows[i].less)
			fail_msg("%s: %s", rows[i].name, quoted ? "weighs less" : "weighs as much");
	}
}

/* People who quote are not held for it. */
static void test_not_held(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (rows[i].less && bench_verdict(&rows[i].mail) != DISP_NONE)
			fail_msg("%s: is held", rows[i].name);
}

static void test_where(void **state)
{
	static const struct {
		const char *text;
		size_t at;
	} texts[] = {
		{ "Hello\n", SIZE_MAX },
		{ "Hello\n> quoted\nmore\n", SIZE_MAX }, /* the author goes on */
		{ "Hello\n\nAnn wrote:\nquoted\n", 7 },
		{ "Hello\n\nAnn wrote:\n> quoted\nmore\n", SIZE_MAX },
		{ "Hallo\nAnn schrieb:\nso\n", 6 },
		{ "Hi\n-----Original Message-----\nFrom: Ann <a@b.test>\n", 3 },
		{ "I wrote the original message yesterday\n", SIZE_MAX },
		{ "No.\n--- Below this line is a copy of the message.\nx\n", 4 },
		{ "", SIZE_MAX },
	};
	struct arena *a = arena_new(1u << 20, NULL, NULL);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		assert_int_equal(quote_begins(a, str_of(texts[i].text)), texts[i].at);
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_quoting),
		cmocka_unit_test(test_not_held),
		cmocka_unit_test(test_where),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
