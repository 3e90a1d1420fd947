/* One step over a character, from each place that the automaton is at. */
#include "expression/automaton.h"

static bool set_has(const struct charset *set, struct coming c)
{
	size_t at;

	if (c.symbol >= SYMBOLS)
		return false;
	if (c.symbol != SYMBOL_OTHER)
		return charset_bit(set, c.symbol);
	return charset_bit(set, SYMBOL_OTHER) != is_listed(set->points, set->n, c.cp, &at);
}

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

void step_begin(struct automaton *m)
{
	if (++m->round == 0) { /* the marks of four billion steps ago */
		memset(m->visited, 0, m->n_code * sizeof(*m->visited));
		memset(m->taken, 0, m->n_code * sizeof(*m->taken));
		m->round = 1;
	}
	m->n_next = 0;
	m->n_matched = 0;
}

void step_take(struct automaton *m, uint32_t place)
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

void step_from(struct automaton *m, uint32_t place, enum before before, struct coming c)
{
	uint32_t depth = 0;

	visit(m, &depth, place);
	while (depth > 0 && spend(m, 1)) {
		uint32_t at = m->stack[--depth];
		const struct instr *i = &m->code[at];
		switch ((enum op)i->op) {
		case OP_CHAR:
			if (set_has(&m->x->sets.v[i->arg], c))
				step_take(m, at + 1);
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

uint32_t step_first_matched(const struct automaton *m)
{
	uint32_t first = NONE;

	for (uint32_t i = 0; i < m->n_matched; i++)
		first = m->matched[i] < first ? m->matched[i] : first;
	return first;
}
