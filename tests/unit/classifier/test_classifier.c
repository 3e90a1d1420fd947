/* classifier: the file there and back, what is refused, scores and the words behind them, and the one that is shipped. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/arena.h"
#include "base/hash.h"
#include "classifier/classifier.h"

static struct arena *arena;
static struct classifier_weights weights[FEATURES_COUNT];

static int set_up(void **state)
{
	(void)state;
	arena = arena_new(64u << 20, NULL, NULL);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

static struct classifier some(void)
{
	return (struct classifier){ .bias = { -1, 0.5f },
				    .unit = { 0.25f, 2 },
				    .bands = { 1, 2, 3, 4, 5 },
				    .about = STR("made by a test"),
				    .weights = weights };
}

/* Every word of the text, alone, gets that weight. */
static void weigh(const char *words, int weight)
{
	struct str text = str_of(words);
	struct features f = features_of(arena, text);

	for (size_t i = 0; i < f.n; i++)
		for (int o = 0; o < CLASSIFIER_OUTPUTS; o++)
			weights[f.v[i].id].of[o] = (int8_t)(o == CLASSIFIER_UNWANTED ? weight : -weight);
}

static struct buf written(const struct classifier *c)
{
	struct buf b;

	buf_init(&b, CLASSIFIER_FILE_MAX);
	classifier_write(&b, c);
	assert_true(buf_ok(&b));
	return b;
}

static void test_there_and_back(void **state)
{
	struct classifier c = some(), back;
	struct errbuf eb;
	(void)state;

	weigh(" cheap pills ", 100);
	struct buf b = written(&c);
	assert_int_equal(classifier_read(buf_str(&b), &back, &eb), OK);
	assert_true(str_eq(back.about, c.about));
	assert_memory_equal(back.bias, c.bias, sizeof(c.bias));
	assert_memory_equal(back.unit, c.unit, sizeof(c.unit));
	assert_memory_equal(back.bands, c.bands, sizeof(c.bands));
	assert_memory_equal(back.weights, weights, sizeof(weights));
	buf_free(&b);
}

static void sign(struct buf *b)
{
	struct sha256 sum = hash_sha256(str_from(b->p, b->n - SHA256_BYTES));

	memcpy(b->p + b->n - SHA256_BYTES, sum.b, SHA256_BYTES);
}

/* One byte is another; signed = as whoever made such a file would. */
static enum err read_changed(size_t at, char to, bool is_signed)
{
	struct classifier c = some(), back;
	struct errbuf eb;
	struct buf b = written(&c);

	b.p[at] = to;
	if (is_signed)
		sign(&b);
	enum err e = classifier_read(buf_str(&b), &back, &eb);
	buf_free(&b);
	return e;
}

static void test_refused(void **state)
{
	struct classifier c = some(), back;
	struct errbuf eb;
	(void)state;

	assert_int_equal(read_changed(0, 'X', true), ERR_SYNTAX);
	assert_int_equal(read_changed(8, 99, true), ERR_CONFLICT);
	assert_int_equal(read_changed(12, 1, true), ERR_SYNTAX); /* the text about it is said to be shorter */
	assert_int_equal(read_changed(15, 1, true), ERR_SYNTAX); /* and longer than any */
	assert_int_equal(read_changed(19, 0x7f, true), ERR_SYNTAX);   /* a bias of 1e38 */
	assert_int_equal(read_changed(35, 0x41, true), ERR_SYNTAX);   /* the first band above the second */
	assert_int_equal(read_changed(60, '\xff', true), ERR_SYNTAX); /* no UTF-8 */
	assert_int_equal(read_changed(1000, 1, false), ERR_SYNTAX);
	assert_int_equal(read_changed(1000, 1, true), OK);
	c.bands[1] = NAN;
	struct buf b = written(&c);
	assert_int_equal(classifier_read(buf_str(&b), &back, &eb), ERR_SYNTAX);
	for (size_t n = 0; n < b.n; n += n < 80 ? 1 : 9973)
		assert_int_not_equal(classifier_read(str_from(b.p, n), &back, &eb), OK);
	buf_free(&b);
}

