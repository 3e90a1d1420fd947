/* uuencode and yEnc: blocks found in a text, what they hold, what looks like one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/arena.h"
#include "mime/uuencode.h"
#include "mime/yenc.h"

/* start: offset of the block; -1: there is none. */
static const struct {
	const char *name, *text;
	int start;
	const char *file, *holds;
	bool ended;
} uu[] = {
	{ "plain", "begin 644 a.txt\n%2&5L;&\\\n`\nend\n", 0, "a.txt", "Hello", true },
	{ "behind text", "see\nbegin 644 a.txt\n%2&5L;&\\\n`\nend\nbye", 4, "a.txt", "Hello", true },
	{ "crlf", "begin 644 a.txt\r\n%2&5L;&\\\r\n`\r\nend\r\n", 0, "a.txt", "Hello", true },
	{ "name with spaces", "begin 0755 my file.exe\n#35I0\nend\n", 0, "my file.exe", "MZP", true },
	{ "lost spaces", "begin 644 a\n$35H\n`\nend\n", 0, "a", "MZ", true },
	{ "no end", "begin 644 a\n#35I0\nand then text\n", 0, "a", "MZP", false },
	{ "base64", "begin-base64 644 a\nSGVsbG8=\n====\n", 0, "a", "Hello", true },
	{ "checksum behind a line", "begin 644 a\n#35I0X\nend\n", 0, "a", "MZP", true },
	{ "words", "begin 100 things\nand end them\nend\n", -1, "", "", false },
	{ "words in capitals", "begin 100 things\nAND END THEM\n", -1, "", "", false },
	{ "no mode", "begin now\n#35I0\nend\n", -1, "", "", false },
	{ "no name", "begin 644 \n#35I0\nend\n", -1, "", "", false },
	{ "not at a line's begin", "x begin 644 a\n#35I0\nend\n", -1, "", "", false },
	{ "nothing inside", "begin 644 a\n`\nend\n", -1, "", "", false },
	{ "second of two", "begin 644 x\n\nbegin 644 a\n#35I0\nend\n", 13, "a", "MZP", true },
};

static void test_uuencode(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(uu); i++) {
		struct arena *a = arena_new(1 << 20, NULL, NULL);
		struct uuencode_block b;
		struct str text = str_of(uu[i].text);
		bool found = uuencode_find(text, 0, &b);
		assert_true(!found || (b.start <= b.body && b.body < b.body_end && b.body_end <= b.end &&
				       b.end <= text.n));
		if (found != (uu[i].start >= 0) || (found && b.start != (size_t)uu[i].start))
			fail_msg("%s: found at %d", uu[i].name, found ? (int)b.start : -1);
		if (found) {
			size_t bad;
			struct str got = uuencode_decode(a, text, 1000, &bad);
			if (!str_starts(got, str_of(uu[i].holds)) || !str_eq(b.name, str_of(uu[i].file)) ||
			    b.ended != uu[i].ended || (bad == SIZE_MAX) != uu[i].ended)
				fail_msg("%s: got %.*s with %.*s", uu[i].name, STR_ARG(b.name), STR_ARG(got));
			assert_int_equal(uuencode_decode(a, text, 1, NULL).n, 1);
		}
		arena_free(&a);
	}
}

static void test_without_begin(void **state)
{
	struct arena *a = arena_new(1 << 20, NULL, NULL);
	size_t bad;

	(void)state;
	assert_true(str_eq(uuencode_decode(a, STR("#35I0\n#35I0\n"), 100, &bad), STR("MZPMZP")));
	assert_int_equal(bad, SIZE_MAX);
	assert_true(str_eq(uuencode_decode(a, STR("#35I0\nlower case\n#35I0"), 100, &bad), STR("MZPMZP")));
	assert_int_equal(bad, 6);
	assert_int_equal(uuencode_decode(a, STR(""), 100, &bad).n, 0);
	/* "M" says that 45 bytes follow, which were all spaces; nobody gets more out of it than he put in. */
	assert_int_equal(uuencode_decode(a, STR("M\nM\nM\nM\n"), 1000, &bad).n, 8);
	assert_int_equal(bad, 8);
	arena_free(&a);
}

static void test_yenc(void **state)
{
	struct arena *a = arena_new(1 << 20, NULL, NULL);
	struct str text = STR(
	    "text\r\n=ybegin line=128 size=7 name=a b.exe\r\nw\x84*=}=@\r\n=J=M\r\n=yend size=7\r\nmore\r\n");
	struct yenc_block b;
	size_t bad;

	(void)state;
	assert_true(yenc_find(text, 0, &b));
	assert_int_equal(b.start, 6);
	assert_true(str_eq(b.name, STR("a b.exe")));
	assert_true(b.ended);
	assert_true(str_eq(str_sub(text, b.end, text.n), STR("more\r\n")));
	assert_true(str_eq(yenc_decode(a, text, 100, &bad), str_from("MZ\0\x13\xd6\xe0\xe3", 7)));
	assert_int_equal(bad, SIZE_MAX);
	assert_int_equal(yenc_decode(a, text, 3, NULL).n, 3);
	assert_false(yenc_find(text, b.end, &b));

	text = STR("=ybegin part=1 line=128 size=9 name=x\n=ypart begin=1 end=2\nw\x84\n");
	assert_true(yenc_find(text, 0, &b));
	assert_false(b.ended);
	assert_true(str_eq(yenc_decode(a, text, 100, &bad), STR("MZ")));
	assert_int_equal(bad, text.n);
	assert_false(yenc_find(STR("see =ybegin x\n=ybeginner\n=y"), 0, &b));
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_uuencode),
		cmocka_unit_test(test_without_begin),
		cmocka_unit_test(test_yenc),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
