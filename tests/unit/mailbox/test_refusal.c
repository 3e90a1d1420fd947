/* What providers say when they refuse, as faults. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "mailbox/graph_internal.h"

static struct arena *arena;

#define GRAPH(code, message) "{\"error\":{\"code\":\"" code "\",\"message\":\"" message "\"}}"

static void test_judge(void **state)
{
	static const struct {
		int status;
		const char *body;
		enum err want;
		enum mailbox_trouble what;
		const char *text;
	} cases[] = {
		{ 404, GRAPH("ErrorItemNotFound", "Gone."), ERR_ABSENT, TROUBLE_NO_MESSAGE,
		  "Microsoft Graph answered 404 ErrorItemNotFound: Gone." },
		{ 404, GRAPH("errorinvaliduser", "Who?"), ERR_DENIED, TROUBLE_NO_MAILBOX,
		  "Microsoft Graph answered 404 errorinvaliduser: Who?" },
		{ 404, GRAPH("ErrorFolderNotFound", ""), ERR_ABSENT, TROUBLE_NO_FOLDER,
		  "Microsoft Graph answered 404 ErrorFolderNotFound" },
		{ 410, GRAPH("resyncRequired", ""), ERR_ABSENT, TROUBLE_CHANGED,
		  "Microsoft Graph answered 410 resyncRequired" },
		{ 401, "", ERR_DENIED, TROUBLE_EXPIRED, "Microsoft Graph answered 401" },
		{ 403, "{}", ERR_DENIED, TROUBLE_NO_CONSENT, "Microsoft Graph answered 403" },
		{ 404, "[]", ERR_ABSENT, TROUBLE_NO_MESSAGE, "Microsoft Graph answered 404" },
		{ 429, "{\"error\":7}", ERR_LATER, TROUBLE_BUSY, "Microsoft Graph answered 429" },
		{ 418, "<html>", ERR_DENIED, TROUBLE_REFUSED, "Microsoft Graph answered 418" },
		{ 502, "<html>", ERR_LATER, TROUBLE_REFUSED, "Microsoft Graph answered 502" },
		{ 302, "", ERR_DENIED, TROUBLE_REFUSED, "Microsoft Graph answered 302" },
		/* of Google: the reason, else the status */
		{ 403,
		  "{\"error\":{\"code\":403,\"message\":\"No.\",\"errors\":[{\"reason\":\"forbidden\"}],"
		  "\"status\":\"X\"}}",
		  ERR_DENIED, TROUBLE_NO_CONSENT, "Microsoft Graph answered 403 forbidden: No." },
		{ 400, "{\"error\":{\"code\":400,\"message\":\"No.\",\"status\":\"INVALID_ARGUMENT\"}}",
		  ERR_DENIED, TROUBLE_REFUSED, "Microsoft Graph answered 400 INVALID_ARGUMENT: No." },
		/* the first line, and nothing that turns a terminal */
		{ 400, GRAPH("x", "one\\ntwo"), ERR_DENIED, TROUBLE_REFUSED,
		  "Microsoft Graph answered 400 x: one" },
		{ 400, GRAPH("x", "a\\u001b[2J\\u202eb\\u0000c"), ERR_DENIED, TROUBLE_REFUSED,
		  "Microsoft Graph answered 400 x: a?[2J?b?c" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct http_answer answer = { .status = cases[i].status,
						    .body = str_of(cases[i].body),
						    .retry_after_ms = 5 };
		struct mailbox_fault fault = { 0 };
		enum err e = refusal_judge(arena, &graph_refusals, &answer, &fault);
		if (e != cases[i].want || fault.what != cases[i].what ||
		    strcmp(fault.text.text, cases[i].text) != 0 ||
		    fault.retry_after_ms != (e == ERR_LATER ? 5 : 0))
			fail_msg("%d %s: %s, %d, %s", cases[i].status, cases[i].body, err_name(e),
				 (int)fault.what, fault.text.text);
	}
}

/* Words are cut where a character ends. */
static void test_long_words(void **state)
{
	struct str words = STR("");
	struct mailbox_fault fault;

	(void)state;
	for (int i = 0; i < 500; i++)
		words = ARENA_JOIN(arena, words, STR("\xE2\x82\xAC"));
	const struct http_answer answer = {
		.status = 400,
		.body = ARENA_JOIN(arena, STR("{\"error\":{\"message\":\""), words, STR("x\"}}")),
	};
	assert_int_equal(refusal_judge(arena, &graph_refusals, &answer, &fault), ERR_DENIED);
	assert_int_equal(strlen(fault.text.text), strlen("Microsoft Graph answered 400: ") + REFUSAL_WORDS);
}

static void test_unheard(void **state)
{
	static const struct {
		enum err e;
		bool reached;
		enum err want;
		enum mailbox_trouble what;
	} cases[] = {
		{ ERR_LATER, false, ERR_LATER, TROUBLE_UNREACHABLE },
		{ ERR_LATER, true, ERR_LATER, TROUBLE_CUT },
		{ ERR_DENIED, false, ERR_DENIED, TROUBLE_UNREACHABLE },
		{ ERR_LIMIT, true, ERR_LIMIT, TROUBLE_REFUSED },
	};
	const struct errbuf why = { "because" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct http_answer answer = { .reached = cases[i].reached };
		struct mailbox_fault fault;
		assert_int_equal(refusal_unheard("Gmail", cases[i].e, &answer, &why, &fault), cases[i].want);
		assert_int_equal(fault.what, cases[i].what);
		assert_string_equal(fault.text.text, "Gmail: because");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_judge),
		cmocka_unit_test(test_long_words),
		cmocka_unit_test(test_unheard),
	};
	arena = arena_new(16u << 20, NULL, NULL);
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	arena_free(&arena);
	return failed;
}
