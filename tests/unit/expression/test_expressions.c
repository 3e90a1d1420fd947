/* Many expressions asked at once: what each says, which are refused and where, and that work ends and says so. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "base/attr.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "expression/expressions.h"

#define W EXPRESSIONS_WHOLE
#define S EXPRESSIONS_SEARCHED
#define LONG_S "\xc5\xbf"
#define KELVIN "\xe2\x84\xaa"
#define SHY "\xc2\xad"
#define ZWSP "\xe2\x80\x8b"
#define E_ACUTE "\xc3\xa9"
#define T(lit) STR_INIT(lit)

static const struct {
	enum expressions_kind kind;
	const char *pattern;
	struct str text;
	bool want;
} cases[] = {
	/* whole values and searching */
	{ W, "bank", T("bank"), true },
	{ W, "bank", T("my bank"), false },
	{ W, "bank", T("banks"), false },
	{ S, "bank", T("my bank account"), true },
	{ W, ".*@docusign\\.net", T("a.b@DocuSign.NET"), true },
	{ W, ".*@docusign\\.net", T("a@docusignxnet"), false },
	{ W, "147\\.160\\.167\\.([1-5][0-9]|6[0-2]|[1-9])", T("147.160.167.62"), true },
	{ W, "147\\.160\\.167\\.([1-5][0-9]|6[0-2]|[1-9])", T("147.160.167.63"), false },
	/* white space of a text that is searched */
	{ S, "wire transfer", T("please wire\r\n\ttransfer it"), true },
	{ S, "wire transfer", T("wire\xc2\xa0transfer"), true },
	{ S, "^wire", T(" \n wire"), true },
	{ S, "transfer$", T("wire transfer \r\n"), true },
	{ S, "wire  transfer", T("wire  transfer"), false },
	{ S, "wire\\s+transfer", T("wire \n transfer"), true },
	{ W, "a b", T("a  b"), false },
	{ S, "wire\xc2\xa0transfer", T("wire transfer"), true },
	/* what nobody sees, in the text and in the expression */
	{ S, "invoice",
	  T("in" SHY "vo" ZWSP "i\xef\xbb\xbf"
	    "ce"),
	  true },
	{ S, "invoice",
	  T("invo\xef\xb8\x8f"
	    "ice"),
	  true },
	{ S, "invoice",
	  T("invo\xf3\xa0\x81\xa1"
	    "ice"),
	  true },
	{ S, "wire transfer", T("wire " ZWSP " transfer"), true },
	{ S, "^wire", T(ZWSP " wire"), true },
	{ S, "in" SHY "voice" ZWSP "s+", T("invoicess"), true },
	{ S, ZWSP, T("any" ZWSP "thing"), false },
	{ W, "a" ZWSP "b", T("ab"), false },
	{ W, "ab", T("a" ZWSP "b"), false },
	/* case, beyond ASCII too */
	{ S, "INVOICE", T("your invoice"), true },
	{ S, "\xd0\xb4\xd0\xb5\xd0\xbd\xd1\x8c\xd0\xb3\xd0\xb8",
	  T("\xd0\x94\xd0\x95\xd0\x9d\xd0\xac\xd0\x93\xd0\x98"), true },
	{ S,
	  "stra\xc3\x9f"
	  "e",
	  T("STRA\xe1\xba\x9e"
	    "E"),
	  true },
	{ S,
	  "stra\xc3\x9f"
	  "e",
	  T("STRASSE"), false },                /* one character is one character */
	{ S, "i", T("\xc4\xb0"), false },       /* a capital I with a dot is no i without a language */
	{ S, "\xce\xa3", T("\xcf\x82"), true }, /* all three sigmas */
	{ S,
	  "pa"
	  "s"
	  "sword",
	  T("pa" LONG_S LONG_S "word"), true },
	{ S, "pa" LONG_S LONG_S "word", T("PASSWORD"), true },
	{ S, "[k]elvin", T(KELVIN "elvin"), true },
	{ S, "[a-z]", T(KELVIN), true },
	{ S, "[^s]", T(LONG_S), false },
	{ S, "\\w", T(LONG_S KELVIN), false }, /* shorthands mean ASCII */
	{ S, "[\\w]", T(LONG_S), false },
	{ S, "[\xd0\xb0-\xd1\x8f]{3}", T("\xd0\x9f\xd0\x9e\xd0\x9a"), true },
	{ S, "[^\xd0\xb0]", T("\xd0\x90"), false },
	{ S, "[^\xd0\xb0]", T("\xd0\x91"), true },
	{ W, "\xe6\x9d\xb1.", T("\xe6\x9d\xb1\xe4\xba\xac"), true },
	/* words */
	{ S, "\\bpay\\b", T("to pay now"), true },
	{ S, "\\bpay\\b", T("payment"), false },
	{ S, "\\bpay\\b", T("re" E_ACUTE "pay" E_ACUTE), true }, /* a letter beyond ASCII is no word */
	{ S, "\\b" E_ACUTE, T(E_ACUTE), false },
	{ S, "a\\b" E_ACUTE, T("a" E_ACUTE), true },
	{ S, "\\b", T(E_ACUTE), false },
	{ S, "x\\b$", T("x"), true },
	{ S, "\\b\\b\\bx", T("x"), true },
	{ W, "\\B.\\B", T(E_ACUTE), true },
	/* alternatives, empty ones too, and anchors in them */
	{ W, "(a|)b", T("b"), true },
	{ W, "(|a)b", T("ab"), true },
	{ W, "(a||b)c", T("c"), true },
	{ W, "|a", T(""), true },
	{ S, "(^re|fwd$)", T("re: x"), true },
	{ S, "(^re|fwd$)", T("x fwd"), true },
	{ S, "(^re|fwd$)", T("x re fwd x"), false },
	{ S, "^a$|^b$", T("b"), true },
	{ S, "^a$|^b$", T("ab"), false },
	{ S, "x(^|y)z", T("xz"), false },
	{ S, "(a|$)b", T("b"), false },
	/* repetition */
	{ W, "a{0,50}", T(""), true },
	{ W, "a{2,3}", T("a"), false },
	{ W, "a{2,3}", T("aaa"), true },
	{ W, "a{2,3}", T("aaaa"), false },
	{ W, "a{2}", T("aaa"), false },
	{ W, "a{2,}", T("aaaaa"), true },
	{ W, "(ab{0,50}){2}", T("abbba"), true },
	{ W, "a{0}b", T("ab"), false },
	{ W, "(a{0,2}){0,2}b", T("aaaab"), true },
	{ W, "(a{0,2}){0,2}b", T("aaaaab"), false },
	{ S, "^(a|b{3}){2,3}$", T("abbba"), true },
	{ W, "(a+)+b", T("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaac"), false },
	{ W, "((a*)*)*", T("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"), true },
	/* what matches nothing in particular */
	{ S, "", T("abc"), true },
	{ S, "a*", T(""), true },
	{ S, "()", T("x"), true },
	{ S, "(()())*", T("x"), true },
	{ W, "", T("x"), false },
	{ W, "a?", T(""), true },
	{ S, "^$", T(" \r\n "), true },
	/* what is not UTF-8 */
	{ S, "a.b",
	  T("a\xff"
	    "b"),
	  true },
	{ S, "\xef\xbf\xbd", T("\xc3("), true },
	{ S, "a..b",
	  T("a\xed\xa0"
	    "b"),
	  true },
	{ S, "ab",
	  T("a\xff"
	    "b"),
	  false },
	{ W, "a.b", T("a\0b"), true },
	{ S, "x$", T("x\xc3"), false },
	/* sets */
	{ W, "[\\w.-]+", T("a.b-c_9"), true },
	{ W, "[^\\d\\s]+", T("a1"), false },
	{ W, "[\\]\\\\^-]+", T("]\\^-"), true },
	{ W, "[a^]", T("^"), true },
	{ W, "[\\W\\d]+", T("1-" E_ACUTE), true },
	/* what PCRE2 reads for us */
	{ W, "(?!no).*@ex\\.test", T("yes@ex.test"), true },
	{ W, "(?!no).*@ex\\.test", T("no@ex.test"), false },
	{ W, "a++b", T("aab"), true },
	{ W, "(?-i)a", T("A"), false },
	{ W, "(?<who>a|b)@\\x65x", T("b@ex"), true },
	{ W, "[[:alpha:]]+", T("abc"), true },
	{ W, "(?:abcdefghij|x){2,300}", T("xabcdefghij"), true },
};

