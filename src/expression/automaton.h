/*
 * Running expressions side by side: a set of places in their instructions takes a step for each character (Thompson 1968). Places
 * are those before which nothing is decided yet, because what an assertion says depends on the character to come.
 *
 * Where much is to be read, each set of places that was met is kept as a state, with where it goes for each class of characters:
 * from then on a character costs one look. Characters that no expression tells apart are one class. When searching, an expression
 * may begin anywhere; what that adds is kept apart from the states, so that a thousand expressions cost nothing where they do
 * not begin.
 *
 * What step.c, states.c and run.c share, and what is done for each character. Private to the room.
 */
#ifndef EXPRESSION_AUTOMATON_H
#define EXPRESSION_AUTOMATON_H

#include "base/utf8.h"
#include "expression/internal.h"

#define NONE UINT32_MAX

/* What stands before a place. */
enum before { BEFORE_BEGIN, BEFORE_OTHER, BEFORE_WORD, BEFORES };

/* A character to come; symbol SYMBOLS = the end. */
struct coming {
	unsigned symbol;
	uint32_t cp;
};

struct state {
	struct state *chain; /* next of the same hash */
	uint32_t hash, index;
	enum before before;
	const uint32_t *places;
	uint32_t n;
	const uint32_t *matched; /* expressions, on the way here */
	uint32_t n_matched;
};

struct places {
	const uint32_t *v;
	uint32_t n;
	uint32_t matched; /* expression or NONE */
	bool known;
};

struct automaton {
	struct arena *arena;
	const struct expressions *x;
	bool searching, words; /* words: it matters whether a character is of a word */
	struct instr *code;    /* of all its expressions */
	uint32_t n_code, *starts, n_starts;
	/* One step: marks of what was visited, the next places, what matched. */
	uint32_t *visited, *taken, round;
	uint32_t *stack, *next, n_next;
	uint32_t *matched, n_matched;
	uint32_t steps;
	bool out_of_steps;
	/* Classes: what each symbol, each point and each character of two bytes belongs to. NULL: states are not kept. */
	uint16_t *class_of, *class_of_two;
	struct coming *members; /* one character of each class */
	uint32_t n_classes;     /* the last is the end */
	struct places *begun[BEFORES];
	struct state **slots; /* by hash */
	uint32_t n_slots;
	struct {
		struct state **v;
		size_t n;
	} states;
	/* Where state s goes for class c: go[s * n_classes + c], times n_classes; NONE = not known, or it tells of a match. */
	uint32_t *go;
	size_t go_room;
	uint32_t begin; /* index of a state; NONE = not made yet */
};

static inline bool spend(struct automaton *m, uint32_t n)
{
	m->out_of_steps = m->out_of_steps || m->steps < n;
	m->steps = m->out_of_steps ? 0 : m->steps - n;
	return !m->out_of_steps;
}

/* ---- characters ---- */

static inline bool is_listed(const uint32_t *points, size_t n, uint32_t cp, size_t *at_out)
{
	size_t low = 0, high = n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		if (points[mid] < cp)
			low = mid + 1;
		else
			high = mid;
	}
	*at_out = low;
	return low < n && points[low] == cp;
}

static inline struct coming coming_of(uint32_t cp)
{
	if (cp < 128)
		return (struct coming){ (unsigned)cp, cp };
	if (cp == CHAR_LONG_S)
		return (struct coming){ SYMBOL_LONG_S, cp };
	return (struct coming){ cp == CHAR_KELVIN ? SYMBOL_KELVIN : SYMBOL_OTHER, cp };
}

static inline bool is_word(struct coming c)
{
	return c.symbol == '_' || (c.symbol >= '0' && c.symbol <= '9') ||
	       (c.symbol >= 'a' && c.symbol <= 'z');
}

static inline enum before before_of(const struct automaton *m, struct coming c)
{
	return m->words && is_word(c) ? BEFORE_WORD : BEFORE_OTHER;
}

/* ---- one step: step.c ---- */

void step_begin(struct automaton *m);
/* A place to be at after it. */
void step_take(struct automaton *m, uint32_t place);
/* From one place over c. */
void step_from(struct automaton *m, uint32_t place, enum before before, struct coming c);
/* The first of the expressions that matched; NONE. */
uint32_t step_first_matched(const struct automaton *m);

/* ---- states, and classes of characters: states.c ---- */

/* Before any state; the steps may be used up. */
void classes_make(struct automaton *m);
uint32_t class_of_char(const struct automaton *m, uint32_t cp);

/* The class of the character at *at, which moves behind it. The text is valid. */
static inline uint32_t next_class(const struct automaton *m, struct str text, size_t *at)
{
	const unsigned char *p = (const unsigned char *)text.p + *at;

	if (p[0] < 0x80) {
		*at += 1;
		return m->class_of[p[0]];
	}
	if (p[0] < 0xe0) {
		*at += 2;
		return m->class_of_two[(p[0] & 0x1fu) << 6 | (p[1] & 0x3fu)];
	}
	return class_of_char(m, utf8_next(text, at));
}

/* The state of the places just found; NULL when the steps were used up. */
struct state *state_of(struct automaton *m, enum before before);
/* Where a state goes; NULL when the steps were used up. Kept unless it tells of a match, which is looked for once only. */
struct state *state_next(struct automaton *m, const struct state *s, uint32_t class);

#endif
