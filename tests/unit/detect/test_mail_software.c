/* mail_software: fields as only those write them who forge mail. */
#include "bench.h"

#define DAY(text) .date = text " Oct 2026 07:30:00 +0000"
#define GMAIL .from = "Ann <ann@gmail.com>", .mail_from = "x@else.org"
#define HOTMAIL .from = "Ann <ann@hotmail.com>", .mail_from = "x@else.org"
#define HOP(from)                        \
	"Received: from " from " (" from \
	" [198.51.100.7]) by mx.else.org; Mon, 26 Oct 2026 07:30:00 +0000\r\n"
#define PASS .spf = "v=spf1 ip4:192.0.2.10 -all"

#define AD "mail_software.ad_label"
#define NAMED "mail_software.ad_named"
#define JOINED "mail_software.joined_words"
#define APART "mail_software.letters_apart"
#define ZWSP "\xe2\x80\x8b"
#define ZWJ "\xe2\x80\x8d"
#define ZWNJ "\xe2\x80\x8c"
#define SPLIT "mail_software.letters_split"
#define CODE "mail_software.subject_code"
#define CAPITALS "mail_software.subject_capitals"
#define LIST "mail_software.free_mail_list"

static const struct row rows[] = {
	{ "a zone that is none",
	  { .date = "Mon, 26 Oct 2026 07:30:00 +2400" },
	  "mail_software.date_zone",
	  0.8 },
	{ "minutes that are none",
	  { .date = "Mon, 26 Oct 2026 07:30:00 -0507" },
	  "mail_software.date_zone",
	  0.8 },
	{ "a day ahead", { DAY("27") }, "mail_software.date_ahead", 0.6 },
	{ "years ahead", { .date = "Tue, 19 Jan 2038 03:14:07 +0000" }, "mail_software.date_ahead", 0.6 },
	{ "no zone", { .date = "26 Oct 2026 07:30:00" }, "mail_software.date_form", 0.4 },
	{ "no date", { .date = "yesterday" }, "mail_software.date_form", 0.4 },
	{ "a Message-ID without at sign", { .id = "<20261026.1234>" }, "mail_software.id_form", 0.4 },
	{ "a Message-ID without brackets", { .id = "1@sender.test" }, "mail_software.id_form", 0.4 },
	{ "a Message-ID with a blank", { .id = "<1 2@sender.test>" }, "mail_software.id_form", 0.4 },
	{ "a Message-ID with two at signs", { .id = "<1@2@sender.test>" }, "mail_software.id_form", 0.4 },
	{ "a Message-ID of nothing", { .id = "<@>" }, "mail_software.id_form", 0.4 },
	{ "a priority of Outlook alone",
	  { .headers = "X-MSMail-Priority: High\r\n" },
	  "mail_software.outlook_priority",
	  0.4 },
	{ "Outlook alone",
	  { .headers = "X-Mailer: Microsoft Outlook Express 6.00\r\n" },
	  "mail_software.outlook_bare",
	  0.3 },
	{ "a tag behind blanks",
	  { .headers = "Subject: Save a lot of money                 xkq7\r\n" },
	  "mail_software.subject_tail",
	  0.7 },
	{ "a tag behind a fold",
	  { .headers = "Subject: Save a lot of money\r\n               xkq7\r\n" },
	  "mail_software.subject_tail",
	  0.7 },
	{ "blanks between encoded words",
	  { .headers = "Subject: =?UTF-8?B?UmUteW91cg==?=         =?UTF-8?B?Y3JlZGl0?=\r\n" },
	  "mail_software.subject_blanks",
	  0.7 },
	{ "signs behind blanks",
	  { .headers = "Subject: Save a lot of money             ~!!~\r\n" },
	  "mail_software.subject_blanks",
	  0.7 },
	{ "blanks in a word", { .headers = "Subject: H       i\r\n" }, "mail_software.subject_blanks", 0.7 },
	{ "gmail that never was there",
	  { GMAIL, .headers = HOP("host.else.org") },
	  "mail_software.free_mail",
	  0.5 },
	{ "hotmail that never was there",
	  { HOTMAIL, .headers = HOP("host.else.org") },
	  "mail_software.free_mail",
	  0.5 },
	{ "a Message-ID that is not the provider's",
	  { HOTMAIL, .headers = HOP("x.outlook.com") },
	  "mail_software.free_mail_id",
	  0.2 },
	{ "a machine's mailbox",
	  { .from = "Ann <x8k2mq91lf0z@sender.test>" },
	  "mail_software.random_address",
	  0.3 },
	{ "for nobody", { .to = "undisclosed-recipients:;" }, "mail_software.to_nobody", 0.3 },
	{ "for a name", { .to = "Customers" }, "mail_software.to_nobody", 0.3 },
	{ "for the sender", { .to = "Ann <ANN@sender.test>" }, "mail_software.to_sender", 0.3 },
	{ "for the sender twice",
	  { .to = "ann@sender.test, ann@sender.test" },
	  "mail_software.to_sender",
	  0.3 },
	{ "a host of the sender for a program",
	  { .headers = "X-Mailer: mail.sender.test\r\n" },
	  "mail_software.program_host",
	  0.7 },
	{ "another host of his",
	  { .headers = "X-Mailer: SMTP3.Sender.Test\r\n" },
	  "mail_software.program_host",
	  0.7 },
	{ "a code for a program",
	  { .headers = "X-Mailer: ZjVqn7SBZyGWrtRK5M\r\n" },
	  "mail_software.program_code",
	  0.7 },
	{ "a page without MIME-Version",
	  { .mime = "", .type = "text/html" },
	  "mail_software.mime_missing",
	  0.4 },
	{ "capitals", { .headers = "Subject: YOU WON A PRIZE!\r\n" }, CAPITALS, 0.2 },
	{ "capitals behind a list's tag",
	  { .headers = "Subject: [talk] MAKE 5,000 EACH WEEK\r\n" },
	  CAPITALS,
	  0.2 },
	{ "of the first priority", { .headers = "X-Priority: 1\r\n" }, "mail_software.urgent", 0.2 },
	{ "with its name", { .headers = "X-Priority: 2 (High)\r\n" }, "mail_software.urgent", 0.2 },
	{ "our own name in HELO", { .helo = "mail.home.test" }, "mail_software.helo_ours", 0.6 },
	/* near misses */
	{ "a long word with soft hyphens",
	  { .headers = "Subject: Donau\xc2\xad"
		       "dampf\xc2\xad"
		       "schiff\xc2\xad"
		       "fahrt\r\n" },
	  NULL,
	  0 },
	{ "emoji that are joined",
	  { .headers = "Subject: \xf0\x9f\x91\xa9" ZWJ "\xf0\x9f\x91\xa9" ZWJ "\xf0\x9f\x91\xa7" ZWJ
		       "\xf0\x9f\x91\xa6 \xf0\x9f\x91\xa9" ZWJ "\xf0\x9f\x92\xbb family day\r\n" },
	  NULL,
	  0 },
	{ "Persian with its joiners",
	  { .headers =
		"Subject: \xd9\x85\xdb\x8c" ZWNJ "\xd8\xb1\xd9\x88\xd9\x85 \xd9\x85\xdb\x8c" ZWNJ
		"\xd8\xb4\xd9\x88\xd8\xaf \xd9\x86\xd9\x85\xdb\x8c" ZWNJ "\xd8\xaf\xd8\xa7\xd9\x86\xd9\x85 "
		"\xd9\x85\xdb\x8c" ZWNJ "\xd8\xb1\xd9\x88\xdb\x8c\r\n" },
	  NULL,
	  0 },
	{ "ordinary mail", { 0 }, NULL, 0 },
	{ "a program", { .headers = "X-Mailer: PHPMailer5.2.9\r\n" }, NULL, 0 },
	{ "a program of many words", { .headers = "X-Mailer: iPhone Mail (20G75)\r\n" }, NULL, 0 },
	{ "a program named like a site", { .headers = "X-Mailer: Mailer.example\r\n" }, NULL, 0 },
	{ "a program named like the sender's site", { .headers = "X-Mailer: sender.test\r\n" }, NULL, 0 },
	{ "a program with a version like a host", { .headers = "X-Mailer: mail.2.1\r\n" }, NULL, 0 },
	{ "a page that says it is one", { .type = "text/html" }, NULL, 0 },
	{ "plain text without MIME-Version", { .mime = "" }, NULL, 0 },
	{ "an abbreviation", { .headers = "Subject: RFC 5322 MIME\r\n" }, NULL, 0 },
	{ "an answer to capitals",
	  { .headers = "Subject: RE: PLEASE SEND THE KEYS\r\nIn-Reply-To: <1@home.test>\r\n" },
	  NULL,
	  0 },
	{ "capitals among others", { .headers = "Subject: FINAL CALL: minutes of Tuesday\r\n" }, NULL, 0 },
	{ "the usual priority", { .headers = "X-Priority: 3\r\n" }, NULL, 0 },
	{ "a priority of two digits", { .headers = "X-Priority: 10\r\n" }, NULL, 0 },
	{ "without Date, To and Message-ID",
	  { .date = "", .id = "", .to = "", .from = "ann@sender.test" },
	  NULL,
	  0 },
	{ "the farthest zone", { .date = "Mon, 26 Oct 2026 21:30:00 +1400" }, NULL, 0 },
	{ "a zone of a quarter", { .date = "Mon, 26 Oct 2026 13:15:00 +0545" }, NULL, 0 },
	{ "a zone by name", { .date = "Mon, 26 Oct 2026 07:30:00 GMT" }, NULL, 0 },
	{ "a zone with a comment", { .date = "Mon, 26 Oct 2026 00:30:00 -0700 (PDT)" }, NULL, 0 },
	{ "a clock some hours ahead", { .date = "Mon, 26 Oct 2026 15:30:00 +0000" }, NULL, 0 },
	{ "weeks late", { DAY("1") }, NULL, 0 },
	{ "a Message-ID of a bare host", { .id = "<1.a$b@host>" }, NULL, 0 },
	{ "a Message-ID of an address", { .id = "<1@[192.0.2.1]>" }, NULL, 0 },
	{ "Outlook Express",
	  { .headers = "X-MSMail-Priority: Normal\r\nX-Mailer: Microsoft Outlook Express 6.00\r\n"
		       "X-MimeOLE: Produced By Microsoft MimeOLE V6.00\r\n" },
	  NULL,
	  0 },
	{ "Outlook", { .headers = "X-Mailer: Microsoft Outlook 16.0\r\nThread-Index: AdEq\r\n" }, NULL, 0 },
	{ "Outlook of a Mac", { .headers = "User-Agent: Microsoft-MacOutlook/16.0\r\n" }, NULL, 0 },
	{ "blanks before a subject", { .headers = "Subject:               Lunch\r\n" }, NULL, 0 },
	{ "two blanks", { .headers = "Subject: See you.  Ann\r\n" }, NULL, 0 },
	{ "gmail that was there", { GMAIL, .headers = HOP("mail-sor-f41.google.com") }, NULL, 0 },
	{ "gmail from our peer", { GMAIL, .helo = "mail-sor-f41.google.com" }, NULL, 0 },
	{ "gmail that proves itself",
	  { .from = "Ann <ann@gmail.com>", .mail_from = "ann@gmail.com", PASS, .headers = HOP("x.else.org") },
	  NULL,
	  0 },
	{ "gmail without hops", { GMAIL }, NULL, 0 },
	{ "gmail with an ID of the program",
	  { GMAIL, .headers = HOP("mail-sor-f41.google.com"), .id = "<1@laptop.local>" },
	  NULL,
	  0 },
	{ "hotmail as it is",
	  { HOTMAIL, .id = "<DB7PR0A@DB7PR0A.eurprd01.prod.outlook.com>", .headers = HOP("x.outlook.com") },
	  NULL,
	  0 },
	{ "a mailbox with a year", { .from = "Ann <annabelle1984@sender.test>" }, NULL, 0 },
	{ "a mailbox of hexadecimal capitals", { .from = "Ann <A8K2MQ91LF0Z@sender.test>" }, NULL, 0 },
	{ "for the sender and others", { .to = "ann@sender.test, bob@home.test" }, NULL, 0 },
	{ "for the sender with copies",
	  { .to = "ann@sender.test", .headers = "Cc: bob@home.test\r\n" },
	  NULL,
	  0 },
	{ "Outlook for the Mac, which has none of those fields",
	  { .headers = "X-Mailer: Microsoft Outlook Express Macintosh Edition - 4.5 (0410)\r\n" },
	  NULL,
	  0 },
	{ "encoded words behind folds",
	  { .headers = "Subject: =?UTF-8?B?UmUteW91cg==?=\r\n         =?UTF-8?B?Y3JlZGl0?=\r\n" },
	  NULL,
	  0 },
	{ "a report without much",
	  { .id = "", .date = "", .to = "", .headers = "Auto-Submitted: auto-generated\r\n" },
	  NULL,
	  0 },
	{ "a machine of ours",
	  { .from = "root@home.test", .mail_from = "root@home.test", PASS, .id = "", .date = "" },
	  NULL,
	  0 },
	{ "our own host", { .from = "Ann <ann@sender.test>", PASS, .helo = "mail.home.test" }, NULL, 0 },
	/* subjects and names */
	{ "the label of some states", { .headers = "Subject: ADV: Buy land\r\n" }, AD, 1 },
	{ "the label behind a list's tag", { .headers = "Subject: [members] ADV: Buy land\r\n" }, AD, 1 },
	{ "of what is explicit", { .headers = "Subject: ADV-ADULT pictures\r\n" }, AD, 1 },
	{ "of what is explicit, by federal law",
	  { .headers = "Subject: SEXUALLY-EXPLICIT: pictures\r\n" },
	  AD,
	  1 },
	{ "the label of Singapore", { .headers = "Subject: <ADV> Buy land\r\n" }, AD, 1 },
	{ "the label of Japan",
	  { .headers = "Subject: \xe6\x9c\xaa\xe6\x89\xbf\xe8\xab\xbe\xe5\xba\x83\xe5\x91\x8a\xe2\x80\xbb "
		       "Land\r\n" },
	  AD,
	  1 },
	{ "the label of Korea", { .headers = "Subject: (\xea\xb4\x91\xea\xb3\xa0) Land\r\n" }, NAMED, 0.8 },
	{ "in other brackets, apart",
	  { .headers = "Subject: [\xea\xb4\x91 \xea\xb3\xa0] Land\r\n" },
	  NAMED,
	  0.8 },
	{ "without a charset", { .headers = "Subject: (\xb1\xa4\xb0\xed) Land\r\n" }, NAMED, 0.8 },
	{ "the label of China", { .headers = "Subject: (\xe5\xb9\xbf\xe5\x91\x8a) Land\r\n" }, NAMED, 0.8 },
	{ "in Latin letters, before Chinese",
	  { .headers = "Subject: (AD) \xe4\xb9\xb0\xe5\x9c\xb0\r\n" },
	  NAMED,
	  0.8 },
	{ "a name held together", { .from = "#Thank_You# <ann@sender.test>" }, JOINED, 0.5 },
	{ "a subject held together", { .headers = "Subject: _Your_Offer_is_waiting_\r\n" }, JOINED, 0.5 },
	{ "a sentence without blanks", { .headers = "Subject: Find_out_how_to_win!\r\n" }, JOINED, 0.5 },
	{ "a name letter by letter", { .from = "W e l c o m e <ann@sender.test>" }, APART, 0.4 },
	{ "a subject letter by letter", { .headers = "Subject: Your G i f t s here\r\n" }, APART, 0.4 },
	{ "a name split by what is not seen",
	  { .from = "N" ZWSP "a" ZWSP "t" ZWSP "i" ZWSP "onal Debt <ann@sender.test>" },
	  SPLIT,
	  0.8 },
	{ "a subject split by soft hyphens",
	  { .headers = "Subject: R\xc2\xad"
		       "e\xc2\xad"
		       "s\xc2\xad"
		       "u\xc2\xad"
		       "lts\r\n" },
	  SPLIT,
	  0.8 },
	{ "a Cyrillic subject split by joiners",
	  { .headers =
		"Subject: \xd0\xbf" ZWNJ "\xd1\x80" ZWNJ "\xd0\xb8" ZWNJ "\xd0\xb7" ZWNJ "\xd1\x8b\r\n" },
	  SPLIT,
	  0.8 },
	{ "a code", { .headers = "Subject: Confirmation-5644t5*Rlk2\r\n" }, CODE, 0.4 },
	{ "a number from a free mailbox",
	  { GMAIL, .headers = HOP("mail.google.com") "Subject: looking 562818141198765\r\n" },
	  CODE,
	  0.4 },
	{ "a mailing from a free mailbox",
	  { GMAIL, .headers = HOP("mail.google.com") "List-Unsubscribe: <https://a.org/u>\r\n" },
	  LIST,
	  0.4 },
	{ "by a list at a domain that costs nothing",
	  { GMAIL,
	    .headers = HOP(
		"mail.google.com") "List-Id: <abc.offers.click>\r\nList-Post: <mailto:abc@offers.click>\r\n"
				   "List-Unsubscribe: <https://a.org/u>\r\n" },
	  LIST,
	  0.4 },
	{ "no label: an answer", { .headers = "Subject: Re: ADV: Buy land\r\n" }, NULL, 0 },
	{ "no label: a word", { .headers = "Subject: ADVICE: buy land\r\n" }, NULL, 0 },
	{ "no label: a directory", { .headers = "Subject: [AD] users are synchronized\r\n" }, NULL, 0 },
	{ "no label: advertising is spoken of",
	  { .headers = "Subject: \xea\xb4\x91\xea\xb3\xa0 \xeb\xac\xb8\xec\x9d\x98\r\n" },
	  NULL,
	  0 },
	{ "a file", { .headers = "Subject: minutes_of_the_Meeting_in_May.pdf\r\n" }, NULL, 0 },
	{ "a function", { .headers = "Subject: about drm_Mode_set_config_internal()\r\n" }, NULL, 0 },
	{ "a constant", { .headers = "Subject: CONFIG_DEBUG_INFO_BTF_MODULES\r\n" }, NULL, 0 },
	{ "a tag", { .headers = "Subject: #team outing\r\n" }, NULL, 0 },
	{ "initials", { .from = "J R R T Ann <ann@sender.test>" }, NULL, 0 },
	{ "a number of an order", { .headers = "Subject: Order 12345-AB67\r\n" }, NULL, 0 },
	{ "a number of a parcel", { .headers = "Subject: Your parcel 9261290376142251915324\r\n" }, NULL, 0 },
	{ "stars around a word", { .headers = "Subject: a *great* day in 2026\r\n" }, NULL, 0 },
	{ "a list of people from a free mailbox",
	  { GMAIL, .headers = HOP("mail.google.com") "List-Id: <talk.lists.example.org>\r\nList-Unsubscribe: "
						     "<https://lists.example.org/u>\r\n" },
	  NULL,
	  0 },
	{ "a mailing of a house", { .headers = "List-Unsubscribe: <https://sender.test/u>\r\n" }, NULL, 0 },
};