/* One expression alone, or amid others that do not match. */
static bool matches(size_t i, bool amid)
{
	static const char *const others[] = { "qqqq+z", "[0-9]{3}qq", "never seen" };
	struct arena *a = arena_new(16u << 20, NULL, NULL);
	struct expressions *x = expressions_new(cases[i].kind);
	struct expressions_steps steps = { 1000000, 1000000, 0 };
	struct expressions_answer answer;
	size_t room = 1u << 20;

	for (uint32_t k = 0; k < ARRAY_LEN(others) && amid; k++)
		assert_int_equal(expressions_add(x, str_of(others[k]), k, &room, NULL), OK);
	assert_int_equal(expressions_check(cases[i].kind, str_of(cases[i].pattern), NULL, NULL), OK);
	assert_int_equal(expressions_add(x, str_of(cases[i].pattern), 7, &room, NULL), OK);
	expressions_ready(x);
	expressions_ask(expressions_asker_new(a, x, &steps), cases[i].text, &answer);
	assert_int_equal(answer.unfinished, 0);
	bool hit = answer.hits.n == 1 && answer.hits.v[0] == 7;
	assert_true(hit || answer.hits.n == 0);
	expressions_free(&x);
	arena_free(&a);
	return hit;
}

static void test_matching(void **state)
{
	(void)state;
	for (size_t i = 0; i < 2 * ARRAY_LEN(cases); i++)
		if (matches(i / 2, i % 2) != cases[i / 2].want)
			fail_msg("case %zu: %s against \"%.*s\"%s", i / 2, cases[i / 2].pattern,
				 STR_ARG(cases[i / 2].text), i % 2 ? " amid others" : "");
}

