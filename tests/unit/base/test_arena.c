/*
 * Lists: what was made with a known length may be pushed to, and nothing beside it changes. Joining goes by lengths, so
 * a NUL ends nothing.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"

struct numbers {
	int *v;
	size_t n;
};

static void lists_grow(void **state)
{
	struct arena *a = arena_new(1 << 20, NULL, NULL);

	(void)state;
	for (size_t n = 0; n < 40; n++) {
		struct numbers list = { arena_list(a, n, sizeof(int)), n };
		for (size_t i = 0; i < n; i++)
			list.v[i] = (int)i;
		struct str neighbour = arena_str(a, STR("as it was"));
		for (size_t i = n; i < n + 40; i++)
			ARENA_PUSH(a, &list, (int)i);
		assert_int_equal(list.n, n + 40);
		for (size_t i = 0; i < list.n; i++)
			assert_int_equal(list.v[i], i);
		assert_string_equal(neighbour.p, "as it was");
	}
	arena_free(&a);
}

static void parts_are_joined_by_their_lengths(void **state)
{
	struct arena *a = arena_new(1 << 20, NULL, NULL);
	const struct {
		struct str parts[3], want;
	} cases[] = {
		{ { STR("ceo"), STR("@"), STR("home.test") }, STR("ceo@home.test") },
		{ { STR("ce\0o"), STR("@"), STR("home.test\0") }, STR("ce\0o@home.test\0") },
		{ { STR_NONE, STR("\0"), STR("") }, STR("\0") },
		{ { STR_NONE, STR_NONE, STR_NONE }, STR("") },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct str *p = cases[i].parts;
		struct str got = arena_join(a, p, 3);
		assert_int_equal(got.n, cases[i].want.n);
		assert_memory_equal(got.p, cases[i].want.p, got.n + 1);
		assert_true(str_eq(ARENA_JOIN(a, p[0], p[1], p[2]), got));
	}
	assert_true(str_eq(arena_join(a, NULL, 0), STR_NONE));
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(lists_grow),
					    cmocka_unit_test(parts_are_joined_by_their_lengths) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
