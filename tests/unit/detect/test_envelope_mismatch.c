/* envelope_mismatch: mail that bounces to somebody else. */
#include "bench.h"

#define PASS .spf = "v=spf1 ip4:192.0.2.10 -all"
#define FROM .from = "Ann <ann@firm.com>"
#define WANT "envelope_mismatch"
#define FREE "envelope_mismatch.free_mail"

static const struct row rows[] = {
	{ "another domain", { FROM, .mail_from = "x@other.com" }, WANT, 0.2 },
	{ "another domain that is proved", { FROM, .mail_from = "x@other.com", PASS }, WANT, 0.2 },
	{ "a name like it", { FROM, .mail_from = "x@fern.org" }, WANT, 0.2 },
	{ "a domain below another", { FROM, .mail_from = "x@firm.com.other.org" }, WANT, 0.2 },
	{ "a free mailbox", { FROM, .mail_from = "ann.firm@gmail.com" }, FREE, 0.4 },
	{ "a free mailbox that is proved", { FROM, .mail_from = "ann.firm@gmail.com", PASS }, FREE, 0.4 },
	{ "a list that claims to be one",
	  { FROM, .mail_from = "x@other.com", .headers = "List-Id: <l.other.org>\r\n" },
	  WANT,
	  0.2 },
	{ "a Sender of a third house",
	  { FROM, .mail_from = "x@other.com", .headers = "Sender: y@third.org\r\n" },
	  WANT,
	  0.2 },
	{ "a free sender through a company",
	  { .from = "Ann <ann@gmail.com>", .mail_from = "x@other.com" },
	  WANT,
	  0.2 },
	{ "a free mailbox of another provider",
	  { .from = "Ann <ann@firm.com>", .mail_from = "ann@yahoo.co.uk" },
	  FREE,
	  0.4 },
	/* near misses */
	{ "in a file", { FROM, .no_peer = true, .headers = "Return-Path: <x@other.com>\r\n" }, NULL, 0 },
	{ "nobody to ask", { FROM, .mail_from = "x@other.com", .offline = true }, NULL, 0 },
	{ "a signature of its own is not to be had",
	  { FROM, .mail_from = "x@other.com", .silent = "sel._domainkey.firm.com",
	    .headers = "DKIM-Signature: v=1; a=rsa-sha256; d=firm.com; s=sel; h=from; bh=AAAA; b=AAAA\r\n" },
	  NULL,
	  0 },
	{ "the same", { FROM, .mail_from = "ann@firm.com" }, NULL, 0 },
	{ "a domain below", { FROM, .mail_from = "x@mail.firm.com" }, NULL, 0 },
	{ "the null sender", { FROM, .mail_from = "" }, NULL, 0 },
	{ "another domain of the house", { FROM, .mail_from = "x@firm-online.com" }, NULL, 0 },
	{ "a proved list",
	  { FROM, .mail_from = "x@other.com", PASS, .headers = "List-Id: <l.other.com>\r\n" },
	  NULL,
	  0 },
	{ "a forwarder", { FROM, .mail_from = "SRS0=a1b2=cd=firm.com=ann@other.com" }, NULL, 0 },
	{ "a mailing's bounces", { FROM, .mail_from = "bounces+12-bob=home.test@other.com" }, NULL, 0 },
	{ "a recipient in the envelope", { FROM, .mail_from = "n-bob=home.test@other.com" }, NULL, 0 },
	{ "a mailing service", { FROM, .mail_from = "12345@sendgrid.net" }, NULL, 0 },
	{ "the owner of a list", { FROM, .mail_from = "owner-talk@other.com" }, NULL, 0 },
	{ "who says so in Sender",
	  { FROM, .mail_from = "x@mail.other.com", .headers = "Sender: y@other.com\r\n" },
	  NULL,
	  0 },
	{ "our own house", { FROM, .mail_from = "x@home.test" }, NULL, 0 },
	{ "an automatic answer",
	  { FROM, .mail_from = "x@other.com", .headers = "Auto-Submitted: auto-replied\r\n" },
	  NULL,
	  0 },
	{ "a file without one", { FROM, .no_peer = true }, NULL, 0 },
};

static void test_table(void **state)
{
	(void)state;
	bench_table(rows, ARRAY_LEN(rows), "envelope_mismatch");
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_table) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
