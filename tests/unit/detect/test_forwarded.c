/* forwarded: lures that people send on, in languages and shapes, and honest mail that they send on. */
#include "bench.h"

#define HTML .type = "text/html"
#define FWD .headers = "Subject: Fwd: Hi\r\n"
#define GMAIL "---------- Forwarded message ---------\r\n"
#define OUTLOOK(from) \
	"From: " from "\r\nSent: Saturday, January 14, 2023 2:30 AM\r\nTo: Bob <bob@home.test>\r\n"
#define HOLD "Subject: Your account is on hold\r\n\r\n"
#define CONFIRM "Confirm your account: https://evil.example/login\r\n"
#define LETTER "The new rooms are ready. See https://www.paypal.com/rooms\r\n"

static const struct row rows[] = {
	{ "a brand from a free mailbox",
	  { FWD, .body = GMAIL "From: PayPal <pp.4711@gmail.com>\r\nDate: Tue\r\nSubject: On hold\r\nTo: "
			       "<bob@home.test>\r\n\r\n" CONFIRM },
	  "forwarded.brand",
	  0.4 },
	{ "a brand from another domain",
	  { FWD, .body = OUTLOOK("PayPal Service <info@evil.example>") HOLD CONFIRM },
	  "forwarded.brand",
	  0.4 },
	{ "Portuguese, from a telephone",
	  { .headers = "Subject: ENC: Fatura\r\n",
	    .body =
		"Enviado do meu iPhone\r\n\r\nIn\u00edcio da mensagem encaminhada:\r\n\r\nDe: Banco Bradesco "
		"<joao@gmail.com>\r\nData: 12 de dezembro\r\nPara: bob@home.test\r\nAssunto: "
		"Fatura pendente\r\n\r\n" CONFIRM },
	  "forwarded.brand",
	  0.4 },
	{ "German",
	  { .headers = "Subject: WG: Konto gesperrt\r\n",
	    .body =
		"Von: PayPal Kundenservice <x@evil.example>\r\nGesendet: Montag\r\nAn: Bob\r\nBetreff: Konto "
		"gesperrt\r\n\r\n" CONFIRM },
	  "forwarded.brand",
	  0.4 },
	{ "French",
	  { .headers = "Subject: TR: Compte\r\n",
	    .body = "De\u00a0: Netflix <x@evil.example>\r\nEnvoy\u00e9\u00a0: lundi\r\n\u00c0\u00a0: "
		    "Bob\r\nObjet\u00a0: Votre compte\r\n\r\n" CONFIRM },
	  "forwarded.brand",
	  0.4 },
	{ "Japanese",
	  { FWD, .body = "\u5dee\u51fa\u4eba: Amazon <x@evil.example>\r\n\u9001\u4fe1\u65e5\u6642: "
			 "2\r\n\u5b9b\u5148: Bob\r\n\u4ef6\u540d: \u91cd\u8981\r\n\r\n" CONFIRM },
	  "forwarded.brand",
	  0.4 },
	{ "quoted",
	  { FWD, .body = "> From: PayPal <x@evil.example>\r\n> Sent: today\r\n> To: Bob\r\n> Subject: On "
			 "hold\r\n>\r\n> " CONFIRM },
	  "forwarded.brand",
	  0.4 },
	{ "blank lines",
	  { FWD, .body =
		     "From: PayPal <x@evil.example>\r\n\r\n\r\nSent: today\r\n\r\nTo: Bob\r\n\r\nSubject: On "
		     "hold\r\n\r\n" CONFIRM },
	  "forwarded.brand",
	  0.4 },
	{ "labels in bold",
	  { HTML, FWD,
	    .body = "<div>___________<br><b>From:</b> PayPal &lt;<a "
		    "href=\"mailto:x@evil.example\">x@evil.example</a>&gt;<br><b>Sent:</b> "
		    "today<br><b>To:</b> Bob<br><b>Subject:</b> On hold</div><p><a "
		    "href=\"https://evil.example/\">Confirm your account</a></p>" },
	  "forwarded.brand",
	  0.4 },
	{ "a table",
	  { HTML, FWD,
	    .body = "<table><tr><td>From:</td><td>PayPal "
		    "&lt;x@evil.example&gt;</td></tr><tr><td>Sent:</td><td>today</td></tr><tr><td>To:</"
		    "td><td>Bob</"
		    "td></tr><tr><td>Subject:</td><td>On hold</td></tr></table><p><a "
		    "href=\"https://evil.example/\">Confirm your account</a></p>" },
	  "forwarded.brand",
	  0.4 },
	{ "labels and values in blocks",
	  { HTML, FWD,
	    .body = "<div>From:</div><div>PayPal &lt;x@evil.example&gt;</div><div>Sent:</div><div>today</"
		    "div><div>To:</div><div>Bob</div><div>Subject:</div><div>On hold</div><p><a "
		    "href=\"https://evil.example/\">Confirm your account</a></p>" },
	  "forwarded.brand",
	  0.4 },
	{ "forwarded by a colleague before",
	  { FWD,
	    .body =
		"Can you look?\r\n\r\n" GMAIL "From: Ann <ann@home.test>\r\nDate: today\r\nSubject: Fwd: "
		"x\r\nTo: Bob\r\n\r\nWhat is it?\r\n\r\n" GMAIL
		"From: PayPal <x@gmail.com>\r\nDate: today\r\nSubject: On hold\r\nTo: Ann\r\n\r\n" CONFIRM },
	  "forwarded.brand",
	  0.4 },
	{ "no words of his own, as an answer",
	  { .headers = "Subject: Re: Hi\r\nIn-Reply-To: <2@home.test>\r\n",
	    .body = OUTLOOK("PayPal <x@evil.example>") HOLD CONFIRM },
	  "forwarded.brand",
	  0.4 },
	{ "a lookalike",
	  { FWD, .body = OUTLOOK("Service <service@paypa1.com>") "Subject: Hi\r\n\r\n" CONFIRM },
	  "forwarded.lookalike",
	  0.3 },
	{ "nearly the reader's own domain",
	  { FWD, .body = OUTLOOK("Ann <ann@h0me.test>") "Subject: Hi\r\n\r\nHello\r\n" },
	  "forwarded.lookalike",
	  0.3 },
	{ "an office",
	  { FWD, .body = OUTLOOK(
		     "IT Help Desk <x@evil.example>") "Subject: Your password expires\r\n\r\n" CONFIRM },
	  "forwarded.office",
	  0.2 },
	{ "another address in the name",
	  { FWD, .body = OUTLOOK("ann@home.test <x@evil.example>") "Subject: Hi\r\n\r\nHello\r\n" },
	  "forwarded.shown_address",
	  0.3 },
	{ "an address of a machine",
	  { FWD, .body = OUTLOOK("Deals <jzwjrrcbjpbl@jzwjrrcbjpbl.com>") "Subject: Hi\r\n\r\n" CONFIRM },
	  "forwarded.machine",
	  0.2 },
	{ "a brand's address, and links to others",
	  { FWD, .body = OUTLOOK("PayPal <service@paypal.com>") HOLD CONFIRM },
	  "forwarded.brand_links",
	  0.2 },
	{ "a link in plain text",
	  { FWD, .body = OUTLOOK("PayPal <x@other.example>") HOLD CONFIRM },
	  "forwarded.link",
	  0.3 },
	{ "a button that writes to a free mailbox",
	  { HTML, FWD,
	    .body = "From: Team &lt;no-reply@house.example&gt;<br>Sent: today<br>To: Bob<br>Subject: "
		    "Sign-in<br><br>"
		    "<a href=\"mailto:fw4711@gmail.com?subject=x\">Report the user</a>" },
	  "forwarded.answers",
	  0.3 },
	/* near misses */
	{ "a link of plain text to the claimed sender's house",
	  { FWD, .body = OUTLOOK(
		     "PayPal <x@evil.example>") "Subject: Rooms\r\n\r\nSee https://www.evil.example/\r\n" },
	  "forwarded.brand",
	  0 },
	{ "news that name a brand",
	  { FWD, .body =
		     OUTLOOK("Carl <carl@house.example>") "Subject: PayPal buys a bank and updates its "
							  "accounts\r\n\r\nSee https://news.example/1\r\n" },
	  NULL,
	  0 },
	{ "a mark of bounces in an address",
	  { FWD,
	    .body = OUTLOOK(
		"House News <news-F485FCCE40B794D5@lists.house.example>") "Subject: New\r\n\r\nSee "
									  "https://www.house.example/1\r\n" },
	  NULL,
	  0 },
	{ "a brand's own letter",
	  { FWD, .body = OUTLOOK("PayPal <service@paypal.com>") "Subject: Rooms\r\n\r\n" LETTER },
	  NULL,
	  0 },
	{ "a colleague's mail",
	  { FWD, .body = OUTLOOK("Ann <ann@home.test>") "Subject: PayPal account\r\n\r\nSee below.\r\n" },
	  NULL,
	  0 },
	{ "a stranger's mail",
	  { FWD, .body = OUTLOOK("Carl <carl@house.example>") "Subject: Lunch\r\n\r\nAt noon?\r\n" },
	  NULL,
	  0 },
	{ "a friend's mail from a free mailbox",
	  { FWD,
	    .body = OUTLOOK("Carl Miller <carl.miller@gmail.com>") "Subject: Photos\r\n\r\nSee you.\r\n" },
	  NULL,
	  0 },
	{ "a newsletter",
	  { FWD, .body =
		     OUTLOOK("House of Tea <news@tea.example>") "Subject: New teas\r\n\r\nGreen tea is here: "
								"https://www.tea.example/green\r\n" },
	  NULL,
	  0 },
	{ "a name that is a brand's, too",
	  { FWD, .body = OUTLOOK("Otto Chase <otto.chase@house.example>") "Subject: Hi\r\n\r\nHello\r\n" },
	  NULL,
	  0 },
	{ "a brand with nothing but its name",
	  { FWD, .body = OUTLOOK("PayPal") "Subject: Rooms\r\n\r\n" LETTER },
	  NULL,
	  0 },
	{ "his own mail",
	  { FWD, .body = OUTLOOK("PayPal fan <ann@sender.test>") "Subject: Hi\r\n\r\n" CONFIRM },
	  NULL,
	  0 },
	{ "an answer",
	  { .headers = "Subject: Re: Hi\r\n",
	    .body = "No, thank you.\r\n\r\n" OUTLOOK("PayPal <x@evil.example>") HOLD CONFIRM },
	  NULL,
	  0 },
	{ "a letter", { 0 }, NULL, 0 },
	{ "a mail about forwarding",
	  { FWD, .body = "Please forward this to PayPal <x@evil.example>.\r\n" },
	  NULL,
	  0 },
	{ "a relay's address of a house",
	  { FWD,
	    .body = OUTLOOK(
		"Amazon Marketplace <x8k2mq91lf0z@marketplace.amazon.com>") "Subject: Your order\r\n\r\nSee "
									    "https://www.amazon.com/"
									    "orders\r\n" },
	  NULL,
	  0 },
	{ "an address to write to",
	  { HTML, FWD,
	    .body = "From: Team &lt;info@house.example&gt;<br>Sent: today<br>To: <a "
		    "href=\"mailto:bob@gmail.com\">Bob</a> &lt;bob@gmail.com&gt;<br>Subject: Hi<br><br>Write "
		    "to <a href=\"mailto:house@gmail.com\">house@gmail.com</a>" },
	  NULL,
	  0 },
	{ "a bounce",
	  { .type = "multipart/report; report-type=delivery-status; boundary=b",
	    .body = "--b\r\n\r\n" OUTLOOK("PayPal <x@evil.example>") HOLD CONFIRM "\r\n--b--\r\n" },
	  NULL,
	  0 },
};

