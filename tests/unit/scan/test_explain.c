/* What would have made a verdict another one: the smallest change, and what was set aside. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/arena.h"
#include "detect/detect.h"
#include "scan/assemble.h"
#include "scan/explain.h"

#define F(name, d, s, fam)                            \
	{                                             \
		name, DISP_##d, s, FAMILY_##fam, NULL \
	}
#define MOST 6

struct seen {
	const char *name;
	enum disposition d;
	double score;
	enum family family;
	const char *by; /* what set it aside */
};

static const struct {
	const char *name;
	struct seen f[MOST];
	enum disposition was;
	const char *without[3];
	enum disposition becomes;
} cases[] = {
	{ "nothing", { { 0 } }, DISP_NONE, { 0 }, 0 },
	{ "what weighs too little", { F("text", SPAM, 0.4, CONTENT) }, DISP_NONE, { 0 }, 0 },
	{ "one that decides", { F("exe", MALICIOUS, 1, ATTACHMENT) }, DISP_MALICIOUS, { "exe" }, DISP_NONE },
	{ "one that decides among others",
	  { F("exe", MALICIOUS, 1, ATTACHMENT), F("text", SPAM, 1, CONTENT) },
	  DISP_MALICIOUS,
	  { "exe" },
	  DISP_SPAM },
	{ "two that decide each",
	  { F("exe", MALICIOUS, 1, ATTACHMENT), F("blocked", MALICIOUS, 1, POLICY) },
	  DISP_MALICIOUS,
	  { "exe", "blocked" },
	  DISP_NONE },
	{ "either of two that agree: the lighter",
	  { F("page", MALICIOUS, 0.9, ATTACHMENT), F("text", SUSPICIOUS, 0.6, CONTENT) },
	  DISP_MALICIOUS,
	  { "text" },
	  DISP_SUSPICIOUS },
	{ "a sum that just comes to it",
	  { F("a", SPAM, 0.5, CONTENT), F("b", SPAM, 0.5, SENDER) },
	  DISP_SPAM,
	  { "a" },
	  DISP_NONE },
	{ "a sum with room",
	  { F("a", SPAM, 0.6, CONTENT), F("b", SPAM, 0.5, SENDER), F("c", SPAM, 0.4, BULK) },
	  DISP_SPAM,
	  { "a" },
	  DISP_NONE },
	{ "two must go",
	  { F("a", SPAM, 0.8, CONTENT), F("b", SPAM, 0.8, SENDER), F("c", SPAM, 0.8, BULK) },
	  DISP_SPAM,
	  { "a", "b" },
	  DISP_NONE },
	{ "findings of one name go together",
	  { F("link", SUSPICIOUS, 0.6, URL), F("link", SUSPICIOUS, 0.6, URL), F("text", SPAM, 0.3, CONTENT) },
	  DISP_SUSPICIOUS,
	  { "link" },
	  DISP_NONE },
	{ "soft malice", { F("page", MALICIOUS, 0.8, ATTACHMENT) }, DISP_SUSPICIOUS, { "page" }, DISP_NONE },
	{ "to the next level, not to none",
	  { F("link", SUSPICIOUS, 1, URL), F("name", SPOOF, 0.9, SENDER), F("text", SPAM, 1, CONTENT) },
	  DISP_MALICIOUS,
	  { "name" },
	  DISP_SUSPICIOUS },
	{ "what is set aside takes no part",
	  { { "exe", DISP_MALICIOUS, 1, FAMILY_ATTACHMENT, "x" }, F("text", SPAM, 1, CONTENT) },
	  DISP_SPAM,
	  { "text" },
	  DISP_NONE },
	{ "nor do notes",
	  { F("note", NONE, 1, POLICY), F("text", SPAM, 1, CONTENT) },
	  DISP_SPAM,
	  { "text" },
	  DISP_NONE },
	{ "BEC that stays malicious is no other verdict",
	  { F("name_impersonation", SPOOF, 0.2, SENDER), F("exe", MALICIOUS, 1, ATTACHMENT) },
	  DISP_BEC,
	  { "exe" },
	  DISP_NONE },
	{ "a verdict that is somebody's word", { F("text", SPAM, 1, CONTENT) }, DISP_MALICIOUS, { 0 }, 0 },
	{ "what could not be scanned", { F("scan_failed", NONE, 0, NONE) }, DISP_UNKNOWN, { 0 }, 0 },
};

static struct finding_list make(struct arena *a, const struct seen *f, size_t most)
{
	struct finding_list list = { ARENA_ARRAY(a, most, struct finding), 0 };

