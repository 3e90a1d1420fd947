/* Transports as administrators write them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "intake/queue_id.h"
#include "intake/route.h"

static void transports(void **state)
{
	static const struct {
		const char *transport, *host;
		int port;
		enum err want;
	} cases[] = {
		{ "localhost", "localhost", 25, OK },
		{ "localhost:2525", "localhost", 2525, OK },
		{ "[mx.example.org]", "mx.example.org", 25, OK },
		{ "[mx.example.org]:587", "mx.example.org", 587, OK },
		{ "127.0.0.1:2526", "127.0.0.1", 2526, OK },
		{ "2001:db8::1", "2001:db8::1", 25, OK },
		{ "[2001:db8::1]:26", "2001:db8::1", 26, OK },
		{ " [::1] ", "::1", 25, OK },
		{ "", NULL, 0, ERR_SYNTAX },
		{ "[]", NULL, 0, ERR_SYNTAX },
		{ "[a", NULL, 0, ERR_SYNTAX },
		{ "[a]x", NULL, 0, ERR_SYNTAX },
		{ "a:", NULL, 0, ERR_SYNTAX },
		{ "a:0", NULL, 0, ERR_SYNTAX },
		{ "a:65536", NULL, 0, ERR_SYNTAX },
		{ ":25", NULL, 0, ERR_SYNTAX },
	};
	struct arena *a = arena_new(1 << 20, NULL, NULL);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct route route;
		assert_int_equal(route_find(a, NULL, str_of(cases[i].transport), 0, &route), cases[i].want);
		if (cases[i].want)
			continue;
		assert_int_equal(route.n, 1);
		assert_true(str_eq(route.v[0].host, str_of(cases[i].host)));
		assert_int_equal(route.v[0].port, cases[i].port);
	}
	arena_free(&a);
}

static void queue_ids(void **state)
{
	struct arena *a = arena_new(1 << 20, NULL, NULL);
	struct str last = queue_id_new(a, INT64_C(1700000000000000));

	(void)state;
	for (int i = 1; i < 1000; i++) {
		struct str id = queue_id_new(a, INT64_C(1700000000000000) + i * INT64_C(777777));
		assert_int_equal(id.n, 16);
		assert_int_equal(id.p[10], 'z');
		assert_true(str_cmp(last, id) < 0); /* sortable by time */
		last = id;
	}
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(transports), cmocka_unit_test(queue_ids) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
