/* X-Forwarded-For: believed from its end, as far as proxies of ours wrote it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "api/forwarded.h"

static const struct {
	const char *name, *proxies, *peer, *header /* a field a line */, *want;
} cases[] = {
	{ "no proxies", "", "192.0.2.1", "198.51.100.1", "192.0.2.1" },
	{ "no header", "192.0.2.1", "192.0.2.1", "", "192.0.2.1" },
	{ "one proxy", "192.0.2.1", "192.0.2.1", "198.51.100.1", "198.51.100.1" },
	{ "somebody else's word", "192.0.2.1", "192.0.2.2", "198.51.100.1", "192.0.2.2" },
	{ "what the client wrote itself", "192.0.2.1", "192.0.2.1", "10.9.9.9, 198.51.100.1",
	  "198.51.100.1" },
	{ "two proxies", "192.0.2.0/24 10.0.0.1", "192.0.2.1",
	  "203.0.113.9 ,198.51.100.1, 10.0.0.1,192.0.2.7", "198.51.100.1" },
	{ "proxies all the way", "192.0.2.0/24", "192.0.2.1", "192.0.2.2, 192.0.2.3", "192.0.2.2" },
	{ "two fields", "192.0.2.0/24", "192.0.2.1", "198.51.100.2,198.51.100.1\n192.0.2.8,",
	  "198.51.100.1" },
	{ "a field of no addresses", "192.0.2.0/24", "192.0.2.1", "198.51.100.1\nx\n192.0.2.8", "192.0.2.8" },
	{ "empty places", "192.0.2.1", "192.0.2.1", "198.51.100.1, , ", "198.51.100.1" },
	{ "no address", "192.0.2.0/24", "192.0.2.1", "198.51.100.1, unknown, 192.0.2.9", "192.0.2.9" },
	{ "ports", "::1 192.0.2.1", "::1", "[2001:db8::5]:443, 192.0.2.1:80", "2001:db8::5" },
	{ "brackets", "::1", "::1", "[2001:db8::5]", "2001:db8::5" },
	{ "an open bracket", "::1", "::1", "[2001:db8::5", "2001:db8::5" },
	{ "mapped", "127.0.0.1", "127.0.0.1", "::ffff:198.51.100.1", "198.51.100.1" },
};

static void test_client(void **state)
{
	struct arena *a = arena_new(1u << 20, NULL, NULL);
	char text[IP_TEXT_MAX];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct proxies p;
		struct ip peer;
		proxies_read(a, str_of(cases[i].proxies), &p);
		assert_int_equal(ip_parse(str_of(cases[i].peer), &peer), OK);
		peer = proxies_client(&p, peer, arena_split(a, str_of(cases[i].header), '\n'));
		if (!str_eq(ip_text(&peer, text), str_of(cases[i].want)))
			fail_msg("%s: %s", cases[i].name, text);
	}
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_client) };

	return cmocka_run_group_tests_name("api/forwarded", tests, NULL, NULL);
}
