/* What our own errors become. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "api/internal.h"
#include "api/problem.h"

static const struct {
	enum err err;
	unsigned status;
	int64_t code;
	const char *message;
	bool no_retry;
} cases[] = {
	{ ERR_SYNTAX, 400, 14001, "Invalid request", false },
	{ ERR_LIMIT, 409, 14010, "Too large for one answer", true },
	{ ERR_DENIED, 403, 10000, "Authentication error", false },
	{ ERR_ABSENT, 404, 14004, "Not found", false },
	{ ERR_CONFLICT, 409, 14009, "Duplicate: an equal object exists already", true },
	{ ERR_LATER, 503, 14053, "Service unavailable", false },
	{ ERR_BUG, 500, 14050, "Internal error", false },
};

static void errors_become_problems(void **state)
{
	static const struct log silent = { -1, LOG_ERROR, "test" };
	static struct api api = { .o.log = &silent };
	(void)state;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct request rq = { .api = &api, .arena = arena_new(1u << 20, NULL, NULL) };
		struct json *answer;
		buf_init(&rq.out, 1u << 20);
		buf_add(&rq.out, STR("what was begun is forgotten"));
		problem_err(&rq, cases[i].err);
		assert_int_equal(rq.status, cases[i].status);
		assert_int_equal(rq.no_retry, cases[i].no_retry);
		assert_int_equal(rq.retry_after_s, cases[i].status == 503);
		assert_int_equal(json_parse(rq.arena, buf_str(&rq.out), &answer, NULL), OK);
		const struct json *error = json_get(answer, STR("errors"))->first;
		assert_int_equal(json_get(error, STR("code"))->i, cases[i].code);
		assert_true(str_eq(json_get(error, STR("message"))->s, str_of(cases[i].message)));
		assert_null(json_get(error, STR("source")));
		buf_free(&rq.out);
		arena_free(&rq.arena);
	}
}

static void every_problem_is_told(void **state)
{
	(void)state;

	assert_int_equal(problem_count, PROBLEM_SLOW_SEARCH + 1);
	for (size_t i = 0; i < problem_count; i++) {
		assert_in_range(problem_rows[i].status, 400, 599);
		assert_true(problem_rows[i].code >= 1000);
		assert_true(problem_rows[i].message.n > 0);
		/* SDKs repeat a 409 unless they are told not to. */
		assert_true(problem_rows[i].status != 409 || problem_rows[i].retry == RETRY_NEVER);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(errors_become_problems),
		cmocka_unit_test(every_problem_is_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
