/*
 * Running expressions side by side: a set of places in their instructions takes a step for each character (Thompson 1968). Places
 * are those before which nothing is decided yet, because what an assertion says depends on the character to come.
 *
 * Where much is to be read, each set of places that was met is kept as a state, with where it goes for each class of characters:
 * from then on a character costs one look. Characters that no expression tells apart are one class. When searching, an expression
 * may begin anywhere; what that adds is kept apart from the states, so that a thousand expressions cost nothing where they do
 * not begin.
 */
#include "expression/internal.h"

#include "base/utf8.h"

#define NONE UINT32_MAX
#define STATE_STEPS 30   /* what making a state costs beside its places and its row */
#define CLASSES_A_STEP 4 /* of a row */

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

static bool spend(struct automaton *m, uint32_t n)
{
	m->out_of_steps = m->out_of_steps || m->steps < n;
	m->steps = m->out_of_steps ? 0 : m->steps - n;
	return !m->out_of_steps;
}

/* ---- characters ---- */

static bool is_listed(const uint32_t *points, size_t n, uint32_t cp, size_t *at_out)
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

static bool set_has(const struct charset *set, struct coming c)
{
	size_t at;

	if (c.symbol >= SYMBOLS)
		return false;
	if (c.symbol != SYMBOL_OTHER)
		return charset_bit(set, c.symbol);
	return charset_bit(set, SYMBOL_OTHER) != is_listed(set->points, set->n, c.cp, &at);
}

static struct coming coming_of(uint32_t cp)
{
	if (cp < 128)
		return (struct coming){ (unsigned)cp, cp };
	if (cp == CHAR_LONG_S)
		return (struct coming){ SYMBOL_LONG_S, cp };
	return (struct coming){ cp == CHAR_KELVIN ? SYMBOL_KELVIN : SYMBOL_OTHER, cp };
}

static bool is_word(struct coming c)
{
	return c.symbol == '_' || (c.symbol >= '0' && c.symbol <= '9') ||
	       (c.symbol >= 'a' && c.symbol <= 'z');
}

static enum before before_of(const struct automaton *m, struct coming c)
{
	return m->words && is_word(c) ? BEFORE_WORD : BEFORE_OTHER;
}

/* ---- one step ---- */

static bool holds(enum assertion what, enum before before, struct coming c)
{
	bool border = (before == BEFORE_WORD) != is_word(c);

	switch (what) {
	case ASSERT_BEGIN:
		return before == BEFORE_BEGIN;
	case ASSERT_END:
		return c.symbol == SYMBOLS;
	case ASSERT_WORD:
		return border;
	case ASSERT_NOT_WORD:
		return !border;
	}
	return false;
}

static void begin_step(struct automaton *m)
{
	if (++m->round == 0) { /* the marks of four billion steps ago */
		memset(m->visited, 0, m->n_code * sizeof(*m->visited));
		memset(m->taken, 0, m->n_code * sizeof(*m->taken));
		m->round = 1;
	}
	m->n_next = 0;
	m->n_matched = 0;
}

static void take_place(struct automaton *m, uint32_t place)
{
	while (m->code[place].op == OP_JUMP)
		place = (uint32_t)((int32_t)place + m->code[place].to);
	if (m->taken[place] == m->round)
		return;
	m->taken[place] = m->round;
	m->next[m->n_next++] = place;
}

static void visit(struct automaton *m, uint32_t *depth, uint32_t place)
{
	if (m->visited[place] == m->round)
		return;
	m->visited[place] = m->round;
	m->stack[(*depth)++] = place;
}

