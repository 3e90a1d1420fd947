/*
 * Documents as the mail's text: text_scam, text_words and brand_impersonation judge what is attached to an envelope, and
 * leave alone what honest people attach.
 */
#include "../classifier/lessons.h"
#include "bench.h"

#define PDF_OF(text)                                                                           \
	.file = "Informations.pdf", .file_type = "application/pdf",                            \
	.file_bytes =                                                                          \
	    STR_INIT("%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n"              \
		     "2 0 obj\n<</Kids[3 0 R]/Resources<</Font<</F 5 0 R>>>>>>\nendobj\n"      \
		     "3 0 obj\n<</Type/Page/Contents 4 0 R>>\nendobj\n4 0 obj\n<<>>stream\n"   \
		     "BT/F 11 Tf 40 700 Td 14 TL(" text ")Tj ET\nendstream\nendobj\n5 0 obj\n" \
		     "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>\nendobj\n")
#define NL ")Tj T*("
#define RTF_OF(text)                                          \
	.file = "notice.rtf", .file_type = "application/rtf", \
	.file_bytes = STR_INIT("{\\rtf1\\ansi " text "}")
#define TXT_OF(text) .file = "notice.txt", .file_type = "text/plain", .file_bytes = STR_INIT(text)
#define PAGE_OF(text) \
	.file = "notice.html", .file_type = "text/html", .file_bytes = STR_INIT("<html><body><p>" text "</p>")
#define FREE .from = "Ann Lee <ann.lee71@gmail.com>", .mail_from = "ann.lee71@gmail.com"
#define SHORT .body = "Please see the attached file.\r\n\r\nRegards\r\n"
#define KNOWN .spf = "v=spf1 ip4:192.0.2.10 -all", .seen = 9
#define LONG                                                                                                 \
	.body =                                                                                              \
	    "Dear Bob, here is the report that we talked about on Monday, with the figures of the last "     \
	    "quarter and those of the two years before. The second chapter is new, the third was written "   \
	    "again after what the others said. Please tell me until Friday what you think of it, and "       \
	    "whether it may go to the board as it is. In the second table you find the numbers by region, "  \
	    "which come from the new system; where they differ from those that we had before, the old ones " \
	    "stand in brackets. The pictures are those of the spring, since the new ones are not ready, "    \
	    "and "                                                                                           \
	    "the list of the names is as it was. I will be away on Thursday and come back on Sunday; until " \
	    "then Carol answers whatever you want to ask, and has the keys of the room. We meet again on "   \
	    "the "                                                                                           \
	    "second of the month in the large hall, as in the year before, and the others come at noon. "    \
	    "Kind regards, Ann\r\n"

#define CHARGED(brand)                                                                 \
	brand NL "INVOICE NO 88213 DATE 12/10/2026" NL                                 \
		 "Thank you for your purchase. Your subscription has been renewed" NL  \
		 "and USD 399.99 will be charged to your account today." NL            \
		 "If you did not authorize this charge, call us at +1 808 555 0142" NL \
		 "within 24 hours to cancel and for a full refund."
#define HACKED                                                      \
	"I have hacked your device and recorded a video of you." NL \
	"Pay 900 dollars to my bitcoin wallet" NL "within 48 hours or I send it to all your contacts."
#define SUSPENDED(who)                                                                              \
	"Dear Customer," NL "We detected unusual activity, and your account has been suspended." NL \
	"Please verify your identity within 24 hours, or it will be permanently closed." NL         \
	"Click here: " who

/* A plain text of more words than an envelope has, and beside it what programs show. */
#define MANY "one two three four five six seven eight nine ten "
#define BESIDE(text)                                                                                        \
	.type = "multipart/mixed; boundary=b",                                                              \
	.body =                                                                                             \
	    "--b\r\nContent-Type: multipart/alternative; boundary=c\r\n\r\n--c\r\n\r\n" MANY MANY MANY MANY \
		MANY MANY MANY MANY MANY MANY MANY MANY MANY MANY MANY MANY                                 \
	    "\r\n--c\r\nContent-Type: text/html\r\n\r\n<p>See the file\r\n--c--\r\n"                        \
	    "--b\r\nContent-Type: application/rtf; name=a.rtf\r\nContent-Disposition: attachment\r\n\r\n"   \
	    "{\\rtf1\\ansi " text "}\r\n--b--\r\n"

