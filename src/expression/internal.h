/* What the files behind expressions.h share: an expression as a tree, its instructions, its literals. */
#ifndef EXPRESSION_INTERNAL_H
#define EXPRESSION_INTERNAL_H

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "expression/expressions.h"

/*
 * Symbols: what characters are told apart by. ASCII in lower case; the two other characters that fold to ASCII, which match
 * letters and are none of \w; and all other characters, of which an expression names some.
 */
enum { SYMBOL_LONG_S = 128, SYMBOL_KELVIN, SYMBOL_OTHER, SYMBOLS };
#define CHAR_LONG_S 0x17f
#define CHAR_KELVIN 0x212a

/* A set of symbols. `points`: folded characters beyond ASCII that are in it when SYMBOL_OTHER is not, and the reverse. */
struct charset {
	uint64_t bits[3];
	const uint32_t *points; /* ascending */
	uint32_t n;
};

static inline bool charset_bit(const struct charset *c, unsigned symbol)
{
	return c->bits[symbol / 64] >> (symbol % 64) & 1;
}

/* ---- reading: parse.c ---- */

enum node_kind {
	NODE_CHAR,   /* one folded character */
	NODE_SET,    /* one of a set */
	NODE_CAT,    /* children one after the other */
	NODE_ALT,    /* one of the children */
	NODE_REPEAT, /* the child, min to max times */
	NODE_ASSERT,
	NODE_UNKNOWN, /* what only PCRE2 knows */
};
enum assertion { ASSERT_BEGIN, ASSERT_END, ASSERT_WORD, ASSERT_NOT_WORD };
#define REPEAT_ENDLESS UINT32_MAX

struct node {
	enum node_kind kind;
	struct node *first, *next; /* child, sibling */
	uint32_t min, max;
	uint32_t cp; /* CHAR */
	enum assertion assertion;
	const struct charset *set;
};

/*
 * SEARCHED: exactly the subset, ERR_SYNTAX with offset. WHOLE: what of PCRE2's language our automaton takes; *exact_out is false
 * where the tree has UNKNOWN parts, and ERR_ABSENT means that PCRE2 must read it. Memory: arena.
 */
MUST_CHECK enum err expression_parse(struct arena *a, enum expressions_kind kind, struct str pattern,
				     struct node **out, bool *exact_out, struct errbuf *eb);

/* ---- folding: fold.c ---- */

#define FOLD_TABLE 0x800 /* characters of two bytes */

/* Simple case folding of characters (Unicode), which is what PCRE2 takes for equal without regard to case. */
uint32_t fold_char(uint32_t cp);
void fold_table(uint16_t table[FOLD_TABLE]);
bool fold_is_space(uint32_t cp);
/* Soft hyphens, joiners, variation selectors and the like: they part words for machines, not for people. */
bool fold_is_unseen(uint32_t cp);

struct fold {
	const uint16_t *table;
	bool spaces; /* white space becomes one space each, and what nobody sees is left out */
	bool keep;   /* CHAR_LONG_S and CHAR_KELVIN stay */
};

/* Folded, with eight zero bytes behind it. *kept_out: whether there is one of the two in it. */
struct str fold_text(struct arena *a, const struct fold *f, struct str text, bool *kept_out);

/* ---- literals: literal.c ---- */

#define LITERAL_MIN 3
#define LITERAL_MAX 32  /* bytes kept of one */
#define LITERALS_MAX 16 /* alternatives of one expression */

#define OPTIONS_MAX 8

/* Texts (folded) of which every match holds at least one. */
struct literal_option {
	struct strs literals;
	uint32_t
	    before; /* it begins so many bytes behind the match's beginning at most; UINT32_MAX: anywhere */
};
struct options {
	struct literal_option v[OPTIONS_MAX];
	size_t n;
};

/* All that are known, the first ones; which is best depends on what other expressions need. Memory: arena. */
void expression_literals(struct arena *a, const struct node *tree, struct options *out);

/* ---- a set, compiled: expressions.c ---- */

enum op { OP_CHAR, OP_SPLIT, OP_JUMP, OP_ASSERT, OP_MATCH };

/* One instruction. SPLIT goes on behind it and at `to`, JUMP at `to`; both relative, so that code may be moved. */
struct instr {
	uint32_t op : 3, arg : 29; /* CHAR: set; ASSERT: which; MATCH: the expression */
	int32_t to;
};

#define EXPRESSION_CODE_MAX 2048 /* instructions of one expression */

struct expression {
	uint32_t tag;
	uint32_t at, n;   /* instructions */
	uint32_t options; /* the first of its own */
	uint32_t need;    /* a bit for each option that is looked for; 0: it has no literal */
	uint32_t plain;   /* the literal that it is, and nothing else, + 1; 0: it is more */
	pcre2_code *code; /* PCRE2's instead of them; NULL: ours */
};

/* One literal and the expressions that need it. */
struct literal {
	uint32_t at, n;  /* bytes */
	uint32_t offers; /* by how many expressions it may be used */
	uint32_t user;   /* first of its users + 1; 0 = nobody uses it */
};
/* Literals of which an expression needs one; options of one expression stand together. */
struct option {
	uint32_t expression, at, n; /* in `offered` */
	uint32_t before;            /* as literal_option */
	bool used;                  /* it is looked for */
};
struct literal_user {
	uint32_t expression, bit; /* of `need` */
	uint32_t next;            /* + 1 */
};

/* The bytes of a literal by which it is found. */
struct window {
	uint32_t hash; /* its upper half, by which bits and buckets are chosen */
	uint32_t literal, offset;
};

