/* Texts that read alike. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/alike.h"
#include "base/arena.h"
#include "base/attr.h"

static void test_skeletons(void **state)
{
	static const struct {
		const char *one, *other;
		bool alike;
	} cases[] = {
		{ "paypal", "PayPal", true },
		{ "paypal", "p\xd0\xb0ypal", true }, /* Cyrillic a */
		{ "paypal", "paypa1", true },
		{ "modern", "modem", true },
		{ "wave", "vvave", true },
		{ "google", "g00gle", true },
		{ "jose garcia",
		  "Jos\xc3\xa9 Garc\xc3\xad"
		  "a",
		  true },
		{ "muller", "M\xc3\xbcller", true },
		{ "paypal", "\xef\xbd\x90\xef\xbd\x81\xef\xbd\x99\xef\xbd\x90\xef\xbd\x81\xef\xbd\x8c",
		  true },                                                      /* full width */
		{ "scope", "\xd1\x95\xd1\x81\xd0\xbe\xd1\x80\xd0\xb5", true }, /* all of it Cyrillic */
		{ "\xd0\x98\xd0\xb2\xd0\xb0\xd0\xbd", "\xd0\xb8\xd0\xb2\xd0\xb0\xd0\xbd", true }, /* case */
		{ "paypal", "paypai", false },
		{ "paypal", "pay pal", false },
		{ "", "x", false },
	};
	struct arena *a = arena_new(1u << 20, NULL, NULL);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct str one = alike_skeleton(a, str_of(cases[i].one)),
			   other = alike_skeleton(a, str_of(cases[i].other));
		if (str_eq(one, other) != cases[i].alike)
			fail_msg("%s and %s: %.*s and %.*s", cases[i].one, cases[i].other, STR_ARG(one),
				 STR_ARG(other));
	}
	arena_free(&a);
}

/* Any bytes have one, of no more than ALIKE_MAX characters. */
static void test_any_bytes(void **state)
{
	static char bytes[4096], wide[4096];
	struct arena *a = arena_new(1u << 20, NULL, NULL);

	(void)state;
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (char)(i * 37);
	for (size_t i = 0; i + 3 <= sizeof(wide); i += 3) /* U+FDFA, which decomposes into 18 */
		memcpy(wide + i, "\xef\xb7\xba", 3);
	assert_true(alike_skeleton(a, str_from(bytes, sizeof(bytes))).n > 0);
	assert_true(alike_skeleton(a, str_from(wide, sizeof(wide))).n > 0);
	assert_int_equal(alike_skeleton(a, STR_NONE).n, 0);
	arena_free(&a);
}

static void test_distances(void **state)
{
	static const struct {
		const char *x, *y;
		size_t most, want;
	} cases[] = {
		{ "example", "example", 2, 0 },
		{ "example", "exmaple", 2, 1 },
		{ "example", "exampl", 2, 1 },
		{ "example", "exammple", 2, 1 },
		{ "example", "exanple", 2, 1 },
		{ "example", "exnapel", 2, 3 },
		{ "example", "xeampel", 2, 2 },
		{ "example", "sample", 2, 2 },
		{ "example", "simple", 2, 3 },
		{ "ca", "abc", 3, 3 }, /* not 2: no part is touched twice */
		{ "", "ab", 2, 2 },
		{ "", "abc", 2, 3 },
		{ "", "", 0, 0 },
		{ "\xc3\xbc"
		  "ber",
		  "\xc3\xa4"
		  "ber",
		  2, 1 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct str x = str_of(cases[i].x), y = str_of(cases[i].y);
		assert_int_equal(alike_distance(x, y, cases[i].most), cases[i].want);
		assert_int_equal(alike_distance(y, x, cases[i].most), cases[i].want);
		if (cases[i].want <= cases[i].most)
			assert_true(alike_may_be_near(alike_set(x), alike_set(y), cases[i].most));
	}
	assert_false(alike_may_be_near(alike_set(STR("abcd")), alike_set(STR("abxyz")), 2));
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_skeletons),
					    cmocka_unit_test(test_any_bytes),
					    cmocka_unit_test(test_distances) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
