/*
 * Lists: what was made with a known length may be pushed to, and nothing beside it changes. Joining goes by lengths, so
 * a NUL ends nothing. Work that asks for too much ends alone, and the arena is as it was before.
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

static void rewinding_forgets_what_came_after(void **state)
{
	struct arena *a = arena_new(1 << 20, NULL, NULL);

	(void)state;
	for (int round = 0; round < 2; round++) {
		const struct arena_mark start = arena_mark(a);
		size_t used = arena_used(a);
		(void)arena_alloc(a, 100);
		for (int i = 0; i < 5; i++)
			(void)arena_alloc(a, 100000);
		arena_rewind(a, start);
		assert_int_equal(arena_used(a), used);
		assert_string_equal(arena_str(a, STR("next")).p, "next");
	}
	arena_free(&a);
}

struct greed {
	size_t bytes;
	int depth; /* tries inside tries */
	enum err inner;
};

static enum err be_greedy(struct arena *a, void *ctx)
{
	struct greed *g = ctx;

	if (g->depth-- > 0) {
		g->inner = arena_try(a, be_greedy, g);
		return OK;
	}
	for (size_t left = g->bytes; left > 0; left -= 1000)
		memset(arena_alloc(a, 1000), 0xff, 1000);
	return ERR_ABSENT;
}

static void work_ends_alone_at_the_ceiling(void **state)
{
	static const struct {
		size_t bytes;
		enum err want;
	} cases[] = {
		{ 0, ERR_ABSENT }, { 800000, ERR_ABSENT }, { 900000, ERR_LIMIT }, { 50000000, ERR_LIMIT }
	};
	struct arena *a = arena_new(1000000, NULL, NULL);
	struct str before = arena_str(a, STR("as it was"));

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		for (int depth = 0; depth < 3; depth++) {
			const struct arena_mark start = arena_mark(a);
			struct greed g = { .bytes = cases[i].bytes, .depth = depth };
			enum err e = arena_try(a, be_greedy, &g);
			assert_int_equal(depth ? g.inner : e, depth > 1 ? OK : cases[i].want);
			if (e == ERR_LIMIT)
				assert_int_equal(arena_used(a), start.used);
			assert_int_equal(arena_has_room(a, 900000), false);
			/* What is left is for who looks at the answer. */
			assert_string_equal(arena_str(a, STR("and on")).p, "and on");
			arena_rewind(a, start);
			assert_string_equal(before.p, "as it was");
		}
	}
	assert_true(arena_has_room(a, 800000));
	arena_free(&a);
}

static void test_without(void **state)
{
	struct arena *a = arena_new(1 << 16, NULL, NULL);
	struct str whole = STR("abc");

	(void)state;
	assert_true(str_eq(arena_without(a, STR("\0a\0b\0"), '\0'), STR("ab")));
	assert_true(str_eq(arena_without(a, STR("xx"), 'x'), STR("")));
	assert_ptr_equal(arena_without(a, whole, 'x').p, whole.p);
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lists_grow),
		cmocka_unit_test(parts_are_joined_by_their_lengths),
		cmocka_unit_test(rewinding_forgets_what_came_after),
		cmocka_unit_test(work_ends_alone_at_the_ceiling),
		cmocka_unit_test(test_without),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
