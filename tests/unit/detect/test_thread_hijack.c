/* thread_hijack: strangers in conversations. */
#include "bench.h"

#define QUOTE(line) \
	.body = "Please see the new bank details below.\r\n\r\n" line "\r\n> Shall we say Monday?\r\n"
#define RE .headers = "Subject: Re: The invoice\r\n"
#define ANN .from = "Ann Smith <ann@evil.org>"
#define PROVED .spf = "v=spf1 ip4:192.0.2.10 -all"
#define SAME "thread_hijack.other_address"
#define NEAR "thread_hijack.lookalike"
#define STRANGER "thread_hijack.stranger"
#define FIRM "From: Ann Smith <ann@partner.com>"

static const struct row rows[] = {
	{ "her name, another address", { ANN, RE, QUOTE(FIRM) }, SAME, 0.4 },
	{ "her name, a free mailbox", { .from = "Ann Smith <ann.s@gmail.com>", RE, QUOTE(FIRM) }, SAME, 0.6 },
	{ "an introduction",
	  { ANN, RE, QUOTE("On Mon, 26 Oct 2026 at 10:00, Ann Smith <ann@partner.com> wrote:") },
	  SAME,
	  0.4 },
	{ "a German one",
	  { ANN, RE, QUOTE("Am 26.10.2026 um 10:00 schrieb Ann Smith <ann@partner.com> schrieb:") },
	  SAME,
	  0.4 },
	{ "quoted", { ANN, RE, QUOTE("> > Von: Ann Smith <ann@partner.com>") }, SAME, 0.4 },
	{ "in HTML",
	  { ANN, .type = "text/html",
	    .body = "<p>See below</p><p>From: Ann Smith &lt;ann@partner.com&gt;</p>" },
	  SAME,
	  0.4 },
	{ "in capitals", { .from = "ANN SMITH <ann@evil.org>", RE, QUOTE(FIRM) }, SAME, 0.4 },
	{ "nobody to ask", { ANN, RE, QUOTE(FIRM), .offline = true }, SAME, 0.2 },
	{ "a letter too many", { .from = "Ann <ann@partnner.com>", RE, QUOTE(FIRM) }, NEAR, 0.9 },
	{ "another ending",
	  { .from = "Ann <ann@northwind.co>", RE, QUOTE("From: Ann <ann@northwind.com>") },
	  NEAR,
	  0.9 },
	{ "letters that look alike", { .from = "Ann <ann@partn\xd0\xb5r.com>", RE, QUOTE(FIRM) }, NEAR, 0.9 },
	{ "a letter too many, and a name of her own",
	  { .from = "Accounts <a@partnerr.com>", RE, QUOTE("To: Ann Smith <ann@partner.com>") },
	  NEAR,
	  0.9 },
	{ "a stranger",
	  { .from = "Jo <jo@evil.org>", RE, QUOTE("From: Bob <bob@home.test>") },
	  STRANGER,
	  0.3 },
	{ "a stranger beside a partner",
	  { .from = "Jo <jo@evil.org>", RE, QUOTE("To: Ann <ann@partner.com>, bob@home.test") },
	  STRANGER,
	  0.3 },
	{ "sent by a machine, as it says itself",
	  { ANN, .headers = "Subject: Re: The invoice\r\nAuto-Submitted: auto-replied\r\n", QUOTE(FIRM) },
	  SAME,
	  0.4 },
	{ "a mailbox named as those of bounces",
	  { .from = "Ann Smith <mailer-daemon@evil.org>", RE, QUOTE(FIRM) },
	  SAME,
	  0.4 },
	{ "a path that it claims",
	  { ANN, .headers = "Subject: Re: The invoice\r\nReturn-Path: <>\r\n", QUOTE(FIRM) },
	  SAME,
	  0.4 },
	/* near misses */
	{ "a bounce",
	  { .from = "Ann Smith <mailer-daemon@evil.org>", .mail_from = "", RE, QUOTE(FIRM) },
	  NULL,
	  0 },
	{ "ordinary mail", { 0 }, NULL, 0 },
	{ "herself", { .from = "Ann Smith <ann@partner.com>", RE, QUOTE(FIRM) }, NULL, 0 },
	{ "herself at another address of the house",
	  { .from = "Ann Smith <ann@mail.partner.com>", RE, QUOTE(FIRM) },
	  NULL,
	  0 },
	{ "her two addresses, both quoted",
	  { ANN, RE, QUOTE("From: Ann Smith <ann@partner.com>\r\nCc: ann@evil.org") },
	  NULL,
	  0 },
	{ "a colleague",
	  { .from = "Kim <kim@partner.com>", RE, QUOTE("From: Ann <ann@partner.com>, bob@home.test") },
	  NULL,
	  0 },
	{ "another person", { .from = "Jo Miller <jo@other.org>", RE, QUOTE(FIRM) }, NULL, 0 },
	{ "one name alone", { .from = "Ann <ann@evil.org>", RE, QUOTE(FIRM) }, NULL, 0 },
	{ "what a stranger forwards",
	  { .from = "Jo <jo@other.org>",
	    .headers = "Subject: Fwd: The invoice\r\n",
	    QUOTE("From: Bob <bob@home.test>") },
	  NULL,
	  0 },
	{ "whom we know",
	  { .from = "Jo <jo@other.org>", RE, QUOTE("From: Bob <bob@home.test>"), PROVED, .seen = 5 },
	  NULL,
	  0 },
	{ "an answer to what we sent",
	  { ANN, .headers = "Subject: Re: The invoice\r\nIn-Reply-To: <9@home.test>\r\n", QUOTE(FIRM),
	    .seen = 1, .only = "sent:" },
	  NULL,
	  0 },
	{ "a proved list",
	  { ANN, .mail_from = "l@list.test", PROVED,
	    .headers = "Subject: Re: The invoice\r\nList-Id: <l.list.test>\r\n", QUOTE(FIRM) },
	  NULL,
	  0 },
	{ "her name in the text",
	  { ANN, RE, .body = "Ann Smith, ann@partner.com, will call you.\r\n" },
	  NULL,
	  0 },
	{ "a short name with another ending",
	  { .from = "Jo <jo@kernel.org>", RE, QUOTE("From: Kim <kim@kernel.dk>") },
	  NULL,
	  0 },
	{ "a short name like it",
	  { .from = "Jo <jo@acne.org>", RE, QUOTE("From: Kim <kim@acme.org>") },
	  NULL,
	  0 },
	{ "our own house",
	  { .from = "Bob <bob@home.test>", RE, QUOTE("From: Bob <bob@gmail.com>") },
	  NULL,
	  0 },
};

static void test_table(void **state)
{
	(void)state;
	bench_table(rows, ARRAY_LEN(rows), "thread_hijack");
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_table) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
