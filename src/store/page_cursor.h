/*
 * Cursors of the message search: the frozen range of time, a place in it, a direction, and a
 * digest of all other parameters, under a MAC, as hexadecimal text. They need no state on the server and do
 * not expire.
 */
#ifndef STORE_PAGE_CURSOR_H
#define STORE_PAGE_CURSOR_H

#include "store/store.h"

struct page_cursor {
	bool newer; /* the page of rows above key, else of those below */
	int64_t key;
	int64_t low, high; /* keys the search began with */
};

struct str page_cursor_write(struct arena *a, const struct store *st, const struct store_search *q,
			     const struct page_cursor *c);
/* ERR_SYNTAX: not ours, changed, or of another search. */
MUST_CHECK enum err page_cursor_read(struct arena *a, const struct store *st, const struct store_search *q,
				     struct page_cursor *out);

#endif
