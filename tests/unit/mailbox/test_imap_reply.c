/* Taking apart what IMAP servers say. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/limits.h"
#include "mailbox/imap_mail.h"
#include "mailbox/imap_reply.h"

static int setup(void **state)
{
	*state = arena_new(64u << 20, NULL, NULL);
	return 0;
}

static int teardown(void **state)
{
	struct arena *a = *state;

	arena_free(&a);
	return 0;
}

/* A value as a text: atom, "quoted", {literal}, NIL, (list). */
static void show(struct buf *b, const struct imap_value *v, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		static const char *const marks[][2] = {
			[IMAP_ATOM] = { "", "" },      [IMAP_QUOTED] = { "\"", "\"" },
			[IMAP_LITERAL] = { "{", "}" }, [IMAP_NIL] = { "NIL:", "" },
			[IMAP_LIST] = { "(", ")" },
		};
		buf_add_c(b, i ? " " : "");
		buf_add_c(b, marks[v[i].kind][0]);
		if (v[i].missing)
			buf_printf(b, "missing %llu", (unsigned long long)v[i].missing);
		buf_add(b, v[i].s);
		show(b, v[i].v, v[i].n);
		buf_add_c(b, marks[v[i].kind][1]);
	}
}

static void responses(void **state)
{
	static const char *const first = "five!";
	static const struct {
		const char *text;
		enum err e;
		const char *name, *shown;
	} cases[] = {
		{ "* 12 FETCH (UID 5 FLAGS (\\Seen $A) INTERNALDATE \" 1-Feb-2024 00:00:00 +0000\")", OK,
		  "FETCH", "(UID 5 FLAGS (\\Seen $A) INTERNALDATE \" 1-Feb-2024 00:00:00 +0000\")" },
		{ "* 1 FETCH (BODY[HEADER.FIELDS (MESSAGE-ID)] {5}\n UID 7)", OK, "FETCH",
		  "(BODY[HEADER.FIELDS (MESSAGE-ID)] {five!} UID 7)" },
		{ "* 1 FETCH (BODY[] ~{5}\n)", OK, "FETCH", "(BODY[] {five!})" },
		{ "* LIST (\\HasNoChildren) \"/\" \"a \\\"b\\\\\"", OK, "LIST",
		  "(\\HasNoChildren) \"/\" \"a \"b\\\"" },
		{ "* LIST () nil INBOX", OK, "LIST", "() NIL:nil INBOX" },
		{ "* NAMESPACE ((\"INBOX.\" \".\")) NIL NIL ", OK, "NAMESPACE",
		  "((\"INBOX.\" \".\")) NIL:NIL NIL:NIL" },
		{ "* 3 EXISTS", OK, "EXISTS", "" },
		{ "* SEARCH 1 2 3 (", OK, "SEARCH", "" }, /* its numbers are read by imap_numbers */
		{ "* ESEARCH (TAG \"p1\") UID ALL 1:3,9", OK, "ESEARCH", "(TAG \"p1\") UID ALL 1:3,9" },
		{ "* LIST (a", ERR_SYNTAX, NULL, NULL },
		{ "* LIST a)", ERR_SYNTAX, NULL, NULL },
		{ "* LIST \"a", ERR_SYNTAX, NULL, NULL },
		{ "* LIST \"a\\", ERR_SYNTAX, NULL, NULL },
		{ "* LIST a[b", ERR_SYNTAX, NULL, NULL },
		{ "* LIST {6}\n", ERR_SYNTAX, NULL, NULL },       /* another literal than came */
		{ "* LIST {5}\n {5}\n", ERR_SYNTAX, NULL, NULL }, /* one too many */
		{ "* LIST {5}", ERR_SYNTAX, NULL, NULL },
		{ "* LIST ((((((((((x))))))))))", ERR_LIMIT, NULL, NULL },
		{ "p1 LIST", ERR_SYNTAX, NULL, NULL },
		{ "*", ERR_SYNTAX, NULL, NULL },
		{ "* 5", ERR_SYNTAX, NULL, NULL },
		{ " x", ERR_SYNTAX, NULL, NULL },
		{ "", ERR_SYNTAX, NULL, NULL },
	};
	struct str five = str_of(first);
	const struct strs literals = { &five, 1 };

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct imap_reply r;
		struct buf b;
		print_message("# %zu\n", i);
		assert_int_equal(imap_reply_parse(*state, str_of(cases[i].text), &literals, &r), cases[i].e);
		if (cases[i].e)
			continue;
		buf_init(&b, 4096);
		show(&b, r.v, r.n);
		buf_add_char(&b, 0);
		assert_true(str_eq(r.name, str_of(cases[i].name)));
		assert_string_equal(b.p, cases[i].shown);
		buf_free(&b);
	}
}

