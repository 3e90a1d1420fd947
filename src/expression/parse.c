/*
 * Reading an expression into a tree, one function a rule of the grammar:
 *
 *   alternatives = sequence *( "|" sequence )
 *   sequence     = *( atom [ quantifier ] )
 *   quantifier   = "*" / "+" / "?" / "{" n [ "," [ m ] ] "}"
 *   atom         = "(" alternatives ")" / "[" set "]" / "." / "^" / "$" / "\" escape / literal
 *
 * Of content policies that is all there is (the permitted subset). Of other expressions it is what means the same here and to
 * PCRE2; whatever else there is ends the reading with ERR_ABSENT, or becomes UNKNOWN where its end is plain to see, so that the
 * literals around it still count.
 */
#include "expression/internal.h"

#include "base/abnf.h"
#include "base/utf8.h"

#define DEPTH_MAX 100   /* groups in groups */
#define REPEAT_MAX 50   /* of content policies */
#define REPEAT_MOST 999 /* of others; what is more often is left to PCRE2 */
#define POINTS_MAX 4096 /* characters beyond ASCII that the sets of one expression name */

struct parser {
	struct arena *arena;
	struct str text;
	size_t at;
	bool strict; /* content policies */
	bool exact;
	unsigned depth;
	size_t points;
	struct errbuf *eb;
};

static enum err read_alternatives(struct parser *p, struct node **out);

/* The sentence for content policies; of others PCRE2 has the word. */
static enum err refuse(struct parser *p, size_t at, const char *why)
{
	if (!p->strict)
		return ERR_ABSENT;
	return err_set(p->eb, ERR_SYNTAX, "%s (offset %zu)", why, at);
}

static bool next_is(const struct parser *p, char c)
{
	return p->at < p->text.n && p->text.p[p->at] == c;
}

static bool next_are(const struct parser *p, struct str s)
{
	return str_starts(str_sub(p->text, p->at, p->text.n), s);
}

static bool take(struct parser *p, char c)
{
	bool is = next_is(p, c);

	p->at += is;
	return is;
}

static struct node *node_new(struct parser *p, enum node_kind kind)
{
	struct node *n = ARENA_NEW(p->arena, struct node);

	n->kind = kind;
	return n;
}

/* ---- sets ---- */

/* A set in the making: points as they came. */
struct builder {
	uint64_t bits[3];
	LIST(uint32_t) points;
};

static void set_bit(struct builder *b, unsigned symbol)
{
	b->bits[symbol / 64] |= (uint64_t)1 << (symbol % 64);
}

static void add_char(struct parser *p, struct builder *b, uint32_t cp)
{
	cp = fold_char(cp);
	if (cp == 's')
		set_bit(b, SYMBOL_LONG_S);
	if (cp == 'k')
		set_bit(b, SYMBOL_KELVIN);
	if (cp < 128)
		set_bit(b, (unsigned)cp);
	else
		ARENA_PUSH(p->arena, &b->points, cp);
}

static bool in_shorthand(char which, unsigned c)
{
	bool digit = abnf_is_digit((unsigned char)c);

	if (which == 'd')
		return digit;
	if (which == 's')
		return ascii_is_space((char)c);
	return digit || abnf_is_alpha((unsigned char)c) || c == '_';
}

/* \d \w \s, and as capitals all but those. They mean ASCII, of whatever case. */
static void add_shorthand(struct builder *b, char which)
{
	bool negative = which < 'a';

	for (unsigned c = 0; c < SYMBOLS; c++)
		if ((c < 128 && in_shorthand(ascii_lower(which), c)) != negative)
			set_bit(b, c);
	if (negative)
		set_bit(b, SYMBOL_OTHER);
}

static struct node *set_node(struct parser *p, struct builder *b, bool negative)
{
	struct node *n = node_new(p, NODE_SET);
	struct charset *set = ARENA_NEW(p->arena, struct charset);
	size_t n_points = sort_once(b->points.v, b->points.n);

	memcpy(set->bits, b->bits, sizeof(set->bits));
	/* Where all others are in, so are those that are named. */
	if (!charset_bit(set, SYMBOL_OTHER)) {
		set->points = b->points.v;
		set->n = (uint32_t)n_points;
	}
	for (unsigned w = 0; w < 3 && negative; w++)
		set->bits[w] = ~set->bits[w];
	set->bits[2] &= ((uint64_t)1 << (SYMBOLS - 128)) - 1;
	n->set = set;
	return n;
}

