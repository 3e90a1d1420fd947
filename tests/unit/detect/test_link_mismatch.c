/* link_mismatch: links that hide where they lead. */
#include "bench.h"

#include "base/buf.h"
#include "base/limits.h"

#define A(href, text) "<p>Hello, please look at <a href=\"" href "\">" text "</a> today.</p>"
#define HTML .type = "text/html"
#define UNSUB .headers = "List-Unsubscribe: <https://sender.com/u>\r\n"
#define PROVED .mail_from = "b@sender.com", .spf = "v=spf1 ip4:192.0.2.10 -all"
#define TRICK "link_mismatch."

static const struct row rows[] = {
	{ "URL as text",
	  { HTML, .body = A("http://evil.org/x", "https://www.bank.com/login") },
	  TRICK "other_host",
	  0.7 },
	{ "host as text", { HTML, .body = A("http://evil.org/x", "www.bank.com") }, TRICK "other_host", 0.7 },
	{ "host without www", { HTML, .body = A("http://evil.org/x", "bank.com") }, TRICK "other_host", 0.7 },
	{ "host with path",
	  { HTML, .body = A("http://evil.org/x", "bank.com/secure") },
	  TRICK "other_host",
	  0.7 },
	{ "upper case",
	  { HTML, .body = A("http://EVIL.org/x", "HTTPS://WWW.BANK.COM") },
	  TRICK "other_host",
	  0.7 },
	{ "bank as sub-domain",
	  { HTML, .body = A("http://bank.com.evil.org/", "http://bank.com/") },
	  TRICK "other_host",
	  0.7 },
	{ "shared suffix",
	  { HTML, .body = A("http://evil.github.io/", "http://good.github.io/") },
	  TRICK "other_host",
	  0.7 },
	{ "text with spaces around",
	  { HTML, .body = A("http://evil.org/x", "  www.bank.com \n") },
	  TRICK "other_host",
	  0.7 },
	{ "an arrow before the host",
	  { HTML, .body = A("http://evil.org/x", "&raquo; www.bank.com") },
	  TRICK "other_host",
	  0.7 },
	{ "a sentence with a URL",
	  { HTML, .body = A("http://evil.org/x", "Log in here:<br>https://www.bank.com/ now") },
	  TRICK "other_host",
	  0.7 },
	{ "a forged sender's counting host",
	  { HTML, UNSUB, .from = "Bank <service@bank.com>", .mail_from = "x@evil.test",
	    .body = A("http://evil.org/x", "www.bank.com") },
	  TRICK "other_host",
	  0.7 },
	{ "a forged sender's counting host for all links",
	  { HTML, UNSUB, .from = "Bank <service@bank.com>", .mail_from = "x@evil.test",
	    .body = A("http://c.evil.org/1", "www.bank.com") A("http://c.evil.org/2", "x")
		A("http://c.evil.org/3", "y") },
	  TRICK "other_host",
	  0.7 },
	{ "a file server", { HTML, .body = A("file://evil.org/x/a.exe", "Sign in") }, TRICK "program", 0.7 },
	{ "a file server without a share",
	  { HTML, .body = A("file://evil.org/", "Sign in") },
	  TRICK "program",
	  0.7 },
	{ "a file server with slashes of both kinds",
	  { HTML, .body = A("file:\\\\evil.org\\x/", "Sign in") },
	  TRICK "program",
	  0.7 },
	{ "a file server in plain text",
	  { .body = "See file://evil.org/x please\r\n" },
	  TRICK "program",
	  0.2 },
	{ "a file server with backslashes",
	  { HTML, .body = A("file:///\\\\evil.org\\x!y", "Sign in") },
	  TRICK "program",
	  0.7 },
	{ "a search elsewhere",
	  { HTML, .body = A("search-ms:query=x&amp;crumb=location:\\\\evil.org\\x", "Sign in") },
	  TRICK "program",
	  0.7 },
	{ "a file of one's own",
	  { HTML, .body = A("file:///C:/a.htm", "x") A("file://C|/a", "y") },
	  NULL,
	  0 },
	{ "address", { HTML, .body = A("http://203.0.113.9/login", "Sign in") }, TRICK "ip_address", 0.5 },
	{ "address as one number",
	  { HTML, .body = A("http://3405803785/login", "Sign in") },
	  TRICK "ip_address",
	  0.5 },
	{ "hexadecimal address",
	  { HTML, .body = A("http://0xcb.0x00.0x71.0x09/", "Sign in") },
	  TRICK "ip_address",
	  0.5 },
	{ "IPv6 address", { HTML, .body = A("http://[2001:db8::9]/", "Sign in") }, TRICK "ip_address", 0.5 },
	{ "bank before the at sign",
	  { HTML, .body = A("https://www.bank.com@evil.org/", "Sign in") },
	  TRICK "userinfo",
	  0.8 },
	{ "Cyrillic among Latin",
	  { HTML, .body = A("https://p\xd0\xb0ypal.com/", "Sign in") },
	  TRICK "homograph",
	  0.8 },
	{ "the same in A-labels",
	  { HTML, .body = A("https://xn--pypal-4ve.com/", "Sign in") },
	  TRICK "homograph",
	  0.8 },
	{ "all Cyrillic, all alike",
	  { HTML, .body = A("https://\xd1\x81\xd0\xbe\xd1\x80\xd0\xb5.com/", "Sign in") },
	  TRICK "homograph",
	  0.8 },
	{ "what was not filled in",
	  { HTML, .body = A("http://[Unsubscribe]]/", "here") },
	  TRICK "no_host",
	  0.5 },
	{ "brackets without an address",
	  { HTML, .body = A("http://[bank.com]/", "here") },
	  TRICK "no_host",
	  0.5 },
	{ "backslashes", { HTML, .body = A("https:\\\\evil.org\\x", "Sign in") }, TRICK "obscured", 0.3 },
	{ "percent signs in the host",
	  { HTML, .body = A("https://%65vil.org/x", "Sign in") },
	  TRICK "obscured",
	  0.3 },
	{ "address in plain text",
	  { .body = "See http://203.0.113.9/x please\r\n" },
	  TRICK "ip_address",
	  0.2 },
	/* near misses */
	{ "words as text", { HTML, .body = A("http://shop.org/x", "Sign in here") }, NULL, 0 },
	{ "the same host", { HTML, .body = A("http://bank.com/x", "bank.com") }, NULL, 0 },
	{ "www or not", { HTML, .body = A("https://www.bank.com/x", "http://bank.com") }, NULL, 0 },
	{ "another host of the same owner",
	  { HTML, .body = A("https://login.bank.co.uk/", "www.bank.co.uk") },
	  NULL,
	  0 },
	{ "a rewritten link that lost a slash on its way",
	  { HTML, .body = A("https://urldefense.com/v3/__https:/files.org/d__;!!abc$", "report") },
	  NULL,
	  0 },
	{ "a file name", { HTML, .body = A("https://files.org/d/1", "report.pdf") }, NULL, 0 },
	{ "a file name that is a top-level domain",
	  { HTML, .body = A("https://files.org/d/1", "backup.zip") },
	  NULL,
	  0 },
	{ "an address of mail", { HTML, .body = A("https://sender.com/team", "ann@bank.com") }, NULL, 0 },
	{ "a sentence with a host", { HTML, .body = A("https://blog.org/", "Visit bank.com now") }, NULL, 0 },
	{ "a sentence with the host",
	  { HTML, .body = A("https://bank.com/", "&raquo; www.bank.com") },
	  NULL,
	  0 },
	{ "a sentence with the URL",
	  { HTML, .body = A("https://bank.com/", "See https://www.bank.com/x now") },
	  NULL,
	  0 },
	{ "abbreviation", { HTML, .body = A("https://blog.org/", "e.g.") }, NULL, 0 },
	{ "version", { HTML, .body = A("https://blog.org/", "2.0.1") }, NULL, 0 },
	{ "counting host of the sender's newsletter",
	  { HTML, UNSUB, PROVED, .from = "News <n@sender.com>",
	    .body = A("https://click.mailer.net/1", "www.sender.com") },
	  NULL,
	  0 },
	{ "a gateway's wrapper",
	  { HTML, .body = A("https://eur01.safelinks.protection.outlook.com/?url=x", "https://bank.com/") },
	  NULL,
	  0 },
	{ "a gateway's wrapper as text",
	  { HTML, .body = A("https://bank.com/", "https://urldefense.com/v3/__https://bank.com/__;!!x") },
	  NULL,
	  0 },
	{ "an address in the house", { HTML, .body = A("http://192.168.1.10/wiki", "wiki") }, NULL, 0 },
	{ "an honest international name",
	  { HTML, .body = A("https://b\xc3\xbc"
			    "cher.de/",
			    "Sign in") },
	  NULL,
	  0 },
	{ "an honest Russian name",
	  { HTML, .body = A("https://\xd0\xbf\xd1\x80\xd0\xb8\xd0\xbc\xd0\xb5\xd1\x80.com/", "x") },
	  NULL,
	  0 },
	{ "mailto", { HTML, .body = A("mailto:ann@sender.com", "www.bank.com") }, NULL, 0 },
	{ "no link at all", { 0 }, NULL, 0 },
	{ "plain text link", { .body = "See https://www.bank.com/x please\r\n" }, NULL, 0 },
};