static void test_table(void **state)
{
	(void)state;
	bench_table(rows, ARRAY_LEN(rows), "mail_software");
}

/* Traits add up; what comes of one cause counts once, and one alone decides nothing. */
static void test_sums(void **state)
{
	static const struct {
		struct mail mail;
		enum disposition want;
	} cases[] = {
		{ { .date = "Mon, 26 Oct 2026 07:30:00 +2400" }, DISP_NONE },
		{ { .headers = "Subject: Money               xkq7\r\n" }, DISP_NONE },
		{ { .date = "", .id = "", .to = "", .from = "ann@sender.test" }, DISP_NONE },
		{ { .id = "<12>",
		    .offline = true,
		    .headers = "X-MSMail-Priority: High\r\nX-Mailer: Microsoft Outlook\r\n" },
		  DISP_NONE },
		{ { .date = "Mon, 26 Oct 2026 07:30:00 +2400", .to = "undisclosed-recipients:;" },
		  DISP_SPAM },
		{ { .headers = "Subject: ADV: Buy land\r\n" }, DISP_SPAM },
		/* known and proved: it was asked for */
		{ { .headers = "Subject: ADV: Buy land\r\n", PASS, .seen = 20 }, DISP_NONE },
		{ { .headers = "Subject: (\xea\xb4\x91\xea\xb3\xa0) Land\r\n" }, DISP_NONE },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		enum disposition got = bench_verdict(&cases[i].mail);
		if (got != cases[i].want)
			fail_msg("%zu: %d", i, (int)got);
	}
}

