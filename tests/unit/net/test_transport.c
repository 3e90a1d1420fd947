/* Transports as administrators write them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "net/transport.h"

static void transports(void **state)
{
	static const struct {
		const char *text, *host; /* NULL: it is none */
		int port;
		bool exact;
	} cases[] = {
		{ "localhost", "localhost", 25, false },
		{ "localhost:2525", "localhost", 2525, false },
		{ "[mx.example.org]", "mx.example.org", 25, true },
		{ "[mx.example.org]:587", "mx.example.org", 587, true },
		{ "192.0.2.1", "192.0.2.1", 25, true },
		{ "127.0.0.1:2526", "127.0.0.1", 2526, true },
		{ "[2001:db8::1]:26", "2001:db8::1", 26, true },
		{ " [::1] ", "::1", 25, true },
		{ "a:65535", "a", 65535, false },
		{ "", NULL, 0, false },
		{ "[]", NULL, 0, false },
		{ "[a", NULL, 0, false },
		{ "[a]x", NULL, 0, false },
		{ "[a]25", NULL, 0, false },
		{ "[a]:", NULL, 0, false },
		{ "a:", NULL, 0, false },
		{ "a:0", NULL, 0, false },
		{ "a:65536", NULL, 0, false },
		{ "a:smtp", NULL, 0, false },
		{ "a:1:2", NULL, 0, false },
		{ "2001:db8::1", NULL, 0, false },
		{ "2001:db8::1:25", NULL, 0, false },
		{ "::1", NULL, 0, false },
		{ ":25", NULL, 0, false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct transport t;
		enum err e = transport_parse(str_of(cases[i].text), &t);
		if (e != (cases[i].host ? OK : ERR_SYNTAX))
			fail_msg("\"%s\": %s", cases[i].text, err_name(e));
		if (!e && (!str_eq(t.host, str_of(cases[i].host)) || t.port != cases[i].port ||
			   t.exact != cases[i].exact))
			fail_msg("\"%s\": %.*s %u %d", cases[i].text, STR_ARG(t.host), t.port, t.exact);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(transports),
	};

	return cmocka_run_group_tests_name("net/transport", tests, NULL, NULL);
}
