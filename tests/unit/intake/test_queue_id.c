/* The ids of stored mails. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"
#include "intake/queue_id.h"

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
	const struct CMUnitTest tests[] = { cmocka_unit_test(queue_ids) };

	return cmocka_run_group_tests_name("intake/queue_id", tests, NULL, NULL);
}