/* A set of one ASCII character is that character, as far as literals go. */
static struct node *char_node(struct parser *p, uint32_t cp)
{
	struct node *n = node_new(p, NODE_CHAR);

	n->cp = p->strict && fold_is_space(cp) ? ' ' : fold_char(cp);
	return n;
}

static struct node *any_node(struct parser *p)
{
	struct builder none = { 0 };

	return set_node(p, &none, true);
}

/* ---- escapes ---- */

enum escape { ESCAPE_LITERAL, ESCAPE_SHORTHAND, ESCAPE_WORD };

/* Behind a backslash; *cp_out: the literal, or the letter. */
static enum err read_escape(struct parser *p, enum escape *out, uint32_t *cp_out)
{
	size_t from = p->at - 1;
	static const char controls[] = "t\tn\nr\rf\fa\ae\x1b";

	if (p->at == p->text.n)
		return refuse(p, from, "a backslash at the end");
	uint32_t cp = *cp_out = utf8_next(p->text, &p->at);
	*out = ESCAPE_LITERAL;
	if (cp >= 128 || (!abnf_is_alpha((unsigned char)cp) && !abnf_is_digit((unsigned char)cp)))
		return OK;
	if (cp == 'd' || cp == 'w' || cp == 's') {
		*out = ESCAPE_SHORTHAND;
		return OK;
	}
	if (cp == 'b') {
		*out = ESCAPE_WORD;
		return OK;
	}
	if (p->strict)
		return refuse(
		    p, from,
		    "only \\d, \\w, \\s, \\b and escaped punctuation are allowed behind a backslash");
	if (cp == 'D' || cp == 'W' || cp == 'S') {
		*out = ESCAPE_SHORTHAND;
		return OK;
	}
	if (cp == 'B') {
		*out = ESCAPE_WORD;
		return OK;
	}
	for (size_t i = 0; i + 1 < sizeof(controls); i += 2) {
		if (cp == (unsigned char)controls[i]) {
			*cp_out = (unsigned char)controls[i + 1];
			return OK;
		}
	}
	return ERR_ABSENT;
}

/* ---- [sets] ---- */

/* One character of a set, or a shorthand, which is added. */
static enum err read_member(struct parser *p, struct builder *b, bool *shorthand_out, uint32_t *cp_out)
{
	size_t from = p->at;
	enum escape kind = ESCAPE_LITERAL;

	*shorthand_out = false;
	if (p->at == p->text.n)
		return refuse(p, from, "[ without ]");
	if (next_is(p, '['))
		return refuse(p, from, "[ in a set must be written \\[");
	if (!take(p, '\\')) {
		*cp_out = utf8_next(p->text, &p->at);
		return OK;
	}
	enum err e = read_escape(p, &kind, cp_out);
	if (e)
		return e;
	if (kind == ESCAPE_WORD)
		return refuse(p, from, "\\b has no meaning in a set");
	if (kind == ESCAPE_SHORTHAND) {
		*shorthand_out = true;
		add_shorthand(b, (char)*cp_out);
	}
	return OK;
}

static enum err read_range(struct parser *p, struct builder *b, uint32_t from, uint32_t to, size_t at)
{
	size_t beyond = to < 128 ? 0 : to - (from < 128 ? 128 : from) + 1;

	if (to < from)
		return refuse(p, at, "range out of order");
	if (beyond > POINTS_MAX - p->points)
		return refuse(p, at, "too many characters in sets");
	p->points += beyond;
	for (uint32_t cp = from; cp <= to; cp++)
		add_char(p, b, cp);
	return OK;
}

/* Behind "[". */
static enum err read_set(struct parser *p, struct node **out)
{
	size_t open = p->at - 1;
	bool negative = take(p, '^');
	struct builder b = { 0 };
	enum err e;

	if (next_is(p, ']'))
		return refuse(p, open, "an empty set");
	while (!take(p, ']')) {
		size_t at = p->at;
		bool shorthand, other;
		uint32_t from, to;
		if ((e = read_member(p, &b, &shorthand, &from)))
			return e;
		bool range = next_is(p, '-') && p->at + 1 < p->text.n && p->text.p[p->at + 1] != ']';
		to = from;
		if (range && shorthand)
			return refuse(p, at, "not a range");
		if (range) {
			p->at++;
			if ((e = read_member(p, &b, &other, &to)))
				return e;
			/* What follows a range is read in several ways. */
			bool more = next_is(p, '-') && p->at + 1 < p->text.n && p->text.p[p->at + 1] != ']';
			if (other || more)
				return refuse(p, at, "not a range");
		}
		if (!shorthand && (e = read_range(p, &b, from, to, at)))
			return e;
	}
	/* [:alpha:] is meant as a class of that name, and elsewhere than here it is refused, too. */
	char first = p->text.p[open + 1], last = p->text.p[p->at - 2];
	if (p->at - open > 3 && first == last && (first == ':' || first == '.' || first == '='))
		return refuse(p, open, "classes by name are not known");
	*out = set_node(p, &b, negative);
	return OK;
}