/* The subset of content policies, and where the rest is refused. */
static const struct {
	const char *pattern, *why;
} refused[] = {
	{ "x[:alpha:]+", "by name are not known (offset 1)" },
	{ "a(b", "offset 1" },
	{ "a)b", "offset 1" },
	{ "ab**", "offset 3" },
	{ "a+?", "offset 2" },
	{ "a{2}{3}", "offset 4" },
	{ "*a", "nothing to repeat (offset 0)" },
	{ "(|+)", "nothing to repeat (offset 2)" },
	{ "^*", "nothing to repeat" },
	{ "\\b+", "nothing to repeat" },
	{ "a{51}", "50 times (offset 1)" },
	{ "a{0,51}", "50 times" },
	{ "a{3,2}", "out of order" },
	{ "a{x}", "offset 1" },
	{ "a{1,2", "without }" },
	{ "a}", "offset 1" },
	{ "a]", "offset 1" },
	{ "[a", "without ]" },
	{ "[]", "empty set" },
	{ "[z-a]", "out of order (offset 1)" },
	{ "[a[b]", "offset 2" },
	{ "[\\d-z]", "not a range" },
	{ "[\\b]", "no meaning in a set" },
	{ "[\xc2\x80-\xf4\x8f\xbf\xbf]", "too many characters" },
	{ "xy\\", "offset 2" },
	{ "\\D", "offset 0" },
	{ "x\\n", "offset 1" },
	{ "\\x41", "offset 0" },
	{ "\\p{L}", "offset 0" },
	{ "(a)\\1", "offset 3" },
	{ "(?:a)", "(? is not allowed (offset 0)" },
	{ "a(?=b)", "offset 1" },
	{ "(?i)a", "offset 0" },
	{ "(?R)", "offset 0" },
	{ "((a{50}){50}){50}", "too large" },
	{ "((((((){50}){50}){50}){50}){50}){50}", "too large" },
};

static void test_refused(void **state)
{
	char deep[301] = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
		struct errbuf eb = { "" };
		size_t bytes = 1;
		if (expressions_check(S, str_of(refused[i].pattern), &bytes, &eb) != ERR_SYNTAX ||
		    !strstr(eb.text, refused[i].why) || bytes != 0)
			fail_msg("%s: \"%s\" does not say \"%s\"", refused[i].pattern, eb.text,
				 refused[i].why);
	}
	memset(deep, '(', 150);
	memset(deep + 150, ')', 150);
	assert_int_equal(expressions_check(S, str_of(deep), NULL, NULL), ERR_SYNTAX);
	assert_int_equal(expressions_check(W, str_of(deep), NULL, NULL), OK); /* PCRE2 takes it */
}