/* From one place over c. */
static void step_from(struct automaton *m, uint32_t place, enum before before, struct coming c)
{
	uint32_t depth = 0;

	visit(m, &depth, place);
	while (depth > 0 && spend(m, 1)) {
		uint32_t at = m->stack[--depth];
		const struct instr *i = &m->code[at];
		switch ((enum op)i->op) {
		case OP_CHAR:
			if (set_has(&m->x->sets.v[i->arg], c))
				take_place(m, at + 1);
			break;
		case OP_SPLIT:
			visit(m, &depth, (uint32_t)((int32_t)at + i->to));
			visit(m, &depth, at + 1);
			break;
		case OP_JUMP:
			visit(m, &depth, (uint32_t)((int32_t)at + i->to));
			break;
		case OP_ASSERT:
			if (holds((enum assertion)i->arg, before, c))
				visit(m, &depth, at + 1);
			break;
		case OP_MATCH:
			if (m->searching || c.symbol == SYMBOLS)
				m->matched[m->n_matched++] = i->arg;
			break;
		}
	}
}

static uint32_t first_matched(const struct automaton *m)
{
	uint32_t first = NONE;

	for (uint32_t i = 0; i < m->n_matched; i++)
		first = m->matched[i] < first ? m->matched[i] : first;
	return first;
}

/* ---- states ---- */

/* What beginning here adds, kept by what stands before and what comes. */
static const struct places *begun(struct automaton *m, enum before before, uint32_t class)
{
	if (!m->begun[before])
		m->begun[before] = ARENA_ARRAY(m->arena, m->n_classes, struct places);
	struct places *p = &m->begun[before][class];
	if (p->known)
		return p;
	begin_step(m);
	for (uint32_t i = 0; i < m->n_starts; i++)
		step_from(m, m->starts[i], before, m->members[class]);
	uint32_t *v = arena_alloc(m->arena, (m->n_next + 1) * sizeof(*v));
	memcpy(v, m->next, m->n_next * sizeof(*v));
	*p = (struct places){ v, m->n_next, first_matched(m), !m->out_of_steps };
	return p;
}

static uint32_t hash_places(const struct automaton *m, enum before before)
{
	uint32_t h = 2166136261u ^ (uint32_t)before;

	for (uint32_t i = 0; i < m->n_next; i++)
		h = (h ^ m->next[i]) * 16777619u;
	for (uint32_t i = 0; i < m->n_matched; i++)
		h = (h ^ m->matched[i] ^ 0x55555555u) * 16777619u;
	return h ^ h >> 15;
}

static bool same(const struct automaton *m, const struct state *s, uint32_t hash, enum before before)
{
	return s->hash == hash && s->before == before && s->n == m->n_next && s->n_matched == m->n_matched &&
	       memcmp(s->places, m->next, s->n * sizeof(*s->places)) == 0 &&
	       memcmp(s->matched, m->matched, s->n_matched * sizeof(*s->matched)) == 0;
}

static void grow_states(struct automaton *m)
{
	struct state **old = m->slots;
	uint32_t n = m->n_slots;

	m->n_slots = n ? n * 4 : 64;
	m->slots = ARENA_ARRAY(m->arena, m->n_slots, struct state *);
	for (uint32_t i = 0; i < n; i++) {
		for (struct state *s = old[i], *next; s; s = next) {
			next = s->chain;
			s->chain = m->slots[s->hash & (m->n_slots - 1)];
			m->slots[s->hash & (m->n_slots - 1)] = s;
		}
	}
}

/* Room for where one more state goes, which is not known yet. */
static void add_row(struct automaton *m)
{
	size_t used = (m->states.n - 1) * m->n_classes, need = used + m->n_classes;

	if (need > m->go_room) {
		uint32_t *old = m->go;
		m->go_room = need * 2;
		m->go = arena_alloc(m->arena, m->go_room * sizeof(*m->go));
		if (used > 0)
			memcpy(m->go, old, used * sizeof(*old));
	}
	memset(m->go + used, 0xff, m->n_classes * sizeof(*m->go));
}

/* The state of the places just found; NULL when the steps were used up. */
static struct state *state_of(struct automaton *m, enum before before)
{
	uint32_t hash = hash_places(m, before);

