/* Block lists: how they are written in the configuration, what is asked, and what answers mean. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "detect/block_list.h"

static struct arena *arena;

static enum err read_both(const char *addresses, const char *domains, struct block_lists *out,
			  struct errbuf *eb)
{
	const struct config_override given[] = { { "lists.addresses", addresses },
						 { "lists.domains", domains } };
	struct config *c;

	assert_int_equal(config_parse("x.conf", NULL, given, 2, &c, eb), OK);
	enum err e = block_lists_of(arena, c, out, eb);
	config_free(&c);
	return e;
}

static void test_refused(void **state)
{
	static const char *const bad[] = { "local",
					   "bl.example/1",
					   "bl.example/0",
					   "bl.example/0.",
					   "bl.example/0.555",
					   "bl.example=",
					   "bl.example=127.0.0.2,",
					   "bl.example=10.0.0.2",
					   "bl.example=127.0.0.1",
					   "bl.example=127.255.255.254",
					   "bl.example=127.0.0.9-2",
					   "bl.example=127.0.0.9-256",
					   "=127.0.0.2",
					   "bl..example",
					   "a.b a.b a.b a.b a.b a.b a.b a.b a.b" };
	struct block_lists lists;
	struct errbuf eb;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		if (read_both(bad[i], "", &lists, &eb) == OK)
			fail_msg("taken: %s", bad[i]);
		assert_non_null(strstr(eb.text, "command line: lists.addresses: "));
		if (read_both("", bad[i], &lists, &eb) == OK)
			fail_msg("taken: %s", bad[i]);
		assert_non_null(strstr(eb.text, "command line: lists.domains: "));
	}
	assert_int_equal(read_both("", "", &lists, &eb), OK);
	assert_int_equal(lists.n, 0);
}

static void test_codes(void **state)
{
	static const struct {
		const char *word;
		bool domains;
		const char *answer;
		double weight; /* 0 = says nothing */
	} cases[] = {
		{ "zen.spamhaus.org", false, "127.0.0.2", 0.8 },
		{ "zen.spamhaus.org", false, "127.0.0.10", 0.4 },
		{ "zen.spamhaus.org", false, "127.0.0.8", 0 },
		{ "zen.spamhaus.org", false, "127.255.255.254", 0 },
		{ "zen.spamhaus.org/0.2", false, "127.0.0.2", 0.2 },
		{ "k3y.zen.dq.spamhaus.net", false, "127.0.0.4", 0.8 },
		{ "dbl.spamhaus.org", true, "127.0.1.4", 0.9 },
		{ "dbl.spamhaus.org", true, "127.0.1.255", 0 },
		{ "dbl.spamhaus.org=127.0.1.2/0.35", true, "127.0.1.4", 0 },
		{ "dbl.spamhaus.org=127.0.1.2/0.35", true, "127.0.1.2", 0.35 },
		{ "multi.surbl.org", true, "127.0.0.72", 0.9 },
		{ "multi.surbl.org", true, "127.0.0.64", 0.7 },
		{ "multi.surbl.org", true, "127.0.1.64", 0 },
		{ "multi.uribl.com", true, "127.0.0.2", 0.7 },
		{ "multi.uribl.com", true, "127.0.0.1", 0 },
		{ "bl.example", false, "127.0.0.2", 0.4 },
		{ "bl.example", false, "127.9.8.7", 0.4 },
		{ "bl.example", false, "192.0.2.1", 0 },
		{ "bl.example", false, "127.0.0.1", 0 },
		{ "BL.example=127.0.0.2,127.0.0.4-7/0.3", false, "127.0.0.5", 0.3 },
		{ "bl.example=127.0.0.2,127.0.0.4-7/0.3", false, "127.0.0.3", 0 },
		/* A list of domains is none of hosts, whatever its name. */
		{ "dbl.spamhaus.org", false, "127.0.1.4", 0.4 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct block_lists lists;
		struct errbuf eb;
		struct ip ip;
		if (read_both(cases[i].domains ? "" : cases[i].word, cases[i].domains ? cases[i].word : "",
			      &lists, &eb) != OK)
			fail_msg("%s: %s", cases[i].word, eb.text);
		assert_int_equal(lists.n, 1);
		assert_int_equal(lists.v[0].domains, cases[i].domains);
		assert_int_equal(ip_parse(str_of(cases[i].answer), &ip), OK);
		const struct block_code *c = block_list_code(&lists.v[0], ip.b);
		if ((c ? c->weight : 0) != cases[i].weight)
			fail_msg("%s, %s: %.2f", cases[i].word, cases[i].answer, c ? c->weight : 0);
	}
}

static void test_names(void **state)
{
	struct block_lists lists;
	struct errbuf eb;
	struct ip v4, v6;

	(void)state;
	assert_int_equal(read_both("k3y.zen.dq.spamhaus.net b.example", "d.b.example", &lists, &eb), OK);
	assert_int_equal(ip_parse(STR("192.0.2.99"), &v4), OK);
	assert_int_equal(ip_parse(STR("2001:db8::1"), &v6), OK);
	const struct block_list *keyed = &lists.v[0], *hosts = &lists.v[1], *domains = &lists.v[2];
	/* A customer's key is asked with and never shown. */
	assert_true(str_eq(keyed->shown, STR("zen.dq.spamhaus.net")));
	assert_true(
	    str_eq(block_list_host_name(arena, keyed, &v4), STR("99.2.0.192.k3y.zen.dq.spamhaus.net")));
	assert_true(str_eq(block_list_host_name(arena, hosts, &v6),
			   STR("1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.b.example")));
	assert_true(str_eq(block_list_domain_name(arena, domains, STR("x.test")), STR("x.test.d.b.example")));
	assert_true(str_eq(block_list_probe(arena, hosts), STR("1.0.0.127.b.example")));
	assert_true(str_eq(block_list_probe(arena, domains), STR("invalid.d.b.example")));
	assert_true(block_list_is_probe(domains, STR("invalid.d.b.example")));
	assert_false(block_list_is_probe(domains, STR("invalid.x.d.b.example")));
	assert_ptr_equal(block_lists_find(&lists, STR("x.test.d.b.example")), domains);
	assert_ptr_equal(block_lists_find(&lists, STR("x.b.example")), hosts);
	assert_null(block_lists_find(&lists, STR("b.example")));
	assert_null(block_lists_find(&lists, STR("xb.example")));
	assert_null(block_lists_find(&lists, STR("www.example.org")));
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_refused), cmocka_unit_test(test_codes),
					    cmocka_unit_test(test_names) };
	arena = arena_new(4u << 20, NULL, NULL);
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	arena_free(&arena);
	return failed;
}