static void test_table(void **state)
{
	(void)state;
	bench_table(rows, ARRAY_LEN(rows), "forwarded");
}

/* With a link a lure is suspicious; who merely claims to be the brand is not alone. Honest mail that is sent on is nothing. */
static void test_verdicts(void **state)
{
	const struct mail lure = { FWD, HTML,
				   .body = "From: PayPal &lt;pp.4711@gmail.com&gt;<br>Sent: today<br>To: "
					   "Bob<br>Subject: On hold<br><br>"
					   "<p>Dear customer, we noticed something. <a "
					   "href=\"https://evil.example/l\">Continue</a></p>" };
	const struct mail claim = { FWD, .body = OUTLOOK(
					     "PayPal <pp.4711@gmail.com>") "Subject: Hi\r\n\r\nHello\r\n" };
	const struct mail letter = {
		FWD, HTML,
		.body =
		    "From: House of Tea &lt;news@tea.example&gt;<br>Sent: today<br>To: Bob<br>Subject: New "
		    "teas<br><br><p>Green tea of the new harvest is here, and the black one comes in May. "
		    "<a href=\"https://www.tea.example/green\">See all teas</a></p>"
	};

	(void)state;
	assert_true(bench_verdict(&lure) >= DISP_SUSPICIOUS);
	assert_int_equal(bench_verdict(&claim), DISP_NONE);
	assert_int_equal(bench_verdict(&letter), DISP_NONE);
}

