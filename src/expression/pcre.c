/*
 * What our own automaton does not know: PCRE2, the whole value, case-insensitive, UTF-8, no JIT,
 * and every comparison bounded. Back-references, recursion, conditions, callouts and control verbs are
 * refused: they are what makes an expression cost time out of proportion, and no Java expression has them but
 * the first.
 */
#include "expression/internal.h"

#include "base/abnf.h"
#include "base/arena.h"

/* What nearly every comparison needs. One that needs more is begun anew, within bounds that grow. */
#define REGEX_STEPS_FEW 100
/*
 * A value is at most LIMIT_ADDRESS bytes, and two wildcards in an expression (`.*promo.*@blocked\.test`) may try
 * every pair of places in it before they are sure: 55,000 steps, half a millisecond. `(a+)+b` ends there too.
 */
static const uint32_t more_steps[] = { 1000, 8000, 60000 };
/* In steps of our automaton: what a comparison costs at least, and a step of PCRE2. */
#define REGEX_CALL 50
#define REGEX_STEP 3
#define REGEX_DEPTH_MAX 2000
#define REGEX_HEAP_MAX_KIB 2048
/* One expression, compiled: a thousand characters take 2 KB, a hundred classes 4. All: LIMIT_POLICY_CODE. */
#define REGEX_CODE_MAX ((size_t)16 << 10)
#define ALLOCATION 64 /* what the allocator and our own rule take beside the code */

static bool group_is_refused(struct str after)
{
	/* What may follow "(?" of a group that calls a group, tests one, or calls out. */
	unsigned char c = after.n > 0 ? (unsigned char)after.p[0] : 0;
	unsigned char d = after.n > 1 ? (unsigned char)after.p[1] : 0;

	if (c == 'R' || c == '&' || c == 'C' || c == '(' || abnf_is_digit(c))
		return true;
	if (c == '+' || c == '-')
		return abnf_is_digit(d);
	return c == 'P' && (d == '>' || d == '=');
}

/*
 * Finds what PCRE2 cannot be asked about afterwards. Classes and quoted text are not told apart, so "[(?R]"
 * is refused too; nothing that PCRE2 would read as a call is missed, since both agree on what a backslash
 * covers.
 */
static enum err look_for_calls(struct str p, struct errbuf *eb)
{
	for (size_t i = 0; i < p.n; i++) {
		char next = i + 1 < p.n ? p.p[i + 1] : 0;
		if (p.p[i] == '\\') {
			if (next == 'g')
				return err_set(eb, ERR_SYNTAX,
					       "back-references and calls are not allowed (offset %zu)", i);
			i += next == 'c' ? 2 : 1;
		} else if (p.p[i] == '(' && next == '*') {
			return err_set(eb, ERR_SYNTAX, "control verbs are not allowed (offset %zu)", i);
		} else if (p.p[i] == '(' && next == '?' && group_is_refused(str_sub(p, i + 2, p.n))) {
			return err_set(eb, ERR_SYNTAX,
				       "recursion, conditions, callouts and back-references are not allowed "
				       "(offset %zu)",
				       i);
		}
	}
	return OK;
}

enum err regex_compile(struct str pattern, pcre2_code **out, struct errbuf *eb)
{
	int code;
	PCRE2_SIZE offset;
	uint32_t backref = 0;
	enum err e = look_for_calls(pattern, eb);

	if (e != OK)
		return e;
	*out = pcre2_compile((PCRE2_SPTR)(pattern.p ? pattern.p : ""), pattern.n,
			     PCRE2_ANCHORED | PCRE2_ENDANCHORED | PCRE2_CASELESS | PCRE2_UTF | PCRE2_DOTALL |
				 PCRE2_DOLLAR_ENDONLY | PCRE2_NEVER_BACKSLASH_C,
			     &code, &offset, NULL);
	if (!*out) {
		char text[160];
		pcre2_get_error_message(code, (PCRE2_UCHAR *)text, sizeof(text));
		return err_set(eb, ERR_SYNTAX, "%s (offset %zu)", text, (size_t)offset);
	}
	pcre2_pattern_info(*out, PCRE2_INFO_BACKREFMAX, &backref);
	if (backref == 0 && regex_size(*out) <= REGEX_CODE_MAX)
		return OK;
	pcre2_code_free(*out);
	*out = NULL;
	return err_set(eb, ERR_SYNTAX,
		       backref ? "back-references are not allowed" : "regular expression is too large");
}

size_t regex_size(const pcre2_code *code)
{
	size_t size = 0;

	pcre2_pattern_info(code, PCRE2_INFO_SIZE, &size);
	return size + ALLOCATION;
}

static void *allocate(size_t size, void *arena)
{
	return arena_alloc(arena, size);
}

/* The arena frees all at once. */
static void forget(void *block, void *arena)
{
	(void)block;
	(void)arena;
}

static void matcher_open(struct regex_matcher *m, struct arena *a)
{
	pcre2_general_context *memory = pcre2_general_context_create(allocate, forget, a);

	m->context = pcre2_match_context_create(memory);
	m->data = pcre2_match_data_create(1, memory);
	pcre2_set_depth_limit(m->context, REGEX_DEPTH_MAX);
	pcre2_set_heap_limit(m->context, REGEX_HEAP_MAX_KIB);
}

static int compare(struct regex_matcher *m, const pcre2_code *code, struct str value, uint32_t steps)
{
	pcre2_set_match_limit(m->context, steps);
	return pcre2_match(code, (PCRE2_SPTR)(value.p ? value.p : ""), value.n, 0, PCRE2_NO_UTF_CHECK,
			   m->data, m->context);
}

static bool spend(uint32_t *steps, uint32_t n)
{
	if (*steps < n)
		return false;
	*steps -= n;
	return true;
}

enum regex_answer regex_ask(struct regex_matcher *m, struct arena *a, const pcre2_code *code,
			    struct str value, uint32_t *steps)
{
	if (!m->data)
		matcher_open(m, a);
	if (!spend(steps, REGEX_CALL))
		return REGEX_GAVE_UP;
	int n = compare(m, code, value, REGEX_STEPS_FEW);
	for (size_t i = 0; n == PCRE2_ERROR_MATCHLIMIT && i < ARRAY_LEN(more_steps); i++) {
		if (!spend(steps, more_steps[i] * REGEX_STEP))
			break;
		n = compare(m, code, value, more_steps[i]);
	}
	if (n >= 0)
		return REGEX_MATCHES;
	return n == PCRE2_ERROR_NOMATCH ? REGEX_DIFFERS : REGEX_GAVE_UP;
}