/* Which of several: of whole values all in order, of a search one whose match ends first. */
static void test_several(void **state)
{
	static const char *const patterns[] = { "zz.*", "a.c", "abc", ".*", "b", "abcd" };
	struct arena *a = arena_new(16u << 20, NULL, NULL);
	struct expressions_steps steps = { 1000000, 1000000, 0 };
	struct expressions_answer answer;

	(void)state;
	for (int kind = W; kind <= (int)S; kind++) {
		struct expressions *x = expressions_new((enum expressions_kind)kind);
		size_t room = 1u << 20;
		for (uint32_t i = 0; i < ARRAY_LEN(patterns); i++)
			if (kind == W || i != 3)
				assert_int_equal(expressions_add(x, str_of(patterns[i]), i, &room, NULL), OK);
		expressions_ready(x);
		struct expressions_asker *k = expressions_asker_new(a, x, &steps);
		for (int again = 0; again < 2; again++) {
			expressions_ask(k, STR("ABC"), &answer);
			if (kind == W) {
				assert_int_equal(answer.hits.n, 3);
				assert_int_equal(answer.hits.v[0], 1);
				assert_int_equal(answer.hits.v[1], 2);
				assert_int_equal(answer.hits.v[2], 3);
			} else {
				assert_int_equal(answer.hits.n, 1);
				assert_true(answer.hits.v[0] < 6 && answer.hits.v[0] != 3);
				assert_true(answer.seen.n > 0 && answer.seen.n <= 3);
			}
		}
		expressions_free(&x);
	}
	expressions_ask(expressions_asker_new(a, NULL, &steps), STR("x"), &answer);
	assert_int_equal(answer.hits.n, 0);
	arena_free(&a);
}

static struct str pattern_of(struct arena *a, uint32_t i)
{
	switch (i % 3) {
	case 0:
		return arena_printf(a, "order %u now", i + 100);
	case 1:
		return arena_printf(a, "(a|b)%u[xyz]+q", i + 100);
	default:
		return arena_printf(a, "\\bw%u\\b", i + 100);
	}
}

/* What it is found in. */
static struct str text_of(struct arena *a, uint32_t i)
{
	switch (i % 3) {
	case 0:
		return arena_printf(a, "please ORDER %u\r\nNOW", i + 100);
	case 1:
		return arena_printf(a, "-B%uxyzq-", i + 100);
	default:
		return arena_printf(a, "the W%u.", i + 100);
	}
}

/* Ten thousand, of which a few are in the text: those are found wherever they are. */
static void test_thousands(void **state)
{
	enum { N = 10000 };
	struct arena *a = arena_new(64u << 20, NULL, NULL);
	struct expressions *x = expressions_new(S);
	struct expressions_steps steps = { 100000, 100000, 0 };
	size_t room = LIMIT_POLICY_CODE;

	(void)state;
	for (uint32_t i = 0; i < N; i++)
		assert_int_equal(expressions_add(x, pattern_of(a, i), i, &room, NULL), OK);
	expressions_ready(x);
	assert_int_equal(expressions_count(x), N);
	for (uint32_t i = 0; i < N; i += 17) {
		struct expressions_answer answer;
		struct arena_mark mark = arena_mark(a);
		struct str text = text_of(a, i);
		expressions_ask(expressions_asker_new(a, x, &steps), text, &answer);
		if (answer.hits.n != 1 || answer.hits.v[0] != i)
			fail_msg("%u is not found in %.*s", i, STR_ARG(text));
		arena_rewind(a, mark);
		steps.likely = steps.others = 100000;
	}
	expressions_free(&x);
	arena_free(&a);
}

