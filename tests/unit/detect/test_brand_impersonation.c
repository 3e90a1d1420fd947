/* brand_impersonation: mail in the name of brands, of the reader's house, and of those who run it. */
#include "bench.h"
#include "detect/brands.h"

#define GO "Please follow https://cheap-hosting.test/login now.\r\n"
#define PAGE(text) \
	.type = "text/html", .body = text "<p><a href=\"https://cheap-hosting.test/x\">Continue</a></p>"
#define SUBJECT(text) .headers = "Subject: " text "\r\n"

static const struct row rows[] = {
	{ "display name",
	  { .from = "PayPal <a@sender.test>", .body = GO },
	  "brand_impersonation.brand",
	  0.7 },
	{ "that says a machine sent it",
	  { .from = "PayPal <a@sender.test>", .headers = "Auto-Submitted: auto-generated\r\n", .body = GO },
	  "brand_impersonation.brand",
	  0.7 },
	{ "with fillers",
	  { .from = "\"PayPal Customer Support Team 4711\" <a@sender.test>", .body = GO },
	  "brand_impersonation.brand",
	  0.7 },
	{ "an I for an l",
	  { .from = "PayPaI <a@sender.test>", .body = GO },
	  "brand_impersonation.brand",
	  0.9 },
	{ "digits for letters",
	  { .from = "N3tf1ix <a@sender.test>", .body = GO },
	  "brand_impersonation.brand",
	  0.9 },
	{ "Cyrillic letters",
	  { .from = "\xd0\x9c\xd0\xb5taM\xd0\xb0sk <a@sender.test>", .body = GO },
	  "brand_impersonation.brand",
	  0.9 },
	{ "a Greek capital",
	  { .from = "\xce\x9c"
		    "etaMask <a@sender.test>",
	    .body = GO },
	  "brand_impersonation.brand",
	  0.9 },
	{ "spelled",
	  { .from = "C o i n b a s e <a@sender.test>", .body = GO },
	  "brand_impersonation.brand",
	  0.7 },
	{ "zero-width characters",
	  { .from = "Ven\xe2\x80\x8bmo Sup\xe2\x80\x8dport <a@sender.test>", .body = GO },
	  "brand_impersonation.brand",
	  0.7 },
	{ "marks of another script",
	  { .from = "N\xdc\xbf"
		    "e\xdc\xbft\xdc\xbf"
		    "flix <a@sender.test>",
	    .body = GO },
	  "brand_impersonation.brand",
	  0.7 },
	{ "encoded",
	  { .from = "=?utf-8?B?UGF5UGFs?= <a@sender.test>", .body = GO },
	  "brand_impersonation.brand",
	  0.7 },
	{ "run together",
	  { .from = "SupportCoinbase <a@sender.test>", .body = GO },
	  "brand_impersonation.brand",
	  0.7 },
	{ "a word that is a name, alone",
	  { .from = "Apple <a@sender.test>", SUBJECT("Your account was locked"), .body = GO },
	  "brand_impersonation.brand",
	  0.7 },
	{ "German",
	  { .from = "\"Sparkasse Kundenservice\" <a@sender.test>", .body = GO },
	  "brand_impersonation.brand",
	  0.7 },
	{ "French",
	  { .from = "\"La Banque Postale\" <a@sender.test>", .body = GO },
	  "brand_impersonation.brand",
	  0.7 },
	{ "Portuguese",
	  { .from = "\"Mercado Livre\" <a@sender.test>", .body = GO },
	  "brand_impersonation.brand",
	  0.7 },
	{ "Italian",
	  { .from = "\"Agenzia delle Entrate\" <a@sender.test>", .body = GO },
	  "brand_impersonation.brand",
	  0.7 },
	{ "Dutch", { .from = "PostNL <a@sender.test>", .body = GO }, "brand_impersonation.brand", 0.7 },
	{ "Polish", { .from = "InPost <a@sender.test>", .body = GO }, "brand_impersonation.brand", 0.7 },
	{ "Russian",
	  { .from = "\xd0\xa1\xd0\xb1\xd0\xb5\xd1\x80\xd0\xb1\xd0\xb0\xd0\xbd\xd0\xba <a@sender.test>",
	    .body = GO },
	  "brand_impersonation.brand",
	  0.7 },
	{ "Japanese",
	  { .from = "\xe3\x83\xa4\xe3\x83\x9e\xe3\x83\x88\xe9\x81\x8b\xe8\xbc\xb8 <a@sender.test>",
	    .body = GO },
	  "brand_impersonation.brand",
	  0.7 },
	{ "a free mailbox",
	  { .from = "\"Nubank - blocked\" <a@gmail.com>", .body = GO },
	  "brand_impersonation.brand",
	  0.5 },
	{ "a telephone number instead of a link",
	  { .from = "\"Geek Squad\" <a@sender.test>", .body = "Call +1 (808) 555-0134 to cancel.\r\n" },
	  "brand_impersonation.brand",
	  0.7 },
	{ "subject, address and legal line",
	  { .from = "Service <netflix@sender.test>",
	    SUBJECT("Your Netflix payment was declined"),
	    PAGE("<p>Update now.</p><p>Copyright 2026 Netflix Inc.</p>") },
	  "brand_impersonation.brand",
	  0.8 },
	{ "subject, title and picture",
	  { .from = "Info <a@sender.test>",
	    SUBJECT("Commerzbank: confirm your account"),
	    PAGE("<title>Commerzbank</title><img alt=Commerzbank src=cid:1><p>Commerzbank Kunde</p>") },
	  "brand_impersonation.brand",
	  0.6 },
	{ "its own domain, unproved, links elsewhere",
	  { .from = "Bradesco <a@bradesco.com.br>", SUBJECT("Sua conta: atualize"), .body = GO },
	  "brand_impersonation.unproved",
	  0.6 },
	{ "mail administrator with Cyrillic letters",
	  { .from = "\xd0\x9c\xd0\xb0il Administr\xd0\xb0tor <a@sender.test>",
	    SUBJECT("bob@home.test: p\xd0\xb0ssword expires"),
	    .body = GO },
	  "brand_impersonation.office",
	  0.7 },
	{ "mail administrator with the reader's address",
	  { .from = "Mail Administrator <a@sender.test>",
	    SUBJECT("bob@home.test: password expires"),
	    .body = GO },
	  "brand_impersonation.office",
	  0.7 },
	{ "support of the reader's own domain",
	  { .from = "\"home.test Support\" <a@sender.test>",
	    SUBJECT("Mailbox full, verify"),
	    .body = GO,
	    .protect = { (struct str[]){ STR_INIT("other.test") }, 1 } },
	  "brand_impersonation.house",
	  0.5 },
	{ "IT help desk",
	  { .from = "IT Help Desk <a@sender.test>", SUBJECT("Verify your account"), .body = GO },
	  "brand_impersonation.office",
	  0.5 },
	{ "German administrator",
	  { .from = "Mail-Verwaltung <a@sender.test>", SUBJECT("Konto gesperrt: bob@home.test"), .body = GO },
	  "brand_impersonation.office",
	  0.5 },
	/* near misses */
	{ "ordinary mail", { 0 }, NULL, 0 },
	{ "the brand",
	  { .from = "PayPal <service@paypal.com>", .body = "See https://www.paypal.com/\r\n" },
	  NULL,
	  0 },
	{ "below the brand",
	  { .from = "PayPal <a@mail.paypal.de>", .body = GO "https://paypal.de/\r\n" },
	  NULL,
	  0 },
	{ "a branch of its own",
	  { .from = "Sparkasse <a@sparkasse-musterstadt.de>", .body = "https://sparkasse-musterstadt.de/" },
	  NULL,
	  0 },
	{ "a shop that takes it",
	  { .from = "Garden Shop <a@sender.test>",
	    SUBJECT("Spring is here"),
	    PAGE("<p>Pay with PayPal, Visa, Klarna</p><img alt=PayPal src=paypal.png>") },
	  NULL,
	  0 },
	{ "where to follow",
	  { .from = "Garden Shop <a@sender.test>",
	    PAGE("<p>News</p><img alt=Facebook src=facebook.png><img alt=Instagram src=i.png>") },
	  NULL,
	  0 },
	{ "badges of stores",
	  { .from = "Our App <a@sender.test>",
	    PAGE(
		"<img alt='Get it on Google Play' src=google-play.png><img alt='App Store' src=apple.png>") },
	  NULL,
	  0 },
	{ "news about a brand",
	  { .from = "Tech Weekly <a@sender.test>",
	    SUBJECT("Why Microsoft bought a power plant"),
	    .body = GO },
	  NULL,
	  0 },
	{ "an answer about a brand",
	  { .from = "Ann <ann@sender.test>",
	    .headers = "Subject: Re: Netflix account suspended?\r\nIn-Reply-To: <1@home.test>\r\n",
	    .body = GO },
	  NULL,
	  0 },
	{ "a list about one",
	  { .from = "Ann <ann@sender.test>",
	    .headers = "Subject: DocuSign plugin: login fails\r\nList-Id: <dev.lists.test>\r\n",
	    .body = GO },
	  NULL,
	  0 },
	{ "a word, not a name", { .from = "Orange Juice Bar <a@sender.test>", .body = GO }, NULL, 0 },
	{ "a person", { .from = "Chase Miller <a@sender.test>", .body = GO }, NULL, 0 },
	{ "another person", { .from = "Tim Wise <a@sender.test>", .body = GO }, NULL, 0 },
	{ "a person of one name, on a list",
	  { .from = "Chase <a@sender.test>", .headers = "List-Id: <dev.lists.test>\r\n", .body = GO },
	  NULL,
	  0 },
	{ "a branch that links to itself",
	  { .from = "Vodafone Shop Nord <a@vodafone-shop-nord.test>",
	    .body = "https://vodafone-shop-nord.test/" },
	  NULL,
	  0 },
	{ "a longer word", { .from = "Upsidedown Cakes <a@sender.test>", .body = GO }, NULL, 0 },
	{ "a free mailbox of the house itself", { .from = "GMX <info@gmx.net>", .body = GO }, NULL, 0 },
	{ "its domain, signed",
	  { .from = "Bradesco <a@bradesco.com.br>",
	    .headers =
		"DKIM-Signature: v=1; a=rsa-sha256; d=bradesco.com.br; s=x; h=from; bh=eA==; b=eA==\r\n",
	    .body = GO },
	  NULL,
	  0 },
	{ "our own administrator",
	  { .from = "Mail Administrator <a@home.test>", SUBJECT("bob@home.test"), .body = GO },
	  NULL,
	  0 },
	{ "a bounce",
	  { .from = "System Administrator <postmaster@sender.test>",
	    SUBJECT("Undeliverable: your password"),
	    .body = "bob@home.test could not be reached.\r\n" },
	  NULL,
	  0 },
	{ "the reader's name in the subject",
	  { .from = "Shop <a@sender.test>", SUBJECT("Bob, look at this"), .body = GO },
	  NULL,
	  0 },
	{ "German near miss", { .from = "Bäckerei Otto Sommer <a@sender.test>", .body = GO }, NULL, 0 },
	{ "French near miss",
	  { .from = "Association Libre Orange et Citron <a@sender.test>", .body = GO },
	  NULL,
	  0 },
};