#define NOTE(n)                                                    \
	"--b\r\nContent-Type: text/plain; name=" n                 \
	".txt\r\nContent-Disposition: attachment\r\n\r\nNotes of " \
	"the meeting of Monday, part " n ".\r\n"
#define BEHIND_SEVEN(text)                                                                                  \
	.type = "multipart/mixed; boundary=b",                                                              \
	.body = "--b\r\n\r\nSee the files.\r\n" NOTE("1") NOTE("2") NOTE("3") NOTE("4") NOTE("5") NOTE("6") \
	    NOTE("7") "--b\r\nContent-Type: application/rtf; name=a.rtf\r\nContent-Disposition: "           \
		      "attachment\r\n\r\n"                                                                  \
		      "{\\rtf1\\ansi " text "}\r\n--b--\r\n"

static const struct row rows[] = {
	{ "behind seven harmless ones",
	  { FREE, BEHIND_SEVEN(
		      "I have hacked your device and recorded a video of you. Pay 900 dollars to my bitcoin "
		      "wallet within 48 hours or I send it to all your contacts.") },
	  "text_scam.extortion",
	  0.9 },
	{ "callback invoice",
	  { FREE, SHORT, PDF_OF(CHARGED("NORTON LIFELOCK")) },
	  "text_scam.callback",
	  0.9 },
	{ "callback invoice from a domain of its own",
	  { SHORT, PDF_OF(CHARGED("Device Care")) },
	  "text_scam.callback",
	  0.9 },
	{ "brand in a callback invoice",
	  { FREE, SHORT, PDF_OF(CHARGED("GEEK SQUAD")) },
	  "brand_impersonation.brand",
	  0.6 },
	{ "payment service in a callback invoice",
	  { FREE, SHORT, PDF_OF(CHARGED("PayPal")) },
	  "brand_impersonation.brand",
	  0.6 },
	{ "brand in a callback invoice from elsewhere",
	  { SHORT, PDF_OF(CHARGED("McAfee Total Protection")) },
	  "brand_impersonation.brand",
	  0.45 },
	{ "extortion", { FREE, SHORT, PDF_OF(HACKED) }, "text_scam.extortion", 0.9 },
	{ "beside a text that nobody is shown",
	  { FREE,
	    BESIDE("I have hacked your device and recorded a video of you. Pay 900 dollars to my bitcoin "
		   "wallet within 48 hours or I send it to all your contacts.") },
	  "text_scam.extortion",
	  0.9 },
	{ "from whoever calls his own domain a list",
	  { .spf = "v=spf1 ip4:192.0.2.10 -all",
	    .headers = "List-Id: <l.sender.test>\r\n",
	    SHORT,
	    PDF_OF(HACKED) },
	  "text_scam.extortion",
	  0.9 },
	{ "extortion from a domain of its own",
	  { .body = "\r\n", PDF_OF(HACKED) },
	  "text_scam.extortion",
	  0.9 },
	{ "account", { FREE, SHORT, PDF_OF(SUSPENDED("")) }, "text_scam.credentials", 0.7 },
	{ "account, in the name of a brand",
	  { SHORT, PDF_OF(SUSPENDED("") NL "\\251 2026 Amazon.com, Inc. or its affiliates") },
	  "brand_impersonation.brand",
	  0.45 },
	{ "account, from a domain of its own",
	  { SHORT, PDF_OF(SUSPENDED("")) },
	  "text_scam.credentials",
	  0.5 },
	{ "refund",
	  { SHORT, PDF_OF("Internal Revenue Service" NL
			  "You are entitled to a refund of $450.00 of your tax return." NL
			  "To receive your refund submit the form before the deadline.") },
	  "text_scam.refund",
	  0.5 },
	{ "inheritance",
	  { FREE, SHORT,
	    PDF_OF("I am the lawyer of a late client who died without a next of kin." NL
		   "He left the sum of 8.5 million dollars, strictly confidential." NL
		   "Kindly reply with your full name and address.") },
	  "text_scam.advance_fee",
	  0.8 },
	{ "in RTF",
	  { FREE, SHORT,
	    RTF_OF("I have hacked your device and recorded a video of you.\\par Pay to my bitcoin wallet "
		   "within 48 hours.") },
	  "text_scam.extortion",
	  0.7 },
	{ "in plain text",
	  { FREE, SHORT,
	    TXT_OF("I have hacked your device and recorded a video of you. Pay to my bitcoin wallet within "
		   "48 hours.") },
	  "text_scam.extortion",
	  0.7 },
	{ "in a page",
	  { FREE, SHORT,
	    PAGE_OF("I have hacked your device and recorded a video of you. Pay to my bitcoin wallet within "
		    "48 hours.") },
	  "text_scam.extortion",
	  0.7 },
	{ "half in the mail, half in the document",
	  { FREE, .body = "You did not authorize this charge? Call us at +1 808 555 0142.\r\n",
	    PDF_OF("INVOICE NO 4711" NL "Your subscription has been renewed for 399.99 USD." NL
		   "Thank you, the billing team") },
	  "text_scam.callback",
	  0.9 },
	{ "a colleague's address that nothing proves",
	  { .from = "Carl <carl@home.test>", SHORT, PDF_OF(HACKED) },
	  "text_scam.extortion",
	  0.9 },
};