/* Where From names nobody, the field that stands for it is shown. */
static void test_stand_in(void **state)
{
	struct bench b;

	(void)state;
	bench_scan(&b,
		   &(struct mail){ .from = "Nobody:;",
				   .headers = "Sender: Ann <x8k2mq91lf0z@sender.test>\r\n",
				   .body = "Hello\r\n" },
		   NULL);
	const struct finding *f = bench_finding(&b, "mail_software.random_address");
	assert_non_null(f);
	assert_true(str_eq(f->field, STR("Sender")));
	bench_close(&b);
}

/* What the sender calls himself is shown where it stands, and not in the subject. */
static void test_name(void **state)
{
	struct bench b;

	(void)state;
	bench_scan(&b, &(struct mail){ .from = "_Your_Best_Offer_ <ann@sender.test>" }, NULL);
	const struct finding *f = bench_finding(&b, JOINED);
	assert_non_null(f);
	assert_true(str_eq(f->field, STR("From")));
	assert_true(str_eq(f->portion, STR("display name")));
	bench_close(&b);
}

/* What is said is what is to be seen there: the tag, the blanks, an empty field; a zone that is none explains the time. */
static void test_details(void **state)
{
	static const struct {
		struct mail mail;
		const char *signal, *want;
	} cases[] = {
		{ { .headers = "Subject: Save a lot of money            xkq7\r\n" },
		  "mail_software.subject_tail",
		  "\"xkq7\" behind 12 blanks" },
		{ { .headers = "Subject: H       i\r\n" },
		  "mail_software.subject_blanks",
		  "7 blanks in a row" },
		{ { .to = "", .headers = "To:\r\n" }, "mail_software.to_nobody", "it is empty" },
		{ { .headers = "X-MSMail-Priority: Normal\r\n" },
		  "mail_software.outlook_priority",
		  "X-MSMail-Priority, and no X-MimeOLE" },
		{ { .date = "Mon, 26 Oct 2026 07:30:00 -2400" }, "mail_software.date_ahead", NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct bench b;
		bench_scan(&b, &cases[i].mail, NULL);
		const struct finding *f = bench_finding(&b, cases[i].signal);
		assert_true(cases[i].want ? f && str_eq(f->detail, str_of(cases[i].want)) : !f);
		bench_close(&b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_table), cmocka_unit_test(test_stand_in),
					    cmocka_unit_test(test_details), cmocka_unit_test(test_sums),
					    cmocka_unit_test(test_name) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
