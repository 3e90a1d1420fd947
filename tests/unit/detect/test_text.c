/* Folding of text, phrases in it, the lexicon, names inside archives, defanging, and lists that are searched in order. */
#include "bench.h"

#include "base/buf.h"
#include "detect/detect.h"
#include "detect/lexicon.h"
#include "detect/lists.h"
#include "detect/respell.h"
#include "detect/text.h"

static void check(const char *name, struct str got, const char *want)
{
	if (!str_eq(got, str_of(want)))
		fail_msg("%s: got \"%.*s\", want \"%s\"", name, STR_ARG(got), want);
}

#define TEN "abcdefghij"

static void test_fold(void **state)
{
	static const struct {
		const char *in, *want;
	} cases[] = {
		{ "", " " },
		{ "Hello,   World!", " hello world " },
		{ "don't", " dont " },
		{ "don\xe2\x80\x99t", " dont " },
		{ "\xc3\x9c"
		  "berweisung f\xc3\xbcr \xc3\x9c",
		  " uberweisung fur u " },
		{ "r\xc3\xa9union, pr\xc3\xb3ximas", " reunion proximas " },
		{ "vi\xc2\xad"
		  "a\xe2\x80\x8bgra",
		  " viagra " },                    /* soft hyphen, zero width space */
		{ "e\xcc\x81t\xc3\xa9", " ete " }, /* combining accent */
		{ "\xef\xbc\xa6\xef\xbd\x92\xef\xbd\x85\xef\xbd\x85", " free " }, /* full width */
		{ "\xd0\x92\xd0\x90\xd0\xa8", " \xd0\xb2\xd0\xb0\xd1\x88 " },
		{ "\xf0\x9d\x97\xa7\xf0\x9d\x97\xbc\xf0\x9d\x97\xbd \xf0\x9d\x9f\xa3", " top 1 " }, /* bold */
		{ "\xe2\x93\x95\xe2\x92\xbb", " ff " },                      /* circled */
		{ "v\xd0\xb5rify \xce\xa1\xce\xb1yPal", " verify paypal " }, /* Cyrillic, Greek */
		{ "\xd0\xb4"
		  "e\xd0\xbd\xd1\x8c\xd0\xb3\xd0\xb8",
		  " \xd0\xb4\xd0\xb5\xd0\xbd\xd1\x8c\xd0\xb3\xd0\xb8 " }, /* Latin in Cyrillic */
		{ "\xd0\xa1\xd0\xbe\xd1\x80\xd1\x83", " \xd1\x81\xd0\xbe\xd1\x80\xd1\x83 " },
		{ "Re: \xd0\x9c\xd0\xb0\xd0\xbc\xd0\xb0", " re \xd0\xbc\xd0\xb0\xd0\xbc\xd0\xb0 " },
		{ "\xce\xba\xce\xb1\xce\xb9 \xce\xbb", " \xce\xba\xce\xb1\xce\xb9 \xce\xbb " },
		{ "you can \xd0\xa0\xd0\xb0\xd1\x83 with the card", " you can pay with the card " },
		{ "iPhone\xd1\x8b 5\xce\xbcm", " iphone\xd1\x8b 5um " },
		{ "v\xe1\xba\xb9r\xe1\xbb\x8b"
		  "fy",
		  " verify " },                               /* dots below */
		{ "\xd0\xb9\xd1\x91", " \xd0\xb9\xd1\x91 " }, /* marks that make other letters */
		{ "n\xdc\xbf"
		  "et",
		  " net " },                        /* a mark of Syriac */
		{ "\xca\x80\xe1\xb4\x87", " re " }, /* small capitals */
		{ "PayPal\xe2\x84\xa2", " paypal " },
		{ "ca$h p@sswords, bob@home.test", " cash passwords bob home test " },
		{ "p@ss" TEN TEN TEN TEN TEN TEN TEN ".test", /* no label is that long */
		  " pass" TEN TEN TEN TEN TEN TEN TEN " test " },
		{ "24\xe6\x99\x82\xe9\x96\x93", " 24 \xe6\x99\x82 \xe9\x96\x93 " },
		{ "a\xff"
		  "b",
		  " a b " },
		{ "x@y.test", " x y test " },
		/* shown from right to left */
		{ "\xe2\x80\xae"
		  "drow owt\xe2\x80\xac, end",
		  " two word end " },
		{ "pass\xe2\x80\xae"
		  "drow\xe2\x80\xac",
		  " password " },
		{ "\xe2\x80\xae"
		  "eno\n two",
		  " one two " },
		{ "\xe2\x80\xae"
		  "e\xcc\x81l\xc3\xa9",
		  " ele " },
		{ "\xe2\x80\xae\xd7\xa9\xd7\x9c", " \xd7\xa9\xd7\x9c " },
		{ "a \xe2\x80\xac b", " a b " },
	};
	struct arena *a = arena_new(16u << 20, NULL, NULL);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct str in = str_of(cases[i].in);
		check(cases[i].in, text_fold(a, &in, 1), cases[i].want);
	}
	/* As much as is looked at of what nobody sees, and a word behind it. */
	static const char *const unseen[] = { "\xe2\x80\x8b", "\xc2\xad", "\xcd\x8f", "\xc2\xa0", " ",
					      "\r\n",         "'" };
	for (size_t i = 0; i < ARRAY_LEN(unseen); i++) {
		struct str one = str_of(unseen[i]);
		char *z = arena_alloc(a, TEXT_FOLD_MAX + 20);
		size_t n = 0;
		while (n < TEXT_FOLD_MAX) {
			memcpy(z + n, one.p, one.n);
			n += one.n;
		}
		memcpy(z + n, "word", 4);
		struct str in = str_from(z, n + 4);
		check("behind what is not seen", text_fold(a, &in, 1), " word ");
	}
	/* Behind more than is looked at, and before more of it. */
	struct buf b;
	buf_init(&b, 4u << 20);
	for (size_t i = 0; i < TEXT_FOLD_MAX; i++)
		buf_add(&b, STR("so "));
	buf_add(&b, STR("last"));
	struct str tail = text_fold(a, &(struct str){ b.p, b.n }, 1);
	assert_true(str_ends(tail, STR(" so last ")));
	assert_true(tail.n < TEXT_FOLD_MAX + TEXT_FOLD_MAX / 2);
	buf_free(&b);
	struct str ten = STR("one two three");
	check("beginning", text_fold_beginning(a, &ten, 1, 7), " one two ");
	const struct str two[] = { STR("One"), STR("two three") };
	check("parts", text_fold(a, two, 2), " one two three ");
	assert_int_equal(text_word_count(STR(" one two three ")), 3);
	assert_int_equal(text_word_count(STR(" ")), 0);
	arena_free(&a);
}

