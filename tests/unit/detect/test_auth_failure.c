/* auth_failure: mail that fails what the domain in From says of its own. */
#include "bench.h"

#define OWN "Boss <boss@home.test>"
#define PASS "v=spf1 ip4:192.0.2.10 -all"
#define FAILS "v=spf1 ip4:198.51.100.1 -all"
#define SOFT "v=spf1 ip4:198.51.100.1 ~all"
#define REJECT "v=DMARC1; p=reject"
#define QUARANTINE "v=DMARC1; p=quarantine"
#define LIST "List-Id: The list <l.list.test>\r\n"
#define SIGNED_BY(domain) \
	"DKIM-Signature: v=1; a=rsa-sha256; d=" domain "; s=sel; h=from; bh=AAAA; b=AAAA\r\n"

static const struct row rows[] = {
	{ "own domain, no SPF", { .from = OWN, .mail_from = "x@evil.test" }, "auth_failure.own_domain", 1 },
	{ "own domain, SPF fail",
	  { .from = OWN, .mail_from = "boss@home.test", .spf = FAILS },
	  "auth_failure.own_domain",
	  1 },
	{ "own domain, SPF pass of another",
	  { .from = OWN, .mail_from = "x@evil.test", .spf = PASS },
	  "auth_failure.own_domain",
	  1 },
	{ "own domain, null sender", { .from = OWN, .mail_from = "" }, "auth_failure.own_domain", 1 },
	{ "own domain through a list that claims to be one",
	  { .from = OWN, .mail_from = "l@evil.test", .headers = LIST },
	  "auth_failure.own_domain",
	  1 },
	{ "own domain through a proved list",
	  { .from = OWN, .mail_from = "l@list.test", .spf = PASS, .headers = LIST },
	  "auth_failure.own_domain",
	  1 },
	{ "own domain, a stranger's DNS is silent",
	  { .from = OWN, .mail_from = "x@evil.test", .silent = "evil.test" },
	  "auth_failure.own_domain",
	  1 },
	{ "own domain, a signature of a stranger whose DNS is silent",
	  { .from = OWN,
	    .mail_from = "x@evil.test",
	    .headers = SIGNED_BY("evil.test"),
	    .silent = "evil.test" },
	  "auth_failure.own_domain",
	  1 },
	{ "own domain, its DNS is silent of another signer",
	  { .from = OWN,
	    .mail_from = "x@evil.test",
	    .headers = SIGNED_BY("evil.test"),
	    .silent = "home.test" },
	  "auth_failure.own_domain",
	  1 },
	{ "own domain, DMARC fails, own signature not known",
	  { .from = OWN,
	    .mail_from = "x@evil.test",
	    .headers = SIGNED_BY("mail.home.test"),
	    .silent = "mail.home.test",
	    .dmarc = REJECT "; adkim=s" },
	  "auth_failure.own_domain",
	  1 },
	{ "below our own domain",
	  { .from = "Boss <boss@mail.home.test>", .mail_from = "x@evil.test" },
	  "auth_failure.own_domain",
	  1 },
	{ "own domain in an encoded word",
	  { .from = "=?utf-8?q?boss=40home=2Etest?=", .mail_from = "x@evil.test" },
	  "auth_failure.own_domain",
	  1 },
	{ "own domain with its name in an encoded word",
	  { .from = "=?utf-8?q?Boss_=3Cboss=40home=2Etest=3E?=", .mail_from = "x@evil.test" },
	  "auth_failure.own_domain",
	  1 },
	{ "own domain before an empty address",
	  { .from = "boss@home.test <>", .mail_from = "x@evil.test" },
	  "auth_failure.own_domain",
	  1 },
	{ "own domain in Sender alone",
	  { .from = "Boss", .mail_from = "x@evil.test", .headers = "Sender: boss@home.test\r\n" },
	  "auth_failure.own_domain",
	  1 },
	{ "own domain in the envelope alone",
	  { .from = "", .mail_from = "boss@home.test" },
	  "auth_failure.own_domain",
	  1 },
	{ "own domain as the second of From",
	  { .from = "x@evil.test, Boss <boss@home.test>", .mail_from = "x@evil.test", .spf = PASS },
	  "auth_failure.own_domain",
	  1 },
	{ "own domain in a second From",
	  { .headers = "From: Boss <boss@home.test>\r\n", .spf = PASS },
	  "auth_failure.own_domain",
	  1 },
	{ "DMARC reject", { .dmarc = REJECT }, "auth_failure.dmarc", 1 },
	{ "DMARC quarantine", { .dmarc = QUARANTINE }, "auth_failure.dmarc", 1 },
	{ "DMARC reject, SPF pass not aligned",
	  { .mail_from = "x@evil.test", .spf = PASS, .dmarc = REJECT },
	  "auth_failure.dmarc",
	  1 },
	{ "DMARC reject, a stranger's DNS is silent",
	  { .mail_from = "x@evil.test", .silent = "evil.test", .dmarc = REJECT },
	  "auth_failure.dmarc",
	  1 },
	{ "DMARC reject, a stranger's key is silent",
	  { .headers = SIGNED_BY("evil.test"), .silent = "evil.test", .dmarc = REJECT },
	  "auth_failure.dmarc",
	  1 },
	{ "DMARC reject, a list that claims to be one",
	  { .mail_from = "x@evil.test", .headers = LIST, .dmarc = REJECT },
	  "auth_failure.dmarc",
	  1 },
	{ "DMARC reject, a proved list",
	  { .mail_from = "l@list.test", .spf = PASS, .headers = LIST, .dmarc = REJECT },
	  "auth_failure.dmarc",
	  1 },
	{ "unproved, a list that claims to be one",
	  { .mail_from = "x@evil.test", .headers = LIST, .dmarc = REJECT },
	  "auth_failure.unproved",
	  0.6 },
	{ "DMARC says it is unproved", { .dmarc = REJECT }, "auth_failure.unproved", 0.6 },
	{ "SPF -all", { .spf = FAILS }, "auth_failure.spf", 0.7 },
	{ "SPF -all, DMARC does not care",
	  { .spf = FAILS, .dmarc = "v=DMARC1; p=none" },
	  "auth_failure.spf",
	  0.7 },
	{ "SPF ~all", { .spf = SOFT }, "auth_failure.spf", 0.3 },
	{ "SPF -all of the sub-domain",
	  { .mail_from = "b@bounce.sender.test", .spf = FAILS },
	  "auth_failure.spf",
	  0.7 },
	{ "SPF -all and DMARC reject", { .spf = FAILS, .dmarc = REJECT }, "auth_failure.unproved", 1 },
	{ "SPF -all and DMARC quarantine",
	  { .spf = FAILS, .dmarc = QUARANTINE },
	  "auth_failure.unproved",
	  1 },
	{ "p=none, not aligned",
	  { .mail_from = "x@evil.test", .spf = PASS, .dmarc = "v=DMARC1; p=none" },
	  "auth_failure.unaligned",
	  0.15 },
	{ "p=none, nothing to align", { .dmarc = "v=DMARC1; p=none" }, "auth_failure.unaligned", 0.15 },
	/* near misses */
	{ "p=none, aligned", { .spf = PASS, .dmarc = "v=DMARC1; p=none" }, NULL, 0 },
	{ "p=none, nobody to ask", { .dmarc = "v=DMARC1; p=none", .offline = true }, NULL, 0 },
	{ "p=none, in a file", { .dmarc = "v=DMARC1; p=none", .no_peer = true }, NULL, 0 },
	{ "ordinary mail", { 0 }, NULL, 0 },
	{ "own domain, proved", { .from = OWN, .mail_from = "boss@home.test", .spf = PASS }, NULL, 0 },
	{ "own sub-domain in the envelope",
	  { .from = OWN, .mail_from = "b@bounce.home.test", .spf = PASS },
	  NULL,
	  0 },
	{ "own domain, nobody to ask", { .from = OWN, .offline = true }, NULL, 0 },
	{ "own domain in a file", { .from = OWN, .no_peer = true }, NULL, 0 },
	{ "lookalike of our domain is not ours", { .from = "Boss <boss@nothome.test>" }, NULL, 0 },
	{ "own domain, its own DNS is silent",
	  { .from = OWN, .mail_from = "boss@bounce.home.test", .silent = "bounce.home.test" },
	  NULL,
	  0 },
	{ "own domain, its key is silent",
	  { .from = OWN,
	    .mail_from = "x@evil.test",
	    .headers = SIGNED_BY("home.test"),
	    .silent = "sel._domainkey.home.test" },
	  NULL,
	  0 },
	{ "nobody", { .from = "", .mail_from = "" }, NULL, 0 },
	{ "DMARC reject, aligned", { .spf = PASS, .dmarc = REJECT }, NULL, 0 },
	{ "SPF -all of a forwarder", { .mail_from = "x@forward.test", .spf = FAILS }, NULL, 0 },
	{ "SPF ?all", { .spf = "v=spf1 ?all" }, NULL, 0 },
	{ "no SPF record", { .spf = "something else" }, NULL, 0 },

};

