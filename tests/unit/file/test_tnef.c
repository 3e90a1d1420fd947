/* winmail.dat, and the texts that come packed in it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/limits.h"
#include "file/contents.h"
#include "file/make_ole.h"
#include "file/rtf_text.h"

static void attribute(struct buf *b, unsigned level, uint32_t id, struct str data)
{
	make_le(b, level, 1);
	make_le(b, id, 4);
	make_le(b, data.n, 4);
	buf_add(b, data);
	make_le(b, 0, 2); /* the sum is not looked at */
}

static void property(struct buf *b, unsigned type, unsigned number, struct str value)
{
	make_le(b, type, 2);
	make_le(b, number, 2);
	make_le(b, 1, 4);
	make_le(b, value.n, 4);
	buf_add(b, value);
	while (b->n % 4)
		buf_add_char(b, 0);
}

/* Properties of all kinds before the one that is wanted. */
static struct str properties(struct arena *a, unsigned type, unsigned number, struct str value)
{
	struct buf b;

	buf_init(&b, 1 << 16);
	make_le(&b, 5, 4);
	make_le(&b, 0x3 | 0x17 << 16, 4); /* a number */
	make_le(&b, 1, 4);
	make_le(&b, 0x40 | 0x39 << 16, 4); /* a time */
	make_le(&b, 1, 8);
	make_le(&b, 0x3 | 0x8001u << 16, 4); /* a named one: set, kind, name */
	buf_add(&b, STR("0123456789abcdef"));
	make_le(&b, 1, 4);
	make_le(&b, 6, 4);
	buf_add(&b, STR("n\0m\0\0\0\0\0"));
	make_le(&b, 7, 4);
	make_le(&b, 0x101e | 0x55 << 16, 4); /* two texts */
	make_le(&b, 2, 4);
	for (int i = 0; i < 2; i++) {
		make_le(&b, 2, 4);
		buf_add(&b, STR("x\0\0\0"));
	}
	property(&b, type, number, value);
	struct str out = arena_str(a, buf_str(&b));
	buf_free(&b);
	return out;
}

static struct file_contents *look(struct arena *a, struct buf *b)
{
	struct file_budget budget = { .bytes = LIMIT_UNPACKED, .members = LIMIT_MEMBERS };
	struct str bytes = ARENA_JOIN(a, STR("\x78\x9f\x3e\x22\1\0"), buf_str(b));

	buf_free(b);
	return file_contents_read(a, bytes, &budget);
}

static const char packed[] = "\x2d\0\0\0\x2b\0\0\0LZFu\xf1\xc5\xc7\xa7\3\0\x0a\0rcpg125B2\x0a\xf3 hel\x09\0 "
			     "bw\5\xb0ld}\x0a\x80\x0f\xa0";

