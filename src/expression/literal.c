/*
 * What an expression cannot match without. Characters side by side make a run; each run of a sequence is an option, and so is
 * what one of its groups needs. Of alternatives each must have an option; there the longest counts.
 */
#include "expression/internal.h"

#include "base/utf8.h"

#define COPIES_MAX LITERAL_MAX /* of a repeated character */

struct search {
	struct arena *arena;
	char run[LITERAL_MAX];
	size_t n;
	struct options *out;
};

static size_t shortest(const struct strs *list)
{
	size_t n = list->n ? SIZE_MAX : 0;

	for (size_t i = 0; i < list->n; i++)
		n = list->v[i].n < n ? list->v[i].n : n;
	return n;
}

static const struct strs *longest(const struct options *o)
{
	const struct strs *best = NULL;

	for (size_t i = 0; i < o->n; i++)
		if (!best || shortest(&o->v[i]) > shortest(best))
			best = &o->v[i];
	return best;
}

static void offer(struct search *s, struct strs list)
{
	if (s->out->n < OPTIONS_MAX)
		s->out->v[s->out->n++] = list;
}

static void run_ends(struct search *s)
{
	struct strs one = { 0 };

	if (s->n >= LITERAL_MIN) {
		ARENA_PUSH(s->arena, &one, arena_str(s->arena, str_from(s->run, s->n)));
		offer(s, one);
	}
	s->n = 0;
}

static void run_on(struct search *s, uint32_t cp)
{
	char bytes[4];
	size_t n = utf8_encode(cp, bytes);

	if (s->n + n > LITERAL_MAX)
		run_ends(s);
	memcpy(s->run + s->n, bytes, n);
	s->n += n;
}

static void walk(struct search *s, const struct node *n);

static void walk_alternatives(struct search *s, const struct node *n)
{
	struct strs all = { 0 };

	run_ends(s);
	for (const struct node *c = n->first; c; c = c->next) {
		struct options options;
		expression_literals(s->arena, c, &options);
		const struct strs *one = longest(&options);
		if (!one || all.n + one->n > LITERALS_MAX)
			return;
		for (size_t i = 0; i < one->n; i++)
			ARENA_PUSH(s->arena, &all, one->v[i]);
	}
	offer(s, all);
}

static void walk_repeat(struct search *s, const struct node *n)
{
	uint32_t copies = n->min < COPIES_MAX ? n->min : COPIES_MAX;

	if (n->first->kind != NODE_CHAR || copies < n->min) {
		run_ends(s);
		if (n->min > 0)
			walk(s, n->first);
		run_ends(s);
		return;
	}
	for (uint32_t i = 0; i < copies; i++)
		run_on(s, n->first->cp);
	if (n->max == n->min)
		return;
	/* Some more of it, and what follows stands beside the last. */
	run_ends(s);
	for (uint32_t i = 0; i < copies; i++)
		run_on(s, n->first->cp);
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
		walk_alternatives(s, n);
		break;
	case NODE_REPEAT:
		walk_repeat(s, n);
		break;
	case NODE_SET:
	case NODE_UNKNOWN:
		run_ends(s);
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
