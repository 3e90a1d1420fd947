/*
 * When to look for work: at once where somebody wrote to the store, else now and then, for what comes by time alone. So an
 * idle server costs next to nothing.
 */
#ifndef COURIER_CALM_H
#define COURIER_CALM_H

#include "base/clock.h"
#include "store/store.h"

struct calm {
	int64_t seen, until_ms; /* all zero: it has not begun */
};

/* Nothing was found, nor will be for so long unless somebody writes. */
static inline void calm_begin(struct calm *c, int64_t ms)
{
	c->until_ms = clock_mono_ms() + ms;
}

static inline void calm_end(struct calm *c)
{
	c->until_ms = 0;
}

/* False: look now. */
static inline bool calm_lasts(struct calm *c, const struct store *st)
{
	return store_is_unchanged(st, &c->seen) && clock_mono_ms() < c->until_ms;
}

#endif