/* A phrase that folds to nothing, or stands behind another with its words, could never be found. */
static void test_lexicon_is_found(void **state)
{
	size_t n;
	const struct phrase *v = lexicon_phrases(&n);

	(void)state;
	assert_true(n > 1000);
	for (size_t i = 0; i < n; i++) {
		struct arena *a = arena_new(1u << 20, NULL, NULL);
		struct intent_score scores[INTENT_COUNT];
		lexicon_score(a, ARENA_JOIN(a, STR(" "), v[i].text, STR(" ")), scores);
		if (scores[v[i].intent].score <= 0)
			fail_msg("\"%.*s\" is not found", STR_ARG(v[i].text));
		assert_true(v[i].weight > 0 && v[i].weight <= 45);
		for (size_t j = 0; j < i; j++)
			if (v[j].intent == v[i].intent && str_eq(v[j].text, v[i].text))
				fail_msg("\"%.*s\" stands there twice", STR_ARG(v[i].text));
		arena_free(&a);
	}
}

static void test_respell(void **state)
{
	static const struct {
		const char *in, *want;
	} cases[] = {
		{ " ", " " },
		{ " acc0unt v1agra unve1led 1s 0n ", " account viagra unve1led is on " },
		{ " 1s 0n b2b mp3 24h 401k ", " 1s 0n b2b mp3 24h 401k " },
		{ " v e r i f y your ", " verify your " },
		{ " v e r i f y y o u r q z a c c o u n t ", " verify your qz account " },
		{ " x q z v b k j p ", " x q z v b k j p " },
		{ " x q z v b k j p a c c o u n t x q z v b ", " x q z v b k j p account x q z v b " },
		{ " a b c d e f g h i j ", " a b c d e f g h i j " },
		{ " 1 8 0 0 5 5 5 ", " 1 8 0 0 5 5 5 " },
		{ " \xd0\xba \xd1\x80 \xd0\xb5 \xd0\xb4 \xd0\xb8 \xd1\x82 ",
		  " \xd0\xba\xd1\x80\xd0\xb5\xd0\xb4\xd0\xb8\xd1\x82 " },
	};
	struct arena *a = arena_new(1u << 20, NULL, NULL);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		check(cases[i].in, respell(a, str_of(cases[i].in)), cases[i].want);
	arena_free(&a);
}

static void test_lexicon_words(void **state)
{
	struct intent_score s[INTENT_COUNT];
	struct arena *a = arena_new(8u << 20, NULL, NULL);

	(void)state;
	lexicon_score(a, STR(" gift cards gift cards gift cards "), s);
	assert_int_equal(s[INTENT_GIFT_CARD].n_seen, 1); /* a phrase counts once */
	lexicon_score(a, STR(" gift cardsharp next of kinship "), s);
	assert_int_equal(s[INTENT_GIFT_CARD].n_seen, 0); /* whole words only */
	assert_int_equal(s[INTENT_ADVANCE_FEE].n_seen, 0);
	lexicon_score(a, STR(" "), s);
	assert_int_equal(s[INTENT_OFFER].cues, 0);
	arena_free(&a);
}