/* The sentence names who it claims to be, and nothing of the name can break out of it. */
static void test_sentence(void **state)
{
	const struct mail m = { FWD, .body = OUTLOOK("\"PayPal\" \"Service <x@gmail.com>") HOLD CONFIRM };
	struct bench b;

	(void)state;
	bench_scan(&b, &m, NULL);
	const struct finding *f = bench_finding(&b, "forwarded.brand");
	assert_non_null(f);
	assert_true(str_starts(f->reason, STR("The mail forwards one that calls itself \"PayPal")));
	assert_true(str_ends(f->reason, STR("\" and came from a free mailbox.")));
	assert_true(str_eq(f->value, STR("x@gmail.com")));
	bench_close(&b);
}

/* A sender who wrote before without harm, and proves it, is believed half. */
static void test_known(void **state)
{
	const struct mail stranger = { FWD, .body = OUTLOOK("PayPal <x@gmail.com>") HOLD CONFIRM };
	const struct mail known = { FWD, .body = OUTLOOK("PayPal <x@gmail.com>") HOLD CONFIRM,
				    .spf = "v=spf1 ip4:" PEER " -all", .seen = 10 };
	struct bench a, b;

	(void)state;
	bench_scan(&a, &stranger, NULL);
	bench_scan(&b, &known, NULL);
	assert_true(bench_finding(&b, "forwarded.brand")->score <
		    bench_finding(&a, "forwarded.brand")->score);
	bench_close(&a);
	bench_close(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_verdicts),
		cmocka_unit_test(test_sentence),
		cmocka_unit_test(test_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
