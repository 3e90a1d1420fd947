/* Sets of places as states, and the classes of characters that they go by. */
#include "expression/automaton.h"

#define STATE_STEPS 30   /* what making a state costs beside its places and its row */
#define CLASSES_A_STEP 4 /* of a row */

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
void classes_make(struct automaton *m)
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

uint32_t class_of_char(const struct automaton *m, uint32_t cp)
{
	struct coming c = coming_of(cp);
	size_t at;

	if (c.symbol == SYMBOL_OTHER && is_listed(m->x->points.v, m->x->points.n, cp, &at))
		return m->class_of[SYMBOLS + at];
	return m->class_of[c.symbol];
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
	step_begin(m);
	for (uint32_t i = 0; i < m->n_starts; i++)
		step_from(m, m->starts[i], before, m->members[class]);
	uint32_t *v = arena_alloc(m->arena, (m->n_next + 1) * sizeof(*v));
	memcpy(v, m->next, m->n_next * sizeof(*v));
	*p = (struct places){ v, m->n_next, step_first_matched(m), !m->out_of_steps };
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

struct state *state_of(struct automaton *m, enum before before)
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

struct state *state_next(struct automaton *m, const struct state *s, uint32_t class)
{
	struct coming c = m->members[class];
	const struct places *more = m->searching ? begun(m, s->before, class) : NULL;

	step_begin(m);
	for (uint32_t i = 0; i < s->n; i++)
		step_from(m, s->places[i], s->before, c);
	if (more) {
		uint32_t first = step_first_matched(m);
		first = more->matched < first ? more->matched : first;
		m->n_matched = first != NONE;
		m->matched[0] = first;
		for (uint32_t i = 0; i < more->n; i++)
			step_take(m, more->v[i]);
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