	for (; list.n < most && f[list.n].name; list.n++) {
		struct finding *to = &list.v[list.n];
		SET(to, finding, name, str_of(f[list.n].name));
		SET(to, finding, detection, (int)f[list.n].d);
		SET(to, finding, score, f[list.n].score);
		SET(to, finding, family, (int64_t)f[list.n].family);
		if (f[list.n].by)
			SET(to, finding, suppressed_by, str_of(f[list.n].by));
	}
	return list;
}

static void test_smallest_change(void **state)
{
	struct arena *a = arena_new(4u << 20, NULL, NULL);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct finding_list list = make(a, cases[i].f, MOST);
		size_t want = 0;
		struct other_verdict *o =
		    explain_smallest_change(a, &list, (int)cases[i].was, &detection_settings_default);
		while (want < 3 && cases[i].without[want])
			want++;
		if ((want > 0) != (o != NULL))
			fail_msg("%s: %s", cases[i].name, o ? o->reason.p : "no answer");
		if (!o)
			continue;
		if (o->without.n != want || o->final_disposition != (int)cases[i].becomes)
			fail_msg("%s: %.*s", cases[i].name, STR_ARG(o->reason));
		for (size_t k = 0; k < want; k++)
			if (!str_eq(o->without.v[k], str_of(cases[i].without[k])))
				fail_msg("%s: %.*s", cases[i].name, STR_ARG(o->reason));
	}
	arena_free(&a);
}

static void test_sentence(void **state)
{
	const struct seen three[] = { F("a", MALICIOUS, 1, CONTENT), F("b", MALICIOUS, 1, SENDER),
				      F("c", MALICIOUS, 1, BULK), F("d", SUSPICIOUS, 1, URL) };
	struct arena *a = arena_new(1u << 20, NULL, NULL);
	struct finding_list list = make(a, three, ARRAY_LEN(three));

	(void)state;
	assert_true(
	    str_eq(explain_smallest_change(a, &list, DISP_MALICIOUS, &detection_settings_default)->reason,
		   STR("Without a, b and c this mail would be SUSPICIOUS.")));
	arena_free(&a);
}

/* By the account's own thresholds. */
static void test_thresholds(void **state)
{
	const struct seen two[] = { F("a", SPAM, 0.8, CONTENT), F("b", SPAM, 0.8, SENDER) };
	struct detection_settings high = detection_settings_default, low = detection_settings_default;
	struct arena *a = arena_new(1u << 20, NULL, NULL);
	struct finding_list list = make(a, two, 2);

	(void)state;
	high.spam_threshold = 1.5;
	low.spam_threshold = 0.5;
	assert_int_equal(explain_smallest_change(a, &list, DISP_SPAM, &high)->without.n, 1);
	assert_int_equal(explain_smallest_change(a, &list, DISP_SPAM, &low)->without.n, 2);
	arena_free(&a);
}

static void test_unsuppressed(void **state)
{
	static const struct {
		const char *name;
		struct seen f[MOST];
		enum disposition was, becomes; /* 0 = no answer */
		const char *reason;
	} rows[] = {
		{ "nothing was", { F("text", SPAM, 1, CONTENT) }, DISP_SPAM, 0, NULL },
		{ "one policy",
		  { { "text", DISP_SPAM, 1, FAMILY_CONTENT, "example.org" } },
		  DISP_NONE,
		  DISP_SPAM,
		  "If what example[dot]org set aside counted, this mail would be SPAM." },
		{ "a switch",
		  { { "exe", DISP_MALICIOUS, 1, FAMILY_ATTACHMENT, DISABLED_DETECTOR } },
		  DISP_NONE,
		  DISP_MALICIOUS,
		  "If what the switches of detectors set aside counted, this mail would be MALICIOUS." },
		{ "two policies, each told once",
		  { { "a", DISP_SPAM, 0.6, FAMILY_CONTENT, "x" },
		    { "b", DISP_SPAM, 0.6, FAMILY_SENDER, "y" },
		    { "c", DISP_SPAM, 0.1, FAMILY_SENDER, "x" } },
		  DISP_NONE,
		  DISP_SPAM,
		  "If what x and y set aside counted, this mail would be SPAM." },
		{ "it would be the same",
		  { { "a", DISP_SPAM, 0.2, FAMILY_CONTENT, "x" } },
		  DISP_NONE,
		  0,
		  NULL },
		{ "worse already",
		  { { "a", DISP_SPAM, 1, FAMILY_CONTENT, "x" }, F("exe", MALICIOUS, 1, ATTACHMENT) },
		  DISP_MALICIOUS,
		  0,
		  NULL },
		{ "a correction that was undone",
		  { { CAMPAIGN_CONFIRMED, DISP_SPAM, 1, FAMILY_CONTENT, "the correction was undone" } },
		  DISP_NONE,
		  0,
		  NULL },
	};
	struct arena *a = arena_new(1u << 20, NULL, NULL);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct finding_list list = make(a, rows[i].f, MOST);
		struct other_verdict *o =
		    explain_unsuppressed(a, &list, (int)rows[i].was, &detection_settings_default);
		if ((o != NULL) != (rows[i].reason != NULL) ||
		    (o && !str_eq(o->reason, str_of(rows[i].reason))))
			fail_msg("%s: %s", rows[i].name, o ? o->reason.p : "no answer");
		assert_int_equal(o ? o->final_disposition : 0, rows[i].becomes);
	}
	arena_free(&a);
}