/* Of each cue one in turn, what it is about first, and nothing twice in other words. */
static void test_lexicon_shown(void **state)
{
	struct intent_score s[INTENT_COUNT];
	struct arena *a = arena_new(8u << 20, NULL, NULL);
	const struct intent_score *fee = &s[INTENT_ADVANCE_FEE];

	(void)state;
	lexicon_score(
	    a,
	    STR(" for more details contact me my late client next of kin inheritance fund inheritance "
		"million dollars keep this confidential urgent "),
	    s);
	assert_true(fee->n_seen > 2 && fee->seen[0]->cue == CUE_BAIT);
	for (size_t i = 1; i < fee->n_seen; i++) {
		assert_false(str_eq(fee->seen[i]->text, STR("inheritance")));
		assert_true(i > 2 || fee->seen[i]->cue > fee->seen[i - 1]->cue);
	}
	arena_free(&a);
}

static void test_without_gaps(void **state)
{
	struct arena *a = arena_new(1u << 20, NULL, NULL);

	(void)state;
	check("Latin", text_without_gaps(a, STR("next of kin")), "next of kin");
	check("both", text_without_gaps(a, STR("jcb \xe3\x82\xab \xe3\x83\xbc \xe3\x83\x89 id")),
	      "jcb\xe3\x82\xab\xe3\x83\xbc\xe3\x83\x89id");
	check("nothing", text_without_gaps(a, STR("")), "");
	arena_free(&a);
}

static void test_defang(void **state)
{
	static const struct {
		const char *in, *want;
	} cases[] = {
		{ "127.0.0.186", "127.0.0[dot]186" },
		{ "evil.example.com", "evil.example[dot]com" },
		{ "http://evil.org/a.php?x=1", "http://evil[dot]org/a[dot]php?x=1" },
		{ "a@b.org wrote.", "a@b[dot]org wrote." },
		{ "score 0.85 and 12.5", "score 0.85 and 12.5" },
		{ "no dots here", "no dots here" },
		{ "...", "..." },
		{ "b\xc3\xbc"
		  "cher.de",
		  "b\xc3\xbc"
		  "cher[dot]de" },
		{ "", "" },
	};
	struct arena *a = arena_new(1u << 20, NULL, NULL);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		check(cases[i].in, defang(a, str_of(cases[i].in)), cases[i].want);
	arena_free(&a);
}

static void test_table_of_detectors(void **state)
{
	(void)state;
	for (int i = 0; i < DETECTOR_COUNT; i++) {
		assert_true(detectors[i]->family != FAMILY_NONE && detectors[i]->run);
		/* Its findings are switched off by this name. */
		assert_true(enum_value(&detector_names, str_of(detectors[i]->name)) >= 0);
		if (i > 0)
			assert_true(
			    str_cmp(enum_text(&detector_names, i - 1), enum_text(&detector_names, i)) < 0);
	}
}

/* Whatever a plain search finds the index does, too, short phrases and whole texts included. */
static void test_index(void **state)
{
	static const char *const texts[] = {
		"", " ", " ab ", " qr code ", " confirm your account now or lose it ", " 二 维 码 und mehr "
	};
	static const char *const phrases[] = {
		"",      "b",           " ab ",     " your account ", " account now", "it ",
		"二 维", " your mail ", "accounts", " lose it ",      " qr cod",      "xxxxxxxx"
	};
	struct text_index index;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct str text = str_of(texts[i]);
		bool any = false;
		text_index_make(&index, text);
		for (size_t k = 0; k < ARRAY_LEN(phrases); k++) {
			bool there = str_find(text, str_of(phrases[k]), 0) != SIZE_MAX;
			if (text_has(&index, str_of(phrases[k])) != there)
				fail_msg("\"%s\" in \"%s\"", phrases[k], texts[i]);
			any |= there && k > 0;
		}
		assert_int_equal(text_has_any(&index, phrases + 1, ARRAY_LEN(phrases) - 1), any);
	}
}

static void test_free_mail(void **state)
{
	size_t n;
	const char *const *all = list_free_mail(&n);

	(void)state;
	assert_true(n > 100);
	for (size_t i = 0; i < n; i++)
		if (!list_is_free_mail(str_of(all[i])) || (i > 0 && strcmp(all[i - 1], all[i]) >= 0))
			fail_msg("%s is out of order", all[i]);
	assert_false(list_is_free_mail(STR("")));
	assert_false(list_is_free_mail(STR("gmail.co")));
	assert_false(list_is_free_mail(STR("zzzz")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fold),          cmocka_unit_test(test_lexicon_is_found),
		cmocka_unit_test(test_lexicon_words), cmocka_unit_test(test_respell),
		cmocka_unit_test(test_lexicon_shown), cmocka_unit_test(test_without_gaps),
		cmocka_unit_test(test_defang),        cmocka_unit_test(test_table_of_detectors),
		cmocka_unit_test(test_index),         cmocka_unit_test(test_free_mail),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
