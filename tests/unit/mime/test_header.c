/* Header sections: fields, offsets, where they end, and what is odd about them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/arena.h"
#include "base/limits.h"
#include "mime/header.h"

#define BIT(d) ((uint64_t)1 << (d))

/* fields: "name=value|…" as parsed, values raw. */
static const struct {
	const char *name, *raw, *fields, *body;
	uint64_t defects;
} cases[] = {
	{ "crlf", "A: 1\r\nB: 2\r\n\r\nbody", "A= 1|B= 2|", "body", 0 },
	{ "lf", "A: 1\nB: 2\n\nbody", "A= 1|B= 2|", "body", 0 },
	{ "folded", "A: 1\r\n 2\r\n\t3\r\n\r\n", "A= 1\r\n 2\r\n\t3|", "", 0 },
	{ "empty value", "A:\r\n\r\nx", "A=|", "x", 0 },
	{ "no body", "A: 1\r\n", "A= 1|", "", 0 },
	{ "no final line end", "A: 1", "A= 1|", "", 0 },
	{ "empty", "", "", "", 0 },
	{ "only body", "\r\nbody", "", "body", 0 },
	{ "mbox line", "From me@x Fri Jan 5\nA: 1\n\nb", "A= 1|", "b", BIT(DEFECT_MBOX_FROM) },
	{ "quoted mbox line", ">From me@x Fri\nA: 1\n\nb", "A= 1|", "b", BIT(DEFECT_MBOX_FROM) },
	{ "no mbox line", "From : me@x\nA: 1\n\nb", "From= me@x|A= 1|", "b", BIT(DEFECT_HEADER_SYNTAX) },
	{ "no quoted mbox line", ">From \t: me@x\n\nb", ">From= me@x|", "b", BIT(DEFECT_HEADER_SYNTAX) },
	{ "body at once", "no header here\nA: 1\n", "", "no header here\nA: 1\n", BIT(DEFECT_NO_HEADER) },
	{ "no separator", "A: 1\nbody text\n", "A= 1|", "body text\n", BIT(DEFECT_NO_SEPARATOR) },
	{ "8-bit name", "A: 1\nX-\xff: v\nContent-Type: x\n\nb", "A= 1|Content-Type= x|", "b",
	  BIT(DEFECT_HEADER_SYNTAX) | BIT(DEFECT_HEADER_8BIT) | BIT(DEFECT_HEADER_NOT_UTF8) },
	{ "space in name", "A: 1\nX y: v\nfrom: x\n\nb", "A= 1|from= x|", "b", BIT(DEFECT_HEADER_SYNTAX) },
	{ "fold by a vertical tab", "A: 1\n\v2\nB: 3\n\nb", "A= 1\n\v2|B= 3|", "b",
	  BIT(DEFECT_HEADER_SYNTAX) },
	{ "odd line, nothing of weight", "A: 1\nHi\nNote: x\n\nContent-Type: x\n", "A= 1|",
	  "Hi\nNote: x\n\nContent-Type: x\n", BIT(DEFECT_NO_SEPARATOR) },
	{ "odd line behind the last of weight", "A: 1\nTo: x\nHi\nNote: x\n\n", "A= 1|To= x|",
	  "Hi\nNote: x\n\n", BIT(DEFECT_NO_SEPARATOR) },
	{ "space before colon", "A : 1\n\n", "A= 1|", "", BIT(DEFECT_HEADER_SYNTAX) },
	{ "empty name", ": 1\nB: 2\n\n", "= 1|B= 2|", "", BIT(DEFECT_HEADER_SYNTAX) },
	{ "stray fold", " x\nA: 1\n\n", "A= 1|", "", BIT(DEFECT_HEADER_SYNTAX) },
	{ "blank fold", "A: 1\n \nB: 2\n\n", "A= 1\n |B= 2|", "", BIT(DEFECT_HEADER_BLANK_FOLD) },
	{ "8 bit utf-8", "A: \xc3\xa4\n\n", "A= \xc3\xa4|", "", BIT(DEFECT_HEADER_8BIT) },
	{ "8 bit other", "A: \xe4\n\n", "A= \xe4|", "",
	  BIT(DEFECT_HEADER_8BIT) | BIT(DEFECT_HEADER_NOT_UTF8) },
	{ "bare cr is content", "A: 1\rB: 2\n\n", "A= 1\rB: 2|", "", 0 },
	{ "cr alone on a line", "A: 1\n\rB: 2\n\nx", "A= 1|", "\rB: 2\n\nx", BIT(DEFECT_NO_SEPARATOR) },
	{ "colon in value", "A: b: c\n\n", "A= b: c|", "", 0 },
	{ "odd name", "--x!$: 1\n\n", "--x!$= 1|", "", 0 },
};

