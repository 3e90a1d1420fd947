/* What a protected domain may be set to: transports, names, addresses. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "model/domain.h"
#include "resource/resource.h"

static size_t faults_of(const char *name, const char *transport)
{
	struct arena *a = arena_new(1 << 20, NULL, NULL);
	struct resource_env env = { .arena = a };
	struct faults f = { .arena = a };
	struct domain d = { 0 };

	SET(&d, domain, domain, str_of(name));
	SET(&d, domain, transport, str_of(transport));
	resource_domains.check(&env, &d, &f);
	arena_free(&a);
	return f.n;
}

static void names_and_transports(void **state)
{
	static const struct {
		const char *name, *transport;
		size_t faults;
	} cases[] = {
		{ "a.example", "", 0 },
		{ "domain", "mx", 0 },
		{ " b\xc3\xbc"
		  "cher.example ",
		  "mx.example:25", 0 },
		{ "a.example", "[mx.example]", 0 },
		{ "a.example", "[mx.example]:2525", 0 },
		{ "a.example", "192.0.2.1:25", 0 },
		{ "a.example", "[2001:db8::1]:25", 0 },
		{ "a.example", "10.0.0.1", 0 },
		{ "a.example.", "", 1 },
		{ "a..example", "", 1 },
		{ "-a.example", "", 1 },
		{ "", "", 1 },
		{ "a b.example", "", 1 },
		{ "a.example", "mx.example:0", 1 },
		{ "a.example", "mx.example:65536", 1 },
		{ "a.example", "mx.example:", 1 },
		{ "a.example", "mx.example:smtp", 1 },
		{ "a.example", "[mx.example", 1 },
		{ "a.example", "[mx.example]25", 1 },
		{ "a.example", "2001:db8::1", 1 },
		{ "a.example", "mx example", 1 },
		{ "a.example", "[]", 1 },
	};
	(void)state;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		size_t got = faults_of(cases[i].name, cases[i].transport);
		if (got != cases[i].faults)
			fail_msg("\"%s\" \"%s\": %zu faults", cases[i].name, cases[i].transport, got);
	}
}

static void every_collection_is_complete(void **state)
{
	const struct resource *const ours[] = { &resource_tokens, &resource_users,
						&resource_service_addresses };

	(void)state;
	for (size_t i = 0; i < resource_count + ARRAY_LEN(ours); i++) {
		const struct resource *r = i < resource_count ? resource_table[i] : ours[i - resource_count];
		assert_int_equal(r->fields->v[r->id].kind, FIELD_ID);
		assert_int_equal(r->fields->v[r->created_at].kind, FIELD_TIME);
		assert_int_equal(r->fields->v[r->modified_at].kind, FIELD_TIME);
		assert_true(r->check && r->key && r->table);
		for (size_t k = 0; k < r->n_filters; k++)
			assert_true(r->filters[k].field < r->fields->n);
		/* A secret is told once, and its digest never. */
		if (r->secret) {
			assert_true(r->fields->v[r->secret->plain].flags & F_ONCE);
			assert_true(r->fields->v[r->secret->kept].flags & F_INTERNAL);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_and_transports),
		cmocka_unit_test(every_collection_is_complete),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