static void test_table(void **state)
{
	(void)state;
	bench_table(rows, ARRAY_LEN(rows), "auth_failure");
}

/* A list that proves its name takes half the weight of what it breaks; its owner may be the signer, too. */
static void test_proved_list(void **state)
{
	const struct mail
	    proved = { .mail_from = "l@bounce.list.test", .spf = PASS, .dmarc = REJECT, .headers = LIST },
	    bare = { .mail_from = "l@list.test",
		     .spf = PASS,
		     .dmarc = REJECT,
		     .headers = "List-Id: l.list.test\r\n" },
	    claimed = { .mail_from = "l@list.test", .spf = FAILS, .dmarc = REJECT, .headers = LIST };
	const struct mail *const mails[] = { &proved, &bare, &claimed };
	const double want[] = { 0.3, 0.3, 0.6 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(mails); i++) {
		struct bench b;
		bench_scan(&b, mails[i], NULL);
		const struct finding *f = bench_finding(&b, "auth_failure.unproved");
		assert_non_null(f);
		assert_true(f->score > want[i] - 0.01 && f->score < want[i] + 0.01);
		bench_close(&b);
	}
}

/* What a domain asks for is said as it asks for it. */
static void test_wording(void **state)
{
	static const struct {
		struct mail mail;
		const char *asks;
	} cases[] = { { { .dmarc = REJECT }, "be refused" }, { { .dmarc = QUARANTINE }, "be set apart" } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct bench b;
		bench_scan(&b, &cases[i].mail, NULL);
		const struct finding *f = bench_finding(&b, "auth_failure.dmarc");
		assert_non_null(f);
		assert_true(str_find(f->reason, str_of(cases[i].asks), 0) != SIZE_MAX);
		bench_close(&b);
	}
}

