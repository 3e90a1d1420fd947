/* From findings to a verdict: sums, families, hard findings, suppression, texts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/arena.h"
#include "detect/detect.h"
#include "scan/assemble.h"

#define F(d, s, fam, cat)                            \
	{                                            \
		DISP_##d, s, FAMILY_##fam, CAT_##cat \
	}

static const struct {
	const char *name;
	struct {
		enum disposition d;
		double score;
		enum family family;
		enum category category;
	} f[4];
	enum disposition want, accepted; /* without and with an acceptable sender */
} cases[] = {
	{ "nothing", { { 0 } }, DISP_NONE, DISP_NONE },
	{ "weak", { F(SPAM, 0.4, CONTENT, CONTENT_SPAM) }, DISP_NONE, DISP_NONE },
	{ "spam alone", { F(SPAM, 1, CONTENT, CONTENT_SPAM) }, DISP_SPAM, DISP_NONE },
	{ "spam in sum",
	  { F(SPAM, 0.5, CONTENT, CONTENT_SPAM), F(SPAM, 0.5, SENDER, AUTH_FAILURE) },
	  DISP_SPAM,
	  DISP_NONE },
	{ "spam in sum with what is suspicious",
	  { F(SPAM, 0.7, CONTENT, CONTENT_SPAM), F(SUSPICIOUS, 0.34, URL, LINK_OBFUSCATION) },
	  DISP_SPAM,
	  DISP_NONE },
	{ "suspicious in sum with spam",
	  { F(SPAM, 0.7, CONTENT, CONTENT_SPAM), F(SUSPICIOUS, 0.6, URL, LINK_OBFUSCATION) },
	  DISP_SUSPICIOUS,
	  DISP_NONE },
	{ "a newsletter has some of every trait",
	  { F(SPAM, 0.7, CONTENT, CONTENT_SPAM), F(SUSPICIOUS, 0.4, URL, LINK_OBFUSCATION),
	    F(BULK, 1, BULK, BULK_MAIL) },
	  DISP_BULK,
	  DISP_NONE },
	{ "what is asked of one reader is no newsletter",
	  { F(SUSPICIOUS, 0.7, CONTENT, PAYROLL_CHANGE), F(SUSPICIOUS, 0.4, URL, LINK_OBFUSCATION),
	    F(BULK, 1, BULK, BULK_MAIL) },
	  DISP_SUSPICIOUS,
	  DISP_SUSPICIOUS },
	{ "nearly bulk, with a trait of spam",
	  { F(BULK, 0.9, BULK, BULK_MAIL), F(SPAM, 0.5, CONTENT, CONTENT_SPAM) },
	  DISP_BULK,
	  DISP_NONE },
	{ "nearly bulk", { F(BULK, 0.9, BULK, BULK_MAIL) }, DISP_NONE, DISP_NONE },
	{ "bulk", { F(BULK, 1, BULK, BULK_MAIL) }, DISP_BULK, DISP_NONE },
	{ "spoof", { F(SPOOF, 1, SENDER, DOMAIN_SPOOF) }, DISP_SPOOF, DISP_NONE },
	{ "suspicious", { F(SUSPICIOUS, 1, URL, LINK_OBFUSCATION) }, DISP_SUSPICIOUS, DISP_SUSPICIOUS },
	{ "hard", { F(MALICIOUS, 1, ATTACHMENT, EXECUTABLE_ATTACHMENT) }, DISP_MALICIOUS, DISP_MALICIOUS },
	{ "soft malicious of one family is suspicious",
	  { F(MALICIOUS, 0.9, ATTACHMENT, HTML_ATTACHMENT), F(MALICIOUS, 0.8, ATTACHMENT, HTML_SMUGGLING) },
	  DISP_SUSPICIOUS,
	  DISP_SUSPICIOUS },
	{ "soft malicious alone",
	  { F(MALICIOUS, 0.8, ATTACHMENT, HTML_SMUGGLING) },
	  DISP_SUSPICIOUS,
	  DISP_SUSPICIOUS },
	{ "softer malicious alone",
	  { F(MALICIOUS, 0.5, ATTACHMENT, HTML_SMUGGLING) },
	  DISP_SUSPICIOUS,
	  DISP_SUSPICIOUS },
	{ "a trait of malice", { F(MALICIOUS, 0.4, ATTACHMENT, HTML_SMUGGLING) }, DISP_NONE, DISP_NONE },
	{ "soft malicious and what is milder",
	  { F(MALICIOUS, 0.6, ATTACHMENT, HTML_SMUGGLING), F(SPOOF, 0.5, SENDER, DOMAIN_SPOOF),
	    F(SPAM, 1, CONTENT, CONTENT_SPAM) },
	  DISP_SUSPICIOUS,
	  DISP_SUSPICIOUS },
	{ "soft BEC alone", { F(BEC, 0.9, SENDER, BEC) }, DISP_SUSPICIOUS, DISP_SUSPICIOUS },
	{ "suspicious alone stays a sum",
	  { F(SUSPICIOUS, 0.9, URL, LINK_OBFUSCATION) },
	  DISP_NONE,
	  DISP_NONE },
	{ "two families agree",
	  { F(MALICIOUS, 0.9, ATTACHMENT, HTML_ATTACHMENT), F(SUSPICIOUS, 0.6, CONTENT, EXTORTION) },
	  DISP_MALICIOUS,
	  DISP_MALICIOUS },
	{ "two suspicious families",
	  { F(SUSPICIOUS, 1, URL, LINK_OBFUSCATION), F(SUSPICIOUS, 0.8, CONTENT, EXTORTION) },
	  DISP_MALICIOUS,
	  DISP_MALICIOUS },
	{ "two suspicious of one family",
	  { F(SUSPICIOUS, 1, URL, LINK_OBFUSCATION), F(SUSPICIOUS, 1, URL, MALICIOUS_LINK) },
	  DISP_SUSPICIOUS,
	  DISP_SUSPICIOUS },
	{ "the second family must say something",
	  { F(SUSPICIOUS, 1, URL, LINK_OBFUSCATION), F(SUSPICIOUS, 1, URL, MALICIOUS_LINK),
	    F(SUSPICIOUS, 0.1, CONTENT, EXTORTION) },
	  DISP_SUSPICIOUS,
	  DISP_SUSPICIOUS },
	{ "worst wins",
	  { F(BULK, 1, BULK, BULK_MAIL), F(SPAM, 1, CONTENT, CONTENT_SPAM),
	    F(SPOOF, 1, SENDER, DOMAIN_SPOOF) },
	  DISP_SPOOF,
	  DISP_NONE },
	{ "acceptable keeps malicious",
	  { F(MALICIOUS, 1, POLICY, POLICY_BLOCK), F(SPAM, 1, CONTENT, CONTENT_SPAM) },
	  DISP_MALICIOUS,
	  DISP_MALICIOUS },
	{ "gift cards in our own name",
	  { F(SPOOF, 1, SENDER, DOMAIN_SPOOF), F(SUSPICIOUS, 1, CONTENT, GIFT_CARD) },
	  DISP_BEC,
	  DISP_SUSPICIOUS },
	{ "gift cards from a stranger",
	  { F(SUSPICIOUS, 1, CONTENT, GIFT_CARD) },
	  DISP_SUSPICIOUS,
	  DISP_SUSPICIOUS },
	{ "notes do not count", { F(NONE, 1, POLICY, NONE) }, DISP_NONE, DISP_NONE },
};