static void states(void **state)
{
	static const struct {
		const char *text;
		int kind, status;
		const char *code, *rest, *words;
	} cases[] = {
		{ "p7 OK [COPYUID 3 5 9] Moved", IMAP_TAGGED, IMAP_OK, "COPYUID", "3 5 9", "Moved" },
		{ "p7 no [AUTHENTICATIONFAILED]  who", IMAP_TAGGED, IMAP_NO, "AUTHENTICATIONFAILED", "",
		  "who" },
		{ "* OK [UIDVALIDITY 77]", IMAP_UNTAGGED, IMAP_OK, "UIDVALIDITY", "77", "" },
		{ "* BYE see you {5}", IMAP_UNTAGGED, IMAP_BYE, "", "", "see you {5}" },
		{ "* OK [never closed", IMAP_UNTAGGED, IMAP_OK, "", "", "[never closed" },
		{ "* PREAUTH", IMAP_UNTAGGED, IMAP_PREAUTH, "", "", "" },
		{ "+ go on", IMAP_CONTINUE, IMAP_NONE, "", "", "go on" },
		{ "+", IMAP_CONTINUE, IMAP_NONE, "", "", "" },
	};
	const struct strs none = { 0 };

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct imap_reply r;
		print_message("# %zu\n", i);
		assert_int_equal(imap_reply_parse(*state, str_of(cases[i].text), &none, &r), OK);
		assert_int_equal(r.kind, cases[i].kind);
		assert_int_equal(r.status, cases[i].status);
		assert_true(str_eq(r.code, str_of(cases[i].code)));
		assert_true(str_eq(r.code_rest, str_of(cases[i].rest)));
		assert_true(str_eq(r.text, str_of(cases[i].words)));
	}
}

/* There was no room for it: who asks for it learns how much. */
static void a_literal_that_is_missing(void **state)
{
	struct str gone = { NULL, 70000 };
	const struct strs literals = { &gone, 1 };
	struct imap_reply r;

	assert_int_equal(imap_reply_parse(*state, STR("* 1 FETCH (UID 3 BODY[] {70000}\n)"), &literals, &r),
			 OK);
	const struct imap_value *body = imap_fetched(&r, STR("body[]"));
	assert_non_null(body);
	assert_int_equal(body->missing, 70000);
	assert_int_equal(body->s.n, 0);
	uint32_t uid;
	assert_true(imap_number(imap_fetched(&r, STR("UID")), &uid) && uid == 3);
	assert_null(imap_fetched(&r, STR("FLAGS")));
	assert_false(imap_number(body, &uid));
}

