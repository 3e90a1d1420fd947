/* Encoded words, charsets and transfer encodings. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/arena.h"
#include "base/utf8.h"
#include "mime/base64_body.h"
#include "base/charset.h"
#include "mime/encoded_word.h"
#include "mime/qp.h"

static const struct {
	const char *value, *want;
} words[] = {
	{ "plain", "plain" },
	{ " outer  inner ", "outer  inner" },
	{ "=?utf-8?Q?a=C3=A4_b?=", "a\xc3\xa4 b" },
	{ "=?UTF-8?b?w6Q=?=", "\xc3\xa4" },
	{ "=?utf-8?B?w6Q?=", "\xc3\xa4" },
	{ "=?iso-8859-1?Q?=E4?=", "\xc3\xa4" },
	{ "=?utf-8*en?Q?x?=", "x" },
	{ "=?utf-8?Q?a?= =?utf-8?Q?b?=", "ab" },
	{ "=?utf-8?Q?a?=\r\n =?utf-8?Q?b?=", "ab" },
	{ "=?utf-8?Q?a?= x =?utf-8?Q?b?=", "a x b" },
	{ "=?utf-8?B?w?= =?utf-8?B?6Q=?=", "\xc3\xa4" },
	{ "=?utf-8?B?YWJ?= =?utf-8?Q?x?=", "abx" },
	{ "=?utf-8?B?YWJ?=", "ab" },
	{ "nul \xc3\xa4", "nul \xc3\xa4" },
	{ "=?utf-8?Q?=C3?= =?utf-8?Q?=A4?=", "\xc3\xa4" },
	{ "=?iso-8859-1?Q?=E4?= =?utf-8?Q?=C3=A4?=", "\xc3\xa4\xc3\xa4" },
	{ "x=?utf-8?Q?y?=z", "xyz" },
	{ "=?utf-8?Q?two words?=", "two words" },
	{ "=?utf-8?Q?=ZZ=4?=", "=ZZ=4" },
	{ "=?utf-8?X?a?=", "=?utf-8?X?a?=" },
	{ "=?utf-8?Q?open", "=?utf-8?Q?open" },
	{ "=?utf-8?Q?"
	  "?=",
	  "" },
	{ "=?"
	  "?Q?a?=",
	  "a" },
	{ "=?nonsense?Q?=E4?=", "\xc3\xa4" },
	{ "=?utf-8?Q?a=0D=0AX:_y=00?=", "a  X: y " },
	{ "=?koi8-r?B?8NLJ18XU?=", "\xd0\x9f\xd1\x80\xd0\xb8\xd0\xb2\xd0\xb5\xd1\x82" },
	{ "=?iso-2022-jp?B?GyRCRnxLXBsoQg==?=", "\xe6\x97\xa5\xe6\x9c\xac" },
	{ "=?iso-2022-jp?B?GyRCRnwbKEI=?= =?iso-2022-jp?B?GyRCS1wbKEI=?=", "\xe6\x97\xa5\xe6\x9c\xac" },
	{ "=?gb2312?B?1tDOxA==?=", "\xe4\xb8\xad\xe6\x96\x87" },
	{ "raw \xc3\xa4 utf-8", "raw \xc3\xa4 utf-8" },
	{ "raw \xe4 latin", "raw \xc3\xa4 latin" },
	{ "bare\rcr", "bare cr" },
};

static void test_words(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		struct arena *a = arena_new(1 << 20, NULL, NULL);
		struct str got = encoded_word_decode(a, str_of(words[i].value));
		if (!str_eq(got, str_of(words[i].want)))
			fail_msg("%s: got %.*s", words[i].value, STR_ARG(got));
		arena_free(&a);
	}
}

static const struct {
	const char *charset, *bytes, *want;
	enum charset_outcome outcome;
} charsets[] = {
	{ "", "abc", "abc", CHARSET_FINE },
	{ "", "\xc3\xa4", "\xc3\xa4", CHARSET_FINE },
	{ "", "\xe4", "\xc3\xa4", CHARSET_FINE },
	{ "us-ascii", "\x93x\x94", "\xe2\x80\x9cx\xe2\x80\x9d", CHARSET_FINE },
	{ "us-ascii", "\xc3\xa4", "\xc3\xa4", CHARSET_BAD_BYTES },
	{ "UTF-8", "a\xff\xc3\xa4", "a\xef\xbf\xbd\xc3\xa4", CHARSET_BAD_BYTES },
	{ "utf-8", "\xed\xa0\x80\xc3\xa4", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xc3\xa4",
	  CHARSET_BAD_BYTES },
	{ "utf-8",
	  "Gr\xfc\xdf"
	  "e",
	  "Gr\xc3\xbc\xc3\x9f"
	  "e",
	  CHARSET_BAD_BYTES },
	{ "\"utf-8\"", "\xc3\xa4", "\xc3\xa4", CHARSET_FINE },
	{ "charset=koi8-r;", "\xf0", "\xd0\x9f", CHARSET_FINE },
	{ "iso 8859-15", "\xa4", "\xe2\x82\xac", CHARSET_FINE },
	{ "unknown-8bit", "\xe4", "\xc3\xa4", CHARSET_FINE },
	{ "unknown-8bit", "\xc3\xa4", "\xc3\xa4", CHARSET_FINE },
	{ "x-user-defined", "\xe4", "\xc3\xa4", CHARSET_FINE },
	{ "default", "\xe4", "\xc3\xa4", CHARSET_FINE },
	{ "gb2312", "\x94\x39\xda\x33", "\xf0\x9f\x92\xa9", CHARSET_FINE },
	{ "euc-kr", "\xb0\xa1\x81\x41", "\xea\xb0\x80\xea\xb0\x82", CHARSET_FINE },
	{ "hz-gb-2312", "~{VP~}", "\xe4\xb8\xad", CHARSET_FINE },
	{ "iso-2022-jp", "\x1b$B\x46|\x1b(B", "\xe6\x97\xa5", CHARSET_FINE },
	{ "utf-16", "plain text", "plain text", CHARSET_BAD_BYTES },
	{ "utf-16be", "\xe4", "\xef\xbf\xbd", CHARSET_BAD_BYTES },
	{ "iso-8859-8-i", "\xe0", "\xd7\x90", CHARSET_FINE },
	{ "koi8-ru", "\xa4", "\xd1\x94", CHARSET_FINE },
	{ "windows-1251", "\xcf", "\xd0\x9f", CHARSET_FINE },
	{ "utf-7", "+AOQ-", "\xc3\xa4", CHARSET_FINE },
	{ "csUTF7", "+AOQ-", "\xc3\xa4", CHARSET_FINE },
	{ "big5", "\xa4\xa4", "\xe4\xb8\xad", CHARSET_FINE },
	{ "shift_jis", "\x93\xfa", "\xe6\x97\xa5", CHARSET_FINE },
	{ "ks_c_5601-1987", "\xb0\xa1", "\xea\xb0\x80", CHARSET_FINE },
	{ "gb18030", "\x94\x39\xda\x33", "\xf0\x9f\x92\xa9", CHARSET_FINE },
	{ "shift_jis", "\x93", "\xef\xbf\xbd", CHARSET_BAD_BYTES },
	{ "no-such", "\xe4", "\xc3\xa4", CHARSET_UNKNOWN },
	{ "utf-8,x=y", "a", "a", CHARSET_FINE },
	{ "ISCII,version=1", "a", "a", CHARSET_FINE },
	{ "../../etc/passwd", "a", "a", CHARSET_UNKNOWN },
	{ "<html>", "a", "a", CHARSET_UNKNOWN },
};

/* Whichever byte comes first. */
static void test_utf16(void **state)
{
	static const char *const names[] = { "utf-16",    "UTF16", "unicode",
					     "csUnicode", "ucs-2", "iso-10646-ucs-2" };
	static const struct str texts[] = { STR_INIT("a\0 \0"), STR_INIT("\0a\0 "),
					    STR_INIT("\xff\xfe"
						     "a\0 \0"),
					    STR_INIT("\xfe\xff\0a\0 ") };
	struct arena *a = arena_new(1 << 20, NULL, NULL);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names) * ARRAY_LEN(texts); i++) {
		struct str name = str_of(names[i / ARRAY_LEN(texts)]);
		struct str got = charset_to_utf8(a, name, texts[i % ARRAY_LEN(texts)], NULL);
		if (!str_eq(got, STR("a ")))
			fail_msg("%.*s %zu: got %.*s", STR_ARG(name), i % ARRAY_LEN(texts), STR_ARG(got));
	}
	arena_free(&a);
}

