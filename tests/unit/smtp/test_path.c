/* Paths and parameters of MAIL and RCPT. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "smtp/path.h"

#define L63 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static void paths(void **state)
{
	static const struct {
		struct str in;
		enum smtp_path_kind kind;
		enum err err;
		struct str address;
		bool utf8;
		size_t left;
	} t[] = {
#define S SMTP_PATH_SENDER
#define R SMTP_PATH_RECIPIENT
#define GOOD(kind, address) { STR_INIT("<" address ">"), kind, OK, STR_INIT(address), false, 0 }
#define BAD(kind, in)                                                  \
	{                                                              \
		STR_INIT(in), kind, ERR_SYNTAX, STR_INIT(""), false, 0 \
	}
		GOOD(S, ""),
		GOOD(S, "a@b"),
		GOOD(R, "a.b@c.test"),
		GOOD(S, "a!#$%&'*+-/=?^_`{|}~z@x-y.test"),
		GOOD(S, "\"\"@b.test"),
		GOOD(S, "\"a b\"@c.test"),
		GOOD(S, "\"a@\\\"<>\\\\\"@c.test"),
		GOOD(R, "postmaster"),
		GOOD(R, "POSTMASTER"),
		GOOD(S, "a@[192.0.2.1]"),
		GOOD(S, "a@[IPv6:2001:db8::1]"),
		GOOD(S, "a@[ipv6:::1]"),
		GOOD(S, "a@1.2.3.4"),
		GOOD(S, "a@" L63 ".test"),
		GOOD(S, L63 "a@b.test"),
		{ STR_INIT("<@x,@y.test:a@b>"), S, OK, STR_INIT("a@b"), false, 0 },
		{ STR_INIT("<a@b> SIZE=1"), S, OK, STR_INIT("a@b"), false, 7 },
		{ STR_INIT("<\xc3\xa4@\xc3\xb6.test>"), S, OK, STR_INIT("\xc3\xa4@\xc3\xb6.test"), true, 0 },
		{ STR_INIT("<\"\xc3\xa4 b\"@c.test>"), S, OK, STR_INIT("\"\xc3\xa4 b\"@c.test"), true, 0 },
		BAD(R, "<>"),
		BAD(S, ""),
		BAD(S, "a@b"),
		BAD(S, "<a@b"),
		BAD(S, "<a>"),
		BAD(S, "<postmaster>"),
		BAD(S, "<@b>"),
		BAD(S, "<a@>"),
		BAD(S, "<a@@b>"),
		BAD(S, "<a@b@c>"),
		BAD(S, "<.a@b>"),
		BAD(S, "<a.@b>"),
		BAD(S, "<a..b@c>"),
		BAD(S, "<a b@c>"),
		BAD(S, "<a@b c>"),
		BAD(S, "<a@.b>"),
		BAD(S, "<a@b.>"),
		BAD(S, "<a@b..c>"),
		BAD(S, "<a@-b>"),
		BAD(S, "<a@b->"),
		BAD(S, "<a@b-.c>"),
		BAD(S, "<a@b.-c>"),
		BAD(S, "<a@b_c>"),
		BAD(S, "<a@" L63 "a.test>"),
		BAD(S, "<\"a@b>"),
		BAD(S, "<\"a\"b@c>"),
		BAD(S, "<\"a\\\">"),
		BAD(S, "<\"\1\"@b>"),
		BAD(S, "<\"\\\1\"@b>"),
		BAD(S, "<a\0@b>"),
		BAD(S, "<a@b\0>"),
		BAD(S, "<a@[1.2.3]>"),
		BAD(S, "<a@[::1]>"),
		BAD(S, "<a@[IPv6:1.2.3.4]>"),
		BAD(S, "<a@[IPv6:::1>"),
		BAD(S, "<a@[x:y]>"),
		BAD(S, "<a@[]>"),
		BAD(S, "<@x a@b>"),
		BAD(S, "<@x,:a@b>"),
		BAD(S, "<@x:>"),
		BAD(S, "<\xc3@b>"),
		BAD(S, "<a@\xff.test>"),
		BAD(S, "<<a@b>>"),
		BAD(R, "<\"postmaster\">"),
		BAD(S, "< a@b>"),
		{ STR_INIT("<" L63 L63 "@b.test>"), S, OK, STR_INIT(L63 L63 "@b.test"), false, 0 },
		{ STR_INIT("<" L63 L63 L63 L63 "@b.test>"), S, ERR_LIMIT, STR_INIT(""), false, 0 },
		{ STR_INIT("<a@" L63 "." L63 "." L63 "." L63 ".b>"), S, ERR_LIMIT, STR_INIT(""), false, 0 },
		{ STR_INIT("<abcd@" L63 "." L63 "." L63 "."
			   "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
			   ">"),
		  S, OK,
		  STR_INIT("abcd@" L63 "." L63 "." L63 "."
			   "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
		  false, 0 },
		{ STR_INIT("<abcde@" L63 "." L63 "." L63 "."
			   "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
			   ">"),
		  S, ERR_LIMIT, STR_INIT(""), false, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(t); i++) {
		struct cursor c = cursor_of(t[i].in);
		struct smtp_path p;
		print_message("# %.*s\n", STR_ARG(t[i].in));
		assert_int_equal(smtp_path_parse(&c, t[i].kind, &p), t[i].err);
		if (t[i].err) {
			assert_ptr_equal(c.at, t[i].in.p); /* not moved */
			continue;
		}
		assert_true(str_eq(p.address, t[i].address));
		assert_int_equal(p.utf8, t[i].utf8);
		assert_int_equal(cursor_left(&c), t[i].left);
	}
}

static void parameters(void **state)
{
	static const struct {
		struct str in;
		const char *want; /* "KEY=value;KEY;", then "!" when it ends in an error */
	} t[] = {
		{ STR_INIT(""), "" },
		{ STR_INIT(" SIZE=1"), "SIZE=1;" },
		{ STR_INIT(" SIZE=1  X-Y body=8bit"), "SIZE=1;X-Y;body=8bit;" },
		{ STR_INIT(" A=<x+y>"), "A=<x+y>;" },
		{ STR_INIT(" A=\xc3\xa4"), "A=\xc3\xa4;" },
		{ STR_INIT("SIZE=1"), "!" },
		{ STR_INIT(" "), "!" },
		{ STR_INIT(" =1"), "!" },
		{ STR_INIT(" -A"), "!" },
		{ STR_INIT(" A="), "!" },
		{ STR_INIT(" A=1=2"), "A=1;!" },
		{ STR_INIT(" A=\0"), "!" },
		{ STR_INIT(" A_B"), "A;!" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(t); i++) {
		struct cursor c = cursor_of(t[i].in);
		struct smtp_param p;
		char got[100];
		size_t n = 0;
		enum err e;
		while (!(e = smtp_param_next(&c, &p)))
			n += (size_t)snprintf(got + n, sizeof(got) - n, "%.*s%s%.*s;", STR_ARG(p.key),
					      p.has_value ? "=" : "", STR_ARG(p.value));
		snprintf(got + n, sizeof(got) - n, "%s", e == ERR_ABSENT ? "" : "!");
		assert_string_equal(got, t[i].want);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(paths), cmocka_unit_test(parameters) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
