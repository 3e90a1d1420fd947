/* form_abuse: lures that strangers had an honest site send, and what forms send for honest people. */
#include "bench.h"

#define LURE "form_abuse.lure"
#define MONEY "form_abuse.money"
#define HEART "\xe2\x9d\xa4\xef\xb8\x8f"
#define TICK "\xe2\x9c\x85"
#define ARROW "\xe2\x9e\xa1\xef\xb8\x8f"

static const struct row rows[] = {
	{ "a greeting with an acquaintance",
	  { .body = "Hi " HEART " Mona wants to meet you! Click here: https://bit.ly/3abc " HEART
		    ", thank you for contacting us.\r\nWe will answer soon.\r\n" },
	  LURE,
	  1 },
	{ "a greeting with a sum",
	  { .body =
		"Hello " TICK " +$2,310 " ARROW " https://forms.gle/AbCdEf,\r\n\r\nThanks for signing up. "
		"Please confirm your email.\r\n" },
	  MONEY,
	  1 },
	{ "a sender who proved his name",
	  { .spf = "v=spf1 ip4:192.0.2.10 -all",
	    .seen = 20,
	    .body = "Hello " TICK " +$2,310 " ARROW
		    " https://forms.gle/AbCdEf,\r\n\r\nThanks for signing up.\r\n" },
	  MONEY,
	  1 },
	{ "a page",
	  { .type = "text/html",
	    .body = "<p>Dear " HEART " Free games, click here: https://telegra.ph/free-games-11-07 " HEART
		    ", welcome to our shop.</p><p><a href=\"https://shop.sender.test/confirm\">Confirm your "
		    "account</a></p>" },
	  LURE,
	  1 },
	{ "a name in a copy of the form",
	  { .body =
		"Thank you for your message. This is what you wrote:\r\n\r\nName: " HEART
		" Ines is interested in you! More info: https://bit.ly/3abc " HEART "\r\nPhone: 1234\r\n" },
	  LURE,
	  1 },
	{ "Japanese",
	  { .body =
		"\xe3\x81\x8a\xe5\x95\x8f\xe3\x81\x84\xe5\x90\x88\xe3\x82\x8f\xe3\x81\x9b\xe3\x81\x82\xe3\x82"
		"\x8a\xe3\x81\x8c\xe3\x81\xa8\xe3\x81\x86\xe3\x81\x94\xe3\x81\x96\xe3\x81\x84\xe3\x81\xbe\xe3"
		"\x81\x99\xe3\x80\x82\r\n\xe5\xb7\xae\xe5\x87\xba\xe4\xba\xba: " HEART
		" You have unread messages from Lea (3)! Click here: https://bit.ly/3abc " HEART "\r\n" },
	  LURE,
	  1 },
	{ "Chinese, a greeting",
	  { .body = "\xe6\x82\xa8\xe5\xa5\xbd " TICK " +$2,310 " ARROW
		    " https://forms.gle/AbCdEf\xef\xbc\x8c\r\n\r\nThanks for signing up.\r\n" },
	  MONEY,
	  1 },
	{ "German",
	  { .body = "Vielen Dank f\xc3\xbcr Ihre Anfrage.\r\nVon: " HEART " Lea m\xc3\xb6"
		    "chte dich treffen! Klicke hier: https://bit.ly/3abc " HEART "\r\n" },
	  LURE,
	  1 },
	{ "Spanish, a friend's recommendation",
	  { .body =
		"Hola gana 5000 EUR por dia, https://bit.ly/3abc, un amigo te ha enviado un producto.\r\n" },
	  MONEY,
	  1 },
	{ "a message about money",
	  { .body =
		"This e-mail was sent from a contact form.\r\nMessage Body:\r\nTRANSFERS TO YOUR CARD FROM "
		"$4000 PER DAY >>> https://news.evil.org/1 <<<\r\n" },
	  MONEY,
	  1 },
	{ "a message that leads to anybody's page",
	  { .body = "Contact form\r\nMessage: Crypto makes you a millionaire "
		    "https://telegra.ph/crypto-08-07\r\n" },
	  LURE,
	  0.7 },
	{ "a transcript of a chat",
	  { .type = "text/html",
	    .body = "<h1>Chat Transcript</h1><p>\xf0\x9f\x94\xb4 ACCEPT YOUR FREE COINS NOW &gt;&gt; "
		    "https://forms.gle/AbCdEf</p>" },
	  LURE,
	  1 },
	{ "an address without a scheme",
	  { .body = "Hi " TICK " +$1,940 " ARROW " bit.ly/3abc, one more step to confirm your account.\r\n" },
	  MONEY,
	  1 },
	/* near misses */
	{ "a name", { .body = "Hi Ann, thank you for contacting us. We will answer soon.\r\n" }, NULL, 0 },
	{ "a site's own link in its greeting",
	  { .body = "Hi " HEART " welcome to https://www.sender.test/club, thank you for joining.\r\n" },
	  NULL,
	  0 },
	{ "a link behind the greeting",
	  { .body = "Hi Ann, " HEART " click here https://bit.ly/3abc to confirm your email.\r\n" },
	  NULL,
	  0 },
	{ "a greeting that ends before",
	  { .body = "Hi Ann! Click here: https://bit.ly/3abc, and confirm your email " HEART "\r\n" },
	  NULL,
	  0 },
	{ "a person who sends a link",
	  { .body = "Hi " HEART " click here: https://photos.example.org/1, the party was great.\r\n" },
	  NULL,
	  0 },
	{ "a site as a name", { .body = "Hi www.annsgarden.org, thank you for registering.\r\n" }, NULL, 0 },
	{ "an inquiry with a site",
	  { .body = "This e-mail was sent from a contact form.\r\nName: Ann Example\r\nMessage: We need 500 "
		    "boxes, our budget is $3,000, see https://www.annsgarden.org/boxes for their size.\r\n" },
	  NULL,
	  0 },
	{ "an inquiry with a document",
	  { .body =
		"Contact form\r\nMessage: The plan is at https://drive.google.com/file/d/1x/view and we look "
		"forward to your offer.\r\n" },
	  NULL,
	  0 },
	{ "a chat about help",
	  { .body = "Chat transcript\r\nAgent: the guide is at https://help.example.org/start\r\nVisitor: "
		    "thanks\r\n" },
	  NULL,
	  0 },
	{ "a forwarded letter",
	  { .body = "From: Ann <ann@example.org>\r\nSubject: Minutes\r\n\r\nThey are at "
		    "https://example.org/minutes\r\n" },
	  NULL,
	  0 },
	{ "a quoted lure",
	  { .body = "Thank you for your message.\r\n> Hi " HEART " Mona wants to meet you! Click here: "
		    "https://bit.ly/3abc " HEART ", thank you\r\n" },
	  NULL,
	  0 },
	{ "a ticket that names a page",
	  { .body = "Your ticket: the page https://example.org/a is slow.\r\nName: Ann\r\nComment: see "
		    "https://example.org/a\r\n" },
	  NULL,
	  0 },
	{ "an order's confirmation",
	  { .body = "Dear Ann Example, we have received your order of $1,250.00. Follow it at "
		    "https://www.parcels.example.net/1.\r\n" },
	  NULL,
	  0 },
};

static void test_table(void **state)
{
	(void)state;
	bench_table(rows, ARRAY_LEN(rows), "form_abuse");
}

/* Where no end of a line comes, and what is written to be read slowly. */
static void test_bounds(void **state)
{
	const struct mail m = { .body =
				    "Contact form\r\nMessage: $$$$$$$$ +++++ 1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1 "
				    "://://://:// ........ @@@@ ////// http:// www. \xff\xfe +" };
	struct bench b;

	(void)state;
	bench_scan(&b, &m, NULL);
	assert_null(bench_finding(&b, "form_abuse"));
	bench_close(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_table), cmocka_unit_test(test_bounds) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
