/* Where it may be connected to. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"
#include "net/target.h"

static void addresses(void **state)
{
	static const struct {
		const char *host;
		bool allowed;
	} cases[] = { { "8.8.8.8", true },   { "2606:4700::1111", true },   { "127.0.0.1", false },
		      { "10.1.2.3", false }, { "::ffff:127.0.0.1", false }, { "169.254.169.254", false },
		      { "fe80::1", false } };
	struct arena *a = arena_new(1u << 20, NULL, NULL);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct target_addresses at;
		struct errbuf why = { "" };
		assert_int_equal(target_find(NULL, false, a, str_of(cases[i].host), 0, &at, &why),
				 cases[i].allowed ? OK : ERR_DENIED);
		assert_int_equal(at.n, cases[i].allowed);
		assert_int_equal(target_find(NULL, true, a, str_of(cases[i].host), 0, &at, &why), OK);
		assert_int_equal(at.n, 1);
	}
	arena_free(&a);
}

/* Names by local data: what is private among a name's addresses is left out. */
static void names(void **state)
{
	struct dns_options o = {
		.local_data =
		    STR("zone test\n"
			"both.test IN A 10.0.0.1\nboth.test IN A 8.8.8.8\ninside.test IN A 10.0.0.1\n"),
	};
	static const struct {
		const char *host;
		enum err closed, open;
		size_t closed_n, open_n;
	} cases[] = {
		{ "Both.test", OK, OK, 1, 2 },
		{ "inside.test", ERR_DENIED, OK, 0, 1 },
		{ "none.test", ERR_LATER, ERR_LATER, 0, 0 },
	};
	struct arena *a = arena_new(1u << 20, NULL, NULL);
	struct errbuf why = { "" };
	struct dns *dns;

	(void)state;
	assert_int_equal(dns_new(&o, &dns, &why), OK);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct target_addresses at;
		deadline_ms until = clock_mono_ms() + 10000;
		assert_int_equal(target_find(dns, false, a, str_of(cases[i].host), until, &at, &why),
				 cases[i].closed);
		assert_int_equal(at.n, cases[i].closed_n);
		assert_int_equal(target_find(dns, true, a, str_of(cases[i].host), until, &at, &why),
				 cases[i].open);
		assert_int_equal(at.n, cases[i].open_n);
	}
	dns_free(&dns);
	assert_int_equal(
	    target_find(NULL, true, a, STR("both.test"), 0, &(struct target_addresses){ 0 }, &why),
	    ERR_LATER);
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(addresses), cmocka_unit_test(names) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
