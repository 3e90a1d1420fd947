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
	{ "pushed down by a margin",
	  { HTML, .body = "<p>Win now!</p><div style=\"margin-top: 470500px\">" FIFTY "</div>" },
	  "hidden_text.far_below",
	  0.6 },
	{ "pushed down by the height of a sheet",
	  { HTML, .body = "<style>.w { display: flex; height: 10000vh; }</style><p>Win now!</p><div "
			  "class=w></div>" FIFTY },
	  "hidden_text.far_below",
	  0.6 },
	{ "by a least height",
	  { HTML, .body = "<p>Win!</p><div style=\"min-height:99999PX\"></div>" FIFTY },
	  "hidden_text.far_below",
	  0.6 },
	{ "by a padding",
	  { HTML, .body = "<p>Win!</p><div style=\"padding-top:20000px\">" FIFTY "</div>" },
	  "hidden_text.far_below",
	  0.6 },
	{ "backwards",
	  { HTML, .body = "<p>Hello</p><bdo dir=rtl>tnuocca ruoy yfirev ot ereh kcilc esaelp</bdo>" },
	  "hidden_text.turned",
	  0.6 },
	{ "backwards, by a style",
	  { HTML, .body = "<p style=\"unicode-bidi:bidi-override;direction:rtl\">tnuocca ruoy yfirev ot ereh "
			  "kcilc</p>" },
	  "hidden_text.turned",
	  0.6 },
	{ "backwards, by a character",
	  { HTML, .body = "<p>&#8238;tnuocca ruoy yfirev ot ereh kcilc esaelp</p>" },
	  "hidden_text.turned",
	  0.6 },
	/* near misses */
	{ "from left to right", { HTML, .body = "<bdo dir=ltr>" FIFTY "</bdo>" }, NULL, 0 },
	{ "a page from right to left", { HTML, .body = "<div dir=rtl>" FIFTY "</div>" }, NULL, 0 },
	{ "Hebrew in an override",
	  { HTML, .body = "<bdo dir=rtl>\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d \xd7\xa2\xd7\x95\xd7\x9c\xd7\x9d "
			  "\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d \xd7\xa2\xd7\x95\xd7\x9c\xd7\x9d</bdo>" },
	  NULL,
	  0 },
	{ "a number in it", { HTML, .body = "<p>Order <bdo dir=rtl>12345</bdo></p>" FIFTY }, NULL, 0 },
	{ "an override that a block ends",
	  { HTML, .body = "<div style=\"unicode-bidi:bidi-override;direction:rtl\"><p>" FIFTY "</p></div>" },
	  NULL,
	  0 },
	{ "a long page", { HTML, .body = "<div style=\"height: 4800px\">" FIFTY "</div>" }, NULL, 0 },
	{ "a window's height", { HTML, .body = "<div style=\"height:100vh\">" FIFTY "</div>" }, NULL, 0 },
	{ "a most height", { HTML, .body = "<div style=\"max-height:99999px\">" FIFTY "</div>" }, NULL, 0 },
	{ "a line's height", { HTML, .body = "<p style=\"line-height:20000px\">" FIFTY "</p>" }, NULL, 0 },
	{ "a word", { HTML, .body = "<p>The height: 20000 px, " FIFTY "</p>" }, NULL, 0 },
	{ "without a unit", { HTML, .body = "<img height=99999 src=a>" FIFTY }, NULL, 0 },
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

/* What is hidden is quoted, for it tells whether it is of another mail. */
static void test_detail(void **state)
{
	struct bench b;
	(void)state;

	bench_scan(&b, &(struct mail){ HTML, .body = "<p>Win now!</p>" HIDE(FIFTY FIFTY) }, NULL);
	const struct finding *f = bench_finding(&b, "hidden_text");
	assert_non_null(f);
	if (!str_starts(f->detail, STR("100 words hidden, which begin \"the minutes of the last meeting")))
		fail_msg("%.*s", STR_ARG(f->detail));
	assert_true(str_ends(f->detail, STR("\", 2 to be seen")));
	bench_close(&b);
}

/* What is shown is what was turned, and not where the text begins. */
static void test_turned_where(void **state)
{
	const struct mail m = { .type = "text/html",
				.body = "<p>Good morning to all of you here.</p><p><bdo dir=\"rtl\">drowssap "
					"ruoy wener ot won ereh kcilc</bdo></p>" };
	struct bench b;

	(void)state;
	bench_scan(&b, &m, NULL);
	const struct finding *f = bench_finding(&b, "hidden_text.turned");
	assert_non_null(f);
	assert_true(str_eq(f->value, STR("click here now to renew your password")));
	bench_close(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_table), cmocka_unit_test(test_detail),
					    cmocka_unit_test(test_turned_where) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
