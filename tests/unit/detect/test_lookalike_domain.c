/* lookalike_domain: names that are nearly ours. The bench protects home.test; these rows protect longer ones as well. */
#include "bench.h"
#include "policy/domain_name.h"

#define LINK_TO(host)                                                                      \
	{                                                                                  \
		.type = "text/html", .body = "<a href=\"https://" host "/x\">the list</a>" \
	}

static const struct row rows[] = {
	{ "a Cyrillic letter", { .from = "A <a@northwind.example>" }, NULL, 0 }, /* ours */
	{ "Cyrillic o", { .from = "A <a@n\xd0\xberthwind.example>" }, "lookalike_domain.looks", 1 },
	{ "Cyrillic o in A-labels",
	  { .from = "A <a@xn--nrthwind-nbh.example>" },
	  "lookalike_domain.looks",
	  1 },
	{ "one for l", { .from = "A <a@mi1kroute.com>" }, "lookalike_domain.looks", 1 },
	{ "zero for o", { .from = "A <a@n0rthwind.com>" }, "lookalike_domain.looks", 1 },
	{ "rn for m", { .from = "A <a@rnilkroute.com>" }, "lookalike_domain.looks", 1 },
	{ "vv for w", { .from = "A <a@northvvind.com>" }, "lookalike_domain.looks", 1 },
	{ "an accent", { .from = "A <a@n\xc3\xb6rthwind.com>" }, "lookalike_domain.looks", 1 },
	{ "short, looks the same", { .from = "A <a@h0me.test>" }, "lookalike_domain.looks", 1 },
	{ "two letters swapped", { .from = "A <a@norhtwind.example>" }, "lookalike_domain.slip", 1 },
	{ "one letter more", { .from = "A <a@milkroutes.com>" }, "lookalike_domain.slip", 1 },
	{ "one letter less, another ending", { .from = "A <a@milkrout.net>" }, "lookalike_domain.slip", 0.6 },
	{ "two letters", { .from = "A <a@nortwimd.example>" }, "lookalike_domain.slip", 0.6 },
	{ "below it", { .from = "A <a@mail.norhtwind.example>" }, "lookalike_domain.slip", 1 },
	{ "another ending", { .from = "A <a@northwind.co>" }, "lookalike_domain.ending", 0.7 },
	{ "another ending of a short one", { .from = "A <a@home.com>" }, "lookalike_domain.ending", 0.4 },
	{ "a word behind it", { .from = "A <a@northwind-support.com>" }, "lookalike_domain.words", 0.8 },
	{ "a word before it", { .from = "A <a@secure-northwind.com>" }, "lookalike_domain.words", 0.8 },
	{ "a word without a hyphen",
	  { .from = "A <a@northwindpayroll.com>" },
	  "lookalike_domain.words",
	  0.8 },
	{ "a word around a lookalike",
	  { .from = "A <a@n0rthwind-login.com>" },
	  "lookalike_domain.words",
	  0.8 },
	{ "some other word", { .from = "A <a@northwind-trade.com>" }, "lookalike_domain.words", 0.5 },
	{ "all of it before another",
	  { .from = "A <a@northwind.example.evil.com>" },
	  "lookalike_domain.below",
	  0.9 },
	{ "in Reply-To", { .headers = "Reply-To: a@norhtwind.example\r\n" }, "lookalike_domain.slip", 0.8 },
	{ "the second of From",
	  { .from = "a@sender.test, b@norhtwind.example" },
	  "lookalike_domain.slip",
	  1 },
	{ "in a link", LINK_TO("norhtwind.example"), "lookalike_domain.slip", 0.7 },
	{ "in a link behind others",
	  { .body = "https://a.example.org/ https://b.example.org/ https://login.n0rthwind.com/" },
	  "lookalike_domain.looks",
	  0.7 },
	/* near misses */
	{ "ordinary mail", { 0 }, NULL, 0 },
	{ "ours", LINK_TO("northwind.example"), NULL, 0 },
	{ "below ours", { .from = "A <a@news.northwind.example>" }, NULL, 0 },
	{ "beside ours", { .from = "A <a@other.northwind.example>" }, NULL, 0 },
	{ "our tenant at a service", LINK_TO("northwind.service.com"), NULL, 0 },
	{ "three letters", { .from = "A <a@norhtwimt.example>" }, NULL, 0 },
	{ "two letters of eight", { .from = "A <a@seaclasz.com>" }, NULL, 0 },
	{ "one letter of four", { .from = "A <a@dome.test>" }, NULL, 0 },
	{ "a word with a short one in it", { .from = "A <a@home-support.com>" }, NULL, 0 },
	{ "a longer word", { .from = "A <a@northwinder-and-sons.com>" }, NULL, 0 },
	{ "a picture",
	  { .type = "text/html", .body = "<img src=\"https://norhtwind.example/x.png\">" },
	  NULL,
	  0 },
	{ "a host of the neighbourhood", LINK_TO("northwind-login"), NULL, 0 },
	{ "an IP address", LINK_TO("192.0.2.7"), NULL, 0 },
	{ "a mailbox house", { .from = "A <a@gmail.com>" }, NULL, 0 },
};

