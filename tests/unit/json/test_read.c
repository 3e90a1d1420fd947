/* The JSON reader: what it takes, what it refuses, and where it says the fault is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "base/limits.h"
#include "json/read.h"

static enum err parse(struct arena *a, struct str text)
{
	struct json *node;
	struct errbuf eb;

	return json_parse(a, text, &node, &eb);
}

static void grammar_is_strict(void **state)
{
	static const struct {
		const char *text;
		enum err want;
	} cases[] = {
		{ "{}", OK },
		{ " [ ] \r\n", OK },
		{ "[1,-0,1.5,1e3,1E-3,0.1e+2]", OK },
		{ "{\"a\":{\"b\":[null,true,false]}}", OK },
		{ "\"\\u0000\\ud83d\\ude00\\/\"", OK },
		{ "9223372036854775808", OK },
		{ "", ERR_SYNTAX },
		{ " ", ERR_SYNTAX },
		{ "{} {}", ERR_SYNTAX },
		{ "[1,]", ERR_SYNTAX },
		{ "[,1]", ERR_SYNTAX },
		{ "{\"a\":1,}", ERR_SYNTAX },
		{ "{\"a\"}", ERR_SYNTAX },
		{ "{a:1}", ERR_SYNTAX },
		{ "{'a':1}", ERR_SYNTAX },
		{ "[01]", ERR_SYNTAX },
		{ "[+1]", ERR_SYNTAX },
		{ "[1.]", ERR_SYNTAX },
		{ "[.5]", ERR_SYNTAX },
		{ "[1e]", ERR_SYNTAX },
		{ "[-]", ERR_SYNTAX },
		{ "[NaN]", ERR_SYNTAX },
		{ "[1e999]", ERR_LIMIT },
		{ "[tru]", ERR_SYNTAX },
		{ "\"\t\"", ERR_SYNTAX },
		{ "\"\\x\"", ERR_SYNTAX },
		{ "\"\\u12g4\"", ERR_SYNTAX },
		{ "\"\\ud800\"", ERR_SYNTAX },
		{ "\"\\udc00\"", ERR_SYNTAX },
		{ "\"\\ud800\\u0041\"", ERR_SYNTAX },
		{ "\"\xff\"", ERR_SYNTAX },
		{ "\"\xc0\x80\"", ERR_SYNTAX },
		{ "\"\xed\xa0\x80\"", ERR_SYNTAX },
		{ "\"open", ERR_SYNTAX },
		{ "\"open\\", ERR_SYNTAX },
		{ "\"open\\\"", ERR_SYNTAX },
		{ "{\"a\":1,\"a\":2}", ERR_SYNTAX },
		{ "{\"a\":1,\"\\u0061\":2}", ERR_SYNTAX },
		{ "// no\n1", ERR_SYNTAX },
	};
	(void)state;
	struct arena *a = arena_new(1 << 20, NULL, NULL);

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		enum err got = parse(a, str_of(cases[i].text));
		if (got != cases[i].want)
			fail_msg("%s: %s, want %s", cases[i].text, err_name(got), err_name(cases[i].want));
	}
	arena_free(&a);
}

static void depth_and_count_are_bounded(void **state)
{
	char deep[2 * (LIMIT_JSON_DEPTH + 1)];
	(void)state;
	struct arena *a = arena_new((size_t)200 << 20, NULL, NULL);

	memset(deep, '[', LIMIT_JSON_DEPTH + 1);
	memset(deep + LIMIT_JSON_DEPTH + 1, ']', LIMIT_JSON_DEPTH + 1);
	assert_int_equal(parse(a, str_from(deep, sizeof(deep))), ERR_LIMIT);
	assert_int_equal(parse(a, str_from(deep + 1, sizeof(deep) - 2)), OK);

	size_t n = 2 * (size_t)LIMIT_JSON_NODES + 8;
	char *many = malloc(n);
	assert_non_null(many);
	many[0] = '[';
	for (size_t i = 1; i + 1 < n; i += 2) {
		many[i] = '1';
		many[i + 1] = ',';
	}
	assert_int_equal(parse(a, str_from(many, n)), ERR_LIMIT);
	free(many);
	arena_free(&a);
}

static void memory_is_bounded(void **state)
{
	(void)state;
	struct arena *a = arena_new(100000, NULL, NULL);
	char text[4000];
	size_t used = arena_used(a);

	memset(text, ',', sizeof(text));
	for (size_t i = 1; i < sizeof(text); i += 2)
		text[i] = '1';
	text[0] = '[';
	text[sizeof(text) - 1] = ']';
	text[sizeof(text) - 2] = '1';
	text[sizeof(text) - 3] = ' ';
	assert_int_equal(parse(a, str_from(text, sizeof(text))), ERR_LIMIT);
	assert_int_equal(arena_used(a), used);
	assert_int_equal(parse(a, STR("[1,2]")), OK);
	arena_free(&a);
}

static void many_keys_are_compared_fast(void **state)
{
	enum { KEYS = 50000 };
	size_t room = (size_t)KEYS * 16, n = 0;
	char *text = malloc(room);
	(void)state;
	struct arena *a = arena_new((size_t)64 << 20, NULL, NULL);

	assert_non_null(text);
	for (int i = 0; i < KEYS; i++)
		n += (size_t)snprintf(text + n, room - n, "%c\"k%d\":1", i ? ',' : '{', i);
	text[n] = '}';
	assert_int_equal(parse(a, str_from(text, n + 1)), OK);
	n += (size_t)snprintf(text + n, room - n, ",\"k7\":2}");
	assert_int_equal(parse(a, str_from(text, n)), ERR_SYNTAX);
	free(text);
	arena_free(&a);
}

static void values_come_through(void **state)
{
	struct json *node;
	(void)state;
	struct arena *a = arena_new(1 << 20, NULL, NULL);
	struct str text = STR("{\"s\":\"a\\u00e9\\ud83d\\ude00\\n\\u0000b\",\"i\":-9223372036854775808,\"d\":"
			      "0.25,\"l\":[1,2,3]}");

	assert_int_equal(json_parse(a, text, &node, NULL), OK);
	assert_true(str_eq(json_get(node, STR("s"))->s, STR("a\xc3\xa9\xf0\x9f\x98\x80\n\0b")));
	assert_true(json_get(node, STR("i"))->i == INT64_MIN);
	assert_true(json_get(node, STR("d"))->d == 0.25);
	assert_int_equal(json_get(node, STR("l"))->n, 3);
	assert_null(json_get(node, STR("none")));
	arena_free(&a);
}

static void ids_have_two_forms(void **state)
{
	static const struct {
		const char *text;
		enum err want;
		int64_t num;
		const char *uuid;
	} cases[] = {
		{ "2401", OK, 2401, "" },
		{ "9223372036854775807", OK, INT64_MAX, "" },
		{ "F174E90A-fafe-4643-bbbc-4a0ed4fc8415", OK, 0, "f174e90a-fafe-4643-bbbc-4a0ed4fc8415" },
		{ "0", ERR_SYNTAX, 0, "" },
		{ "-1", ERR_SYNTAX, 0, "" },
		{ "9223372036854775808", ERR_SYNTAX, 0, "" },
		{ "", ERR_SYNTAX, 0, "" },
		{ "f174e90afafe4643bbbc4a0ed4fc8415", ERR_SYNTAX, 0, "" },
		{ "g174e90a-fafe-4643-bbbc-4a0ed4fc8415", ERR_SYNTAX, 0, "" },
	};
	(void)state;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct ident id;
		enum err got = ident_parse(str_of(cases[i].text), &id);
		if (got != cases[i].want)
			fail_msg("%s: %s", cases[i].text, err_name(got));
		if (got == OK) {
			assert_true(id.num == cases[i].num);
			assert_string_equal(id.uuid, cases[i].uuid);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(grammar_is_strict),           cmocka_unit_test(depth_and_count_are_bounded),
		cmocka_unit_test(many_keys_are_compared_fast), cmocka_unit_test(values_come_through),
		cmocka_unit_test(ids_have_two_forms),          cmocka_unit_test(memory_is_bounded),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
