/* Domain names: A-labels, registrable parts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/arena.h"
#include "base/domain.h"

static void check(const char *name, struct str got, const char *want)
{
	if (!str_eq(got, str_of(want)))
		fail_msg("%s: got \"%.*s\", want \"%s\"", name, STR_ARG(got), want);
}

static void test_to_ascii(void **state)
{
	static const struct {
		const char *in, *want; /* want NULL: refused */
	} cases[] = {
		{ "Example.COM", "example.com" },
		{ "example.com.", "example.com" },
		{ "_dmarc.example.com", "_dmarc.example.com" },
		{ "b\xc3\xbc"
		  "cher.example",
		  "xn--bcher-kva.example" },
		{ "B\xc3\x9c"
		  "CHER.example",
		  "xn--bcher-kva.example" },
		{ "fa\xc3\x9f.example", "xn--fa-hia.example" },
		{ "\xe4\xbe\x8b\xe3\x80\x82\xe4\xbe\x8b", "xn--fsq.xn--fsq" }, /* ideographic full stop */
		{ "", NULL },
		{ ".", NULL },
		{ "a..b", NULL },
		{ ".a", NULL },
		{ "a123456789a123456789a123456789a123456789a123456789a123456789abcd.x", NULL },
	};
	struct arena *a = arena_new(1u << 20, NULL, NULL);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct str out;
		enum err e = domain_to_ascii(a, str_of(cases[i].in), &out);
		if ((e == OK) != (cases[i].want != NULL))
			fail_msg("\"%s\": %s", cases[i].in, err_name(e));
		if (e == OK)
			check(cases[i].in, out, cases[i].want);
	}
	check("folded though refused", domain_fold(a, STR("A..B")), "a..b");
	arena_free(&a);
}

static void test_registrable(void **state)
{
	static const struct {
		const char *in, *want;
	} cases[] = {
		{ "a.b.example.com", "example.com" },
		{ "example.com", "example.com" },
		{ "www.example.co.uk", "example.co.uk" },
		{ "co.uk", "" },
		{ "com", "" },
		{ "", "" },
		{ "xn--bcher-kva.example.com", "example.com" },
		{ "me.github.io", "me.github.io" },
	};
	struct arena *a = arena_new(1u << 20, NULL, NULL);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		check(cases[i].in, domain_registrable(a, str_of(cases[i].in)), cases[i].want);
	assert_true(domain_suffix_is_known(a, STR("shop.example.com")));
	assert_false(domain_suffix_is_known(a, STR("notes.txt")));
	assert_false(domain_suffix_is_known(a, STR("com")));
	assert_true(domain_same_owner(a, STR("a.example.com"), STR("b.example.com")));
	assert_false(domain_same_owner(a, STR("a.github.io"), STR("b.github.io")));
	assert_true(domain_same_owner(a, STR("localhost"), STR("localhost")));
	assert_false(domain_same_owner(a, STR("com"), STR("net")));
	assert_false(domain_same_owner(a, STR("a.example.com"), STR("a.example.net")));
	assert_false(domain_same_owner(a, STR("a.example.com"), STR("com")));
	assert_true(domain_same_owner(a, STR("a.b.example.co.uk"), STR("example.co.uk")));
	assert_false(domain_same_owner(a, STR("a.co.uk"), STR("b.co.uk")));
	assert_true(domain_is_within(STR("a.example.com"), STR("example.com")));
	assert_true(domain_is_within(STR("example.com"), STR("example.com")));
	assert_false(domain_is_within(STR("notexample.com"), STR("example.com")));
	assert_false(domain_is_within(STR("example.com"), STR_NONE));
	arena_free(&a);
}

static void test_ldh(void **state)
{
	(void)state;
	assert_true(domain_is_ldh(STR("a-b.example")));
	assert_true(domain_is_ldh(STR("domain")));
	assert_false(domain_is_ldh(STR("-a.example")));
	assert_false(domain_is_ldh(STR("a-.example")));
	assert_false(domain_is_ldh(STR("a_b.example")));
	assert_false(domain_is_ldh(STR("")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_to_ascii),
		cmocka_unit_test(test_registrable),
		cmocka_unit_test(test_ldh),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
