/* link_host: hosts where nobody answers for what is there. */
#include "bench.h"

#include "detect/host_kind.h"

#define A(href, text) "<p>Hello, please look at <a href=\"" href "\">" text "</a> today.</p>"
#define HTML .type = "text/html"
#define OWN A("https://a.sender.test/1", "x") A("https://b.sender.test/2", "y")

static const struct row rows[] = {
	{ "short address",
	  { HTML, .body = A("https://bit.ly/3abc", "Sign in") },
	  "link_host.shortener",
	  0.5 },
	{ "short address in a form",
	  { HTML, .body = "<form action=\"https://tinyurl.com/y1\"><input name=a></form>" },
	  "link_host.shortener",
	  0.5 },
	{ "free site",
	  { HTML, .body = A("https://secure-login.web.app/a", "Sign in") },
	  "link_host.free_site",
	  0.5 },
	{ "page of a builder",
	  { HTML, .body = A("https://mailbox-update.weebly.com/", "Sign in") },
	  "link_host.free_site",
	  0.5 },
	{ "worker",
	  { HTML, .body = A("https://quiet-sun-1.account.workers.dev/", "Sign in") },
	  "link_host.free_site",
	  0.5 },
	{ "tunnel",
	  { HTML, .body = A("https://12ab.ngrok-free.app/login", "Sign in") },
	  "link_host.tunnel",
	  0.6 },
	{ "dynamic name", { HTML, .body = A("http://bank.ddns.net/x", "Sign in") }, "link_host.tunnel", 0.6 },
	{ "IPFS",
	  { HTML, .body = A("https://ipfs.io/ipfs/QmX/index.html", "Sign in") },
	  "link_host.ipfs",
	  0.7 },
	{ "page in a store",
	  { HTML, .body = A("https://storage.googleapis.com/box/page.html", "Sign in") },
	  "link_host.storage",
	  0.5 },
	{ "page in a bucket",
	  { HTML, .body = A("https://box.s3.us-east-1.amazonaws.com/a.html#x", "Sign in") },
	  "link_host.storage",
	  0.5 },
	{ "form",
	  { HTML, .body = A("https://form.jotform.com/123", "Sign in") },
	  "link_host.free_form",
	  0.4 },
	{ "shared document",
	  { HTML, .body = A("https://docs.google.com/document/d/1", "Sign in") },
	  "link_host.shared_document",
	  0.25 },
	{ "search engine forwards",
	  { HTML, .body = A("https://www.google.com/url?q=https://evil.test/a", "Sign in") },
	  "link_host.open_redirect",
	  0.5 },
	{ "address in a parameter",
	  { HTML, .body = A("https://shop.org/go?url=https%3A%2F%2Fevil.test%2Fa", "Sign in") },
	  "link_host.open_redirect",
	  0.3 },
	{ "planted page",
	  { HTML, .body = A("https://bakery.org/wp-content/plugins/x/login.php", "Sign in") },
	  "link_host.planted_page",
	  0.5 },
	{ "cheap domain",
	  { HTML, .body = A("https://parcel-info.top/a", "Sign in") },
	  "link_host.cheap_domain",
	  0.35 },
	{ "odd port",
	  { HTML, .body = A("https://bakery.org:8443/a", "Sign in") },
	  "link_host.odd_port",
	  0.4 },
	{ "deep host",
	  { HTML, .body = A("https://login.bank.com.session.a1.bakery.org/", "Sign in") },
	  "link_host.deep_host",
	  0.3 },
	{ "name of a machine",
	  { HTML, .body = A("https://xkqvbtrz1p.com/", "Sign in") },
	  "link_host.random_host",
	  0.3 },
	{ "short address in plain text",
	  { .body = "Your parcel: https://bit.ly/3abc\r\n" },
	  "link_host.shortener",
	  0.3 },
	{ "a short address of a network",
	  { HTML, .body = A("https://www.linkedin.com/slink?code=abc", "Sign in") },
	  "link_host.shortener",
	  0.5 },
	{ "among links of a copied brand",
	  { HTML, .body = A("https://cutt.ly/x1", "Pay now") A("https://www.brand.org/1", "Help")
		      A("https://www.brand.org/2", "Home") },
	  "link_host.shortener",
	  0.3 },
	{ "picture linked",
	  { HTML, .body = "<a href=\"https://x.pages.dev/\"><img src=\"cid:1\"></a>" },
	  "link_host.free_site",
	  0.5 },
	/* near misses */
	{ "a site like any", { HTML, .body = A("https://www.bakery.org/menu", "Sign in") }, NULL, 0 },
	{ "own house", { HTML, .body = A("https://www.sender.test/a", "Sign in") }, NULL, 0 },
	{ "a picture in a store",
	  { HTML, .body = A("https://storage.googleapis.com/box/photo.jpg", "Sign in") },
	  NULL,
	  0 },
	{ "a file in a store",
	  { HTML, .body = A("https://box.s3.amazonaws.com/report.pdf", "Sign in") },
	  NULL,
	  0 },
	{ "a mailing service",
	  { HTML, .body = A("https://u1.ct.sendgrid.net/ls/click?upn=abc", "Sign in") },
	  NULL,
	  0 },
	{ "a PDF among uploads",
	  { HTML, .body = A("https://bakery.org/wp-content/uploads/2026/01/menu.pdf", "Sign in") },
	  NULL,
	  0 },
	{ "common port", { HTML, .body = A("https://bakery.org:443/a", "Sign in") }, NULL, 0 },
	{ "four labels", { HTML, .body = A("https://a.b.bakery.org/", "Sign in") }, NULL, 0 },
	{ "German consonants",
	  { HTML, .body = A("https://www.rechtsschutzversicherung.org/", "Sign in") },
	  NULL,
	  0 },
	{ "short address at the foot",
	  { HTML, .body = A("https://www.bakery.org/", "Menu") A("https://bit.ly/1", "Unsubscribe") },
	  NULL,
	  0 },
	{ "network at the foot",
	  { HTML,
	    .body = A("https://www.bakery.org/", "Menu") A("https://www.facebook.com/bakery", "Facebook") },
	  NULL,
	  0 },
	{ "redirect within one house",
	  { HTML, .body = A("https://bakery.org/go?url=https%3A%2F%2Fwww.bakery.org%2Fa", "Sign in") },
	  NULL,
	  0 },
	{ "redirect to the sender",
	  { HTML, .body = A("https://count.org/go?url=https%3A%2F%2Fwww.sender.test%2Fa", "Sign in") },
	  NULL,
	  0 },
	{ "a name that ends like a shortener",
	  { HTML, .body = A("https://notbit.ly.org/a", "Sign in") },
	  NULL,
	  0 },
	{ "the provider writes",
	  { HTML, .from = "Jot <n@jotform.com>", .body = A("https://form.jotform.com/1", "Answers") },
	  NULL,
	  0 },
	{ "a name without a scheme", { .body = "We met at bit.ly once.\r\n" }, NULL, 0 },
	{ "only a picture's address",
	  { HTML, .body = "<p>Hi</p><img src=\"https://x.pages.dev/a.png\">" },
	  NULL,
	  0 },
};

