/* Lists: what was made with a known length may be pushed to, and nothing beside it changes. */
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

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(lists_grow) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