	if (m->states.n * 2 >= m->n_slots)
		grow_states(m);
	struct state **slot = &m->slots[hash & (m->n_slots - 1)];
	for (struct state *s = *slot; s; s = s->chain)
		if (same(m, s, hash, before))
			return s;
	if (!spend(m, STATE_STEPS + m->n_classes / CLASSES_A_STEP))
		return NULL;
	struct state *s = ARENA_NEW(m->arena, struct state);
	uint32_t *v = arena_alloc(m->arena, (m->n_next + m->n_matched + 1) * sizeof(*v));
	memcpy(v, m->next, m->n_next * sizeof(*v));
	memcpy(v + m->n_next, m->matched, m->n_matched * sizeof(*v));
	s->chain = *slot;
	s->hash = hash;
	s->before = before;
	s->places = v;
	s->n = m->n_next;
	s->matched = v + m->n_next;
	s->n_matched = m->n_matched;
	*slot = s;
	s->index = (uint32_t)m->states.n;
	ARENA_PUSH(m->arena, &m->states, s);
	add_row(m);
	return s;
}

/* Few places in their order, so that the same ones are one state however they were found. */
static void sort_places(struct automaton *m)
{
	if (m->n_next > 32)
		return;
	for (uint32_t i = 1; i < m->n_next; i++) {
		uint32_t v = m->next[i], k = i;
		for (; k > 0 && m->next[k - 1] > v; k--)
			m->next[k] = m->next[k - 1];
		m->next[k] = v;
	}
}

/* Where a state goes; NULL when the steps were used up. Kept unless it tells of a match, which is looked for once only. */
static struct state *step_to(struct automaton *m, const struct state *s, uint32_t class)
{
	struct coming c = m->members[class];
	const struct places *more = m->searching ? begun(m, s->before, class) : NULL;

	begin_step(m);
	for (uint32_t i = 0; i < s->n; i++)
		step_from(m, s->places[i], s->before, c);
	if (more) {
		uint32_t first = first_matched(m);
		first = more->matched < first ? more->matched : first;
		m->n_matched = first != NONE;
		m->matched[0] = first;
		for (uint32_t i = 0; i < more->n; i++)
			take_place(m, more->v[i]);
		spend(m, more->n);
	}
	if (m->out_of_steps)
		return NULL;
	sort_places(m);
	struct state *next = state_of(m, before_of(m, c));
	if (next && next->n_matched == 0)
		m->go[s->index * m->n_classes + class] = next->index * m->n_classes;
	return next;
}

/* ---- classes ---- */

static uint64_t mix(uint64_t signature, uint32_t set)
{
	signature = (signature ^ (set + 1)) * 0x9e3779b97f4a7c15u; /* never none */
	return signature ^ signature >> 29;
}

/* A signature for each symbol and point: the sets it is in. */
static void sign(struct automaton *m, uint64_t *signatures)
{
	const struct expressions *x = m->x;
	uint64_t *done = ARENA_ARRAY(m->arena, x->sets.n / 64 + 1, uint64_t);
	size_t at;

	for (uint32_t i = 0; i < m->n_code; i++) {
		uint32_t set = m->code[i].arg;
		if (m->code[i].op != OP_CHAR || bits_has(done, set))
			continue;
		bits_set(done, set);
		const struct charset *c = &x->sets.v[set];
		if (!spend(m, 16 + c->n))
			return;
		/* Those that are not as SYMBOL_OTHER is. */
		bool other = charset_bit(c, SYMBOL_OTHER);
		for (unsigned symbol = 0; symbol < SYMBOL_OTHER; symbol++)
			if (charset_bit(c, symbol) != other)
				signatures[symbol] = mix(signatures[symbol], set);
		for (uint32_t k = 0; k < c->n; k++)
			if (is_listed(x->points.v, x->points.n, c->points[k], &at))
				signatures[SYMBOLS + at] = mix(signatures[SYMBOLS + at], set);
	}
}

