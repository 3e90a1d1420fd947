/*
 * What is to be moved because of a change, noted in its own transaction. Private to store/. Mail that is not bad costs two
 * comparisons.
 */
#ifndef STORE_MOVE_NOTE_H
#define STORE_MOVE_NOTE_H

#include "store/sql.h"
#include "store/store.h"

/* What counts of a record as it was before. */
struct move_view {
	int disposition;
	size_t copies; /* that arrived */
};

/* All zero for a new mail. */
struct move_view move_view_of(const struct record *r);

/* The job, if there is to be one, about the record of that key, which is r afterwards. */
MUST_CHECK enum err move_note(struct sql *c, const struct move_view *before, const struct record *r,
			      int64_t key);

#endif
