/* reply_to_mismatch: answers that would go to somebody else. */
#include "bench.h"

#define REPLY(address) .headers = "Reply-To: " address "\r\n"
#define WANT "reply_to_mismatch"
#define OTHER WANT ".other_mailbox"
#define PROVED .spf = "v=spf1 ip4:192.0.2.10 -all"

static const struct row rows[] = {
	{ "company to free mailbox", { REPLY("ann.sender@gmail.com") }, WANT, 0.3 },
	{ "with a name", { REPLY("\"Ann\" <ann@outlook.com>") }, WANT, 0.3 },
	{ "country domain of a provider", { REPLY("ann@yahoo.co.uk") }, WANT, 0.3 },
	{ "upper case", { REPLY("ANN@GMAIL.COM") }, WANT, 0.3 },
	{ "other free mailbox", { .from = "Ann <ann@gmail.com>", REPLY("ann77@yandex.ru") }, WANT, 0.3 },
	{ "our own name to a free mailbox",
	  { .from = "Boss <boss@home.test>", REPLY("boss@gmail.com") },
	  WANT,
	  0.8 },
	{ "our own name to anybody",
	  { .from = "Boss <boss@home.test>", REPLY("boss@other.example") },
	  WANT,
	  0.2 },
	{ "encoded name", { REPLY("=?utf-8?q?Ann?= <ann@proton.me>") }, WANT, 0.3 },
	{ "comment", { REPLY("ann@web.de (Ann)") }, WANT, 0.3 },
	{ "first of several", { REPLY("ann@gmx.de, ann@sender.test") }, WANT, 0.3 },
	{ "sub-domain of the company", { .from = "A <a@mail.sender.com>", REPLY("a@aol.com") }, WANT, 0.3 },
	{ "what says it is a list",
	  { .headers = "List-Id: <l.example.com>\r\nReply-To: ann@gmail.com\r\n" },
	  WANT,
	  0.3 },
	{ "what says it is a list, proved to be another",
	  { PROVED, .headers = "List-Id: <l.example.com>\r\nReply-To: ann@gmail.com\r\n" },
	  WANT,
	  0.3 },
	{ "what says it can be answered",
	  { PROVED, .headers = "List-Post: <mailto:l@example.com>\r\nReply-To: ann@gmail.com\r\n" },
	  WANT,
	  0.3 },
	{ "our own name to a free mailbox, what says it is a list",
	  { .from = "Boss <boss@home.test>",
	    .headers = "List-Id: <l.example.com>\r\nReply-To: boss@gmail.com\r\n" },
	  WANT,
	  0.8 },
	/* from one free mailbox to another */
	{ "of one provider, which the name fits",
	  { .from = "Rita Grahn <adjou1990@gmail.com>", REPLY("ritagrahn7@gmail.com") },
	  OTHER,
	  0.6 },
	{ "of another, which the name fits",
	  { .from = "\"Mrs. Celia Maturin\" <x48akai@gmail.com>", REPLY("celia.m02@yahoo.com") },
	  OTHER,
	  0.6 },
	{ "which the name fits neither",
	  { .from = "Paul Moor <ecobox9@gmail.com>", REPLY("trustfund@aol.com") },
	  OTHER,
	  0.4 },
	{ "without a name", { .from = "davidkek4@gmail.com", REPLY("mr.abram022@gmail.com") }, OTHER, 0.4 },
	{ "an accent in the name",
	  { .from = "=?utf-8?q?Ren=C3=A9e?= <agou90@gmail.com>", REPLY("renee715@gmail.com") },
	  OTHER,
	  0.6 },
	{ "capitals", { .from = "KEN LAWSON <david12@GMAIL.COM>", REPLY("LAWSON.K@GMAIL.COM") }, OTHER, 0.6 },
	{ "two words, the same provider",
	  { .from = "Tony Wen <boutlook4@outlook.com>", REPLY("wenholding@outlook.com") },
	  OTHER,
	  0.4 },
	{ "a plus that is not the person",
	  { .from = "Helen <board9@gmail.com>", REPLY("helenbrown+work@gmail.com") },
	  OTHER,
	  0.6 },
	{ "from a country's provider",
	  { .from = "Zhou <lvqing@163.com>", REPLY("kapital@qq.com") },
	  OTHER,
	  0.4 },
	{ "with a name of its own",
	  { .from = "Jess <kelly0@gmail.com>", REPLY("\"Jess\" <jesshaver699@gmail.com>") },
	  OTHER,
	  0.4 },
	/* near misses */
	{ "of one person: a number",
	  { .from = "Rita <rita555@gmail.com>", REPLY("rita777@gmail.com") },
	  NULL,
	  0 },
	{ "of one person: a plus",
	  { .from = "Ann <annsmith@gmail.com>", REPLY("annsmith+re@gmail.com") },
	  NULL,
	  0 },
	{ "of one person: dots",
	  { .from = "Ann <annsmith@gmail.com>", REPLY("ann.smith@gmail.com") },
	  NULL,
	  0 },
	{ "of one person: an initial",
	  { .from = "Ann <asmith@gmail.com>", REPLY("annsmith@gmail.com") },
	  NULL,
	  0 },
	{ "of one person: turned round",
	  { .from = "Ann <ann.smith@gmail.com>", REPLY("smith.ann@gmail.com") },
	  NULL,
	  0 },
	{ "of one person: another word",
	  { .from = "Kim <kim.lists@gmail.com>", REPLY("kim.home@gmail.com") },
	  NULL,
	  0 },
	{ "of one person: the name fits both",
	  { .from = "Seth Mark <seth.i.mark@gmail.com>", REPLY("sethmail@gmail.com") },
	  NULL,
	  0 },
	{ "numbers say nothing", { .from = "Li <1380013@qq.com>", REPLY("7551234@qq.com") }, NULL, 0 },
	{ "the same but for capitals", { .from = "Ann <ann@gmail.com>", REPLY("Ann@Gmail.com") }, NULL, 0 },
	{ "a free mailbox to that of a firm",
	  { .from = "Ann <ann@gmail.com>", REPLY("orders@firm.example") },
	  NULL,
	  0 },
	{ "none", { 0 }, NULL, 0 },
	{ "the same", { REPLY("ann@sender.test") }, NULL, 0 },
	{ "another of the company", { .from = "A <a@mail.sender.com>", REPLY("help@sender.com") }, NULL, 0 },
	{ "a ticket system", { REPLY("case-1@tickets.example.com") }, NULL, 0 },
	{ "the same provider", { .from = "Ann <ann@gmail.com>", REPLY("ann.work@gmail.com") }, NULL, 0 },
	{ "free mailbox to company", { .from = "Ann <ann@gmail.com>", REPLY("ann@sender.com") }, NULL, 0 },
	{ "a list",
	  { .mail_from = "l@example.com",
	    PROVED,
	    .headers = "List-Id: <l.example.com>\r\nReply-To: ann@gmail.com\r\n" },
	  NULL,
	  0 },
	{ "empty", { REPLY("") }, NULL, 0 },
	{ "no address", { REPLY("nobody") }, NULL, 0 },
	{ "a name that holds a provider's", { REPLY("a@notgmail.com") }, NULL, 0 },
};

static void test_table(void **state)
{
	(void)state;
	bench_table(rows, ARRAY_LEN(rows), "reply_to_mismatch");
}

/* Somebody proved now and known from before may have a second mailbox. */
static void test_known(void **state)
{
	const struct mail known = { REPLY("ann@gmail.com"), .spf = "v=spf1 ip4:192.0.2.10 -all", .seen = 20 },
			  bad = { REPLY("ann@gmail.com"), .spf = "v=spf1 ip4:192.0.2.10 -all", .seen = 20,
				  .bad = 10 };
	struct bench a, b;

	(void)state;
	bench_scan(&a, &known, NULL);
	bench_scan(&b, &bad, NULL);
	assert_true(bench_finding(&a, WANT)->score < bench_finding(&b, WANT)->score);
	bench_close(&a);
	bench_close(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_table), cmocka_unit_test(test_known) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