static void test_table(void **state)
{
	(void)state;
	bench_table(rows, ARRAY_LEN(rows), "link_mismatch");
}

/* In a newsletter whose links all go through one counting host, a foreign name counts next to nothing. */
static void test_newsletter(void **state)
{
	const struct mail m = { HTML, UNSUB, PROVED, .from = "News <n@sender.com>",
				.body = A("https://c.mailer.net/1", "www.a.com")
				    A("https://c.mailer.net/2", "x") A("https://c.mailer.net/3", "y") };
	struct bench b;

	(void)state;
	bench_scan(&b, &m, NULL);
	const struct finding *f = bench_finding(&b, "link_mismatch.other_host");
	assert_non_null(f);
	assert_true(f->score <= 0.1);
	assert_int_equal(b.verdict.message->final_disposition, DISP_NONE);
	bench_close(&b);
}

/* As many links as are looked at, with long hosts of one owner: the work for each is small, in time and memory. */
static void test_many_links(void **state)
{
	struct arena *a = arena_new(4u << 20, NULL, NULL);
	char label[61];
	struct buf body;
	struct bench b;

	(void)state;
	memset(label, 'x', 60);
	label[60] = 0;
	buf_init(&body, 2u << 20);
	for (unsigned i = 0; i < LIMIT_LINKS; i++)
		buf_printf(&body, "<a href=\"http://h%u.%s.%s.%s.mailer.net/\">www.o%u.com</a>\r\n", i, label,
			   label, label, i);
	buf_add_char(&body, 0);
	const struct mail m = { HTML, .body = arena_str(a, buf_str(&body)).p };
	bench_scan(&b, &m, NULL);
	assert_int_equal(b.verdict.detections->links.n, LIMIT_LINKS_KEPT);
	assert_non_null(bench_finding(&b, "link_mismatch.other_host"));
	assert_true(arena_used(b.arena) < 16u << 20);
	bench_close(&b);
	buf_free(&body);
	arena_free(&a);
}

