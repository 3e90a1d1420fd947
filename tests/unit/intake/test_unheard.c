/* Whose sender may not have our answer: remembered until it has, in a table with an end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/hash.h"
#include "intake/unheard.h"

static void until_it_was_heard(void **state)
{
	struct arena *a = arena_new(1 << 20, NULL, NULL);
	struct unheard *u = unheard_new();
	struct str one = hash_sha256_hex(a, STR("one")), other = hash_sha256_hex(a, STR("other"));

	(void)state;
	assert_false(unheard_has(u, one));
	unheard_add(u, one);
	unheard_add(u, other);
	assert_true(unheard_has(u, one));
	assert_true(unheard_has(u, one));
	unheard_remove(u, one);
	assert_false(unheard_has(u, one));
	assert_true(unheard_has(u, other));
	unheard_free(&u);
	assert_null(u);
	arena_free(&a);
}

/* Two of one place: the later one stays, and neither is taken for the other. */
static void places_are_shared(void **state)
{
	const struct str first = STR("abcd000000000000000000000000000000000000000000000000000000000000"),
			 second = STR("abcd000000000000000000000000000000000000000000000000000000000001");
	struct unheard *u = unheard_new();

	(void)state;
	unheard_add(u, first);
	assert_false(unheard_has(u, second));
	unheard_add(u, second);
	assert_false(unheard_has(u, first));
	unheard_remove(u, first);
	assert_true(unheard_has(u, second));
	unheard_free(&u);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(until_it_was_heard),
		cmocka_unit_test(places_are_shared),
	};

	return cmocka_run_group_tests_name("intake/unheard", tests, NULL, NULL);
}