static void make_table_of_two(struct automaton *m)
{
	const struct expressions *x = m->x;

	m->class_of_two = ARENA_ARRAY(m->arena, FOLD_TABLE, uint16_t);
	for (uint32_t cp = 128; cp < FOLD_TABLE; cp++)
		m->class_of_two[cp] = m->class_of[SYMBOL_OTHER];
	m->class_of_two[CHAR_LONG_S] = m->class_of[SYMBOL_LONG_S];
	for (size_t i = 0; i < x->points.n && x->points.v[i] < FOLD_TABLE; i++)
		m->class_of_two[x->points.v[i]] = m->class_of[SYMBOLS + i];
}

/* Symbols of one signature are one class; words are told from others besides, where there are assertions of them. */
static void make_classes(struct automaton *m)
{
	const struct expressions *x = m->x;
	size_t n = SYMBOLS + x->points.n, slots = 512;

	if (!spend(m, (uint32_t)n))
		return;
	uint64_t *signatures = ARENA_ARRAY(m->arena, n, uint64_t);
	while (slots < n * 2)
		slots *= 2;
	uint32_t *table = ARENA_ARRAY(m->arena, slots, uint32_t); /* class + 1 */
	uint64_t *of_class = ARENA_ARRAY(m->arena, n, uint64_t);
	m->class_of = ARENA_ARRAY(m->arena, n, uint16_t);
	m->members = ARENA_ARRAY(m->arena, n + 1, struct coming);
	sign(m, signatures);
	if (m->out_of_steps)
		return;
	for (size_t i = 0; i < n; i++) {
		struct coming c =
		    i < SYMBOLS ? (struct coming){ (unsigned)i, 0 } : coming_of(x->points.v[i - SYMBOLS]);
		uint64_t signature = signatures[i] ^ (m->words && is_word(c) ? (uint64_t)1 << 63 : 0);
		size_t at = signature;
		while (table[at & (slots - 1)] && of_class[table[at & (slots - 1)] - 1] != signature)
			at++;
		uint32_t *slot = &table[at & (slots - 1)];
		if (!*slot) {
			of_class[m->n_classes] = signature;
			m->members[m->n_classes] = c;
			*slot = ++m->n_classes;
		}
		m->class_of[i] = (uint16_t)(*slot - 1);
	}
	m->members[m->n_classes++] = (struct coming){ SYMBOLS, 0 };
	make_table_of_two(m);
}

static uint32_t class_of_char(const struct automaton *m, uint32_t cp)
{
	struct coming c = coming_of(cp);
	size_t at;

	if (c.symbol == SYMBOL_OTHER && is_listed(m->x->points.v, m->x->points.n, cp, &at))
		return m->class_of[SYMBOLS + at];
	return m->class_of[c.symbol];
}

/* The class of the character at *at, which moves behind it. The text is valid. */
static uint32_t next_class(const struct automaton *m, struct str text, size_t *at)
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

/* ---- the whole ---- */

/* Their instructions one behind the other, and room for a step through them. */
static void join_code(struct automaton *m, const uint32_t *expressions, size_t n)
{
	uint32_t at = 0;

	m->code = ARENA_ARRAY(m->arena, m->n_code, struct instr);
	m->starts = ARENA_ARRAY(m->arena, n, uint32_t);
	m->n_starts = (uint32_t)n;
	for (size_t i = 0; i < n; i++) {
		const struct expression *e = &m->x->all.v[expressions[i]];
		memcpy(m->code + at, m->x->code.v + e->at, e->n * sizeof(*m->code));
		m->starts[i] = at;
		at += e->n;
	}
	for (uint32_t i = 0; i < m->n_code; i++)
		m->words |= m->code[i].op == OP_ASSERT &&
			    (m->code[i].arg == ASSERT_WORD || m->code[i].arg == ASSERT_NOT_WORD);
	m->visited = ARENA_ARRAY(m->arena, m->n_code, uint32_t);
	m->taken = ARENA_ARRAY(m->arena, m->n_code, uint32_t);
	m->stack = arena_alloc(m->arena, m->n_code * sizeof(*m->stack));
	m->next = arena_alloc(m->arena, m->n_code * sizeof(*m->next));
	m->matched = arena_alloc(m->arena, (n + 1) * sizeof(*m->matched));
}

