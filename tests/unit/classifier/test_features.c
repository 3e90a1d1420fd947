/* features: which ones a text has, each once, and where they were met. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/arena.h"
#include "classifier/features.h"

static struct arena *arena;

static int set_up(void **state)
{
	(void)state;
	arena = arena_new(16u << 20, NULL, NULL);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

static bool has(const struct features *f, const char *words, const char *met)
{
	for (size_t i = 0; i < f->n; i++)
		if (str_eq(str_from(words + f->v[i].from, f->v[i].length), str_of(met)))
			return true;
	return false;
}

static void test_kinds(void **state)
{
	static const char words[] = " get it now ";
	static const char *const want[] = { "get",  "it",   "now",  "get it", "it now",
					    " get", "get ", " it ", " now",   "now " };
	(void)state;
	struct features f = features_of(arena, STR(words));

	for (size_t i = 0; i < ARRAY_LEN(want); i++)
		if (!has(&f, words, want[i]))
			fail_msg("\"%s\" is missing", want[i]);
	assert_int_equal(f.n, ARRAY_LEN(want));
}

/* The features of a text are those of another: as sets. */
static bool are_alike(const char *one, const char *other)
{
	struct features a = features_of(arena, str_of(one)), b = features_of(arena, str_of(other));
	size_t common = 0;

	for (size_t i = 0; i < a.n; i++)
		for (size_t j = 0; j < b.n; j++)
			common += a.v[i].id == b.v[j].id;
	return a.n == b.n && common == a.n;
}

static void test_alike(void **state)
{
	(void)state;
	assert_true(are_alike(" win 500 euro ", " win 739 euro "));
	assert_false(are_alike(" win 500 euro ", " win 7390 euro "));
	assert_true(are_alike(" win win win win ", " win win win "));
	assert_false(are_alike(" you win ", " win you "));
	assert_false(are_alike(" win ", " loss "));
}

static void test_utf8(void **state)
{
	static const char words[] = " \xd0\xbf\xd1\x80\xd0\xb8\xd0\xb2\xd0\xb5\xd1\x82 ";
	(void)state;
	struct features f = features_of(arena, STR(words));

	/* The word, and pieces of four characters of two bytes: six of eight characters with the spaces are begun. */
	assert_int_equal(f.n, 6);
	assert_true(has(&f, words, "\xd0\xbf\xd1\x80\xd0\xb8\xd0\xb2"));
}

static void test_edges(void **state)
{
	static const char *const texts[] = { "", " ", "  ", "a", " a", "\x80\x80", "   x   ", "no space" };
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct features f = features_of(arena, str_of(texts[i]));
		for (size_t k = 0; k < f.n; k++) {
			assert_true(f.v[k].id < FEATURES_COUNT);
			assert_true(f.v[k].from + f.v[k].length <= strlen(texts[i]));
		}
	}
	assert_int_equal(features_of(arena, STR(" ")).n, 0);
	assert_int_equal(features_of(arena, STR_NONE).n, 0);
}

/* What stands far behind is not looked at, so a novel there changes nothing. */
static void test_cut(void **state)
{
	char *text = arena_alloc(arena, 4 * FEATURES_TEXT_MAX);
	(void)state;

	for (size_t i = 0; i < 4 * FEATURES_TEXT_MAX; i++)
		text[i] = (char)(i % 4 == 0 ? ' ' : 'a' + (int)(i * i % 23));
	struct features once = features_of(arena, str_from(text, FEATURES_TEXT_MAX));
	struct features more = features_of(arena, str_from(text, 4 * FEATURES_TEXT_MAX));
	assert_int_equal(once.n, more.n);
	for (size_t i = 0; i < once.n; i++)
		assert_int_equal(once.v[i].id, more.v[i].id);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kinds), cmocka_unit_test(test_alike), cmocka_unit_test(test_utf8),
		cmocka_unit_test(test_edges), cmocka_unit_test(test_cut),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