static void test_charsets(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(charsets); i++) {
		struct arena *a = arena_new(1 << 20, NULL, NULL);
		enum charset_outcome outcome;
		struct str got =
		    charset_to_utf8(a, str_of(charsets[i].charset), str_of(charsets[i].bytes), &outcome);
		if (!str_eq(got, str_of(charsets[i].want)) || outcome != charsets[i].outcome)
			fail_msg("%s, case %zu: got %.*s, outcome %d", charsets[i].charset, i, STR_ARG(got),
				 (int)outcome);
		arena_free(&a);
	}
}

/* Characters beyond the BMP where ICU's buffer ends: none may be torn. */
static void test_long_conversion(void **state)
{
	struct arena *a = arena_new(16 << 20, NULL, NULL);
	char *z = arena_alloc(a, 40001);

	(void)state;
	for (size_t shift = 0; shift < 2; shift++) {
		memset(z, 'x', shift);
		for (size_t i = 0; i < 10000; i++)
			memcpy(z + shift + 4 * i, "\x94\x39\xda\x33", 4);
		enum charset_outcome outcome;
		struct str got = charset_to_utf8(a, STR("gb18030"), str_from(z, shift + 40000), &outcome);
		assert_int_equal(outcome, CHARSET_FINE);
		assert_int_equal(got.n, shift + 40000);
		assert_true(str_ends(got, STR("\xf0\x9f\x92\xa9\xf0\x9f\x92\xa9")));
		assert_true(utf8_is_valid(got));
	}
	arena_free(&a);
}