/*
 * Half a step for each instruction, paid before anything is made; and nothing is made of more instructions than there are steps: a
 * thousand large expressions take megabytes, more time than all steps there are, and are never run to an end.
 */
struct automaton *automaton_new(struct arena *a, const struct expressions *x, const uint32_t *expressions,
				size_t n, bool keep, uint32_t *steps)
{
	struct automaton *m = ARENA_NEW(a, struct automaton);

	m->arena = a;
	m->x = x;
	m->searching = x->kind == EXPRESSIONS_SEARCHED;
	m->steps = *steps;
	m->begin = NONE;
	for (size_t i = 0; i < n && m->n_code <= *steps; i++)
		m->n_code += x->all.v[expressions[i]].n;
	if (spend(m, m->n_code <= *steps ? m->n_code / 2 : m->n_code))
		join_code(m, expressions, n);
	if (!m->out_of_steps && keep)
		make_classes(m);
	*steps = m->steps;
	return m->out_of_steps ? NULL : m;
}

static const struct state *begin_state(struct automaton *m)
{
	if (m->begin != NONE)
		return m->states.v[m->begin];
	begin_step(m);
	for (uint32_t i = 0; i < m->n_starts && !m->searching; i++)
		take_place(m, m->starts[i]);
	const struct state *s = state_of(m, BEFORE_BEGIN);
	m->begin = s ? s->index : NONE;
	return s;
}

/* Over a character for the first time, or to a match. NULL: the steps were used up. */
static const struct state *step_closely(struct automaton *m, uint32_t row, uint32_t class, uint64_t *found)
{
	const struct state *next = step_to(m, m->states.v[row / m->n_classes], class);

	for (uint32_t i = 0; next && i < next->n_matched; i++)
		bits_set(found, next->matched[i]);
	return next;
}

/*
 * Where a run is. In zones: all that is not waited for is passed over, as far as the next zone.
 */
struct run {
	struct str text;
	const struct zones *zones;
	size_t zone; /* the next */
	uint32_t row;
	uint32_t idle[BEFORES]; /* rows of states without places */
};

/* What stands before a place of the text. */
static enum before before_place(const struct automaton *m, struct str text, size_t at)
{
	if (at == 0)
		return BEFORE_BEGIN;
	unsigned char c = (unsigned char)text.p[at - 1];
	return c < 0x80 ? before_of(m, coming_of(c)) : BEFORE_OTHER;
}

static bool make_idle(struct automaton *m, struct run *r)
{
	for (enum before before = 0; before < BEFORES; before++) {
		begin_step(m);
		const struct state *s = state_of(m, before);
		if (!s)
			return false;
		r->idle[before] = s->index * m->n_classes;
	}
	return true;
}

static bool is_idle(const struct run *r)
{
	return r->row == r->idle[BEFORE_OTHER] || r->row == r->idle[BEFORE_WORD] ||
	       r->row == r->idle[BEFORE_BEGIN];
}

/* The end of the zone that `at` is in, or of that to which it moves on; SIZE_MAX and *at at the end: there is none. */
static size_t next_zone(const struct automaton *m, struct run *r, size_t *at)
{
	while (r->zone < r->zones->n && r->zones->v[r->zone].to < *at)
		r->zone++;
	if (r->zone == r->zones->n) {
		*at = r->text.n;
		return SIZE_MAX;
	}
	const struct zone *z = &r->zones->v[r->zone];
	if (z->from <= *at)
		return z->to;
	*at = z->from;
	while (*at > 0 && ((unsigned char)r->text.p[*at] & 0xc0) == 0x80)
		(*at)--;
	r->row = r->idle[before_place(m, r->text, *at)];
	return z->to;
}

