/* from_spoof: names that are not the sender's. */
#include "bench.h"

#define PASS "v=spf1 ip4:192.0.2.10 -all"
#define FAILS "v=spf1 ip4:198.51.100.1 -all"
#define LIST "List-Id: The list <l.list.test>\r\n"

static const struct row rows[] = {
	{ "letters of another script",
	  { .from = "Bank <a@b\xd0\xb0nk.com>", .mail_from = "a@evil.test" },
	  "from_spoof.homograph",
	  0.8 },
	{ "two senders",
	  { .from = "Ann <ann@sender.test>, x@evil.test", .spf = PASS },
	  "from_spoof.several_senders",
	  1 },
	{ "two senders in two fields",
	  { .headers = "From: x@evil.test\r\n", .offline = true },
	  "from_spoof.several_senders",
	  1 },
	{ "an address as name",
	  { .from = "\"ceo@bank.example.com\" <x@evil.test>", .offline = true },
	  "from_spoof.shown_address",
	  0.6 },
	{ "our own address as name",
	  { .from = "\"boss@home.test\" <x@evil.example.com>", .offline = true },
	  "from_spoof.shown_address",
	  1 },
	{ "our own address behind another",
	  { .from = "\"x@evil.example.com boss@home.test\" <x@evil.example.com>", .offline = true },
	  "from_spoof.shown_address",
	  1 },
	{ "an address as name, a list that claims to be one",
	  { .from = "\"ceo@bank.com\" <x@evil.org>", .mail_from = "x@evil.test", .headers = LIST },
	  "from_spoof.shown_address",
	  0.6 },
	{ "our own address before the real one",
	  { .from = "<boss@home.test@evil.org>", .offline = true },
	  "from_spoof.shown_address",
	  1 },
	{ "an address as local part",
	  { .from = "Boss <\"ceo@bank.com\"@evil.org>", .offline = true },
	  "from_spoof.shown_address",
	  0.6 },
	{ "via a service that is not proved",
	  { .from = "\"ceo@bank.com via Files\" <x@evil.org>", .mail_from = "x@evil.org", .spf = FAILS },
	  "from_spoof.shown_address",
	  0.6 },
	{ "name with address inside",
	  { .from = "\"Boss (boss@company.com)\" <x@evil.org>" },
	  "from_spoof.shown_address",
	  0.6 },
	{ "encoded name",
	  { .from = "=?utf-8?q?pay=40bank.com?= <x@evil.org>" },
	  "from_spoof.shown_address",
	  0.6 },
	/* near misses */
	{ "ordinary mail", { 0 }, NULL, 0 },
	{ "two senders of one house",
	  { .from = "a@sender.com, b@mail.sender.com", .mail_from = "x@evil.test" },
	  NULL,
	  0 },
	{ "our own name through somebody of ours",
	  { .from = "\"boss@home.test\" <office@mail.home.test>", .mail_from = "b@home.test", .spf = PASS },
	  NULL,
	  0 },
	{ "somebody who was forwarded",
	  { .from = "Ann <ann=sender.com@forward.org>", .offline = true },
	  NULL,
	  0 },
	{ "nobody", { .from = "", .mail_from = "" }, NULL, 0 },
	{ "its own address as name", { .from = "\"ann@sender.com\" <ann@sender.com>" }, NULL, 0 },
	{ "another of its addresses", { .from = "\"ann@mail.sender.com\" <ann@sender.com>" }, NULL, 0 },
	{ "via a service",
	  { .from = "\"ann@sender.com via Files\" <no-reply@files.org>",
	    .mail_from = "b@files.org",
	    .spf = PASS },
	  NULL,
	  0 },
	{ "via a service, nothing checked",
	  { .from = "\"ann@sender.com via Files\" <no-reply@files.org>", .offline = true },
	  NULL,
	  0 },
	{ "at sign that is no address", { .from = "\"Ann @ Work\" <ann@sender.com>" }, NULL, 0 },
	{ "handle", { .from = "\"@ann\" <ann@sender.com>" }, NULL, 0 },
};

static void test_table(void **state)
{
	(void)state;
	bench_table(rows, ARRAY_LEN(rows), "from_spoof");
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_table) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