/* What people attach. */
static const struct mail honest[] = {
	/* a craftsman, from a free mailbox */
	{ FREE, .body = "Hello Mr. Smith,\r\nattached is the invoice for the bathroom. Thank you!\r\n",
	  PDF_OF("Lee Plumbing, 12 Mill Lane" NL "Invoice no. 2026-117, 12 October 2026" NL
		 "Bathroom: tiles and fitting, 14 hours at 48.00" NL
		 "Total amount 1,024.80, payable within 14 days without deduction" NL
		 "Bank account DE02 1203 0000 0000 2020 51" NL
		 "Questions? Call us: 0171 555 01 42. Thank you for your order.") },
	/* a shop's, with a brand sold */
	{ SHORT, PDF_OF("Sender Computers Ltd." NL "Invoice number 5531, customer number 8812" NL
			"1 x Norton 360 Deluxe, 1 year, 24.99" NL
			"Grand total 24.99, paid by PayPal on 11 October 2026" NL
			"Our customer support: 020 7946 0123") },
	/* a conference paper */
	{ SHORT,
	  PDF_OF("Phishing Pages and How People See Them" NL
		 "Abstract. We study how users verify links in mail. In a survey of 900 people" NL
		 "most could not tell a login page of a bank from a copy. Attackers claim that an account" NL
		 "has a problem; 40 percent of the participants entered a password. 1 Introduction") },
	/* a court's letter from somebody known */
	{ KNOWN, .body = "Please find the court's letter attached.\r\n",
	  PDF_OF("District Court, file 12 C 331/26" NL
		 "You are summoned to appear on 3 December. If you do not appear, a fine may be imposed." NL
		 "Please confirm your attendance within 14 days. For questions call us at 030 9014 0000.") },
	/* an e-ticket that a friend passes on */
	{ FREE, .body = "Our tickets for Friday :)\r\n",
	  PDF_OF("Lufthansa" NL "Your electronic ticket, booking code X7KQ2P" NL
		 "Berlin BER - Lisbon LIS, 18 December 2026, 07:45" NL
		 "Total amount 214.60 EUR, charged to Visa ending 1234" NL
		 "Online check-in opens 23 hours before departure." NL "Service centre: +49 69 86 799 799") },
	/* a bill of a brand that a colleague passes on */
	{ FREE, .body = "Can you pay me back for the cable?\r\n",
	  PDF_OF("Amazon EU S.a r.l." NL "Invoice 302-771, sold by Amazon" NL
		 "Order date 3 October 2026, order number 302-8812" NL "HDMI cable 2 m, 8.99 EUR" NL
		 "Payment received. Returns: amazon.test/returns") },
	/* an application */
	{ FREE, .body = "Dear Sir or Madam,\r\nplease find my application attached.\r\n",
	  PDF_OF("Ann Lee, born 1998" NL "Education: master of physics, 2022" NL
		 "Experience: three years of software for hospitals" NL
		 "Languages: English, German, French. I look forward to hearing from you.") },
	/* what a house says of its own accounts, to somebody it knows */
	{ KNOWN, SHORT, PDF_OF(SUSPENDED("")) },
	/* a known supplier's renewal */
	{ KNOWN, SHORT, PDF_OF(CHARGED("Sender Hosting")) },
	/* minutes, under a text of its own */
	{ LONG, PDF_OF(SUSPENDED("")) },
	/* a colleague's training slides */
	{ .from = "Carl <carl@home.test>",
	  .mail_from = "carl@home.test",
	  .spf = "v=spf1 ip4:192.0.2.10 -all",
	  SHORT,
	  PDF_OF(SUSPENDED("")) },
	/* an answer to what was written */
	{ FREE, .headers = "Subject: Re: examples\r\nIn-Reply-To: <1@home.test>\r\n", .offline = true, SHORT,
	  PDF_OF(HACKED) },
	/* a statement of a bank with a domain of its own */
	{ SHORT,
	  PDF_OF("Account statement no. 10 of 2026" NL "Balance on 30 September: 2,114.07" NL
		 "3 October, card payment, bakery, -4.20" NL "7 October, transfer from Lee, rent, 640.00" NL
		 "Please check all entries; objections within six weeks.") },
};