/* Sets that were made to cost: the work ends, what is not known is told, and what has a literal does not suffer. */
static void test_junk(void **state)
{
	enum { N = 1000, BODY = 1 << 20 };
	struct arena *a = arena_new(64u << 20, NULL, NULL);
	struct expressions *x = expressions_new(S);
	struct expressions_steps steps = { 100000, 100000, 0 };
	struct expressions_answer answer;
	size_t room = LIMIT_POLICY_CODE;
	char *body = arena_alloc(a, BODY);

	(void)state;
	for (uint32_t i = 0; i < N; i++) {
		struct str p = arena_printf(a, "(([a-%c]+)*\\s?)+\\d{%u}%c", (char)('b' + i % 25), 1 + i % 40,
					    (char)('a' + i % 26));
		assert_int_equal(expressions_add(x, p, i, &room, NULL), OK);
	}
	assert_int_equal(expressions_add(x, STR("blocked words"), N, &room, NULL), OK);
	expressions_ready(x);
	for (size_t i = 0; i < BODY; i++)
		body[i] = (char)('a' + i * 7919 % 23);
	expressions_ask(expressions_asker_new(a, x, &steps), str_from(body, BODY), &answer);
	assert_int_equal(answer.hits.n, 0);
	assert_int_equal(answer.unfinished, N);
	assert_int_equal(steps.others, 0);
	memcpy(body + BODY - 20, "the BLOCKED  words..", 20);
	steps = (struct expressions_steps){ 200000, 0, 0 };
	expressions_ask(expressions_asker_new(a, x, &steps), str_from(body, BODY), &answer);
	assert_int_equal(answer.hits.n, 1);
	assert_int_equal(answer.hits.v[0], N);
	assert_true(str_ends(answer.seen, STR("blocked words")));
	expressions_free(&x);
	arena_free(&a);
}

/* Lengths without a period, so that no state comes back. */
static int any(uint32_t *seed)
{
	*seed = *seed * 1103515245 + 12345;
	return (int)(*seed >> 16) % 11;
}

/* Words that stand for themselves are found whatever else the text was made to cost. */
static void test_plain(void **state)
{
	static const struct {
		const char *other, *before, *behind;
	} texts[] = {
		{ "invoice.{1,50}bank", "invoice ", " " },     /* a state for each character */
		{ "the blocked.{1,50}bank", "blocked ", " " }, /* and a look at the words */
		{ "win\\s+big", "win", "" },
	};
	struct arena *a = arena_new(256u << 20, NULL, NULL);
	uint32_t seed = 1;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct expressions *x = expressions_new(S);
		struct expressions_steps steps = { 100000, 100000, 0 };
		struct expressions_answer answer;
		size_t room = LIMIT_POLICY_CODE;
		struct strs pieces = { 0 };
		ARENA_PUSH(a, &pieces, STR("bank big "));
		for (size_t k = 0; k < 60000; k++)
			ARENA_PUSH(a, &pieces,
				   arena_printf(a, "%s%.*s%s", texts[i].before, any(&seed), "abcdefghijk",
						texts[i].behind));
		ARENA_PUSH(a, &pieces, STR(" the BLOCKED\n words."));
		assert_int_equal(expressions_add(x, str_of(texts[i].other), 0, &room, NULL), OK);
		assert_int_equal(expressions_add(x, STR("blocked words"), 1, &room, NULL), OK);
		expressions_ready(x);
		expressions_ask(expressions_asker_new(a, x, &steps), arena_join(a, pieces.v, pieces.n),
				&answer);
		assert_int_equal(answer.hits.n, 1);
		assert_int_equal(answer.hits.v[0], 1);
		assert_true(str_ends(answer.seen, STR("the blocked words")));
		expressions_free(&x);
	}
	arena_free(&a);
}

/* Nor does an expression that is more than words hide another one; what costs is told of. */
static void test_alone(void **state)
{
	struct arena *a = arena_new(64u << 20, NULL, NULL);
	struct strs pieces = { 0 };
	uint32_t seed = 1;

	(void)state;
	ARENA_PUSH(a, &pieces, STR("bank "));
	for (size_t k = 0; k < 2000; k++)
		ARENA_PUSH(a, &pieces, arena_printf(a, "invoice %.*s ", any(&seed), "abcdefghijk"));
	ARENA_PUSH(a, &pieces, STR(" the BLOCKED\n words."));
	for (int there = 0; there < 2; there++) {
		struct expressions *x = expressions_new(S);
		struct expressions_steps steps = { 100000, 100000, 100000 };
		struct expressions_answer answer;
		size_t room = LIMIT_POLICY_CODE;
		assert_int_equal(expressions_add(x, STR("invoice.{1,50}bank"), 0, &room, NULL), OK);
		struct str words = there ? STR("blocked\\s+words") : STR("blocked\\s+words!");
		assert_int_equal(expressions_add(x, words, 1, &room, NULL), OK);
		expressions_ready(x);
		expressions_ask(expressions_asker_new(a, x, &steps), arena_join(a, pieces.v, pieces.n),
				&answer);
		assert_int_equal(answer.hits.n, there);
		assert_int_equal(answer.unfinished, !there);
		if (there)
			assert_int_equal(answer.hits.v[0], 1);
		expressions_free(&x);
	}
	arena_free(&a);
}