static const struct {
	const char *text, *want;
	size_t bad;
} qps[] = {
	{ "a=\rb= \rc=\r", "abc", 1 },
	{ "a=C3=a4b", "a\xc3\xa4" "b", SIZE_MAX }, { "soft=\r\nbreak", "softbreak", SIZE_MAX },
	{ "soft=\nbreak", "softbreak", SIZE_MAX }, { "soft= \t\r\nbreak", "softbreak", SIZE_MAX },
	{ "end=", "end", SIZE_MAX },               { "end= ", "end", SIZE_MAX },
	{ "a=ZZ", "a=ZZ", 1 },                     { "a=4", "a=4", 1 },
	{ "==41", "=A", 0 },                       { "", "", SIZE_MAX },
}, base64s[] = {
	{ "aGVsbG8=", "hello", SIZE_MAX },         { "aGVs\r\nbG8=\r\n", "hello", SIZE_MAX },
	{ "aGVsbG8", "hello", SIZE_MAX },          { "aGVsbG8=aGVsbG8=", "hellohello", 8 },
	{ "aGV*sbG8=", "hello", 3 },               { "aGVsb", "hel", 5 },
	{ "====", "", SIZE_MAX },                  { "", "", SIZE_MAX },
	{ "aA==", "h", SIZE_MAX },                 { "aGVsbG8=\r\n-- \r\nlist", "hello\x96\x2b\x2d", 10 },
};

static void test_encodings(void **state)
{
	struct arena *a = arena_new(1 << 20, NULL, NULL);
	size_t bad;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(qps); i++) {
		struct str got = qp_decode(a, str_of(qps[i].text), SIZE_MAX, &bad);
		if (!str_eq(got, str_of(qps[i].want)) || bad != qps[i].bad)
			fail_msg("%s: got %.*s, bad at %zu", qps[i].text, STR_ARG(got), bad);
	}
	for (size_t i = 0; i < ARRAY_LEN(base64s); i++) {
		struct str got = base64_body_decode(a, str_of(base64s[i].text), SIZE_MAX, &bad);
		if (!str_eq(got, str_of(base64s[i].want)) || bad != base64s[i].bad)
			fail_msg("%s: got %.*s, bad at %zu", base64s[i].text, STR_ARG(got), bad);
	}
	assert_true(str_eq(base64_body_decode(a, STR("aGVsbG8="), 2, NULL), STR("he")));
	assert_true(str_eq(qp_decode(a, STR("hello"), 2, NULL), STR("he")));
	arena_free(&a);
}

/* Bytes outside of words go by the charset of the message where it can be, never words or UTF-8. */
static void test_words_in(void **state)
{
	static const struct {
		const char *charset, *value, *want;
	} bare[] = {
		{ "gb2312", "Re: \xd6\xd0 =?iso-8859-1?q?=E4?= \xce\xc4",
		  "Re: \xe4\xb8\xad \xc3\xa4 \xe6\x96\x87" },
		{ "gb2312", "\xe4\xb8\xad", "\xe4\xb8\xad" },
		{ "koi8-r", "\xf0", "\xd0\x9f" },
		{ "gb2312", "\xe4 \xff", "\xc3\xa4 \xc3\xbf" },
		{ "utf-8", "\xe4", "\xc3\xa4" },
		{ "utf-16", "\xe4\xe4", "\xc3\xa4\xc3\xa4" },
		{ "ibm-37", "\xe4", "\xc3\xa4" },
		{ "no-such", "\xe4", "\xc3\xa4" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bare); i++) {
		struct arena *a = arena_new(1 << 20, NULL, NULL);
		struct str got = encoded_word_decode_in(a, str_of(bare[i].value), str_of(bare[i].charset));
		if (!str_eq(got, str_of(bare[i].want)))
			fail_msg("%s %s: got %.*s", bare[i].charset, bare[i].value, STR_ARG(got));
		arena_free(&a);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),           cmocka_unit_test(test_words_in),
		cmocka_unit_test(test_charsets),        cmocka_unit_test(test_utf16),
		cmocka_unit_test(test_long_conversion), cmocka_unit_test(test_encodings),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