/* What literals of one kind are found by: whether there is any for some bytes, and which. */
struct window_table {
	uint64_t *bits;
	uint32_t *buckets; /* its first window; the last one ends them all */
	unsigned bits_log, buckets_log;
	struct window *windows; /* by bucket */
	size_t n;
};
/* By their length; see filter.c. */
#define LITERAL_KINDS 4

#define LIST(type)           \
	struct {             \
		type *v;     \
		size_t n;    \
		size_t room; \
	}

struct expressions {
	enum expressions_kind kind;
	struct arena *scratch; /* while expressions are added */
	LIST(struct expression) all;
	LIST(struct instr) code;
	LIST(struct charset) sets; /* each once */
	uint32_t *set_slots;       /* set + 1, by hash */
	size_t n_set_slots;        /* a power of two */
	uint32_t set_of[128];      /* set + 1 of an ASCII character */
	LIST(uint32_t) points;     /* of all sets, ascending, each once */
	LIST(uint32_t) always;     /* expressions without a literal */
	LIST(char) bytes;
	LIST(struct literal) literals;
	LIST(struct literal_user) users;
	LIST(struct option) options;
	LIST(uint32_t) offered;
	uint32_t *literal_slots; /* literal + 1, by hash, while they are added */
	size_t n_literal_slots;
	struct window_table windows[LITERAL_KINDS];
	uint16_t table[FOLD_TABLE];
};

/* The list with room for n more. On the heap: what people write in expressions is not what they take. */
void *list_grow(void *v, size_t used, size_t n, size_t *room, size_t size);
#define LIST_GROW(list, more) \
	((list)->v = list_grow((list)->v, (list)->n, (more), &(list)->room, sizeof(*(list)->v)))
#define LIST_PUSH(list, value) (LIST_GROW(list, 1), (void)((list)->v[(list)->n++] = (value)))
/* Ascending and each once; gives how many are left. */
size_t sort_once(uint32_t *v, size_t n);
/* A table of n zeros. */
void *table_new(size_t n, size_t size);

/* ---- the filter: filter.c ---- */

/* Each match of the expression holds one of these. Of many options those with the rarest literals are looked for. */
void filter_offer(struct expressions *x, uint32_t expression, const struct literal_option *option);
void filter_ready(struct expressions *x);

#define TIMES_MAX 64 /* a literal that stands as often in one text is not looked for further */

/* Where a literal stands in the folded text. */
struct place {
	uint32_t literal, at;
};

/*
 * Lists the expressions of whose options each has a literal in the folded text. `got` has a zero for each expression, `times` one
 * for each literal. False when the steps were used up.
 */
struct filter_answer {
	uint32_t *expressions; /* room for all */
	size_t n;
	uint8_t *got;
	uint8_t *times; /* that a literal was found; of a short text once at most */
	struct {        /* of a long text: all, of those that stand there less than TIMES_MAX times */
		struct place *v;
		size_t n;
	} places;
	bool told;                     /* it was a long text */
	uint64_t *bits[LITERAL_KINDS]; /* room for a long one */
};
bool filter_run(struct arena *a, const struct expressions *x, struct str folded, struct filter_answer *out,
		uint32_t *steps);

/* ---- zones of a long text: zone.c ---- */

/* Bytes in which a match may begin. */
struct zone {
	size_t from, to;
};
struct zones {
	struct zone *v; /* in order, apart from each other */
	size_t n;
};

/* Where these expressions may begin to match; false: anywhere. */
bool zones_find(struct arena *a, const struct expressions *x, const struct filter_answer *found,
		const uint32_t *expressions, size_t n, struct zones *out);

/* ---- the automaton: automaton.h ---- */

struct automaton;
/*
 * For these expressions, all of them ours. `keep`: states are remembered, for long texts and for many values. NULL, and the steps
 * are used up: they do not suffice for it.
 */
struct automaton *automaton_new(struct arena *a, const struct expressions *x, const uint32_t *expressions,
				size_t n, bool keep, uint32_t *steps);
/*
 * WHOLE: a bit for each that matches the folded text. SEARCHED: the first one found, *end_out behind it; zones NULL: it may begin
 * anywhere. False when the steps were used up before.
 */
bool automaton_run(struct automaton *m, struct str folded, const struct zones *zones, uint32_t *steps,
		   uint64_t *found, size_t *end_out);

static inline void bits_set(uint64_t *bits, size_t i)
{
	bits[i / 64] |= (uint64_t)1 << (i % 64);
}

static inline bool bits_has(const uint64_t *bits, size_t i)
{
	return bits[i / 64] >> (i % 64) & 1;
}

/* ---- what only PCRE2 knows: pcre.c ---- */

/* Compiles as all patterns are; ERR_SYNTAX with the offset. The code is freed by pcre2_code_free. */
MUST_CHECK enum err regex_compile(struct str pattern, pcre2_code **out, struct errbuf *eb);

/* Bytes of memory it takes. */
size_t regex_size(const pcre2_code *code);

/* Comparing with PCRE2 within bounds. Begins as zeros; what it needs is in the arena. */
struct regex_matcher {
	pcre2_match_context *context;
	pcre2_match_data *data;
};
enum regex_answer { REGEX_DIFFERS, REGEX_MATCHES, REGEX_GAVE_UP };

/* Whether the whole value matches; value is valid UTF-8. Takes what it costs from *steps. */
enum regex_answer regex_ask(struct regex_matcher *m, struct arena *a, const pcre2_code *code,
			    struct str value, uint32_t *steps);

#endif
