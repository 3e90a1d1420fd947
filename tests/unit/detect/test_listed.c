/* listed: hosts and domains on block lists. */
#include "bench.h"

#include "detect/outside.h"

static struct outside outside;
static const struct outside none;

#define ALL .outside = &outside
#define PEER_BAD .peer = "198.51.101.7"
#define V6_BAD .peer = "2a00::1"
#define V6_NAME "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.a.2"
#define HOST "7.101.51.198."
#define LEADS_TO(url) .body = "See https://" url "/a for the list.\r\n"

static const struct row rows[] = {
	{ "a host", { ALL, PEER_BAD, .listed = HOST "zen.spamhaus.org 127.0.0.2" }, "listed.host", 0.8 },
	{ "a host by IPv6",
	  { ALL, V6_BAD, .listed = V6_NAME ".zen.spamhaus.org 127.0.0.3" },
	  "listed.host",
	  0.7 },
	{ "a line of subscribers",
	  { ALL, PEER_BAD, .listed = HOST "zen.spamhaus.org 127.0.0.10" },
	  "listed.host",
	  0.4 },
	{ "several answers",
	  { ALL, PEER_BAD, .listed = HOST "zen.spamhaus.org 127.0.0.10 " HOST "zen.spamhaus.org 127.0.0.4" },
	  "listed.host",
	  0.8 },
	{ "another list", { ALL, PEER_BAD, .listed = HOST "bl.example 127.0.0.6" }, "listed.host", 0.3 },
	{ "two lists",
	  { ALL, PEER_BAD, .listed = HOST "bl.example 127.0.0.6 " HOST "zen.spamhaus.org 127.0.0.4" },
	  "listed.host",
	  0.55 },
	{ "two lists, the weaker one asked first",
	  { ALL, LEADS_TO("bad.test"),
	    .listed = "bad.test.dbl.spamhaus.org 127.0.1.102 bad.test.multi.surbl.org 127.0.0.8" },
	  "listed.link",
	  0.9 },
	{ "a sender's domain",
	  { ALL, .listed = "sender.test.dbl.spamhaus.org 127.0.1.2" },
	  "listed.sender",
	  0.8 },
	{ "one below it",
	  { ALL, .from = "Ann <ann@mail.sender.test>", .listed = "sender.test.dbl.spamhaus.org 127.0.1.4" },
	  "listed.sender",
	  0.9 },
	{ "a link",
	  { ALL, LEADS_TO("www.bad.test"), .listed = "bad.test.dbl.spamhaus.org 127.0.1.5" },
	  "listed.link",
	  0.9 },
	{ "a link by bits",
	  { ALL, LEADS_TO("bad.test"), .listed = "bad.test.multi.surbl.org 127.0.0.24" },
	  "listed.link",
	  0.9 },
	{ "the worse of two links",
	  { ALL, .body = "https://meh.test/ https://bad.test/\r\n",
	    .listed = "meh.test.dbl.spamhaus.org 127.0.1.102 bad.test.dbl.spamhaus.org 127.0.1.4" },
	  "listed.link",
	  0.9 },
	{ "whoever sends it",
	  { ALL, PEER_BAD, .seen = 9, .spf = "v=spf1 ip4:198.51.101.7 -all",
	    .listed = HOST "zen.spamhaus.org 127.0.0.2" },
	  "listed.host",
	  0.4 },
	/* near misses */
	{ "no list has it", { ALL, PEER_BAD, LEADS_TO("bad.test") }, NULL, 0 },
	{ "no list is asked",
	  { .outside = &none, PEER_BAD, .listed = HOST "zen.spamhaus.org 127.0.0.2" },
	  NULL,
	  0 },
	{ "nobody said what may be asked",
	  { PEER_BAD, .listed = HOST "zen.spamhaus.org 127.0.0.2" },
	  NULL,
	  0 },
	{ "a public resolver is refused",
	  { ALL, PEER_BAD, .listed = HOST "zen.spamhaus.org 127.255.255.254" },
	  NULL,
	  0 },
	{ "too many questions",
	  { ALL, PEER_BAD, .listed = HOST "zen.spamhaus.org 127.255.255.255" },
	  NULL,
	  0 },
	{ "refused, another way",
	  { ALL, LEADS_TO("bad.test"), .listed = "bad.test.multi.surbl.org 127.0.0.1" },
	  NULL,
	  0 },
	{ "a resolver that makes names up",
	  { ALL, PEER_BAD, .listed = HOST "bl.example 203.0.113.1" },
	  NULL,
	  0 },
	{ "a code that is not wanted", { ALL, PEER_BAD, .listed = HOST "bl.example 127.0.0.9" }, NULL, 0 },
	{ "a list that has everything",
	  { ALL, PEER_BAD, .listed = HOST "zen.spamhaus.org 127.0.0.2 1.0.0.127.zen.spamhaus.org 127.0.0.2" },
	  NULL,
	  0 },
	{ "a list that has every domain",
	  { ALL, LEADS_TO("bad.test"),
	    .listed = "bad.test.dbl.spamhaus.org 127.0.1.2 invalid.dbl.spamhaus.org 127.0.1.2" },
	  NULL,
	  0 },
	{ "our own host",
	  { ALL, .peer = "10.0.0.1", .listed = "1.0.0.10.zen.spamhaus.org 127.0.0.2" },
	  NULL,
	  0 },
	{ "our own domain",
	  { ALL, LEADS_TO("www.home.test"), .listed = "home.test.dbl.spamhaus.org 127.0.1.2" },
	  NULL,
	  0 },
	{ "a house of free mailboxes",
	  { ALL, .from = "Ann <ann@gmail.com>", .listed = "gmail.com.dbl.spamhaus.org 127.0.1.2" },
	  NULL,
	  0 },
	{ "a host of addresses is no domain",
	  { ALL, .body = "See http://198.51.101.7/a\r\n",
	    .listed = "198.51.101.7.dbl.spamhaus.org 127.0.1.255" },
	  NULL,
	  0 },
	{ "a mailing service",
	  { ALL, LEADS_TO("u1.ct.sendgrid.net"), .listed = "sendgrid.net.dbl.spamhaus.org 127.0.1.102" },
	  NULL,
	  0 },
	{ "it was released",
	  { ALL, PEER_BAD, .released = true, .listed = HOST "zen.spamhaus.org 127.0.0.2" },
	  NULL,
	  0 },
	{ "nobody to ask",
	  { ALL, PEER_BAD, .offline = true, .listed = HOST "zen.spamhaus.org 127.0.0.2" },
	  NULL,
	  0 },
};