static void test_sections(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct arena *a = arena_new(1 << 20, NULL, NULL);
		struct str raw = str_of(cases[i].raw), got = STR("");
		struct mime_defects d = { 0 };
		struct headers h = headers_parse(a, raw, 0, raw.n, &d);
		for (size_t k = 0; k < h.n; k++)
			got = arena_printf(a, "%.*s%.*s=%.*s|", STR_ARG(got), STR_ARG(h.v[k].name),
					   STR_ARG(h.v[k].value));
		if (!str_eq(got, str_of(cases[i].fields)) ||
		    !str_eq(str_sub(raw, h.body, raw.n), str_of(cases[i].body)) || d.bits != cases[i].defects)
			fail_msg("%s: got %s, body at %zu, defects %llx", cases[i].name, got.p, h.body,
				 (unsigned long long)d.bits);
		arena_free(&a);
	}
}

/* strict: the body where a stricter reader lets it begin; NULL: there is no doubt. */
static const struct {
	const char *raw, *strict;
} doubts[] = {
	{ "A: 1\n\nb", NULL },
	{ "A: 1\n 2\n\nb", NULL },
	{ "A: 1\nbody\nmore\n\nb", NULL },
	{ "A: 1\nX-\xff: v\nContent-Type: x\n\nb", "X-\xff: v\nContent-Type: x\n\nb" },
	{ "A: 1\nX y: v\nfrom: x\nZ z\nTo: y\n\nb", "X y: v\nfrom: x\nZ z\nTo: y\n\nb" },
	{ "A: 1\n\v2\nB: 3\n\nb", "\v2\nB: 3\n\nb" },
	{ " x\nA: 1\n\n", " x\nA: 1\n\n" },
	{ "A: 1\n \nB: 2\n\n", "B: 2\n\n" },
};

static void test_stricter_readers(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(doubts); i++) {
		struct arena *a = arena_new(1 << 20, NULL, NULL);
		struct str raw = str_of(doubts[i].raw);
		struct headers h = headers_parse(a, raw, 0, raw.n, NULL);
		struct str got = h.strict_end == SIZE_MAX ? STR_NONE : str_sub(raw, h.strict_body, raw.n);
		assert_true(h.strict_end == SIZE_MAX || h.strict_end <= h.strict_body);
		if (!str_eq(got, str_of(doubts[i].strict)))
			fail_msg("%s: got %.*s", doubts[i].raw, STR_ARG(got));
		arena_free(&a);
	}
}

static void test_offsets(void **state)
{
	struct arena *a = arena_new(1 << 20, NULL, NULL);
	struct str raw = STR("From x\r\nA: 1\r\n 2\r\nB: 3\r\n\r\nbody");
	struct headers h = headers_parse(a, raw, 0, raw.n, NULL);

	(void)state;
	assert_int_equal(h.n, 2);
	assert_int_equal(h.start, 8);
	assert_true(str_eq(str_sub(raw, h.v[0].start, h.v[0].start + h.v[0].length), STR("A: 1\r\n 2\r\n")));
	assert_true(str_eq(str_sub(raw, h.v[1].start, h.v[1].start + h.v[1].length), STR("B: 3\r\n")));
	assert_int_equal(h.end, h.v[1].start + h.v[1].length);
	arena_free(&a);
}

static void test_finding(void **state)
{
	struct arena *a = arena_new(1 << 20, NULL, NULL);
	struct str raw = STR("Received: a\nX: 1\nreceived: b\nRECEIVED: c\n d\n\n");
	struct headers h = headers_parse(a, raw, 0, raw.n, NULL);
	const struct header *f = headers_first(&h, STR("ReCeIvEd"));

	(void)state;
	assert_int_equal(headers_count(&h, STR("received")), 3);
	assert_ptr_equal(f, &h.v[0]);
	f = headers_next(&h, f);
	assert_ptr_equal(f, &h.v[2]);
	f = headers_next(&h, f);
	assert_ptr_equal(f, headers_last(&h, STR("Received")));
	assert_null(headers_next(&h, f));
	assert_null(headers_first(&h, STR("Receive")));
	assert_true(str_eq(headers_value(a, &h, STR("X")), STR("1")));
	assert_true(str_eq(header_unfold(a, f->value), STR("c d")));
	assert_int_equal(headers_value(a, &h, STR("absent")).n, 0);
	arena_free(&a);
}