static void test_table(void **state)
{
	(void)state;
	bench_table(rows, ARRAY_LEN(rows), "");
}

static void test_honest(void **state)
{
	static const char *const by[] = { "text_scam", "text_words", "brand_impersonation" };
	(void)state;

	for (size_t i = 0; i < ARRAY_LEN(honest); i++) {
		struct bench b;
		bench_scan(&b, &honest[i], NULL);
		for (size_t k = 0; k < ARRAY_LEN(by); k++) {
			const struct finding *f = bench_finding(&b, by[k]);
			if (f)
				fail_msg("%zu: %.*s: %.*s", i, STR_ARG(f->name), STR_ARG(f->detail));
		}
		bench_close(&b);
	}
}

/* Whoever reads the finding sees where the words stand. */
static void test_evidence(void **state)
{
	const struct mail mail = { FREE, SHORT, PDF_OF(HACKED) };
	struct bench b;
	(void)state;

	bench_scan(&b, &mail, NULL);
	const struct finding *f = bench_finding(&b, "text_scam.extortion");
	assert_non_null(f);
	assert_true(str_eq(f->attachment, STR("Informations.pdf")));
	assert_true(str_eq(f->field, STR("attachment")));
	assert_true(str_starts(f->detail, STR("in the attached Informations.pdf: phrases such as \"")));
	assert_int_not_equal(str_find(f->detail, STR("\"hacked your device\""), 0), SIZE_MAX);
	bench_close(&b);
}

#define BAD_ONCE                                                                                            \
	"Pergola and veranda with an awning, gazebo by the trellis, hammock under the parasol. Decking of " \
	"the arbour, sunroom and canopy, lounger for the patio, rattan for the veranda. "
#define BAD BAD_ONCE BAD_ONCE

/* Words of unwanted mail count for those who have no domain of their own, and less than in the mail. */
static void test_words(void **state)
{
	struct arena *arena = arena_new(64u << 20, NULL, NULL);
	struct lessons *l = some_lessons(arena, 150, 1);
	struct classifier classifier;
	struct trained trained;
	struct errbuf eb;
	struct bench b;
	(void)state;

	assert_int_equal(train(l, NULL, STR("test"), &trained, &eb), OK);
	assert_int_equal(classifier_read(buf_str(&trained.file), &classifier, &eb), OK);
	lessons_free(&l);
	const struct mail borrowed = { FREE, SHORT, .classifier = &classifier, PDF_OF(BAD) },
			  own = { SHORT, .classifier = &classifier, PDF_OF(BAD) };
	bench_scan(&b, &borrowed, NULL);
	const struct finding *f = bench_finding(&b, "text_words.unwanted");
	assert_non_null(f);
	assert_true(f->score > 0.4 && f->score < 0.7);
	assert_true(str_starts(f->detail, STR("in the attached Informations.pdf: words such as")));
	bench_close(&b);
	bench_scan(&b, &own, NULL);
	assert_null(bench_finding(&b, "text_words"));
	bench_close(&b);
	buf_free(&trained.file);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_table), cmocka_unit_test(test_honest),
					    cmocka_unit_test(test_evidence), cmocka_unit_test(test_words) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
