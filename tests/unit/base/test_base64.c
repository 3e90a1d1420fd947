/* Base64 both ways, and what is not Base64. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "base/arena.h"
#include "base/base64.h"

static const struct {
	const char *text, *want; /* NULL: refused */
} cases[] = {
	{ "", "" },
	{ "Zg==", "f" },
	{ "Zm8=", "fo" },
	{ "Zm9v", "foo" },
	{ "Zm9vYmFy", "foobar" },
	{ "Zm9vYg==", "foob" },
	{ " Zm\r\n\t9v Yg = = ", "foob" },
	{ "Zg", "f" },
	{ "Zm8", "fo" },
	{ "Zm9vYg", "foob" },
	{ "Zg=", NULL },
	{ "Z", NULL },
	{ "Zm9vY", NULL },
	{ "Zm9v=", NULL },
	{ "Zm9v====", NULL },
	{ "Zg==Zg==", NULL },
	{ "Zg===", NULL },
	{ "=", NULL },
	{ "Zm9v!", NULL },
	{ "Zm9-", NULL },
	{ "Zm\x80v", NULL },
};

static void test_decode(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct arena *a = arena_new(1u << 16, NULL, NULL);
		struct str got = STR_NONE;
		enum err e = base64_decode(a, str_of(cases[i].text), &got);
		if (e != (cases[i].want ? OK : ERR_SYNTAX) || (!e && !str_eq(got, str_of(cases[i].want))))
			fail_msg("\"%s\": %s, %.*s", cases[i].text, err_name(e), STR_ARG(got));
		arena_free(&a);
	}
}

/* Every byte in every place of a group, of every length. */
static void test_round_trip(void **state)
{
	struct arena *a = arena_new(1u << 24, NULL, NULL);
	unsigned char bytes[300];

	(void)state;
	for (size_t n = 0; n < sizeof(bytes); n++) {
		struct str back;
		for (size_t i = 0; i < n; i++)
			bytes[i] = (unsigned char)(i * 7 + n);
		assert_int_equal(base64_decode(a, base64_encode(a, str_from(bytes, n)), &back), OK);
		assert_true(str_eq(back, str_from(bytes, n)));
		assert_int_equal(base64url_decode(a, base64url_encode(a, str_from(bytes, n)), &back), OK);
		assert_true(str_eq(back, str_from(bytes, n)));
	}
	arena_free(&a);
}

static void test_url(void **state)
{
	struct arena *a = arena_new(1u << 16, NULL, NULL);
	struct str back;

	(void)state;
	assert_true(str_eq(base64url_encode(a, STR("\xfb\xff\xfe?")), STR("-__-Pw")));
	assert_true(str_eq(base64_encode(a, STR("\xfb\xff\xfe?")), STR("+//+Pw==")));
	assert_int_equal(base64url_decode(a, STR("-__-Pw=="), &back), OK);
	assert_true(str_eq(back, STR("\xfb\xff\xfe?")));
	assert_int_equal(base64url_decode(a, STR("+//+Pw"), &back), ERR_SYNTAX);
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_decode),
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_url),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