/* ---- groups ---- */

static bool take_name(struct parser *p)
{
	size_t from = p->at;

	while (p->at < p->text.n &&
	       (abnf_is_alpha((unsigned char)p->text.p[p->at]) ||
		abnf_is_digit((unsigned char)p->text.p[p->at]) || p->text.p[p->at] == '_'))
		p->at++;
	return p->at > from && p->at - from < 30 && !abnf_is_digit((unsigned char)p->text.p[from]) &&
	       take(p, '>');
}

/* Behind "(?" of an expression of PCRE2. *unknown_out: what is inside tells nothing of what is outside. */
static enum err read_group_kind(struct parser *p, bool *unknown_out)
{
	static const struct str looks[] = { STR_INIT("="), STR_INIT("!"), STR_INIT("<="), STR_INIT("<!"),
					    STR_INIT(">") };

	*unknown_out = false;
	if (take(p, ':'))
		return OK;
	if (next_are(p, STR("i:"))) {
		p->at += 2;
		return OK;
	}
	for (size_t i = 0; i < ARRAY_LEN(looks); i++) {
		if (next_are(p, looks[i])) {
			p->at += looks[i].n;
			*unknown_out = true;
			return OK;
		}
	}
	return ERR_ABSENT;
}

/* Behind "(". */
static enum err read_group(struct parser *p, struct node **out)
{
	size_t open = p->at - 1;
	bool unknown = false;
	enum err e;

	if (take(p, '?')) {
		if (p->strict)
			return refuse(p, open, "(? is not allowed");
		bool named = next_are(p, STR("P<")) ||
			     (next_is(p, '<') && !next_are(p, STR("<=")) && !next_are(p, STR("<!")));
		if (named) {
			p->at += next_is(p, 'P') ? 2 : 1;
			if (!take_name(p))
				return ERR_ABSENT;
		} else if ((e = read_group_kind(p, &unknown))) {
			return e;
		}
	}
	if (++p->depth > DEPTH_MAX)
		return refuse(p, open, "groups too deep");
	if ((e = read_alternatives(p, out)))
		return e;
	p->depth--;
	if (!take(p, ')'))
		return refuse(p, open, "( without )");
	if (unknown) {
		p->exact = false;
		*out = node_new(p, NODE_UNKNOWN);
	}
	return OK;
}

/* ---- sequences ---- */

static struct node *assert_node(struct parser *p, enum assertion what)
{
	struct node *n = node_new(p, NODE_ASSERT);

	n->assertion = what;
	return n;
}

static enum err read_escaped_atom(struct parser *p, struct node **out)
{
	struct builder b = { 0 };
	enum escape kind = ESCAPE_LITERAL;
	uint32_t cp = 0;
	enum err e = read_escape(p, &kind, &cp);

	if (e)
		return e;
	switch (kind) {
	case ESCAPE_LITERAL:
		*out = char_node(p, cp);
		break;
	case ESCAPE_SHORTHAND:
		add_shorthand(&b, (char)cp);
		*out = set_node(p, &b, false);
		break;
	case ESCAPE_WORD:
		*out = assert_node(p, cp == 'b' ? ASSERT_WORD : ASSERT_NOT_WORD);
		break;
	}
	return OK;
}

static enum err read_atom(struct parser *p, struct node **out)
{
	size_t at = p->at;
	uint32_t cp = utf8_next(p->text, &p->at);

	switch (cp) {
	case '(':
		return read_group(p, out);
	case '[':
		return read_set(p, out);
	case '\\':
		return read_escaped_atom(p, out);
	case '.':
		*out = any_node(p);
		return OK;
	case '^':
		*out = assert_node(p, ASSERT_BEGIN);
		return OK;
	case '$':
		*out = assert_node(p, ASSERT_END);
		return OK;
	case '*':
	case '+':
	case '?':
		return refuse(p, at, "nothing to repeat");
	case '{':
	case '}':
	case ']':
		return refuse(p, at, "{, } and ] must be written with a backslash where they are literals");
	default:
		*out = char_node(p, cp);
		return OK;
	}
}