/* What is too large to be run at all is not made, and states of thousands of classes cost what they take. */
static void test_large(void **state)
{
	enum { N = 600, ARENA = 16 << 20 };
	struct arena *a = arena_new(64u << 20, NULL, NULL), *work = arena_new(ARENA, NULL, NULL);
	struct expressions_answer answer;
	char body[6000];

	(void)state;
	for (int many_classes = 0; many_classes < 2; many_classes++) {
		struct expressions *x = expressions_new(S);
		struct expressions_steps steps = { 200000, 200000, 0 };
		size_t room = LIMIT_POLICY_CODE;
		for (uint32_t i = 0; i < N; i++) {
			char one[4], other[4];
			size_t n = utf8_encode(0x4e00 + 2 * i, one), m = utf8_encode(0x5e00 + 2 * i, other);
			struct str p =
			    many_classes
				? arena_printf(a, "[%.*sx].{0,50}[%.*sy]", (int)n, one, (int)m, other)
				: arena_printf(a, "((.{1,40}[a-y]){1,20}\\d{%u}z){1,1}", 1 + i % 9);
			assert_int_equal(expressions_add(x, p, i, &room, NULL), OK);
		}
		expressions_ready(x);
		for (size_t i = 0; i < sizeof(body); i++)
			body[i] = many_classes ? "xab"[i * 7919 / 13 % 3] : 'a';
		/* More memory than `work` has would end the test. */
		expressions_ask(expressions_asker_new(work, x, &steps), str_from(body, sizeof(body)),
				&answer);
		assert_int_equal(answer.unfinished, N);
		assert_int_equal(steps.others, 0);
		arena_reset(work);
		expressions_free(&x);
	}
	arena_free(&work);
	arena_free(&a);
}

static void test_room(void **state)
{
	struct expressions *x = expressions_new(W);
	size_t bytes, room;
	struct errbuf eb;

	(void)state;
	assert_int_equal(expressions_check(W, STR("some(one|body)@.*"), &bytes, &eb), OK);
	assert_true(bytes > 0);
	room = bytes - 1;
	assert_int_equal(expressions_add(x, STR("some(one|body)@.*"), 0, &room, &eb), ERR_LIMIT);
	assert_int_equal(room, bytes - 1);
	room = bytes;
	assert_int_equal(expressions_add(x, STR("some(one|body)@.*"), 0, &room, &eb), OK);
	assert_int_equal(expressions_count(x), 1);
	assert_true(room < bytes);
	expressions_free(&x);
	assert_null(x);
}

/* ---- long texts, of which most is passed over ---- */

#define ROUNDS 300

enum said { SAYS_NO, SAYS_YES, SAYS_NOTHING };

/* Of a text that is folded already. */
static enum said pcre_says(struct str pattern, struct str text)
{
	int error, n;
	PCRE2_SIZE offset;
	pcre2_code *code = pcre2_compile((PCRE2_SPTR)pattern.p, pattern.n,
					 PCRE2_CASELESS | PCRE2_UTF | PCRE2_DOTALL | PCRE2_DOLLAR_ENDONLY,
					 &error, &offset, NULL);
	pcre2_match_context *context = pcre2_match_context_create(NULL);
	pcre2_match_data *data = pcre2_match_data_create(1, NULL);

	assert_non_null(code);
	pcre2_set_match_limit(context, 100000);
	n = pcre2_match(code, (PCRE2_SPTR)text.p, text.n, 0, 0, data, context);
	pcre2_match_data_free(data);
	pcre2_match_context_free(context);
	pcre2_code_free(code);
	return n >= 0 ? SAYS_YES : n == PCRE2_ERROR_NOMATCH ? SAYS_NO : SAYS_NOTHING;
}

