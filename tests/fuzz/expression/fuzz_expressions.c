/*
 * Expressions (first line, with tabs between) asked about a text (the rest) say what PCRE2 says of each. The first byte says which
 * kind they are of.
 */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "expression/internal.h"

#define PATTERNS 16
#define TEXT_MAX 300        /* more only takes the oracle time */
#define ORACLE_STEPS 300000 /* what takes it longer is not compared */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum oracle { ORACLE_NO, ORACLE_YES, ORACLE_UNKNOWN };

static enum oracle oracle(struct str pattern, uint32_t anchors, struct str text)
{
	int error;
	PCRE2_SIZE offset;
	pcre2_code *code = pcre2_compile((PCRE2_SPTR)pattern.p, pattern.n,
					 anchors | PCRE2_CASELESS | PCRE2_UTF | PCRE2_DOTALL |
					     PCRE2_DOLLAR_ENDONLY | PCRE2_NEVER_BACKSLASH_C,
					 &error, &offset, NULL);

	if (!code)
		abort(); /* what is accepted is an expression to everybody */
	pcre2_match_context *context = pcre2_match_context_create(NULL);
	pcre2_match_data *match = pcre2_match_data_create(1, NULL);
	pcre2_set_match_limit(context, ORACLE_STEPS);
	int n = pcre2_match(code, (PCRE2_SPTR)text.p, text.n, 0, 0, match, context);
	pcre2_match_data_free(match);
	pcre2_match_context_free(context);
	pcre2_code_free(code);
	return n >= 0 ? ORACLE_YES : n == PCRE2_ERROR_NOMATCH ? ORACLE_NO : ORACLE_UNKNOWN;
}

static bool has_hit(const struct expressions_answer *answer, uint32_t tag)
{
	for (size_t i = 0; i < answer->hits.n; i++)
		if (answer->hits.v[i] == tag)
			return true;
	return false;
}

static void compare(const struct expressions_answer *answer, const struct strs *patterns,
		    enum expressions_kind kind, struct str text)
{
	uint32_t anchors = kind == EXPRESSIONS_WHOLE ? PCRE2_ANCHORED | PCRE2_ENDANCHORED : 0;
	bool any = false, unknown = answer->unfinished > 0;

	for (size_t i = 0; i < patterns->n; i++) {
		enum oracle want = oracle(patterns->v[i], anchors, text);
		bool got = has_hit(answer, (uint32_t)i);
		unknown |= want == ORACLE_UNKNOWN;
		any |= want == ORACLE_YES;
		/* A search ends with the first hit; a whole value is compared with all. */
		if (want == ORACLE_NO ? got
				      : want == ORACLE_YES && !got && kind == EXPRESSIONS_WHOLE && !unknown)
			abort();
	}
	if (any && answer->hits.n == 0 && !unknown)
		abort();
}

/* It has what is read as a space, or not at all, where texts are searched; to PCRE2 those are characters like others. */
static bool is_read_otherwise(enum expressions_kind kind, struct str pattern)
{
	for (size_t at = 0; kind == EXPRESSIONS_SEARCHED && at < pattern.n;) {
		uint32_t cp = utf8_next(pattern, &at);
		if (fold_is_unseen(cp) || (fold_is_space(cp) && cp != ' '))
			return true;
	}
	return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str all = str_from(data, size);
	size_t lf = str_find_char(all, '\n', 0);
	struct str line = str_sub(all, 1, lf);
	struct str text = str_sub(all, lf == SIZE_MAX ? size : lf + 1, size);
	enum expressions_kind kind = size > 0 && data[0] & 1 ? EXPRESSIONS_SEARCHED : EXPRESSIONS_WHOLE;
	struct arena *a = arena_new(64u << 20, NULL, NULL);
	struct expressions *x = expressions_new(kind);
	struct expressions_steps steps = { 1u << 30, 1u << 30, 0 };
	struct fold fold = { .spaces = true, .keep = true };
	struct strs patterns = { 0 };
	size_t room = 1u << 20;
	uint16_t table[FOLD_TABLE];
	bool kept;

	text = str_sub(text, 0, TEXT_MAX);
	while (line.n > 0 && patterns.n < PATTERNS) {
		size_t tab = str_find_char(line, '\t', 0);
		struct str one = str_sub(line, 0, tab);
		line = tab == SIZE_MAX ? STR_NONE : str_sub(line, tab + 1, line.n);
		if (utf8_is_valid(one) && !is_read_otherwise(kind, one) &&
		    expressions_check(kind, one, NULL, NULL) == OK &&
		    expressions_add(x, one, (uint32_t)patterns.n, &room, NULL) == OK)
			ARENA_PUSH(a, &patterns, one);
	}
	expressions_ready(x);
	fold_table(table);
	fold.table = table;
	struct expressions_asker *k = expressions_asker_new(a, x, &steps);
	for (int again = 0; again < 2; again++) { /* with what was kept the first time */
		struct expressions_answer answer;
		expressions_ask(k, text, &answer);
		compare(&answer, &patterns, kind,
			kind == EXPRESSIONS_WHOLE ? utf8_clean(a, text) : fold_text(a, &fold, text, &kept));
	}
	expressions_free(&x);
	arena_free(&a);
	return 0;
}
