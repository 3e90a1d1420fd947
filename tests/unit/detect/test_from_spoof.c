/* from_spoof: names that are not the sender's. */
#include "bench.h"

#define OWN "Boss <boss@home.test>"
#define PASS "v=spf1 ip4:192.0.2.10 -all"
#define FAILS "v=spf1 ip4:198.51.100.1 -all"
#define SOFT "v=spf1 ip4:198.51.100.1 ~all"
#define REJECT "v=DMARC1; p=reject"
#define QUARANTINE "v=DMARC1; p=quarantine"

static const struct row rows[] = {
	{ "own domain, no SPF", { .from = OWN, .mail_from = "x@evil.test" }, "from_spoof.own_domain", 1 },
	{ "own domain, SPF fail",
	  { .from = OWN, .mail_from = "boss@home.test", .spf = FAILS },
	  "from_spoof.own_domain",
	  1 },
	{ "own domain, SPF pass of another",
	  { .from = OWN, .mail_from = "x@evil.test", .spf = PASS },
	  "from_spoof.own_domain",
	  1 },
	{ "own domain, null sender", { .from = OWN, .mail_from = "" }, "from_spoof.own_domain", 1 },
	{ "own domain through a list",
	  { .from = OWN, .mail_from = "l@list.test", .headers = "List-Id: <l.list.test>\r\n" },
	  "from_spoof.own_domain",
	  0.5 },
	{ "DMARC reject", { .dmarc = REJECT }, "from_spoof.dmarc", 1 },
	{ "DMARC quarantine", { .dmarc = QUARANTINE }, "from_spoof.dmarc", 1 },
	{ "DMARC reject, SPF pass not aligned",
	  { .mail_from = "x@evil.test", .spf = PASS, .dmarc = REJECT },
	  "from_spoof.dmarc",
	  1 },
	{ "DMARC says it is unproved", { .dmarc = REJECT }, "from_spoof.unproved", 0.6 },
	{ "SPF -all", { .spf = FAILS }, "from_spoof.spf", 0.7 },
	{ "SPF ~all", { .spf = SOFT }, "from_spoof.spf", 0.3 },
	{ "SPF -all of the sub-domain",
	  { .mail_from = "b@bounce.sender.test", .spf = FAILS },
	  "from_spoof.spf",
	  0.7 },
	{ "an address as name",
	  { .from = "\"ceo@bank.example.com\" <x@evil.test>", .offline = true },
	  "from_spoof.shown_address",
	  0.6 },
	{ "our own address as name",
	  { .from = "\"boss@home.test\" <x@evil.example.com>", .offline = true },
	  NULL,
	  0 },
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
	{ "own domain, proved", { .from = OWN, .mail_from = "boss@home.test", .spf = PASS }, NULL, 0 },
	{ "own sub-domain in the envelope",
	  { .from = OWN, .mail_from = "b@bounce.home.test", .spf = PASS },
	  NULL,
	  0 },
	{ "own domain, nobody to ask", { .from = OWN, .offline = true }, NULL, 0 },
	{ "own domain in a file", { .from = OWN, .no_peer = true }, NULL, 0 },
	{ "lookalike of our domain is not ours", { .from = "Boss <boss@nothome.test>" }, NULL, 0 },
	{ "DMARC none", { .dmarc = "v=DMARC1; p=none" }, NULL, 0 },
	{ "DMARC reject, aligned", { .spf = PASS, .dmarc = REJECT }, NULL, 0 },
	{ "SPF -all of a forwarder", { .mail_from = "x@forward.test", .spf = FAILS }, NULL, 0 },
	{ "SPF ?all", { .spf = "v=spf1 ?all" }, NULL, 0 },
	{ "no SPF record", { .spf = "something else" }, NULL, 0 },
	{ "its own address as name", { .from = "\"ann@sender.com\" <ann@sender.com>" }, NULL, 0 },
	{ "another of its addresses", { .from = "\"ann@mail.sender.com\" <ann@sender.com>" }, NULL, 0 },
	{ "via a service", { .from = "\"ann@sender.com via Files\" <no-reply@files.org>" }, NULL, 0 },
	{ "at sign that is no address", { .from = "\"Ann @ Work\" <ann@sender.com>" }, NULL, 0 },
	{ "handle", { .from = "\"@ann\" <ann@sender.com>" }, NULL, 0 },
};

static void test_table(void **state)
{
	(void)state;
	bench_table(rows, ARRAY_LEN(rows), "from_spoof");
}

static enum disposition verdict_on(const struct mail *m)
{
	struct bench b;

	bench_scan(&b, m, NULL);
	enum disposition d = (enum disposition)b.verdict.message->final_disposition;
	bench_close(&b);
	return d;
}

static void test_verdicts(void **state)
{
	const struct mail own = { .from = OWN, .mail_from = "x@evil.test" }, reject = { .dmarc = REJECT },
			  known = { .dmarc = QUARANTINE, .seen = 100 };

	(void)state;
	assert_int_equal(verdict_on(&own), DISP_SPOOF);
	assert_int_equal(verdict_on(&reject), DISP_SPAM);
	/* A past that is not proved now helps nobody. */
	assert_int_equal(verdict_on(&known), DISP_SPAM);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_table), cmocka_unit_test(test_verdicts) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
