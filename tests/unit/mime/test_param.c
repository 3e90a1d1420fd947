/* Header values with parameters: every reading of each, ceilings. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "mime/param.h"

/* want: main value, then " name=value" for each reading. */
static const struct {
	const char *value, *want;
	bool duplicate;
} cases[] = {
	{ "Text/Plain", "text/plain", false },
	{ "text/plain; Charset=UTF-8", "text/plain charset=UTF-8", false },
	{ "text/plain;charset=\"a b\"", "text/plain charset=a b", false },
	{ "text/plain; charset = utf-8 ; x=y", "text/plain charset=utf-8 x=y", false },
	{ "text/plain; charset=us-ascii (Plain text)", "text/plain charset=us-ascii", false },
	{ "text (c) /plain; (c) charset=x", "text/plain charset=x", false },
	{ "text/plain charset=x", "text/plain charset=x", false },
	{ "text/plain; charset=x format=flowed", "text/plain charset=x format=flowed", false },
	{ "text/plain; charset=\"x\" format=flowed", "text/plain charset=x format=flowed", false },
	{ "text/html; charset=\"x\"> <meta name=\"viewport\">", "text/html charset=x charset=x>", false },
	{ "text/html; charset=\"x\"><meta name=\"viewport\">", "text/html charset=x charset=x><meta", false },
	{ "text/html; charset=x> <meta name=\"viewport\">; name=a.html",
	  "text/html charset=x> <meta name=\"viewport\"> name=a.html", false },
	{ "a; filename=two words.pdf", "a filename=two words.pdf", false },
	{ "a; filename=one x=two.pdf", "a filename=one x=two.pdf", false },
	{ "a; filename=file(1).pdf", "a filename=file(1).pdf", false },
	{ "a; filename=\"a;b\\\"c\"", "a filename=a;b\"c", false },
	{ "a; filename=\"C:\\dir\\x.exe\"", "a filename=C:\\dir\\x.exe", false },
	{ "a; filename=\"open", "a filename=open", false },
	{ "a; boundary=\"open; charset=x", "a boundary=open; charset=x boundary=open", false },
	{ "a; filename=\"x.pdf\".exe", "a filename=x.pdf filename=x.pdf.exe", false },
	{ "a; filename=\"x.pdf\" (comment)", "a filename=x.pdf", false },
	{ "a; filename*=utf-8''%C3%A4.pdf", "a filename=\xc3\xa4.pdf", false },
	{ "a; filename*=iso-8859-1'de'%E4.pdf", "a filename=\xc3\xa4.pdf", false },
	{ "a; filename*=no-quotes", "a filename=no-quotes", false },
	{ "a; filename*=utf-8''%zz%", "a filename=%zz%", false },
	{ "a; filename*=utf-8''a.exe%00.txt", "a filename=a.exe.txt filename=a.exe", false },
	{ "a; filename*0=one; filename*1=two", "a filename=onetwo", false },
	{ "a; filename*1=two; filename*0=one", "a filename=onetwo", false },
	{ "a; filename*1=two; filename*2=three", "a filename=twothree", false },
	{ "a; filename*0*=utf-8''%C3; filename*1*=%A4; filename*2=x", "a filename=\xc3\xa4x", false },
	{ "a; filename*0=one; filename*2=three", "a filename=one filename=onethree", false },
	{ "a; filename*0=invoice.hta; filename*0=a.txt", "a filename=invoice.hta filename=a.txt", true },
	{ "a; filename*0=a; filename*1=.txt; filename*1=.hta", "a filename=a.txt filename=a.hta", true },
	{ "a; filename=fall.back; filename*=utf-8''real", "a filename=real filename=fall.back", false },
	{ "a; filename=a.txt; filename*0=b.hta", "a filename=b.hta filename=a.txt", false },
	{ "a; filename=\"=?utf-8?Q?=C3=A4?=.pdf\"", "a filename=\xc3\xa4.pdf", false },
	{ "a; filename==?utf-8?B?w6Q=?=", "a filename=\xc3\xa4", false },
	{ "a; x=1; x=2", "a x=1 x=2", true },
	{ "a; x=1; y=0; x=1", "a x=1 y=0", false },
	{ "a;;; x=1;", "a x=1", false },
	{ "a; novalue; x=1", "a x=1", false },
	{ "a; =1; x=", "a x=", false },
	{ "a;\r\n\tx=1", "a x=1", false },
	{ "a;\r\n\v x=1", "a x=1", false },
	{ "; x=1", " x=1", false },
	{ "", "", false },
};

