/* Address lists as RFC 5322 has them and as senders write them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/arena.h"
#include "base/limits.h"
#include "mime/address.h"

/* want: "name <addr>" each, ";" between; "group:" before members of a group. */
static const struct {
	const char *name, *value, *want;
} cases[] = {
	{ "bare", "joe@example.com", " <joe@example.com>" },
	{ "bare, blanks at the sign", "Joe joe @\r\n example.com", "Joe <joe@example.com>" },
	{ "bare, blanks before a dot", "joe@example\r\n .com", " <joe@example.com>" },
	{ "bare, a comment before a dot", "joe@example (c) .com", "c <joe@example.com>" },
	{ "bare, blanks behind a dot", "joe@example. com", " <joe@example.com>" },
	{ "bare, a full stop", "joe@example.com. Joe Doe", "Joe Doe <joe@example.com>" },
	{ "bare, an initial before", "J. joe@example.com", "J. <joe@example.com>" },
	{ "angle", "Joe Doe <joe@Example.COM>", "Joe Doe <joe@example.com>" },
	{ "quoted name", "\"Doe, Joe\" <joe@x.y>", "Doe, Joe <joe@x.y>" },
	{ "escaped quote", "\"Joe \\\"D\\\"\" <joe@x.y>", "Joe \"D\" <joe@x.y>" },
	{ "address as name", "\"ceo@bank.com\" <evil@x.y>", "ceo@bank.com <evil@x.y>" },
	{ "address as bare name", "ceo@bank.com <evil@x.y>", "ceo@bank.com <evil@x.y>" },
	{ "list", "a@x, B <b@x>,c@x", " <a@x>;B <b@x>; <c@x>" },
	{ "semicolons", "a@x; b@x;", " <a@x>; <b@x>" },
	{ "empty members", ", ,a@x,,", " <a@x>" },
	{ "comment as name", "joe@x.y (Joe Doe)", "Joe Doe <joe@x.y>" },
	{ "comments inside", "joe(a)@(b)x.y", "b <joe@x.y>" },
	{ "nested comment", "(a (b) c) joe@x.y", "a (b) c <joe@x.y>" },
	{ "group", "Team: a@x, B <b@x>;, c@x", "Team: <a@x>;Team:B <b@x>; <c@x>" },
	{ "empty group", "undisclosed-recipients:;", "" },
	{ "colon without group", "Re: me <a@x>", "Re: me <a@x>" },
	{ "route", "<@a,@b:joe@x.y>", " <joe@x.y>" },
	{ "null", "<>", "" },
	{ "null with name", "MAILER-DAEMON <>", "MAILER-DAEMON <>" },
	{ "quoted local", "\"joe doe\"@x.y", " <\"joe doe\"@x.y>" },
	{ "needless quotes", "<\"joe\"@x.y>", " <joe@x.y>" },
	{ "at in local", "<\"a@b\"@x.y>", " <\"a@b\"@x.y>" },
	{ "two at", "<a@b@x.y>", " <a@b@x.y>" },
	{ "literal", "<joe@[10.0.0.1]>", " <joe@[10.0.0.1]>" },
	{ "final dot", "<joe@x.y.>", " <joe@x.y>" },
	{ "missing brackets", "Joe Doe joe@x.y", "Joe Doe <joe@x.y>" },
	{ "white space around the at sign", "joe @ x.y", " <joe@x.y>" },
	{ "white space in the domain", "Joe joe@ x . y .z", "Joe <joe@x.y.z>" },
	{ "white space behind quotes", "\"joe doe\" @x.y", " <\"joe doe\"@x.y>" },
	{ "a name behind", "joe@x.y Joe", "Joe <joe@x.y>" },
	{ "an address behind the brackets", "<joe@x.y> ann@x.y", "ann@x.y <joe@x.y>" },
	{ "an address as the name of a group", "ann@x.y: joe@x.y;", "ann@x.y:ann@x.y <joe@x.y>" },
	{ "missing close", "Joe <joe@x.y, b@x", "Joe <joe@x.y>; <b@x>" },
	{ "two addresses", "A <a@x> <b@x>", "A <a@x>; <b@x>" },
	{ "doubled brackets", "A <<a@x>>", "A <>; <a@x>" },
	{ "unquoted comma in name", "Doe, John <j@x>", "Doe, John <j@x>" },
	{ "comma before brackets", "Shop , <a@x>", "Shop <a@x>" },
	{ "words alone", "undisclosed recipients", " <undisclosed recipients>" },
	{ "encoded name", "=?utf-8?Q?J=C3=B6?= <a@x>", "J\xc3\xb6 <a@x>" },
	{ "encoded in quotes", "\"=?utf-8?B?SsO2?=\" <a@x>", "J\xc3\xb6 <a@x>" },
	{ "encoded comma", "=?utf-8?Q?Doe,_J?= <a@x>", "Doe, J <a@x>" },
	{ "encoded address", "=?utf-8?Q?ceo=40bank.com?= <a@x>", "ceo@bank.com <a@x>" },
	{ "encoded quotes", "=?utf-8?Q?=22Joe=22?= <a@x>", "Joe <a@x>" },
	{ "folded", "Joe\r\n Doe\r\n <joe@x.y>", "Joe Doe <joe@x.y>" },
	{ "raw utf-8", "J\xc3\xb6 <j\xc3\xb6@x>", "J\xc3\xb6 <j\xc3\xb6@x>" },
	{ "raw latin-1", "J\xf6 <a@x>", "J\xc3\xb6 <a@x>" },
	{ "open quote", "\"Joe <a@x>", "Joe <a@x>" },
	{ "spaces in address", "< joe @ x.y >", " <joe@x.y>" },
	{ "escaped last quote", "\"ceo\\\" <ceo@home.test>", "ceo\\ <ceo@home.test>" },
	{ "open quote in brackets", "<\"ceo@home.test>, b@x", " <ceo@home.test>; <b@x>" },
	{ "bracket behind the domain", "ceo@home.test>", " <ceo@home.test>" },
	{ "quotes around a bare one", "\"ceo@home.test\"", " <ceo@home.test>" },
	{ "no domain at all", "<ceo@\">", " <ceo@>" },
	{ "underscore and U-label", "<a@_x.b\xc3\xbc.y>", " <a@_x.b\xc3\xbc.y>" },
	{ "open comment", "Joe (the boss <joe@x.y>", "Joe (the boss <joe@x.y>" },
	{ "open comment in brackets", "<joe(@x.y>, b@x", " <joe(@x.y>; <b@x>" },
	{ "encoded as a whole", "=?utf-8?q?ceo=40home.com?=", " <ceo@home.com>" },
	{ "encoded in brackets", "Joe <=?utf-8?q?ceo=40home.com?=>", "Joe <ceo@home.com>" },
	{ "encoded with its name", "=?utf-8?q?Joe_=3Cceo=40home.com=3E?=, b@x", "Joe <ceo@home.com>; <b@x>" },
	{ "encoded local part", "<=?utf-8?q?ceo?=@home.com>", " <ceo@home.com>" },
	{ "empty", "", "" },
};

