/* link_lure: mail built around one link to a stranger. */
#include "bench.h"

#define A(href, text) "<p>Hello, please look at <a href=\"" href "\">" text "</a> today.</p>"
#define HTML .type = "text/html"

static const struct row rows[] = {
	{ "one button", { HTML, .body = A("https://stranger.org/a", "Sign in") }, "link_lure", 0.5 },
	{ "a picture to click",
	  { HTML, .body = "<a href=\"https://stranger.org/a\"><img src=\"cid:x\"></a>" },
	  "link_lure",
	  0.6 },
	{ "free mail",
	  { .from = "Your Bank <bank123@gmail.com>", HTML, .body = A("https://stranger.org/a", "Sign in") },
	  "link_lure",
	  0.6 },
	{ "a tenant's name",
	  { .from = "Team <t@x1.onmicrosoft.com>", HTML, .body = A("https://stranger.org/a", "Sign in") },
	  "link_lure",
	  0.6 },
	{ "answers elsewhere",
	  { .headers = "Reply-To: x@other.org\r\n", HTML, .body = A("https://stranger.org/a", "Sign in") },
	  "link_lure",
	  0.6 },
	{ "the same address again",
	  { HTML, .body = A("https://stranger.org/a", "Sign in") A("https://stranger.org/a", "Continue") },
	  "link_lure",
	  0.6 },
	{ "in clear", { HTML, .body = A("http://stranger.org/a", "Sign in") }, "link_lure", 0.5 },
	{ "in a copied brand mail",
	  { HTML, .body = A("https://stranger.org/a", "Pay") A("https://brand.org/1", "Help")
		      A("https://brand2.org/2", "Home") },
	  "link_lure",
	  0.3 },
	{ "a map", { HTML, .body = "<map><area href=\"https://stranger.org/a\"></map>" }, "link_lure", 0.5 },
	{ "with a foot",
	  { HTML, .body = A("https://stranger.org/a", "Go") A("https://www.facebook.com/x", "Facebook")
		      A("https://stranger.org/u", "Unsubscribe") },
	  "link_lure",
	  0.5 },
	{ "a list field of nobody",
	  { .headers = "List-Unsubscribe: <https://stranger.org/u>\r\n",
	    HTML,
	    .body = A("https://stranger.org/a", "Sign in") },
	  "link_lure",
	  0.3 },
	{ "a landlord's link is not the tenant's",
	  { .from = "S <s@x1.zendesk.com>",
	    HTML,
	    .body = A("https://stranger.org/a", "Go") A("https://www.zendesk.com/", "Zendesk") },
	  "link_lure",
	  0.4 },
	{ "a foot of its own",
	  { HTML, .body = A("https://stranger.org/a", "Go") A("https://stranger.org/p", "Privacy policy") },
	  "link_lure",
	  0.5 },
	/* near misses */
	{ "own house", { HTML, .body = A("https://www.sender.test/a", "Sign in") }, NULL, 0 },
	{ "another name of the house",
	  { .from = "Ann <ann@norwich-online.org>", HTML, .body = A("https://www.norwich.com/a", "Sign in") },
	  NULL,
	  0 },
	{ "the reader's house", { HTML, .body = A("https://wiki.home.test/a", "Sign in") }, NULL, 0 },
	{ "its own house as well",
	  { HTML, .body = A("https://stranger.org/a", "Go") A("https://www.sender.test/", "sender.test") },
	  NULL,
	  0 },
	{ "a mailing service", { HTML, .body = A("https://click.klclick.com/a", "Sign in") }, NULL, 0 },
	{ "the house of Reply-To",
	  { .headers = "Reply-To: x@stranger.org\r\n", HTML, .body = A("https://stranger.org/a", "Sign in") },
	  NULL,
	  0 },
	{ "the house of the envelope",
	  { .mail_from = "bounce@stranger.org", HTML, .body = A("https://stranger.org/a", "Sign in") },
	  NULL,
	  0 },
	{ "plain text", { .body = "Look at https://stranger.org/a\r\n" }, NULL, 0 },
	{ "no link", { HTML, .body = "<p>Hello</p>" }, NULL, 0 },
	{ "a rewritten link of the house",
	  { HTML, .body = A("https://urldefense.com/v3/__https:/www.sender.test/a__;!!x$", "Sign in") },
	  NULL,
	  0 },
	{ "an answer",
	  { .offline = true,
	    .headers = "Subject: Re: lunch\r\nIn-Reply-To: <1@home.test>\r\n",
	    HTML,
	    .body = A("https://stranger.org/a", "Sign in") },
	  NULL,
	  0 },
	{ "a discussion list",
	  { .offline = true,
	    .headers = "List-Post: <mailto:l@lists.org>\r\n",
	    HTML,
	    .body = A("https://stranger.org/a", "Sign in") },
	  NULL,
	  0 },
	{ "only a foot", { HTML, .body = A("https://stranger.org/p", "Privacy policy") }, NULL, 0 },
	{ "a digest",
	  { HTML, .headers = "List-Unsubscribe: <https://d.org/u>\r\n",
	    .body = A("https://site0.org/", "Story 0") A("https://site1.org/", "Story 1")
		A("https://site2.org/", "Story 2") A("https://site3.org/", "Story 3")
		    A("https://site4.org/", "Story 4") A("https://site5.org/", "Story 5")
			A("https://site6.org/", "Story 6") A("https://site7.org/", "Story 7")
			    A("https://site8.org/", "Story 8") A("https://site9.org/", "Story 9")
				A("https://site10.org/", "Story 10") A("https://site11.org/", "Story 11") },
	  NULL,
	  0 },
};

static void test_rows(void **state)
{
	(void)state;
	bench_table(rows, ARRAY_LEN(rows), "link_lure");
}

/* Shown is the link itself, the first that leads to a stranger, and all of the few strangers are named. */
static void test_shown(void **state)
{
	static const struct {
		const char *body, *value, *detail, *bytes;
	} cases[] = {
		{ A("https://stranger.org/a", "Pay") A("https://help.brand.org/1", "Help")
		      A("https://www.brand.org/2", "Home") A("https://two.org/2", "Two"),
		  "https://stranger.org/a",
		  "from sender[dot]test to stranger[dot]org, help.brand[dot]org, two[dot]org; ",
		  "<a href=\"https://stranger.org/a\">" },
		{ A("https://stranger.org/a", "Pay"), "https://stranger.org/a",
		  "from sender[dot]test to stranger[dot]org; ", "<a href=\"https://stranger.org/a\">" },
		{ A("https://stranger.org/p", "Privacy policy") A("https://stranger.org/a", "Pay"),
		  "https://stranger.org/a", "from sender[dot]test to stranger[dot]org; ",
		  "<a href=\"https://stranger.org/a\">" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct bench b;
		bench_scan(&b, &(struct mail){ HTML, .body = cases[i].body }, NULL);
		const struct finding *f = bench_finding(&b, "link_lure");
		assert_non_null(f);
		assert_true(str_eq(f->value, str_of(cases[i].value)));
		if (!str_starts(f->detail, str_of(cases[i].detail)))
			fail_msg("%zu: %.*s", i, STR_ARG(f->detail));
		struct str at = str_sub(b.job.raw, (size_t)f->offset, (size_t)(f->offset + f->length));
		assert_true(str_eq(at, str_of(cases[i].bytes)));
		bench_close(&b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_shown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