static void test_readings(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct arena *a = arena_new(1 << 20, NULL, NULL);
		struct params p = params_parse(a, str_of(cases[i].value));
		struct str got = p.main;
		for (size_t k = 0; k < p.n; k++)
			got = ARENA_JOIN(a, got, STR(" "), p.v[k].name, STR("="), p.v[k].value);
		if (!str_eq(got, str_of(cases[i].want)) || p.duplicate != cases[i].duplicate || p.dropped)
			fail_msg("%s: got %.*s%s", cases[i].value, STR_ARG(got),
				 p.duplicate ? ", duplicate" : "");
		arena_free(&a);
	}
}

static void test_zero_bytes(void **state)
{
	struct arena *a = arena_new(1 << 20, NULL, NULL);
	struct params p = params_parse(a, STR("a; name=\"x.e\0xe\""));

	(void)state;
	assert_true(str_eq(params_get(&p, STR("name")), STR("x.exe")));
	arena_free(&a);
}

/* What something here goes by is found behind any number of others. */
static void test_known_beyond_ceiling(void **state)
{
	static const char *const names[] = { "boundary", "charset", "name", "filename*0*" };
	struct arena *a = arena_new(16 << 20, NULL, NULL);
	struct buf b;

	(void)state;
	buf_init(&b, 1 << 20);
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		buf_clear(&b);
		buf_add_c(&b, "multipart/mixed");
		for (int k = 0; k < 1000; k++)
			buf_printf(&b, "; x%d=y", k);
		buf_printf(&b, "; %s=''found", names[i]);
		struct params p = params_parse(a, buf_str(&b));
		struct str bare = str_sub(str_of(names[i]), 0, str_find_char(str_of(names[i]), '*', 0));
		assert_true(str_ends(params_get(&p, bare), STR("found")));
		assert_true(p.dropped);
		assert_true(p.n <= LIMIT_PARAMS + 1);
	}
	/* As many pieces of one name as there is room for; memory as the value has bytes. */
	buf_clear(&b);
	buf_add_c(&b, "a");
	for (int k = 0; k < 20000; k++)
		buf_printf(&b, "; name*%d=\"%d\"", k % 256, k);
	struct params p = params_parse(a, buf_str(&b));
	assert_true(p.dropped && !p.duplicate);
	assert_true(str_starts(params_get(&p, STR("name")), STR("0123456789101112")));
	assert_true(arena_used(a) < 8 << 20);
	buf_free(&b);
	arena_free(&a);
}

/* Each quoted string took as much memory as the whole rest of the value. */
static void test_memory_of_quoted_strings(void **state)
{
	struct arena *a = arena_new(64 << 20, NULL, NULL);
	struct buf b;

	(void)state;
	buf_init(&b, 1 << 20);
	buf_add_c(&b, "a");
	while (b.n < 1000000)
		buf_add_c(&b, "; x=\"\\\\\"");
	(void)params_parse(a, buf_str(&b));
	assert_true(arena_used(a) < 32 << 20);
	buf_free(&b);
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_readings),
		cmocka_unit_test(test_zero_bytes),
		cmocka_unit_test(test_known_beyond_ceiling),
		cmocka_unit_test(test_memory_of_quoted_strings),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
