/* Who is given more time: busy machines and slow registries are not the mail's doing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/attr.h"
#include "broker/patience.h"

static const struct {
	const char *name;
	struct patience p;
	bool want;
} cases[] = {
	{ "kept by others", { .scan_ms = 20000, .took_ms = 20000, .used_ms = 5000 }, true },
	{ "used all of it", { .scan_ms = 20000, .took_ms = 20000, .used_ms = 19000 }, false },
	{ "used half of it", { .scan_ms = 20000, .took_ms = 20000, .used_ms = 10000 }, false },
	{ "hangs", { .scan_ms = 20000, .took_ms = 20000, .used_ms = 100 }, false },
	{ "asked names that do not answer",
	  { .scan_ms = 20000, .took_ms = 20000, .used_ms = 3000, .dns_ms = 8000, .answering_ms = 8000 },
	  false },
	{ "a slow virus scanner",
	  { .scan_ms = 20000, .took_ms = 20000, .used_ms = 150, .answering_ms = 10000 },
	  true },
	{ "a slow registry, behind DNS",
	  { .scan_ms = 20000, .took_ms = 20000, .used_ms = 150, .dns_ms = 1000, .answering_ms = 10500 },
	  true },
	{ "hangs behind a slow virus scanner",
	  { .scan_ms = 20000, .took_ms = 20000, .used_ms = 50, .answering_ms = 10000 },
	  false },
	{ "did nothing at all", { .scan_ms = 20000, .took_ms = 20000, .answering_ms = 20000 }, false },
};

static void test_cases(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		if (patience_is_left(&cases[i].p) != cases[i].want)
			fail_msg("%s", cases[i].name);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_cases) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