static void test_tnef(void **state)
{
	struct arena *a = arena_new(16 << 20, NULL, NULL);
	struct buf b;

	(void)state;
	buf_init(&b, 1 << 16);
	attribute(&b, 1, 0x89006, STR("\0\0\1\0"));
	attribute(&b, 1, 0x2800c, STR("the body\0"));
	attribute(&b, 2, 0x69002, STR("\1\0"));
	attribute(&b, 2, 0x18010, STR("INVOIC~1.EXE\0"));
	attribute(&b, 2, 0x6800f, STR("MZ"));
	attribute(&b, 2, 0x69005, properties(a, 0x1f, 0x3707, STR("i\0n\0v\0.\0e\0x\0e\0\0\0")));
	attribute(&b, 2, 0x69002, STR("\1\0"));
	attribute(&b, 2, 0x18010, STR("a.txt\0"));
	attribute(&b, 2, 0x6800f, STR("text"));
	struct file_contents *c = look(a, &b);
	assert_int_equal(c->type, MAGIC_TNEF);
	assert_int_equal(c->traits, 0);
	assert_int_equal(c->members.n, 2);
	assert_true(str_eq(c->members.v[0].name, STR("inv.exe")) && str_eq(c->members.v[0].data, STR("MZ")));
	assert_true(str_eq(c->members.v[1].name, STR("a.txt")) && str_eq(c->members.v[1].data, STR("text")));
	assert_int_equal(c->texts.n, 1);
	assert_true(str_eq(c->texts.v[0].text, STR("the body")) && !c->texts.v[0].html);

	buf_init(&b, 1 << 16);
	attribute(&b, 1, 0x69003, properties(a, 0x102, 0x1013, STR("<p>page")));
	c = look(a, &b);
	assert_true(c->texts.n == 1 && c->texts.v[0].html && str_eq(c->texts.v[0].text, STR("<p>page")));

	buf_init(&b, 1 << 16);
	attribute(&b, 1, 0x69003, properties(a, 0x102, 0x1009, str_from(packed, sizeof(packed) - 1)));
	c = look(a, &b);
	assert_true(c->texts.n == 1 && !c->texts.v[0].html);
	assert_true(str_eq(c->texts.v[0].text, STR("hello world")));

	/* Cut anywhere. */
	buf_init(&b, 1 << 16);
	attribute(&b, 1, 0x69003, properties(a, 0x102, 0x1013, STR("<p>page")));
	struct str whole = arena_str(a, buf_str(&b));
	buf_free(&b);
	for (size_t n = 0; n < whole.n; n++) {
		buf_init(&b, 1 << 16);
		buf_add(&b, str_sub(whole, 0, n));
		look(a, &b);
	}
	arena_free(&a);
}

/* The examples of MS-OXRTFCP §4.1. */
static void test_unpack(void **state)
{
	static const char circular[] =
	    "\x1a\0\0\0\x1c\0\0\0LZFu\xe2\xd4\x4b\x51\x41\0\4 WXYZ\x0dn}\1\x0e\xb0";
	struct arena *a = arena_new(1 << 20, NULL, NULL);

	(void)state;
	assert_true(str_eq(rtf_unpack(a, str_from(packed, sizeof(packed) - 1), 1000),
			   STR("{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n")));
	assert_true(str_eq(rtf_unpack(a, str_from(circular, sizeof(circular) - 1), 1000),
			   STR("{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}")));
	assert_true(str_eq(rtf_unpack(a,
				      STR("0123"
					  "4567"
					  "MELA"
					  "0000"
					  "{\\rtf1}"),
				      1000),
			   STR("{\\rtf1}")));
	assert_int_equal(rtf_unpack(a, STR("short"), 1000).n, 0);
	arena_free(&a);
}

static void test_text(void **state)
{
	static const struct {
		const char *rtf, *text;
		bool html;
	} cases[] = {
		{ "{\\rtf1 a\\par b\\tab c}", "a\r\nb\tc", false },
		{ "{\\rtf1{\\fonttbl{\\f0 Arial;}}{\\*\\generator x;}{\\info{\\title t}}text}", "text",
		  false },
		{ "{\\rtf1\\ansicpg1251 \\'ef\\'f0\\{x\\}\\~y}", "\xd0\xbf\xd1\x80{x} y", false },
		{ "{\\rtf1 \\u8364?\\uc0\\u8364 x{\\uc2\\u228ab}c\\u229 d}",
		  "\xe2\x82\xac\xe2\x82\xacx\xc3\xa4"
		  "c\xc3\xa5"
		  "d",
		  false },
		{ "{\\rtf1\\fromhtml1{\\*\\htmltag64 <p>}\\htmlrtf \\par junk\\htmlrtf0 Hello "
		  "{\\*\\htmltag84 <a "
		  "href=\"http://x/\">}there{\\*\\htmltag92 </a>}}",
		  "<p>Hello <a href=\"http://x/\">there</a>", true },
		{ "}}}text{{{", "text", false },
	};
	struct arena *a = arena_new(1 << 20, NULL, NULL);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		bool html;
		struct str got = rtf_text(a, str_of(cases[i].rtf), 1000, &html);
		if (!str_eq(got, str_of(cases[i].text)) || html != cases[i].html)
			fail_msg("%s: %.*s", cases[i].rtf, STR_ARG(got));
	}
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_tnef), cmocka_unit_test(test_unpack),
					    cmocka_unit_test(test_text) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
