/* From a transport to hosts and their addresses. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "intake/route.h"

/* Names are asked of our resolver alone, so that its settings and local data count; addresses go with the hosts. */
static void resolved(void **state)
{
	static const char zone[] = "zone example.test\n"
				   "example.test. IN MX 20 b.example.test.\n"
				   "example.test. IN MX 10 a.example.test.\n"
				   "example.test. IN MX 30 gone.example.test.\n"
				   "a.example.test. IN A 192.0.2.1\n"
				   "a.example.test. IN AAAA 2001:db8::1\n"
				   "b.example.test. IN AAAA 2001:db8::2\n"
				   "plain.example.test. IN A 192.0.2.3\n"
				   "null.example.test. IN MX 0 .\n"
				   "nowhere.example.test. IN MX 10 gone.example.test.\n";
	static const struct {
		const char *transport;
		enum err want;
		const char *hosts; /* each with its addresses */
	} cases[] = {
		{ "example.test:26", OK,
		  "a.example.test 192.0.2.1 2001:db8::1, b.example.test 2001:db8::2, " },
		{ "[A.example.test]", OK, "a.example.test 192.0.2.1 2001:db8::1, " },
		{ "plain.example.test", OK, "plain.example.test 192.0.2.3, " },
		{ "[example.test]", ERR_ABSENT, "" },
		{ "null.example.test", ERR_DENIED, "" },
		{ "nowhere.example.test", ERR_ABSENT, "" },
		{ "none.example.test", ERR_ABSENT, "" },
		{ "silent.example.org", ERR_LATER, "" },
		{ "192.0.2.9", OK, "192.0.2.9, " },
		{ "localhost", OK, "localhost, " },
		{ "[a", ERR_SYNTAX, "" },
	};
	static const struct log quiet = { .fd = -1, .level = LOG_ERROR };
	struct str servers[] = { STR("127.0.0.1@1") }; /* where nobody is */
	struct dns_options o = { .servers = { servers, 1 }, .local_data = STR(zone), .log = &quiet };
	struct arena *a = arena_new(16u << 20, NULL, NULL);
	struct errbuf eb;
	struct dns *dns;

	(void)state;
	assert_int_equal(dns_new(&o, &dns, &eb), OK);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char text[IP_TEXT_MAX];
		struct str hosts = STR("");
		struct route r;
		enum err e = route_find(a, dns, str_of(cases[i].transport), clock_mono_ms() + 500, &r);
		if (e != cases[i].want)
			fail_msg("%s: %s", cases[i].transport, err_name(e));
		for (size_t k = 0; !e && k < r.n; k++) {
			hosts = ARENA_JOIN(a, hosts, r.v[k].host);
			for (size_t n = 0; n < r.v[k].addresses.n; n++)
				hosts = ARENA_JOIN(a, hosts, STR(" "), ip_text(&r.v[k].addresses.v[n], text));
			hosts = ARENA_JOIN(a, hosts, STR(", "));
		}
		if (!str_eq(hosts, str_of(cases[i].hosts)))
			fail_msg("%s: %.*s", cases[i].transport, STR_ARG(hosts));
	}
	dns_free(&dns);
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(resolved) };

	return cmocka_run_group_tests_name("intake/route", tests, NULL, NULL);
}
