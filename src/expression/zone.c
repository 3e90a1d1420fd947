/*
 * Where in a long text expressions may begin to match: not far before the literals that they cannot match without. An automaton takes
 * three times as long as the filter, and most of what is written is about something else.
 */
#include "expression/internal.h"

#include <stdlib.h>

static bool is_rare(const struct expressions *x, const struct filter_answer *found, const struct option *o)
{
	if (!o->used || o->before == UINT32_MAX)
		return false;
	for (uint32_t i = 0; i < o->n; i++)
		if (found->times[x->offered.v[o->at + i]] >= TIMES_MAX)
			return false;
	return true;
}

/* Of what the expression needs what is rarest here; NULL: it is everywhere, or far behind where the match begins. */
static const struct option *rarest(const struct expressions *x, const struct filter_answer *found,
				   uint32_t expression)
{
	const struct option *best = NULL;
	size_t least = SIZE_MAX;

	for (size_t i = x->all.v[expression].options; i < x->options.n; i++) {
		const struct option *o = &x->options.v[i];
		size_t times = 0;
		if (o->expression != expression)
			break;
		if (!is_rare(x, found, o))
			continue;
		for (uint32_t k = 0; k < o->n; k++)
			times += found->times[x->offered.v[o->at + k]];
		if (times < least) {
			least = times;
			best = o;
		}
	}
	return best;
}

static int by_begin(const void *a, const void *b)
{
	const struct zone *x = a, *y = b;

	return (x->from > y->from) - (x->from < y->from);
}

static void join(struct zones *z)
{
	size_t n = 0;

	if (z->n > 0)
		qsort(z->v, z->n, sizeof(*z->v), by_begin);
	for (size_t i = 0; i < z->n; i++) {
		if (n == 0 || z->v[i].from > z->v[n - 1].to)
			z->v[n++] = z->v[i];
		else if (z->v[i].to > z->v[n - 1].to)
			z->v[n - 1].to = z->v[i].to;
	}
	z->n = n;
}

bool zones_find(struct arena *a, const struct expressions *x, const struct filter_answer *found,
		const uint32_t *expressions, size_t n, struct zones *out)
{
	size_t marked = 0;

	*out = (struct zones){ 0 };
	if (!found->told)
		return false;
	/* First what stays, so that the rest can be given back: a mail may have thousands of texts. */
	for (size_t i = 0; i < n; i++) {
		const struct option *o = rarest(x, found, expressions[i]);
		if (!o)
			return false;
		for (uint32_t k = 0; k < o->n; k++)
			marked += found->times[x->offered.v[o->at + k]];
	}
	out->v = arena_alloc(a, (marked + 1) * sizeof(*out->v));
	struct arena_mark mark = arena_mark(a);
	uint32_t *before = ARENA_ARRAY(a, x->literals.n, uint32_t); /* + 1; 0: it does not matter */
	for (size_t i = 0; i < n; i++) {
		const struct option *o = rarest(x, found, expressions[i]);
		for (uint32_t k = 0; k < o->n; k++) {
			uint32_t *b = &before[x->offered.v[o->at + k]];
			*b = o->before + 1 > *b ? o->before + 1 : *b;
		}
	}
	for (size_t i = 0; i < found->places.n; i++) {
		const struct place *p = &found->places.v[i];
		size_t back = before[p->literal];
		if (back > 0)
			out->v[out->n++] = (struct zone){ p->at > back - 1 ? p->at - (back - 1) : 0, p->at };
	}
	arena_rewind(a, mark);
	join(out);
	return true;
}