static void literals_of_lines(void **state)
{
	static const struct {
		const char *line;
		bool first, has;
		uint64_t bytes;
	} cases[] = {
		{ "* 1 FETCH (BODY[] {12}", true, true, 12 },
		{ "* LIST () \"/\" {0}", true, true, 0 },
		{ " UID 3 BODY[] {4294967295}", false, true, UINT32_MAX },
		{ "* 1 FETCH (BODY[] {4294967296}", true, false, 0 },
		{ "* 1 FETCH (BODY[] {-1}", true, false, 0 },
		{ "* 1 FETCH (BODY[] {}", true, false, 0 },
		{ "* 1 FETCH {5} x", true, false, 0 },
		{ "* OK look at {5}", true, false, 0 },
		{ "p1 NO {5}", true, false, 0 },
		{ "+ {5}", true, false, 0 },
		{ "p1 NO {5}", false, true, 5 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		uint64_t bytes = 0;
		print_message("# %zu\n", i);
		assert_int_equal(imap_line_has_literal(str_of(cases[i].line), cases[i].first, &bytes),
				 cases[i].has);
		if (cases[i].has)
			assert_int_equal(bytes, cases[i].bytes);
	}
}

static void numbers(void **state)
{
	static const struct {
		const char *text;
		enum err e;
		uint32_t v[6];
		size_t n;
	} cases[] = {
		{ "", OK, { 0 }, 0 },
		{ "3 1 2", OK, { 3, 1, 2 }, 3 },
		{ "1:3,9", OK, { 1, 2, 3, 9 }, 4 },
		{ "4:2", OK, { 2, 3, 4 }, 3 },
		{ "4294967295:4294967294", OK, { 4294967294, 4294967295 }, 2 },
		{ "1:4294967295", ERR_LIMIT, { 0 }, 0 },
		{ "4294967296", ERR_SYNTAX, { 0 }, 0 },
		{ "1:*", ERR_SYNTAX, { 0 }, 0 },
		{ "1 x", ERR_SYNTAX, { 0 }, 0 },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct imap_set set = { 0 };
		print_message("# %zu\n", i);
		assert_int_equal(imap_numbers(*state, str_of(cases[i].text), 6, &set), cases[i].e);
		if (cases[i].e)
			continue;
		assert_int_equal(set.n, cases[i].n);
		if (set.n)
			assert_memory_equal(set.v, cases[i].v, set.n * sizeof(*set.v));
	}
}

static void dates(void **state)
{
	static const struct {
		const char *text;
		int64_t s; /* INT64_MIN: refused */
		const char *back;
	} cases[] = {
		{ "17-Jul-1996 02:44:25 -0700", 837596665, "17-Jul-1996 09:44:25 +0000" },
		{ " 1-Jan-1970 00:00:00 +0000", 0, "01-Jan-1970 00:00:00 +0000" },
		{ "1-jan-1970 00:00:00 +0000", 0, "01-Jan-1970 00:00:00 +0000" },
		{ "31-Dec-1969 23:59:59 +0000", -1, "31-Dec-1969 23:59:59 +0000" },
		{ "29-Feb-2024 12:00:00 +0530", 1709188200, "29-Feb-2024 06:30:00 +0000" },
		{ "32-Jan-2024 00:00:00 +0000", INT64_MIN, NULL },
		{ "01-Foo-2024 00:00:00 +0000", INT64_MIN, NULL },
		{ "01-Jan-2024 24:00:00 +0000", INT64_MIN, NULL },
		{ "01-Jan-2024 00:00:00 0000", INT64_MIN, NULL },
		{ "01-Jan-2024 00:00:00 +0000x", INT64_MIN, NULL },
		{ "01-Jan-2024", INT64_MIN, NULL },
		{ "", INT64_MIN, NULL },
	};
	char out[40];
	int64_t us;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		print_message("# %zu\n", i);
		enum err e = imap_date_read(str_of(cases[i].text), &us);
		assert_int_equal(e, cases[i].s == INT64_MIN ? ERR_SYNTAX : OK);
		if (e)
			continue;
		assert_int_equal(us, cases[i].s * 1000000);
		assert_true(str_eq(imap_date_time(us, out), str_of(cases[i].back)));
	}
	assert_true(str_eq(imap_date(837596665000000, out), STR("17-Jul-1996")));
	assert_true(str_eq(imap_date_time(INT64_MAX, out), STR("31-Dec-9999 23:59:59 +0000")));
	assert_true(str_eq(imap_date_time(INT64_MIN, out), STR("01-Jan-0001 00:00:00 +0000")));
}

static void message_ids(void **state)
{
	static const struct {
		const char *mail, *id;
	} cases[] = {
		{ "Message-ID: <a@b>\r\n\r\n", "<a@b>" },
		{ "Subject: x\r\nmessage-id:<a@b> (comment)\r\n\r\nbody", "<a@b>" },
		{ "Message-ID:\r\n <a@b>\r\nX: y\r\n", "<a@b>" },
		{ "Message-Id: a@b \r\n", "a@b" },
		{ "Subject: x\r\n Message-ID: <a@b>\r\n\r\n", "" },
		{ "Subject: x\r\n\r\nMessage-ID: <a@b>\r\n", "" },
		{ "Subject: x\n\nMessage-ID: <a@b>\n", "" },
		{ "Message-ID: <a@b", "<a@b" },
		{ "\r\n", "" },
		{ "", "" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		print_message("# %zu\n", i);
		assert_true(str_eq(imap_message_id(str_of(cases[i].mail)), str_of(cases[i].id)));
	}
}

static void many_values(void **state)
{
	struct buf b;
	struct imap_reply r;
	const struct strs none = { 0 };

	buf_init(&b, LIMIT_IMAP_LINE);
	buf_add_c(&b, "* LIST");
	for (size_t i = 0; i <= LIMIT_IMAP_VALUES; i++)
		buf_add_c(&b, " x");
	assert_int_equal(imap_reply_parse(*state, buf_str(&b), &none, &r), ERR_LIMIT);
	buf_free(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(responses),
		cmocka_unit_test(states),
		cmocka_unit_test(a_literal_that_is_missing),
		cmocka_unit_test(literals_of_lines),
		cmocka_unit_test(numbers),
		cmocka_unit_test(dates),
		cmocka_unit_test(message_ids),
		cmocka_unit_test(many_values),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