static void test_table(void **state)
{
	(void)state;
	bench_table(rows, ARRAY_LEN(rows), "listed");
}

/* It points at where the link stands. */
static void test_evidence(void **state)
{
	static const struct {
		struct mail mail;
		const char *field;
	} cases[] = {
		{ { ALL, LEADS_TO("bad.test") }, "body" },
		{ { ALL, .headers = "List-Unsubscribe: <https://bad.test/u>\r\n" }, "header" },
		{ { ALL, .file = "t.pdf", .file_type = "application/pdf",
		    .file_bytes =
			STR_INIT("%PDF-1.4\n1 0 obj<</S/URI/URI(https://bad.test/3abc)>>endobj\n") },
		  "attachment" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct mail m = cases[i].mail;
		struct bench b;
		m.listed = "bad.test.dbl.spamhaus.org 127.0.1.4";
		bench_scan(&b, &m, NULL);
		const struct finding *f = bench_finding(&b, "listed.link");
		assert_non_null(f);
		if (!str_eq(f->field, str_of(cases[i].field)))
			fail_msg("%s: in %.*s", cases[i].field, STR_ARG(f->field));
		bench_close(&b);
	}
}

/* No list decides alone; a host and a domain that are both listed do, as spam. */
static void test_verdicts(void **state)
{
	static const struct {
		struct mail mail;
		enum disposition want;
	} cases[] = {
		{ { ALL, PEER_BAD, .listed = HOST "zen.spamhaus.org 127.0.0.2" }, DISP_NONE },
		{ { ALL, PEER_BAD,
		    .listed = HOST "zen.spamhaus.org 127.0.0.2 sender.test.dbl.spamhaus.org 127.0.1.2" },
		  DISP_SPAM },
		{ { ALL, LEADS_TO("bad.test"), .listed = "bad.test.dbl.spamhaus.org 127.0.1.4" },
		  DISP_SUSPICIOUS },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct bench b;
		bench_scan(&b, &cases[i].mail, NULL);
		assert_int_equal(b.verdict.message->final_disposition, cases[i].want);
		bench_close(&b);
	}
}

int main(void)
{
	const struct config_override given[] = {
		{ "lists.addresses", "zen.spamhaus.org bl.example=127.0.0.6/0.3" },
		{ "lists.domains", "dbl.spamhaus.org multi.surbl.org" },
	};
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_table), cmocka_unit_test(test_evidence),
					    cmocka_unit_test(test_verdicts) };
	const struct outside_files files = OUTSIDE_NO_FILES;
	struct arena *a = arena_new(1u << 20, NULL, NULL);
	struct errbuf eb;
	struct config *c;

	if (config_parse("x.conf", NULL, given, ARRAY_LEN(given), &c, &eb) ||
	    outside_of(a, c, &files, &outside, &eb))
		return 1;
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	config_free(&c);
	arena_free(&a);
	return failed;
}