static void test_lists(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct arena *a = arena_new(1 << 20, NULL, NULL);
		struct addresses l = address_parse(a, str_of(cases[i].value));
		struct str got = STR("");
		for (size_t k = 0; k < l.n; k++)
			got = arena_printf(a, "%.*s%s%.*s%s%.*s <%.*s>", STR_ARG(got), k ? ";" : "",
					   STR_ARG(l.v[k].group), l.v[k].group.n ? ":" : "",
					   STR_ARG(l.v[k].name), STR_ARG(l.v[k].addr));
		if (!str_eq(got, str_of(cases[i].want)))
			fail_msg("%s: got %.*s", cases[i].name, STR_ARG(got));
		arena_free(&a);
	}
}

static void test_zero_bytes(void **state)
{
	struct arena *a = arena_new(1 << 20, NULL, NULL);
	struct addresses l = address_parse(a, STR("C\0EO <ceo@ho\0me.test>"));

	(void)state;
	assert_int_equal(l.n, 1);
	assert_true(str_eq(l.v[0].addr, STR("ceo@home.test")));
	assert_true(str_eq(l.v[0].domain, STR("home.test")));
	assert_true(str_eq(l.v[0].name, STR("CEO")));
	arena_free(&a);
}

static void test_main_address(void **state)
{
	struct arena *a = arena_new(1 << 20, NULL, NULL);
	struct addresses l = address_parse(a, STR("\"X\" <>96055 <real@x.y>"));

	(void)state;
	assert_true(str_eq(address_main(&l)->addr, STR("real@x.y")));
	l = address_parse(a, STR(""));
	assert_null(address_main(&l));
	struct address s = address_split(a, STR("a@B.C"));
	assert_true(str_eq(s.local, STR("a")) && str_eq(s.domain, STR("b.c")));
	arena_free(&a);
}

static void test_ceiling(void **state)
{
	struct arena *a = arena_new(16 << 20, NULL, NULL);
	char *z = arena_alloc(a, 60000);

	(void)state;
	for (size_t i = 0; i < 60000; i += 4)
		memcpy(z + i, "a@x,", 4);
	assert_int_equal(address_parse(a, str_from(z, 60000)).n, LIMIT_ADDRESSES);
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lists),
		cmocka_unit_test(test_zero_bytes),
		cmocka_unit_test(test_main_address),
		cmocka_unit_test(test_ceiling),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