static size_t make(size_t i, struct finding v[4])
{
	size_t n = 0;

	memset(v, 0, 4 * sizeof(v[0]));
	for (; n < 4 && cases[i].f[n].score > 0; n++) {
		SET(&v[n], finding, detection, (int)cases[i].f[n].d);
		SET(&v[n], finding, score, cases[i].f[n].score);
		SET(&v[n], finding, family, (int64_t)cases[i].f[n].family);
		if (cases[i].f[n].category)
			SET(&v[n], finding, category, (int64_t)cases[i].f[n].category);
	}
	return n;
}

static void test_decide(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct finding v[4];
		size_t n = make(i, v);
		enum disposition got = assemble_decide(v, n, &detection_settings_default);
		if (got != cases[i].want)
			fail_msg("%s: %.*s", cases[i].name, STR_ARG(enum_text(&disposition_names, (int)got)));
		assemble_suppress(v, n, STR("pattern"));
		got = assemble_decide(v, n, &detection_settings_default);
		if (got != cases[i].accepted)
			fail_msg("%s, accepted: %.*s", cases[i].name,
				 STR_ARG(enum_text(&disposition_names, (int)got)));
	}
}

/* Where the account put the levels. */
static void test_thresholds(void **state)
{
	static const struct {
		const char *name;
		const char *finding; /* the case above that has them */
		double malicious, suspicious, spam;
		enum disposition want;
	} rows[] = {
		{ "what weighs enough", "weak", 1, 1, 0.4, DISP_SPAM },
		{ "what does not any more", "spam alone", 1, 1, 1.01, DISP_NONE },
		{ "a hard finding is above all", "hard", 10, 10, 10, DISP_MALICIOUS },
		{ "two families still must agree", "soft malicious of one family is suspicious", 0.25, 1, 1,
		  DISP_SUSPICIOUS },
		{ "two families that agree, and too little", "two families agree", 1.3, 1, 1,
		  DISP_SUSPICIOUS },
		{ "doubt follows the level", "softer malicious alone", 1, 1.1, 1, DISP_NONE },
		{ "doubt follows it down", "a trait of malice", 1, 0.8, 1, DISP_SUSPICIOUS },
		{ "a low level does not make malice of advertising", "spam in sum", 1, 0.2, 1, DISP_SPAM },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct detection_settings settings = detection_settings_default;
		struct finding v[4];
		size_t of = 0;
		settings.malicious_threshold = rows[i].malicious;
		settings.suspicious_threshold = rows[i].suspicious;
		settings.spam_threshold = rows[i].spam;
		while (strcmp(cases[of].name, rows[i].finding) != 0)
			of++;
		size_t n = make(of, v);
		enum disposition got = assemble_decide(v, n, &settings);
		if (got != rows[i].want)
			fail_msg("%s: %.*s", rows[i].name, STR_ARG(enum_text(&disposition_names, (int)got)));
	}
}