static void test_rows(void **state)
{
	(void)state;
	bench_table(rows, ARRAY_LEN(rows), "link_host");
}

/* The same link weighs less where the mail leads to its sender's own house as well, or to a proved sender's list. */
static double score_of(const struct mail *m)
{
	struct bench b;

	bench_scan(&b, m, NULL);
	const struct finding *f = bench_finding(&b, "link_host.shortener");
	double score = f ? f->score : 0;
	bench_close(&b);
	return score;
}

static void test_company(void **state)
{
	const struct mail alone = { HTML, .body = A("https://bit.ly/1", "Go") };
	const struct mail among = { HTML, .body = A("https://bit.ly/1", "Go") OWN };
	const struct mail answer = { HTML, .body = A("https://bit.ly/1", "Go"), .offline = true,
				     .headers = "Subject: Re: lunch\r\nIn-Reply-To: <1@home.test>\r\n" };

	(void)state;
	assert_true(score_of(&among) > 0 && score_of(&among) <= score_of(&alone) / 2);
	assert_true(score_of(&answer) > 0 && score_of(&answer) <= score_of(&alone) / 2);
}

/* Names are looked up by halving: they must stand in order, each once. */
static void test_table_is_sorted(void **state)
{
	(void)state;
	for (size_t i = 1; i < host_table_size; i++)
		if (strcmp(host_table[i - 1].name, host_table[i].name) >= 0)
			fail_msg("%s stands before %s", host_table[i - 1].name, host_table[i].name);
	assert_int_equal(host_kind(STR("a.b.pages.dev")), HOST_SITE);
	assert_int_equal(host_kind(STR("pages.dev.test")), HOST_OTHER);
	assert_int_equal(host_kind(STR("xpages.dev")), HOST_OTHER);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_company),
		cmocka_unit_test(test_table_is_sorted),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