/* Each trick says in its own words what the reader sees and where it leads. */
static void test_details(void **state)
{
	static const struct {
		const char *body, *finding, *want;
	} cases[] = {
		{ A("http://evil.org/x", "www.bank.com"), TRICK "other_host",
		  "shows www.bank[dot]com, leads to evil[dot]org" },
		{ A("https://www.bank.com@evil.org/", "Sign in"), TRICK "userinfo",
		  "begins with www.bank[dot]com, leads to evil[dot]org" },
		{ A("http://203.0.113.9/login", "Sign in"), TRICK "ip_address", "1 link to 203.0.113[dot]9" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct mail m = { HTML, .body = cases[i].body };
		struct bench b;
		bench_scan(&b, &m, NULL);
		const struct finding *f = bench_finding(&b, cases[i].finding);
		assert_non_null(f);
		if (!str_eq(f->detail, str_of(cases[i].want)))
			fail_msg("%s: %.*s", cases[i].finding, STR_ARG(f->detail));
		bench_close(&b);
	}
}

/* Mailings of senders that nothing proves, as where DNS is not asked. */
static void test_counting(void **state)
{
	static const struct {
		const char *from, *body;
		double score;
	} cases[] = {
		{ "News <news@shop.com>", A("https://u27.ct.sendgrid.net/ls/click", "www.shop.com"), 0.4 },
		{ "News <news@mail.shop.com>", A("https://u27.ct.sendgrid.net/ls/click", "www.shop.com"),
		  0.4 },
		{ "News <news@shop.com>", A("https://click.shop.com/1", "www.journal.com"), 0.4 },
		{ "News <news@shop.com>", A("https://click.shop.com/1", "www.paypal.com"), 0.7 },
		{ "News <news@shop.com>", A("https://u27.ct.sendgrid.net/ls/click", "www.journal.com"), 0.7 },
		{ "News <news@shop.com>", A("https://click.other.com/1", "www.shop.com"), 0.7 },
		{ "News <news@shop.com>\r\nList-Unsubscribe: <https://shop.com/u>",
		  A("https://u27.ct.sendgrid.net/ls/click", "www.journal.com"), 0.4 },
		{ "News <news@shop.com>\r\nList-Unsubscribe: <https://shop.com/u>",
		  A("https://u27.ct.sendgrid.net/ls/click", "www.paypal.com"), 0.7 },
		{ "News <news@gmail.com>", A("https://u27.ct.sendgrid.net/ls/click", "www.gmail.com"), 0.7 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct mail m = { HTML, .from = cases[i].from, .body = cases[i].body, .offline = true,
					.no_peer = true };
		struct bench b;
		bench_scan(&b, &m, NULL);
		const struct finding *f = bench_finding(&b, TRICK "other_host");
		if (!f || f->score < cases[i].score - 0.01 || f->score > cases[i].score + 0.01)
			fail_msg("%zu: %.2f", i, f ? f->score : 0);
		bench_close(&b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_table), cmocka_unit_test(test_newsletter),
					    cmocka_unit_test(test_many_links), cmocka_unit_test(test_details),
					    cmocka_unit_test(test_counting) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