static void test_table(void **state)
{
	(void)state;
	bench_table(rows, ARRAY_LEN(rows), "brand_impersonation");
}

/* Alone suspicious; with what the text wants, malicious. */
static void test_verdicts(void **state)
{
	const struct {
		struct mail mail;
		enum disposition want;
	} cases[] = {
		{ { .from = "PayPal <ann@sender.test>", .body = GO }, DISP_SUSPICIOUS },
		{ { .from = "PayPal <ann@sender.test>",
		    .body = "Your account has been suspended. Verify your identity within 24 hours: log in "
			    "at https://cheap-hosting.test/ or your account will be closed.\r\n" },
		  DISP_MALICIOUS },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct bench b;
		bench_scan(&b, &cases[i].mail, NULL);
		assert_int_equal(b.verdict.message->final_disposition, cases[i].want);
		bench_close(&b);
	}
}

/* Each brand is found by each of its names, and writes from its own domains. */
static void test_brands(void **state)
{
	struct arena *a = arena_new(16u << 20, NULL, NULL);

	(void)state;
	assert_true(brand_domain_names().n == brand_table_size);
	for (size_t i = 0; i < brand_table_size; i++) {
		const struct brand *b = &brand_table[i];
		struct str list = ARENA_JOIN(a, str_of(b->names), STR("|"), str_of(b->common)), rest = list;
		assert_true(strlen(b->domains) > 3);
		while (rest.n > 0) {
			size_t end = str_find_char(rest, '|', 0), at = 0;
			struct str name = str_sub(rest, 0, end);
			struct brand_text t = brand_text_of(a, name, 200, true);
			struct brand_name n;
			rest = end == SIZE_MAX ? STR_NONE : str_sub(rest, end + 1, rest.n);
			if (name.n == 0)
				continue;
			if (!brand_next(&t, &at, &n))
				fail_msg("%s: \"%.*s\" is not found", b->name, STR_ARG(name));
			if (n.disguised)
				fail_msg("%s: \"%.*s\" is not written as it is folded", b->name,
					 STR_ARG(name));
		}
	}
	arena_free(&a);
}

static void test_domains(void **state)
{
	static const struct {
		const char *name, *host;
		bool owns, known;
	} cases[] = {
		{ "PayPal", "paypal.com", true, true },
		{ "PayPal", "www.paypal.co.uk", true, true },
		{ "PayPal", "paypal.tk", false, false },
		{ "PayPal", "paypal.evil.com", false, false },
		{ "PayPal", "mypaypal.com", false, false },
		{ "Sparkasse", "sparkasse-nord.de", true, true },
		{ "Sparkasse", "sparkasse.evil.de", false, false },
		{ "Microsoft", "x.onmicrosoft.com", false, true },
		{ "Microsoft", "outlook.com", false, true },
		{ "Microsoft", "mail.microsoft.com", true, true },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct brand *b = brand_table;
		while (strcmp(b->name, cases[i].name) != 0)
			b++;
		if (brand_owns(b, str_of(cases[i].host)) != cases[i].owns)
			fail_msg("%s, %s", b->name, cases[i].host);
		if (brand_is_domain(str_of(cases[i].host)) != cases[i].known)
			fail_msg("%s", cases[i].host);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_table), cmocka_unit_test(test_verdicts),
					    cmocka_unit_test(test_brands), cmocka_unit_test(test_domains) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
