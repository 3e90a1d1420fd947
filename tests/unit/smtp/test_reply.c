/* Replies written and read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "smtp/reply.h"

#define A100                                                                                                 \
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" \
	"aa"

static void write_cases(void **state)
{
	static const struct {
		const char *name;
		int code;
		const char *text, *want;
	} cases[] = {
		{ "plain", 250, "2.1.0 fine", "250 2.1.0 fine\r\n" },
		{ "two lines share the enhanced code", 550, "5.1.1 no\nnobody",
		  "550-5.1.1 no\r\n550 5.1.1 nobody\r\n" },
		{ "own enhanced codes stay", 550, "5.1.1 no\n5.1.2 x", "550-5.1.1 no\r\n550 5.1.2 x\r\n" },
		{ "no enhanced code", 354, "go on", "354 go on\r\n" },
		{ "empty text", 250, "", "250 \r\n" },
		{ "a CR cannot end the line", 250, "a\rb\tc", "250 a?b\tc\r\n" },
		{ "bytes beyond ASCII", 250, "\xc3\xa4", "250 ??\r\n" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct smtp_reply r = smtp_reply_make(cases[i].code, "%s", cases[i].text);
		struct buf out;
		buf_init(&out, 4096);
		smtp_reply_write(&r, &out);
		buf_add_char(&out, 0);
		print_message("# %s\n", cases[i].name);
		assert_string_equal(out.p, cases[i].want);
		buf_free(&out);
	}
}

static void write_cuts_long_lines(void **state)
{
	struct smtp_reply r = smtp_reply_make(550, "5.7.1 " A100 A100 A100 A100 A100 A100 "\nend");
	struct buf out;

	(void)state;
	buf_init(&out, 4096);
	smtp_reply_write(&r, &out);
	assert_int_equal(str_find(buf_str(&out), STR("\r\n"), 0), 510);
	assert_true(str_ends(buf_str(&out), STR("\r\n550 5.7.1 end\r\n")));
	buf_free(&out);
}

static void read_cases(void **state)
{
	static const struct {
		const char *name;
		const char *lines[4];
		enum err err; /* of the last line */
		bool done;
		int code;
		const char *text;
	} cases[] = {
		{ "one line", { "250 ok" }, OK, true, 250, "ok" },
		{ "two lines", { "250-a", "250 b" }, OK, true, 250, "a\nb" },
		{ "not yet done", { "250-a" }, OK, false, 250, "a" },
		{ "a code alone", { "250" }, OK, true, 250, "" },
		{ "empty lines in between", { "250-a", "250-", "250 c" }, OK, true, 250, "a\n\nc" },
		{ "control characters", { "554 a\x01\x7f\xff" }, OK, true, 554, "a???" },
		{ "codes differ", { "250-a", "251 b" }, ERR_SYNTAX, false, 250, "a" },
		{ "too short", { "25" }, ERR_SYNTAX, false, 0, "" },
		{ "no divider", { "250x" }, ERR_SYNTAX, false, 0, "" },
		{ "code too low", { "199 a" }, ERR_SYNTAX, false, 0, "" },
		{ "code too high", { "600 a" }, ERR_SYNTAX, false, 0, "" },
		{ "not a code", { "+OK hi" }, ERR_SYNTAX, false, 0, "" },
		{ "empty", { "" }, ERR_SYNTAX, false, 0, "" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct smtp_reply_reader r = { .n = 0 };
		bool done = false;
		enum err e = OK;
		print_message("# %s\n", cases[i].name);
		for (size_t k = 0; k < 4 && cases[i].lines[k]; k++) {
			assert_int_equal(e, OK);
			e = smtp_reply_read(&r, str_of(cases[i].lines[k]), &done);
		}
		assert_int_equal(e, cases[i].err);
		assert_int_equal(done, cases[i].done);
		assert_int_equal(r.reply.code, cases[i].code);
		assert_string_equal(r.reply.text, cases[i].text);
	}
}

static void read_is_bounded(void **state)
{
	struct smtp_reply_reader r = { .n = 0 };
	unsigned lines = 0;
	bool done;

	(void)state;
	while (!smtp_reply_read(&r, STR("250-" A100), &done))
		lines++;
	assert_int_equal(lines, SMTP_REPLY_LINES);
	assert_int_equal(strlen(r.reply.text), SMTP_REPLY_TEXT - 1);
}

static void errors_have_replies(void **state)
{
	static const struct {
		enum err err;
		int code;
	} cases[] = {
		{ OK, 250 },         { ERR_SYNTAX, 554 },   { ERR_LIMIT, 552 }, { ERR_DENIED, 550 },
		{ ERR_ABSENT, 550 }, { ERR_CONFLICT, 503 }, { ERR_LATER, 451 }, { ERR_BUG, 451 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct smtp_reply r = smtp_reply_of(cases[i].err, "what");
		assert_int_equal(r.code, cases[i].code);
		assert_int_equal(r.text[0] - '0', r.code / 100); /* RFC 3463 §2: the classes agree */
		assert_true(str_ends(str_of(r.text), STR(" what")));
	}
}

static void completed(void **state)
{
	static const struct {
		int code;
		const char *said, *want;
	} cases[] = {
		{ 250, "Accepted", "2.0.0 Accepted" },
		{ 550, "No such user", "5.0.0 No such user" },
		{ 451, "", "4.0.0 " },
		{ 550, "5.1.1 No such user", "5.1.1 No such user" },
		{ 451, "5.1.1 No such user", "4.0.0 5.1.1 No such user" },
		{ 250, "2.0 x", "2.0.0 2.0 x" },
		{ 250, "2.1.5", "2.0.0 2.1.5" }, /* RFC 2034 §4: the code and a blank */
		{ 550, "no\n5.1.1 never", "5.0.0 no\n5.1.1 never" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct smtp_reply r = smtp_reply_make(cases[i].code, "%s", cases[i].said);
		r = smtp_reply_complete(&r);
		assert_int_equal(r.code, cases[i].code);
		assert_string_equal(r.text, cases[i].want);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(completed),
		cmocka_unit_test(write_cases),
		cmocka_unit_test(write_cuts_long_lines),
		cmocka_unit_test(read_cases),
		cmocka_unit_test(read_is_bounded),
		cmocka_unit_test(errors_have_replies),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