/* ---- beside every set there is ---- */

static uint32_t drawn(uint32_t *seed, uint32_t below)
{
	*seed = *seed * 1664525u + 1013904223u;
	return (*seed >> 8) % below;
}

static int coarse(int d)
{
	return d == DISP_BEC ? DISP_MALICIOUS : d;
}

static int without(const struct finding_list *list, uint32_t gone)
{
	struct finding copy[16];

	for (size_t i = 0; i < list->n; i++) {
		copy[i] = list->v[i];
		if (gone >> i & 1)
			SET(&copy[i], finding, suppressed_by, STR("?"));
	}
	return coarse((int)assemble_decide(copy, list->n, &detection_settings_default));
}

static int fewest(const struct finding_list *list, int was)
{
	int least = 99;

	for (uint32_t gone = 1; gone < 1u << list->n; gone++)
		if (without(list, gone) != was && __builtin_popcount(gone) < least)
			least = __builtin_popcount(gone);
	return least;
}

/* Each finding with a name of its own. */
static struct finding_list draw(struct arena *a, uint32_t *seed, size_t n)
{
	static const enum disposition speaks[] = { DISP_BULK, DISP_SPAM, DISP_SPOOF, DISP_SUSPICIOUS,
						   DISP_MALICIOUS };
	struct finding_list list = { ARENA_ARRAY(a, n, struct finding), n };

	for (size_t i = 0; i < n; i++) {
		struct finding *f = &list.v[i];
		SET(f, finding, name, arena_printf(a, "d%zu", i));
		SET(f, finding, detection, (int)speaks[drawn(seed, 5)]);
		SET(f, finding, score, (1 + drawn(seed, 10)) / 10.0);
		SET(f, finding, family, (int64_t)(1 + drawn(seed, 6)));
	}
	return list;
}

static void test_no_smaller_one(void **state)
{
	struct arena *a = arena_new(64u << 20, NULL, NULL);
	uint32_t seed = 1;
	size_t told = 0;

	(void)state;
	for (int round = 0; round < 400; round++) {
		arena_reset(a);
		struct finding_list list = draw(a, &seed, 1 + drawn(&seed, 8));
		int was = without(&list, 0);
		struct other_verdict *o = explain_smallest_change(a, &list, was, &detection_settings_default);
		assert_int_equal(o != NULL, was != DISP_NONE);
		if (!o)
			continue;
		told++;
		uint32_t gone = 0;
		for (size_t i = 0; i < list.n; i++)
			for (size_t k = 0; k < o->without.n; k++)
				gone |= str_eq(list.v[i].name, o->without.v[k]) ? 1u << i : 0;
		assert_int_equal(without(&list, gone), coarse(o->final_disposition));
		assert_true(without(&list, gone) != was);
		if (fewest(&list, was) <= 3)
			assert_int_equal(o->without.n, fewest(&list, was));
		for (size_t i = 0; i < list.n; i++) /* and nothing in it is needless */
			if (gone >> i & 1)
				assert_int_equal(without(&list, gone & ~(1u << i)), was);
	}
	assert_true(told > 200);
	arena_free(&a);
}

/* As many names as a scan may have: there is an answer all the same, in few tries. */
static void test_many(void **state)
{
	struct arena *a = arena_new(16u << 20, NULL, NULL);
	uint32_t seed = 7;
	struct finding_list list = draw(a, &seed, 60);

	(void)state;
	assert_int_equal(assemble_decide(list.v, list.n, &detection_settings_default), DISP_MALICIOUS);
	struct other_verdict *o =
	    explain_smallest_change(a, &list, DISP_MALICIOUS, &detection_settings_default);
	assert_non_null(o);
	assert_true(o->without.n > 3 && o->final_disposition != DISP_MALICIOUS);
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_smallest_change), cmocka_unit_test(test_sentence),
		cmocka_unit_test(test_thresholds),      cmocka_unit_test(test_unsuppressed),
		cmocka_unit_test(test_no_smaller_one),  cmocka_unit_test(test_many),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
