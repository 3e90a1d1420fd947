/* What content policies take of the room for expressions. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/limits.h"
#include "model/content_policy.h"
#include "policy/policy.h"
#include "resource/resource.h"

/* As many as there is room for by their own count are all compiled, wherever they are searched. */
static void none_is_passed_over(void **state)
{
	int places[] = { TARGET_SUBJECT, TARGET_BODY };
	struct arena *a = arena_new(64u << 20, NULL, NULL);
	struct resource_env env = { .arena = a };
	struct faults f = { .arena = a };
	struct policy_source source = { 0 };
	int64_t code = 0;

	(void)state;
	for (unsigned i = 0;; i++) {
		struct content_policy c = { 0 };
		SET(&c, content_policy, name, arena_printf(a, "%u", i));
		SET(&c, content_policy, pattern, arena_printf(a, "(.{1,40}[a-y]){1,20}%u", i));
		SET(&c, content_policy, targets, ((struct ints){ places, 1 + i % 2 }));
		SET(&c, content_policy, enabled, true);
		resource_content_policies.check(&env, &c, &f);
		code += resource_code(&resource_content_policies, &c);
		if (code > (int64_t)LIMIT_POLICY_CODE)
			break;
		ARENA_PUSH(a, &source.content, c);
	}
	assert_int_equal(f.n, 0);
	assert_true(source.content.n > 100);
	struct policy *p = policy_compile(a, &source);
	assert_int_equal(policy_skipped(p), 0);
	policy_free(&p);
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(none_is_passed_over) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