/* Nobody protects these: brands that everybody knows. */
static const struct row brands[] = {
	{ "one for l", { .from = "A <a@paypa1.com>" }, "lookalike_domain.brand_looks", 0.9 },
	{ "rn for m", { .from = "A <a@rnicrosoft.com>" }, "lookalike_domain.brand_looks", 0.9 },
	{ "zero for o in a link", LINK_TO("www.micr0soft.com"), "lookalike_domain.brand_looks", 0.6 },
	{ "Cyrillic a", { .from = "A <a@p\xd0\xb0ypal.com>" }, "lookalike_domain.brand_looks", 0.9 },
	{ "letters swapped", { .from = "A <a@metamaks.example>" }, "lookalike_domain.brand_slip", 0.3 },
	{ "a hyphen", { .from = "A <a@trust-wallet.com>" }, "lookalike_domain.brand_slip", 0.6 },
	{ "a letter more in a short one",
	  { .from = "A <a@payypal.com>" },
	  "lookalike_domain.brand_slip",
	  0.4 },
	{ "in Reply-To",
	  { .headers = "Reply-To: a@instagramm.com\r\n" },
	  "lookalike_domain.brand_slip",
	  0.4 },
	{ "support behind it", { .from = "A <a@netflix-support.com>" }, "lookalike_domain.brand_words", 0.7 },
	{ "secure before it in a link", LINK_TO("secure-coinbase.net"), "lookalike_domain.brand_words", 0.4 },
	{ "without a hyphen", { .from = "A <a@commerzbanklogin.com>" }, "lookalike_domain.brand_words", 0.7 },
	{ "below a foreign host", LINK_TO("www.paypal.com.session.example"), "lookalike_domain.brand_below",
	  0.6 },
	{ "a foreign ending", { .from = "A <a@mercadolivre.br>" }, "lookalike_domain.brand_ending", 0.3 },
	/* near misses */
	{ "the brand", LINK_TO("www.paypal.com"), NULL, 0 },
	{ "its country", { .from = "A <a@amazon.co.jp>" }, NULL, 0 },
	{ "its other house", LINK_TO("login.microsoftonline.com"), NULL, 0 },
	{ "where others have pages", LINK_TO("someone.sharepoint.com"), NULL, 0 },
	{ "a word", { .from = "A <a@oranges.com>" }, NULL, 0 },
	{ "a word of six letters", { .from = "A <a@staples.com>" }, NULL, 0 },
	{ "another letter in a short one", { .from = "A <a@bitnet.com>" }, NULL, 0 },
	{ "other words around", { .from = "A <a@netflixreviews.com>" }, NULL, 0 },
	{ "a short one inside a word", { .from = "A <a@mailshell.com>" }, NULL, 0 },
	{ "an ending of a short one", { .from = "A <a@ikea.example>" }, NULL, 0 },
	{ "a tenant", LINK_TO("netflix.service.com"), NULL, 0 },
	{ "a branch", LINK_TO("sparkasse-musterstadt.de"), NULL, 0 },
	{ "a free mailbox", { .from = "A <a@gmx.de>" }, NULL, 0 },
};

static void test_brands(void **state)
{
	(void)state;
	bench_table(brands, ARRAY_LEN(brands), "lookalike_domain");
}

static struct str own[] = { STR_INIT("home.test"),     STR_INIT("northwind.example"),
			    STR_INIT("milkroute.com"), STR_INIT("gmailx.com"),
			    STR_INIT("seaglass.com"),  STR_INIT("mail.northwind.example") };