static void test_score(void **state)
{
	static const char text[] = " see the cheap pills of today ";
	struct classifier c = some();
	struct str words[CLASSIFIER_WORDS];
	(void)state;

	memset(weights, 0, sizeof(weights));
	struct features none = { 0 }, f = features_of(arena, STR(text));
	assert_true(classifier_score(&c, &none, CLASSIFIER_UNWANTED) == -1);
	assert_true(classifier_score(&c, &f, CLASSIFIER_UNWANTED) == -1);
	assert_int_equal(classifier_words(arena, &c, &f, STR(text), CLASSIFIER_UNWANTED, words), 0);
	weigh(" pills ", 100);
	assert_true(classifier_score(&c, &f, CLASSIFIER_UNWANTED) > 0);
	assert_true(classifier_score(&c, &f, CLASSIFIER_PHISH) < 0);
	assert_int_equal(classifier_words(arena, &c, &f, STR(text), CLASSIFIER_UNWANTED, words), 1);
	assert_true(str_eq(words[0], STR("pills")));
	weigh(" cheap ", 50);
	assert_int_equal(classifier_words(arena, &c, &f, STR(text), CLASSIFIER_UNWANTED, words), 2);
	assert_true(str_eq(words[0], STR("pills")) && str_eq(words[1], STR("cheap")));
}

/* More words than are shown: the heaviest, in order, none twice. */
static void test_words(void **state)
{
	static const char text[] = " aaaa bbbb cccc dddd eeee ffff gggg hhhh hhhh ";
	struct classifier c = some();
	struct str words[CLASSIFIER_WORDS];
	(void)state;

	memset(weights, 0, sizeof(weights));
	for (size_t at = 1, n = 1; at + 4 < strlen(text); at += 5, n++)
		weigh(arena_printf(arena, " %.4s ", text + at).p, (int)n * 10);
	struct features f = features_of(arena, STR(text));
	assert_int_equal(classifier_words(arena, &c, &f, STR(text), CLASSIFIER_UNWANTED, words),
			 CLASSIFIER_WORDS);
	for (int i = 0; i < CLASSIFIER_WORDS; i++)
		assert_int_equal(words[i].p[0], 'h' - i);
}

/* Shown is what tells a person something, as it is written. */
static void test_telling(void **state)
{
	static const char text[] =
	    " aber para have doctype zwischen xay2158961y \xe3\x81\x94 pills \xe6\x9c\x9f "
	    "\xe9\x99\x90 \xe3\x83\x9d \xe3\x82\xa4 \xe3\x83\xb3 a end ";
	static const char *const all[] = { " aber ",     " para ",        " have ",         " doctype ",
					   " zwischen ", " xay2158961y ", " \xe3\x81\x94 ", " a " };
	struct classifier c = some();
	struct str words[CLASSIFIER_WORDS];
	(void)state;

	memset(weights, 0, sizeof(weights));
	for (size_t i = 0; i < ARRAY_LEN(all); i++)
		weigh(all[i], 100);
	weigh(" pills ", 90);
	weigh(" \xe6\x9c\x9f ", 30);
	weigh(" \xe9\x99\x90 ", 30);
	weigh(" \xe3\x82\xa4 ", 20);
	struct features f = features_of(arena, STR(text));
	assert_int_equal(classifier_words(arena, &c, &f, STR(text), CLASSIFIER_UNWANTED, words), 3);
	for (size_t i = 0; i < 3; i++)
		assert_true(str_eq(words[i], STR("pills")) ||
			    str_eq(words[i], STR("\xe6\x9c\x9f\xe9\x99\x90")) ||
			    str_eq(words[i], STR("\xe3\x83\x9d\xe3\x82\xa4\xe3\x83\xb3")));
}

static double shipped_score(const char *words, enum classifier_output output)
{
	struct features f = features_of(arena, str_of(words));

	return classifier_score(classifier_shipped(), &f, output);
}

static void test_shipped(void **state)
{
	const float *bands = classifier_shipped()->bands;
	(void)state;

	assert_true(
	    shipped_score(" buy viagra online now lowest price guaranteed no prescription click here to "
			  "order today limited offer save 80 money back guarantee remove me from your list ",
			  CLASSIFIER_UNWANTED) > (double)bands[BAND_SURE]);
	assert_true(shipped_score(
			" re minutes of tuesday hi tom thanks for the notes i have added two points about "
			"the parser and will send the patch tomorrow could you look at the test again anna ",
			CLASSIFIER_UNWANTED) < (double)bands[BAND_NOTICE]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_there_and_back), cmocka_unit_test(test_refused),
		cmocka_unit_test(test_score),          cmocka_unit_test(test_words),
		cmocka_unit_test(test_telling),        cmocka_unit_test(test_shipped),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
