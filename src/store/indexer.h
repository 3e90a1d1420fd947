/*
 * Bringing search.db up to messages.db: rows above the mark of their account, then rows changed since. One
 * process at a time (upkeep holds a lock). Interrupted anywhere it starts again without harm.
 */
#ifndef STORE_INDEXER_H
#define STORE_INDEXER_H

#include "store/internal.h"

#define INDEXER_BATCH 1000 /* rows of one transaction: 20 ms, merges aside */

MUST_CHECK enum err indexer_add(struct store *st, struct sql_db *search,
				const struct store_shelf_list *shelves, bool *more_out);
MUST_CHECK enum err indexer_retag(struct store *st, struct sql_db *search, bool *more_out);

/* Takes rows out of the index, before they are deleted. keys ascending. */
MUST_CHECK enum err indexer_remove(struct store *st, struct sql_db *search, const int64_t *keys, size_t n);

#endif
