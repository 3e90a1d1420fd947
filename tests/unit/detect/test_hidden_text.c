/* hidden_text: more hidden than shown, and what hides text for its readers' sake. */
#include "bench.h"

#define TEN "the minutes of the last meeting are in the folder "
#define FIFTY TEN TEN TEN TEN TEN
#define HIDE(text) "<div style=\"display:none\">" text "</div>"
#define HTML .type = "text/html"

static const struct row rows[] = {
	{ "a hundred words hidden, a few shown",
	  { HTML, .body = "<p>Win now!</p>" HIDE(FIFTY FIFTY) },
	  "hidden_text",
	  0.6 },
	{ "nothing shown", { HTML, .body = HIDE(FIFTY FIFTY) }, "hidden_text", 0.6 },
	{ "twice as many as shown",
	  { HTML, .body = "<p>" FIFTY "</p>" HIDE(FIFTY FIFTY) },
	  "hidden_text",
	  0.6 },
	{ "in pieces", { HTML, .body = HIDE(FIFTY) "<p>Win now!</p>" HIDE(FIFTY) }, "hidden_text", 0.6 },
	/* near misses */
	{ "the first line of a newsletter", { HTML, .body = HIDE(TEN TEN) "<p>" FIFTY "</p>" }, NULL, 0 },
	{ "a page in two forms", { HTML, .body = "<p>" FIFTY FIFTY "</p>" HIDE(FIFTY FIFTY) }, NULL, 0 },
	{ "a few words less", { HTML, .body = "<p>Hello</p>" HIDE(FIFTY TEN TEN TEN TEN) }, NULL, 0 },
	{ "all shown", { HTML, .body = "<p>" FIFTY FIFTY "</p>" }, NULL, 0 },
	{ "plain text", { .body = FIFTY FIFTY "\r\n" }, NULL, 0 },
};

static void test_table(void **state)
{
	(void)state;
	bench_table(rows, ARRAY_LEN(rows), "hidden_text");
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_table) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
