/* Whose sender has our answer: remembered once, forgotten when asked, in a table with an end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/hash.h"
#include "intake/heard.h"

static void heard_once(void **state)
{
	struct arena *a = arena_new(1 << 20, NULL, NULL);
	struct heard *h = heard_new();
	struct str one = hash_sha256_hex(a, STR("one")), other = hash_sha256_hex(a, STR("other"));

	(void)state;
	assert_false(heard_take(h, one));
	heard_add(h, one);
	heard_add(h, other);
	assert_true(heard_take(h, one));
	assert_false(heard_take(h, one));
	assert_true(heard_take(h, other));
	heard_free(&h);
	assert_null(h);
	arena_free(&a);
}

/* Two of one place: the later one stays, and neither is taken for the other. */
static void places_are_shared(void **state)
{
	const struct str first = STR("abcd000000000000000000000000000000000000000000000000000000000000"),
			 second = STR("abcd000000000000000000000000000000000000000000000000000000000001");
	struct heard *h = heard_new();

	(void)state;
	heard_add(h, first);
	assert_false(heard_take(h, second));
	heard_add(h, second);
	assert_false(heard_take(h, first));
	assert_true(heard_take(h, second));
	heard_free(&h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(heard_once),
		cmocka_unit_test(places_are_shared),
	};

	return cmocka_run_group_tests_name("intake/heard", tests, NULL, NULL);
}
