/*
 * What corrections did (model/correction.h): which mail was judged by each, by numbers of corrections. A row comes in the
 * transaction that makes the record one judged by it (record.correction), and goes with the record, or when it is undone.
 * Threads: any; memory: the caller's arena.
 */
#ifndef STORE_CORRECTIONS_H
#define STORE_CORRECTIONS_H

#include "model/correction.h"
#include "store/store.h"

/* Newest first; *total_out: all of them. */
MUST_CHECK enum err store_corrected(struct store *st, struct arena *a, int64_t correction, size_t skip,
				    size_t n, struct corrected_message_list *out, size_t *total_out);

/* How many it judges otherwise than they are without it, and no newer one does. */
MUST_CHECK enum err store_corrected_count(struct store *st, int64_t correction, size_t *out);

struct store_effect {
	int64_t key;
	int before, after; /* enum disposition */
};
struct store_effects {
	struct store_effect *v;
	size_t n;
};

/* The next n behind a key, by keys. */
MUST_CHECK enum err store_effects(struct store *st, struct arena *a, int64_t correction, int64_t after,
				  size_t n, struct store_effects *out);
/* Those behind a key and up to another are undone. */
MUST_CHECK enum err store_effects_forget(struct store *st, int64_t correction, int64_t after, int64_t upto);

#endif