/* What the account or its people decided is so wherever the levels lie. */
static void test_decided(void **state)
{
	struct detection_settings high = detection_settings_default;
	struct finding policy = { .family = FAMILY_POLICY, .score = 1, .detection = DISP_SUSPICIOUS },
		       campaign = { .family = FAMILY_CONTENT,
				    .score = 1,
				    .detection = DISP_SPAM,
				    .name = STR(CAMPAIGN_CONFIRMED) },
		       other = {
			       .family = FAMILY_CONTENT, .score = 1, .detection = DISP_SPAM, .name = STR("x")
		       };

	(void)state;
	high.suspicious_threshold = high.spam_threshold = 10;
	assert_int_equal(assemble_decide(&policy, 1, &high), DISP_SUSPICIOUS);
	assert_int_equal(assemble_decide(&campaign, 1, &high), DISP_SPAM);
	assert_int_equal(assemble_decide(&other, 1, &high), DISP_NONE);
}

static void test_sort_and_tell(void **state)
{
	struct arena *a = arena_new(1u << 20, NULL, NULL);
	struct finding v[4] = { { 0 } };

	(void)state;
	SET(&v[0], finding, detection, (int)DISP_SPAM);
	SET(&v[0], finding, score, 1.0);
	SET(&v[0], finding, reason, STR("Suppressed."));
	SET(&v[0], finding, suppressed_by, STR("x"));
	SET(&v[1], finding, detection, (int)DISP_SPAM);
	SET(&v[1], finding, score, 0.5);
	SET(&v[1], finding, reason, STR("Second sentence."));
	SET(&v[1], finding, field, STR("From"));
	SET(&v[1], finding, value, STR("x@evil.org"));
	SET(&v[1], finding, category, (int64_t)CAT_CONTENT_SPAM);
	SET(&v[2], finding, detection, (int)DISP_MALICIOUS);
	SET(&v[2], finding, score, 0.1);
	SET(&v[2], finding, reason, STR("First sentence."));
	SET(&v[3], finding, detection, (int)DISP_SPAM);
	SET(&v[3], finding, score, 0.5);
	SET(&v[3], finding, reason, STR("Third sentence."));
	SET(&v[3], finding, category, (int64_t)CAT_CONTENT_SPAM);
	assemble_sort(v, 4);
	struct strs reasons = assemble_reasons(a, v, 4);
	assert_int_equal(reasons.n, 3);
	assert_true(str_eq(reasons.v[0], STR("First sentence")));
	assert_true(str_eq(reasons.v[1], STR("Second sentence : From=x@evil[dot]org")));
	assert_true(str_eq(reasons.v[2], STR("Third sentence")));
	struct threat_category_list categories = assemble_categories(a, v, 4);
	assert_int_equal(categories.n, 1);
	assert_true(str_eq(categories.v[0].name, STR("ContentSpam")));
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_decide), cmocka_unit_test(test_thresholds),
					    cmocka_unit_test(test_decided),
					    cmocka_unit_test(test_sort_and_tell) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