static void test_table(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct row row = rows[i];
		row.mail.protect = (struct strs){ own, ARRAY_LEN(own) };
		bench_table(&row, 1, "lookalike_domain");
	}
}

/* Alone it is a spoof; somebody who has long written from there is not. */
static void test_verdicts(void **state)
{
	const struct mail stranger = { .from = "A <a@norhtwind.example>",
				       .mail_from = "a@norhtwind.example",
				       .spf = "v=spf1 ip4:192.0.2.10 -all",
				       .protect = { own, ARRAY_LEN(own) } };
	struct mail known = stranger;
	struct bench b;

	(void)state;
	bench_scan(&b, &stranger, NULL);
	assert_int_equal(b.verdict.message->final_disposition, DISP_SPOOF);
	bench_close(&b);
	known.seen = 50;
	bench_scan(&b, &known, NULL);
	assert_int_equal(b.verdict.message->final_disposition, DISP_NONE);
	bench_close(&b);
}

/* Who protects as many domains as there may be: hosts in the hundreds are all compared, more than that are told of. */
static void test_many(void **state)
{
	enum { DOMAINS = 10000 };
	const struct {
		size_t hosts;
		bool unfinished;
	} cases[] = { { 150, false }, { 900, true } };
	struct arena *a = arena_new(64u << 20, NULL, NULL);
	struct str *domains = ARENA_ARRAY(a, DOMAINS, struct str);
	struct bench b;

	(void)state;
	for (size_t i = 0; i < DOMAINS; i++)
		domains[i] = arena_printf(a, "protected-number-%zu.example", i);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct str body = STR("https://protected-numher-7.example/ ");
		for (size_t k = 0; k < cases[i].hosts; k++)
			body = arena_printf(a, "%.*shttps://h%zu.elsewhere.test/ ", STR_ARG(body), k);
		bench_scan(&b, &(struct mail){ .body = body.p, .protect = { domains, DOMAINS } }, NULL);
		assert_non_null(bench_finding(&b, "lookalike_domain.slip"));
		bool told = bench_finding(&b, "lookalike_domain.unfinished") != NULL;
		assert_int_equal(told, cases[i].unfinished);
		bench_close(&b);
	}
	arena_free(&a);
}

/* The names of a policy's domains lie ready; where the job names others, those count. */
static void test_ready(void **state)
{
	struct str others[] = { STR_INIT("home.test"), STR_INIT("milkroute.com") };
	const struct strs mine = { own, ARRAY_LEN(own) }, fewer = { others, 2 };
	struct arena *a = arena_new(16u << 20, NULL, NULL);
	const struct policy_source source = { .rev = 1, .domains = mine };
	struct policy *p = policy_compile(a, &source);
	struct domain_names ready = policy_domain_names(a, p, &mine),
			    same = policy_domain_names(a, p, &(struct strs){ own, ARRAY_LEN(own) });

	(void)state;
	assert_true(ready.v == same.v && ready.n == ARRAY_LEN(own));
	assert_int_equal(policy_domain_names(a, p, &fewer).n, 2);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct mail mail = rows[i].mail;
		struct bench b;
		mail.protect = mine;
		bench_scan(&b, &mail, p);
		bench_row(&b, &rows[i], "lookalike_domain");
		bench_close(&b);
	}
	struct bench b;
	bench_scan(&b, &(struct mail){ .from = "A <a@norhtwind.example>", .protect = fewer }, p);
	assert_null(bench_finding(&b, "lookalike_domain"));
	bench_close(&b);
	policy_free(&p);
	arena_free(&a);
}

/* 0.4 * 0.8, as people read it: no 0.32000000000000006. */
static void test_score_is_short(void **state)
{
	const struct mail m = { .headers = "Reply-To: a@home.com\r\n", .protect = { own, ARRAY_LEN(own) } };
	struct bench b;

	(void)state;
	bench_scan(&b, &m, NULL);
	const struct finding *f = bench_finding(&b, "lookalike_domain.ending");
	assert_non_null(f);
	assert_true(f->score == 0.32);
	bench_close(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),    cmocka_unit_test(test_brands),
		cmocka_unit_test(test_verdicts), cmocka_unit_test(test_many),
		cmocka_unit_test(test_ready),    cmocka_unit_test(test_score_is_short)
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
