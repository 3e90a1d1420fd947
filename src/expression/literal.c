/*
 * What an expression cannot match without. Characters side by side make a run; each run of a sequence is an option, and so is
 * what one of its groups needs. Of alternatives each must have an option; there the longest counts. Of each option it is known how
 * far behind the beginning of a match it stands at most.
 */
#include "expression/internal.h"

#include "base/utf8.h"

#define COPIES_MAX LITERAL_MAX /* of a repeated character */

struct search {
	struct arena *arena;
	char run[LITERAL_MAX];
	size_t n;
	uint32_t before, run_before; /* bytes of a match before this place and before the run, at most */
	struct options *out;
};

static size_t shortest(const struct strs *list)
{
	size_t n = list->n ? SIZE_MAX : 0;

	for (size_t i = 0; i < list->n; i++)
		n = list->v[i].n < n ? list->v[i].n : n;
	return n;
}

static const struct literal_option *longest(const struct options *o)
{
	const struct literal_option *best = NULL;

	for (size_t i = 0; i < o->n; i++)
		if (!best || shortest(&o->v[i].literals) > shortest(&best->literals))
			best = &o->v[i];
	return best;
}

/* ---- how long a match may be, in bytes; ENDLESS stays that ---- */

#define ENDLESS UINT32_MAX

static uint32_t plus(uint32_t x, uint32_t y)
{
	return x < ENDLESS - y ? x + y : ENDLESS;
}

static uint32_t times(uint32_t n, uint32_t length)
{
	return length == 0 || n == 0 ? 0 : n < ENDLESS / length ? n * length : ENDLESS;
}

static uint32_t length_of_set(const struct charset *c)
{
	bool ascii = c->n == 0 && !(c->bits[2] >> (SYMBOL_LONG_S - 128));

	return ascii ? 1 : 4;
}

/* White space stands alone in what is searched. */
static bool is_space(const struct node *n)
{
	if (n->kind == NODE_CHAR)
		return fold_is_space(n->cp);
	if (n->kind != NODE_SET || length_of_set(n->set) > 1)
		return false;
	for (unsigned c = 0; c < 128; c++)
		if (charset_bit(n->set, c) && !fold_is_space(c))
			return false;
	return true;
}

static uint32_t length_of(const struct node *n)
{
	char bytes[4];
	uint32_t length = 0;

	switch (n->kind) {
	case NODE_CHAR:
		return (uint32_t)utf8_encode(n->cp, bytes);
	case NODE_SET:
		return length_of_set(n->set);
	case NODE_CAT:
		for (const struct node *c = n->first; c; c = c->next)
			length = plus(length, length_of(c));
		return length;
	case NODE_ALT:
		for (const struct node *c = n->first; c; c = c->next) {
			uint32_t one = length_of(c);
			length = one > length ? one : length;
		}
		return length;
	case NODE_REPEAT:
		return times(is_space(n->first) && n->max > 0 ? 1 : n->max, length_of(n->first));
	case NODE_UNKNOWN:
		return ENDLESS;
	case NODE_ASSERT:
		break;
	}
	return 0;
}

/* ---- */

static void offer(struct search *s, struct strs list, uint32_t before)
{
	if (s->out->n < OPTIONS_MAX)
		s->out->v[s->out->n++] = (struct literal_option){ list, before };
}

static void run_ends(struct search *s)
{
	struct strs one = { 0 };

	if (s->n >= LITERAL_MIN) {
		ARENA_PUSH(s->arena, &one, arena_str(s->arena, str_from(s->run, s->n)));
		offer(s, one, s->run_before);
	}
	s->n = 0;
}

static void run_on(struct search *s, uint32_t cp)
{
	char bytes[4];
	size_t n = utf8_encode(cp, bytes);

	if (s->n + n > LITERAL_MAX)
		run_ends(s);
	if (s->n == 0)
		s->run_before = s->before;
	memcpy(s->run + s->n, bytes, n);
	s->n += n;
	s->before = plus(s->before, (uint32_t)n);
}

static void walk(struct search *s, const struct node *n);

static void offer_alternatives(struct search *s, const struct node *n)
{
	struct strs all = { 0 };
	uint32_t before = 0;

	for (const struct node *c = n->first; c; c = c->next) {
		struct options options;
		expression_literals(s->arena, c, &options);
		const struct literal_option *one = longest(&options);
		if (!one || all.n + one->literals.n > LITERALS_MAX)
			return;
		for (size_t i = 0; i < one->literals.n; i++)
			ARENA_PUSH(s->arena, &all, one->literals.v[i]);
		before = one->before > before ? one->before : before;
	}
	offer(s, all, plus(s->before, before));
}

static void walk_repeat(struct search *s, const struct node *n)
{
	uint32_t copies = n->min < COPIES_MAX ? n->min : COPIES_MAX, start = s->before;

	if (n->first->kind != NODE_CHAR || copies < n->min) {
		run_ends(s);
		if (n->min > 0)
			walk(s, n->first);
		run_ends(s);
		s->before = plus(start, length_of(n));
		return;
	}
	for (uint32_t i = 0; i < copies; i++)
		run_on(s, n->first->cp);
	if (n->max == n->min)
		return;
	/* Some more of it, and what follows stands beside the last. */
	run_ends(s);
	s->before = plus(start, length_of(n));
	for (uint32_t i = 0; i < copies; i++)
		run_on(s, n->first->cp);
	s->before = plus(start, length_of(n));
}

static void walk(struct search *s, const struct node *n)
{
	switch (n->kind) {
	case NODE_CHAR:
		run_on(s, n->cp);
		break;
	case NODE_CAT:
		for (const struct node *c = n->first; c; c = c->next)
			walk(s, c);
		break;
	case NODE_ALT:
		run_ends(s);
		offer_alternatives(s, n);
		s->before = plus(s->before, length_of(n));
		break;
	case NODE_REPEAT:
		walk_repeat(s, n);
		break;
	case NODE_SET:
	case NODE_UNKNOWN:
		run_ends(s);
		s->before = plus(s->before, length_of(n));
		break;
	case NODE_ASSERT:
		break;
	}
}

void expression_literals(struct arena *a, const struct node *tree, struct options *out)
{
	struct search s = { .arena = a, .out = out };

	out->n = 0;
	walk(&s, tree);
	run_ends(&s);
}