static void test_limits(void **state)
{
	struct arena *a = arena_new(64 << 20, NULL, NULL);
	size_t n = 100000 * 5;
	char *many = arena_alloc(a, n), *line = arena_alloc(a, 1 << 20);
	struct mime_defects d = { 0 };

	(void)state;
	for (size_t i = 0; i < n; i += 5)
		memcpy(many + i, "A: 1\n", 5);
	struct headers h = headers_parse(a, str_from(many, n), 0, n, &d);
	assert_int_equal(h.n, LIMIT_HEADER_FIELDS);
	assert_int_equal(h.body, n); /* the end is found all the same */
	assert_true(defect_has(&d, DEFECT_HEADER_MANY));
	assert_int_equal(d.first[DEFECT_HEADER_MANY], LIMIT_HEADER_FIELDS * 5);

	memset(line, 'x', 1 << 20);
	memcpy(line, "A:", 2);
	h = headers_parse(a, str_from(line, 1 << 20), 0, 1 << 20, &d);
	assert_int_equal(h.n, 1);
	assert_int_equal(h.v[0].value.n, LIMIT_HEADER_LINE);
	assert_int_equal(h.v[0].length, 1 << 20);
	assert_true(defect_has(&d, DEFECT_HEADER_LONG));
	arena_free(&a);
}

/* What decides how a mail is shown is kept, however much stands before it. */
static void test_weight_beyond_limits(void **state)
{
	static const char tail[] =
	    "From: a@x\nSubject: s\nX-Last: no\nContent-Type: text/html\nTo: b\nMIME-Version: 1.0\n";
	static const char *const kept[] = { "From", "Subject", "Content-Type", "To", "MIME-Version" };
	static const struct {
		const char *junk;
		size_t times;
	} before[] = { { "X: y\n", 2001 },
		       { "X-Long: ........................................................\n", 40000 } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(before); i++) {
		struct arena *a = arena_new(64 << 20, NULL, NULL);
		size_t one = strlen(before[i].junk), n = one * before[i].times;
		char *z = arena_alloc(a, n + sizeof(tail));
		struct mime_defects d = { 0 };
		for (size_t k = 0; k < before[i].times; k++)
			memcpy(z + k * one, before[i].junk, one);
		memcpy(z + n, tail, sizeof(tail));
		struct headers h =
		    headers_parse(a, str_from(z, n + sizeof(tail) - 1), 0, n + sizeof(tail) - 1, &d);
		for (size_t k = 0; k < ARRAY_LEN(kept); k++)
			if (!headers_first(&h, str_of(kept[k])))
				fail_msg("%s is not there behind %s", kept[k], before[i].junk);
		assert_null(headers_first(&h, STR("X-Last")));
		assert_true(defect_has(&d, DEFECT_HEADER_MANY));
		arena_free(&a);
	}
}

/* A million of one name take no room from the others, nor time. */
static void test_repeated_weight(void **state)
{
	struct arena *a = arena_new(64 << 20, NULL, NULL);
	const size_t n = 1000000 * 6;
	char *z = arena_alloc(a, n + 8);

	(void)state;
	for (size_t i = 0; i < n; i += 6)
		memcpy(z + i, "To: x\n", 6);
	memcpy(z + n, "From: y\n", 8);
	struct headers h = headers_parse(a, str_from(z, n + 8), 0, n + 8, NULL);
	assert_int_equal(h.n, LIMIT_HEADER_FIELDS + LIMIT_HEADER_SAME + 1);
	assert_non_null(headers_first(&h, STR("From")));
	arena_free(&a);
}

static void test_long_weight(void **state)
{
	struct arena *a = arena_new(64 << 20, NULL, NULL);
	const size_t n = 3 << 20;
	char *z = arena_alloc(a, n);
	struct mime_defects d = { 0 };

	(void)state;
	memset(z, 'x', n);
	memcpy(z, "From: ", 6);
	struct headers h = headers_parse(a, str_from(z, 200000), 0, 200000, &d);
	assert_int_equal(h.v[0].value.n, 200000 - 5);
	assert_int_equal(d.bits, 0);
	h = headers_parse(a, str_from(z, n), 0, n, &d);
	assert_int_equal(h.v[0].value.n, LIMIT_HEADER_BYTES);
	assert_true(defect_has(&d, DEFECT_FIELD_CUT));
	arena_free(&a);
}

static void test_zero_bytes(void **state)
{
	struct arena *a = arena_new(1 << 20, NULL, NULL);
	struct str raw = STR("A: 1\nFrom: x\0y\n\n\0");
	struct mime_defects d = { 0 };
	struct headers h = headers_parse(a, raw, 0, raw.n, &d);

	(void)state;
	assert_int_equal(d.bits, BIT(DEFECT_HEADER_NUL));
	assert_int_equal(d.first[DEFECT_HEADER_NUL], 12);
	assert_true(str_eq(headers_value(a, &h, STR("From")), STR("xy")));
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sections),        cmocka_unit_test(test_stricter_readers),
		cmocka_unit_test(test_offsets),         cmocka_unit_test(test_finding),
		cmocka_unit_test(test_limits),          cmocka_unit_test(test_weight_beyond_limits),
		cmocka_unit_test(test_repeated_weight), cmocka_unit_test(test_long_weight),
		cmocka_unit_test(test_zero_bytes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
