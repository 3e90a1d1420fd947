/*
 * The test file of the public suffix list: a name and its registrable domain, or null, on each line of tests.txt; older
 * lists have the calls of a script instead (test_psl.txt), with the same two words in quotes.
 */
#include <stdio.h>

#include "base/domain.h"
#include "suite.h"

/* The two words of a line: bare, or in single quotes between parentheses. */
static bool words_of(struct str line, struct str out[2])
{
	bool call = str_starts(line, STR("checkPublicSuffix("));
	size_t n = 0;

	if (call)
		line = str_sub(line, sizeof("checkPublicSuffix(") - 1, line.n);
	for (size_t i = 0; i < line.n && n < 2;) {
		size_t from = i;
		while (i < line.n && !strchr(call ? ", ')" : " \t", line.p[i]))
			i++;
		if (i > from)
			out[n++] = str_sub(line, from, i);
		i++;
	}
	return n == 2;
}

/* The list's own form of an answer is that of the question: U-labels are compared as A-labels. */
static void check(struct suite *s, struct arena *a, struct str name, struct str want)
{
	struct str got = STR_NONE, ascii;

	if (domain_to_ascii(a, name, &ascii) == OK)
		got = domain_registrable(a, ascii);
	want = str_eq(want, STR("null")) ? STR_NONE : domain_fold(a, want);
	suite_case(s, str_eq(got, want), name, "%.*s, should be %.*s", STR_ARG(got), STR_ARG(want));
}

static void run(struct suite *s)
{
	struct strs files = suite_files(s, ".txt");

	for (size_t i = 0; i < files.n; i++) {
		struct str text, words[2];
		if (!suite_read(s, s->arena, files.v[i], &text))
			continue;
		for (size_t at = 0; at < text.n;) {
			size_t end = str_find_char(text, '\n', at);
			struct str line = str_trim(str_sub(text, at, end));
			at = end == SIZE_MAX ? text.n : end + 1;
			if (!str_starts(line, STR("//")) && words_of(line, words))
				check(s, s->arena, words[0], words[1]);
		}
	}
}

int main(void)
{
	return suite_main("psl", run);
}