static struct str any_of(struct arena *a, const char *const *pieces, size_t n, unsigned count, uint32_t *seed)
{
	struct strs out = { 0 };

	for (unsigned i = 0; i < count; i++) {
		*seed = *seed * 1103515245 + 12345;
		ARENA_PUSH(a, &out, str_of(pieces[(*seed >> 16) % n]));
	}
	return arena_join(a, out.v, out.n);
}

/* What is passed over holds nothing: PCRE2, which reads all, says the same of each. */
static void test_long(void **state)
{
	static const char *const parts[] = {
		"needle",    "transfer",
		"xyzzy",     "acc" E_ACUTE "nt",
		"\\s+",      "\\s",
		".{0,5}",    "[a-z]{2,4}",
		"(ing|ed)?", "\\b",
		"\\d*",      " ",
		".*",        "(transfer|needle)",
		"x{3}",      "z{3,}",
		"needl+e",   "[^a]+",
		"(ab)*",     "xyzzy",
		"needle",    "(quux ?){2,3}",
		"\\w{1,3}",  "$",
		"^",         "quuxes?",
		"\\B",
	};
	static const char *const filler[] = {
		"the ", "old ", "man ", "and ", "seas ", "e" E_ACUTE "e ", "12 ", "abab ", "z", "x", "ne ",
	};
	static const char *const planted[] = {
		"needle",      "transfer",
		"xyzzy",       "acc" E_ACUTE "nt",
		" ",           "ing",
		"ed",          "needle 12 ",
		"xyzzytransf", "zzzz",
		"xxx",         "quuxquux",
		"quux quux",   "12",
		"abab",        "needllle ",
		"xyzzy th",    "transferneedle",
		"a",           E_ACUTE,
	};
	struct arena *a = arena_new(64u << 20, NULL, NULL);
	uint32_t seed = 7, yes = 0, no = 0;

	(void)state;
	for (unsigned round = 0; round < ROUNDS; round++) {
		struct expressions *x = expressions_new(S);
		struct expressions_steps steps = { 10000000, 10000000, 10000000 };
		struct expressions_answer answer;
		struct strs pieces = { 0 };
		size_t room = LIMIT_POLICY_CODE;
		arena_reset(a);
		struct str pattern = any_of(a, parts, ARRAY_LEN(parts), 2 + round % 4, &seed);
		ARENA_PUSH(a, &pieces, STR("so"));
		for (unsigned i = 0; i < 4; i++) {
			ARENA_PUSH(a, &pieces, any_of(a, filler, ARRAY_LEN(filler), 1200, &seed));
			ARENA_PUSH(a, &pieces,
				   any_of(a, planted, ARRAY_LEN(planted), 1 + (round + i) % 5, &seed));
		}
		ARENA_PUSH(a, &pieces, STR("so"));
		struct str text = arena_join(a, pieces.v, pieces.n);
		size_t n = 0; /* one space each, as they are compared */
		char *folded = arena_alloc(a, text.n);
		for (size_t i = 0; i < text.n; i++)
			if (text.p[i] != ' ' || folded[n - 1] != ' ')
				folded[n++] = text.p[i];
		text = str_from(folded, n);
		if (expressions_add(x, pattern, 0, &room, NULL) == OK) {
			expressions_ready(x);
			expressions_ask(expressions_asker_new(a, x, &steps), text, &answer);
			enum said said = pcre_says(pattern, text);
			if (said != SAYS_NOTHING && answer.unfinished == 0) {
				yes += said == SAYS_YES;
				no += said == SAYS_NO;
				if ((answer.hits.n > 0) != (said == SAYS_YES))
					fail_msg("round %u: %.*s: PCRE2 says %d", round, STR_ARG(pattern),
						 (int)said);
			}
		}
		expressions_free(&x);
	}
	assert_true(yes > ROUNDS / 8 && no > ROUNDS / 8);
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_matching), cmocka_unit_test(test_refused),
		cmocka_unit_test(test_plain),    cmocka_unit_test(test_alone),
		cmocka_unit_test(test_several),  cmocka_unit_test(test_thousands),
		cmocka_unit_test(test_junk),     cmocka_unit_test(test_large),
		cmocka_unit_test(test_room),     cmocka_unit_test(test_long),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