/* As far as all is ASCII and known; gives where it ends. Without a branch that depends on the text. */
static size_t run_ascii(const struct automaton *m, struct run *r, size_t at, size_t to)
{
	const unsigned char *p = (const unsigned char *)r->text.p;
	const uint16_t *class_of = m->class_of;
	const uint32_t *go = m->go;
	uint32_t row = r->row;

	for (; at < to && p[at] < 0x80; at++) {
		uint32_t next = go[row + class_of[p[at]]];
		if (next == NONE)
			break;
		row = next;
	}
	r->row = row;
	return at;
}

/* As far as `to`, or to a match. Gives whether there is more to do. */
static bool run_to(struct automaton *m, struct run *r, size_t *at, size_t to, uint64_t *found,
		   size_t *end_out)
{
	while (*at < to) {
		*at = run_ascii(m, r, *at, to);
		if (*at == to)
			break;
		size_t from = *at;
		uint32_t class = next_class(m, r->text, at), next = m->go[r->row + class];
		if (next == NONE) {
			const struct state *s = step_closely(m, r->row, class, found);
			*end_out = from;
			if (!s || s->n_matched > 0 || (s->n == 0 && !m->searching))
				return false;
			next = s->index * m->n_classes;
		}
		r->row = next;
	}
	return true;
}

/* Beyond a zone as long as anything waits for what comes. */
static bool run_until_idle(struct automaton *m, struct run *r, size_t *at, uint64_t *found, size_t *end_out)
{
	while (*at < r->text.n && !is_idle(r))
		if (!run_to(m, r, at, *at + 1, found, end_out))
			return false;
	return true;
}

/* With states kept. */
static void run_kept(struct automaton *m, struct str text, const struct zones *zones, uint64_t *found,
		     size_t *end_out)
{
	struct run r = { .text = text, .zones = zones };
	const struct state *s = begin_state(m);
	size_t at = 0;

	if (!s || (zones && !make_idle(m, &r)))
		return;
	r.row = s->index * m->n_classes;
	if (!zones && !run_to(m, &r, &at, text.n, found, end_out))
		return;
	while (at < text.n) {
		size_t to = next_zone(m, &r, &at);
		size_t end = to < text.n ? to + 1 : text.n;
		if (!run_to(m, &r, &at, end, found, end_out) || !run_until_idle(m, &r, &at, found, end_out))
			return;
	}
	step_closely(m, r.row, m->n_classes - 1, found);
	*end_out = text.n;
}

/* Without, for few expressions and one short value. */
static void run_once(struct automaton *m, struct str text, uint64_t *found)
{
	uint32_t *places = m->starts, n = m->n_starts;
	uint32_t *other = arena_alloc(m->arena, m->n_code * sizeof(*other));
	enum before before = BEFORE_BEGIN;

	for (size_t at = 0; n > 0 && !m->out_of_steps;) {
		bool end = at == text.n;
		struct coming c = end ? (struct coming){ SYMBOLS, 0 } : coming_of(utf8_next(text, &at));
		begin_step(m);
		for (uint32_t i = 0; i < n; i++)
			step_from(m, places[i], before, c);
		if (end)
			break;
		places = m->next;
		n = m->n_next;
		m->next = other;
		other = places;
		before = before_of(m, c);
	}
	for (uint32_t i = 0; i < m->n_matched && !m->out_of_steps; i++)
		bits_set(found, m->matched[i]);
}

bool automaton_run(struct automaton *m, struct str folded, const struct zones *zones, uint32_t *steps,
		   uint64_t *found, size_t *end_out)
{
	m->steps = *steps;
	m->out_of_steps = false;
	*end_out = 0;
	/* To pay first: a little for each byte. */
	if (spend(m, (uint32_t)(folded.n / 8)) && m->class_of)
		run_kept(m, folded, zones, found, end_out);
	else if (!m->out_of_steps)
		run_once(m, folded, found);
	*steps = m->steps;
	return !m->out_of_steps;
}