/* A signature of somebody else is one. */
static void test_detail(void **state)
{
	const struct mail m = { .spf = FAILS, .headers = SIGNED_BY("evil.test") };
	struct bench b;

	(void)state;
	bench_scan(&b, &m, NULL);
	const struct finding *f = bench_finding(&b, "auth_failure.spf");
	assert_non_null(f);
	assert_true(str_find(f->detail, STR("gives fail, DKIM "), 0) != SIZE_MAX);
	bench_close(&b);
}

static void test_verdicts(void **state)
{
	const struct mail own = { .from = OWN, .mail_from = "x@evil.test" }, reject = { .dmarc = REJECT },
			  known = { .dmarc = QUARANTINE, .seen = 100 },
			  twice = { .spf = FAILS, .dmarc = REJECT },
			  watched = { .mail_from = "x@evil.test", .spf = PASS, .dmarc = "v=DMARC1; p=none" },
			  soft = { .spf = SOFT },
			  list = { .mail_from = "l@list.test",
				   .spf = PASS,
				   .dmarc = REJECT,
				   .headers = LIST },
			  read = { .mail_from = "l@list.test",
				   .spf = PASS,
				   .dmarc = REJECT,
				   .headers = LIST,
				   .seen = 5,
				   .only = "list:" };

	(void)state;
	assert_int_equal(bench_verdict(&own), DISP_SPOOF);
	assert_int_equal(bench_verdict(&reject), DISP_SPAM);
	assert_int_equal(bench_verdict(&twice), DISP_SPOOF);
	assert_int_equal(bench_verdict(&list), DISP_SPAM);
	assert_int_equal(bench_verdict(&read), DISP_NONE);
	assert_int_equal(bench_verdict(&watched), DISP_NONE);
	assert_int_equal(bench_verdict(&soft), DISP_NONE);
	/* A past that is not proved now helps nobody. */
	assert_int_equal(bench_verdict(&known), DISP_SPAM);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_table), cmocka_unit_test(test_proved_list),
					    cmocka_unit_test(test_wording), cmocka_unit_test(test_detail),
					    cmocka_unit_test(test_verdicts) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