static bool read_number(struct parser *p, uint32_t *out)
{
	size_t from = p->at;

	for (*out = 0; p->at < p->text.n && abnf_is_digit((unsigned char)p->text.p[p->at]); p->at++)
		if (*out < 100000)
			*out = *out * 10 + (uint32_t)(p->text.p[p->at] - '0');
	return p->at > from;
}

/* Behind "{". */
static enum err read_braces(struct parser *p, uint32_t *min, uint32_t *max)
{
	size_t open = p->at - 1;
	const uint32_t most = p->strict ? REPEAT_MAX : REPEAT_MOST;

	if (!read_number(p, min))
		return refuse(p, open, "{ must be followed by numbers, or be written \\{");
	*max = *min;
	if (take(p, ',') && !read_number(p, max))
		*max = REPEAT_ENDLESS;
	if (!take(p, '}'))
		return refuse(p, open, "{ without }");
	if (*max < *min)
		return refuse(p, open, "numbers out of order");
	if (*min > most || (*max > most && *max != REPEAT_ENDLESS))
		return refuse(p, open, "repeated more than 50 times");
	return OK;
}

/* *found_out: whether there was one. */
static enum err read_quantifier(struct parser *p, uint32_t *min, uint32_t *max, bool *found_out)
{
	*found_out = true;
	*min = 0;
	*max = REPEAT_ENDLESS;
	if (take(p, '*'))
		return OK;
	if (take(p, '+')) {
		*min = 1;
		return OK;
	}
	if (take(p, '?')) {
		*max = 1;
		return OK;
	}
	if (take(p, '{'))
		return read_braces(p, min, max);
	*found_out = false;
	return OK;
}

/* What is left out of the text is left out of its expression, too; nothing but that is no match, instead of any. */
static void skip_unseen(struct parser *p)
{
	size_t at = p->at;

	while (p->strict && at < p->text.n && fold_is_unseen(utf8_next(p->text, &at)))
		p->at = at;
}

/* An atom, repeated where a quantifier follows. */
static enum err read_repeated(struct parser *p, struct node **out)
{
	size_t at = p->at;
	uint32_t min, max;
	bool found;
	enum err e = read_atom(p, out);

	if (e)
		return e;
	skip_unseen(p);
	if ((e = read_quantifier(p, &min, &max, &found)) || !found)
		return e;
	if ((*out)->kind == NODE_ASSERT || (*out)->kind == NODE_UNKNOWN)
		return refuse(p, at, "nothing to repeat");
	/* Whether it takes much or little first makes no difference to whether it matches. */
	if (!p->strict && !take(p, '?') && take(p, '+'))
		p->exact = false;
	if (next_is(p, '*') || next_is(p, '+') || next_is(p, '?') || next_is(p, '{'))
		return refuse(p, p->at, "repeated twice; put a group around it");
	struct node *n = node_new(p, NODE_REPEAT);
	n->first = *out;
	n->min = min;
	n->max = max;
	*out = n;
	return OK;
}

static enum err read_sequence(struct parser *p, struct node **out)
{
	struct node *list = node_new(p, NODE_CAT), **end = &list->first;

	while (p->at < p->text.n && !next_is(p, '|') && !next_is(p, ')')) {
		enum err e = read_repeated(p, end);
		if (e)
			return e;
		end = &(*end)->next;
		skip_unseen(p);
	}
	*out = list;
	return OK;
}

static enum err read_alternatives(struct parser *p, struct node **out)
{
	struct node *list = node_new(p, NODE_ALT), **end = &list->first;

	do {
		enum err e = read_sequence(p, end);
		if (e)
			return e;
		end = &(*end)->next;
	} while (take(p, '|'));
	*out = list->first->next ? list : list->first;
	return OK;
}

enum err expression_parse(struct arena *a, enum expressions_kind kind, struct str pattern, struct node **out,
			  bool *exact_out, struct errbuf *eb)
{
	struct parser p = {
		.arena = a, .text = pattern, .strict = kind == EXPRESSIONS_SEARCHED, .exact = true, .eb = eb
	};

	/* All are without regard to case. */
	if (!p.strict && str_starts(pattern, STR("(?i)")))
		p.at = 4;
	enum err e = read_alternatives(&p, out);
	if (!e && p.at < p.text.n)
		e = refuse(&p, p.at, ") without (");
	*exact_out = p.exact;
	return e;
}
