/* Running an automaton through a text: by its states, as far as zones want it, or step by step. */
#include "expression/automaton.h"

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
		classes_make(m);
	*steps = m->steps;
	return m->out_of_steps ? NULL : m;
}

static const struct state *begin_state(struct automaton *m)
{
	if (m->begin != NONE)
		return m->states.v[m->begin];
	step_begin(m);
	for (uint32_t i = 0; i < m->n_starts && !m->searching; i++)
		step_take(m, m->starts[i]);
	const struct state *s = state_of(m, BEFORE_BEGIN);
	m->begin = s ? s->index : NONE;
	return s;
}

/* Over a character for the first time, or to a match. NULL: the steps were used up. */
static const struct state *step_closely(struct automaton *m, uint32_t row, uint32_t class, uint64_t *found)
{
	const struct state *next = state_next(m, m->states.v[row / m->n_classes], class);

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
		step_begin(m);
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
		step_begin(m);
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
