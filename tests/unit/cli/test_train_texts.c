/* train_texts: files of written mails taken apart. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/arena.h"
#include "cli/train_texts.h"

static const struct row {
	const char *name, *file;
	const char *labels; /* one letter each; "!" = an error */
	const char *last;   /* what the last mail ends with */
} rows[] = {
	{ "two", "@ ham en\nSubject: A\n\nHello\n@ spam de\nSubject: B\nFrom: X <x@x.test>\n\nBuy\n\nnow\n",
	  "hs", "\n\nBuy\n\nnow\n" },
	{ "nothing", "", "", "" },
	{ "a text about it", "# Mails\n\n    @ ham en\n", "", "" },
	{ "a heading before", "about\n@ bulk en\nSubject: A\n\nx\n", "b", "\n\nx\n" },
	{ "an at sign within", "@ phish en\nSubject: A\n\nwrite to @ home\n", "p", "write to @ home\n" },
	{ "no text", "@ ham en\nSubject: A\n\n@ ham en\nSubject: B\n", "hh", "Subject: B\n" },
	{ "no language", "@ ham\nSubject: A\n\nx\n", "h", "x\n" },
	{ "no such label", "@ ham en\nSubject: A\n\nx\n@ eggs en\nSubject: B\n", "h!", "" },
	{ "a line alone", "@ ham en", "", "" },
};

static void test_rows(void **state)
{
	struct arena *a = arena_new(1u << 20, NULL, NULL);
	(void)state;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct train_text text = { .raw = STR("") };
		struct errbuf eb;
		char got[16] = "";
		size_t at = 0, n = 0;

		while (train_text_next(a, str_of(rows[i].file), &at, &text, &eb))
			got[n++] = enum_text(&lesson_label_names, (int)text.label).p[0];
		if (eb.text[0])
			got[n++] = '!';
		if (strcmp(got, rows[i].labels) != 0)
			fail_msg("%s: \"%s\", not \"%s\"", rows[i].name, got, rows[i].labels);
		if (rows[i].last[0] && !str_ends(text.raw, str_of(rows[i].last)))
			fail_msg("%s: ends otherwise", rows[i].name);
	}
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_rows) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
