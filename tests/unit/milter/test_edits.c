/* A header as a milter is shown it and as it came; which fields of it go, and what comes in front. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "milter/edits.h"

#define ARENA_BYTES (1u << 20)

static void fields_as_they_came(void **state)
{
	static const struct {
		const char *name, *value;
		bool spaced;
		const char *want;
	} cases[] = {
		{ "Subject", " x", true, "Subject: x\r\n" },
		{ "Subject", "x", false, "Subject: x\r\n" },
		{ "Subject", "x", true, "Subject:x\r\n" },
		{ "Subject", "", true, "Subject:\r\n" },
		{ "Subject", " ", true, "Subject: \r\n" },
		{ "To", " a,\n\tb,\n c", true, "To: a,\r\n\tb,\r\n c\r\n" },
		{ "To", " a,\r\n\tb", true, "To: a,\r\n\tb\r\n" },
		{ "X", "\n folded at once", true, "X:\r\n folded at once\r\n" },
		{ "X", " a\rb", true, "X: a\rb\r\n" },
		{ "X", " \xff\xfe ", true, "X: \xff\xfe \r\n" },
	};
	struct buf b;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		buf_init(&b, 1000);
		edits_field(&b, str_of(cases[i].name), str_of(cases[i].value), cases[i].spaced);
		buf_add_char(&b, 0);
		assert_string_equal(b.p, cases[i].want);
		buf_free(&b);
	}
}

/* Takes out the lines that begin with the marks; gives "name:nth " of each, in the order in which they go. */
static const char *removed(struct arena *a, const char *mail, const char *const *marks)
{
	struct byte_range_list strip = { 0 };
	struct str text = str_of(mail), out = STR("");

	for (size_t i = 0; marks[i]; i++) {
		size_t at = str_find(text, str_of(marks[i]), 0);
		assert_true(at != SIZE_MAX);
		struct byte_range r = { .start = (int64_t)at, .length = 1 };
		ARENA_PUSH(a, &strip, r);
	}
	struct edit_places places = edits_removed(a, text, &strip);
	for (size_t i = 0; i < places.n; i++)
		out = arena_printf(a, "%.*s%s:%d ", STR_ARG(out), places.v[i].name, places.v[i].nth);
	return out.p;
}

static void which_fields_go(void **state)
{
	static const struct {
		const char *name, *mail;
		const char *marks[4];
		const char *want;
	} cases[] = {
		{ "none", "A: 1\r\n\r\n", { NULL }, "" },
		{ "the only one", "A: 1\r\nB: 2\r\n\r\n", { "B: 2" }, "B:1 " },
		{ "one of several", "B: 1\r\nB: 2\r\nB: 3\r\n\r\n", { "B: 2" }, "B:2 " },
		{ "case does not count", "b: 1\r\nB: 2\r\n\r\n", { "B: 2" }, "B:2 " },
		{ "the last one first",
		  "B: 1\r\nA: x\r\nB: 2\r\nC: 4\r\nB: 3\r\n\r\n",
		  { "B: 1", "A: x", "B: 3" },
		  "B:3 A:1 B:1 " },
		{ "lines of a folded field are none", "A: 1\r\n\tB: 0\r\nB: 2\r\n\r\n", { "B: 2" }, "B:1 " },
		{ "a name within another", "XB: 1\r\nB: 2\r\nBX: 3\r\n\r\n", { "B: 2" }, "B:1 " },
	};
	struct arena *a = arena_new(ARENA_BYTES, NULL, NULL);

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const char *got = removed(a, cases[i].mail, cases[i].marks);
		if (strcmp(got, cases[i].want) != 0)
			fail_msg("%s: %s", cases[i].name, got);
	}
	arena_free(&a);
}

static void what_comes_in_front(void **state)
{
	const struct str text = STR("A: 1\r\nB: 2;\r\n\tthree\r\nC:\r\n");
	static const struct edit_field want[2][3] = {
		{ { "C", "", 0 }, { "B", "2;\n\tthree", 0 }, { "A", "1", 0 } },
		{ { "C", "", 0 }, { "B", " 2;\n\tthree", 0 }, { "A", " 1", 0 } },
	};
	struct arena *a = arena_new(ARENA_BYTES, NULL, NULL);

	(void)state;
	for (int spaced = 0; spaced < 2; spaced++) {
		struct edit_fields got = edits_added(a, text, spaced);
		assert_int_equal(got.n, 3);
		for (size_t i = 0; i < got.n; i++) {
			assert_string_equal(got.v[i].name, want[spaced][i].name);
			assert_string_equal(got.v[i].value, want[spaced][i].value);
		}
	}
	assert_int_equal(edits_added(a, STR(""), true).n, 0);
	arena_free(&a);
}

static void change(struct arena *a, struct edit_list *list, size_t start, size_t length, const char *text)
{
	struct edit e = { .start = (int64_t)start, .length = (int64_t)length, .text = str_of(text) };

	ARENA_PUSH(a, list, e);
}

static void what_is_changed(void **state)
{
	const struct str mail = STR("X: 1\r\nSubject: a\r\n b\r\nX: 2\r\n\r\nbody: 1\r\n");
	struct arena *a = arena_new(ARENA_BYTES, NULL, NULL);
	size_t end = str_find(mail, STR("\r\n\r\n"), 0) + 2;
	struct edit_list edits = { 0 };
	struct str body;

	(void)state;
	assert_int_equal(edits_changed(a, mail, &edits, true).n, 0);
	assert_false(edits_body(a, mail, &edits, &body));
	change(a, &edits, str_find(mail, STR("a\r\n b"), 0), 0, "[tag] ");
	change(a, &edits, str_find(mail, STR("X: 2"), 0), strlen("X: 2\r\n"), "X: three\r\n\tfour\r\n");
	change(a, &edits, end, 0, "New: 5\r\n");
	struct edit_fields got = edits_changed(a, mail, &edits, true);
	static const struct edit_field want[] = { { "Subject", " [tag] a\n b", 1 },
						  { "X", " three\n\tfour", 2 },
						  { "New", " 5", 0 } };
	assert_int_equal(got.n, 3);
	for (size_t i = 0; i < got.n; i++) {
		assert_string_equal(got.v[i].name, want[i].name);
		assert_string_equal(got.v[i].value, want[i].value);
		assert_int_equal(got.v[i].nth, want[i].nth);
	}
	assert_false(edits_body(a, mail, &edits, &body));
	change(a, &edits, str_find(mail, STR("1\r\n"), end), 1, "one");
	assert_int_equal(edits_changed(a, mail, &edits, true).n, 3);
	assert_true(edits_body(a, mail, &edits, &body));
	assert_true(str_eq(body, STR("body: one\r\n")));
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fields_as_they_came),
		cmocka_unit_test(which_fields_go),
		cmocka_unit_test(what_comes_in_front),
		cmocka_unit_test(what_is_changed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
