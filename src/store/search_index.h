/*
 * search.db of this process. The file is derived: it may be missing, damaged, deleted or replaced while we
 * run, so it is looked up for each use and opened again when it is another file.
 */
#ifndef STORE_SEARCH_INDEX_H
#define STORE_SEARCH_INDEX_H

#include "store/store.h"
#include "store/sql.h"

struct search_index;
struct search_use; /* one opened file, kept open while it is used */

struct search_index *search_index_new(struct store *st);
void search_index_free(struct search_index **x);

/*
 * NULL: there is no usable index; all rows must be looked at. create: make one, also in place of a damaged
 * one.
 */
struct search_use *search_index_use(struct search_index *x, bool create);
struct sql_db *search_use_db(struct search_use *u);
/* Removes the file if the engine found it damaged, so that upkeep makes it again; true if so. */
bool search_use_end(struct search_index *x, struct search_use **u);

/* How far the index goes for an account; 0 = nothing. */
MUST_CHECK enum err search_mark(struct sql *c, int64_t account, int64_t *mark_out);

#endif
