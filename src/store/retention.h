/* Deleting what is over its time, in small slices. Called by upkeep, which holds a lock. */
#ifndef STORE_RETENTION_H
#define STORE_RETENTION_H

#include "store/internal.h"

#define RETENTION_SLICE 50 /* rows of one transaction: 1.6 ms of the write lock, 200 take 4 ms */

struct retention {
	struct store *st;
	struct sql_db *search;
	const struct store_shelf_list *shelves;
	const struct store_upkeep *u;
	int64_t now_us;
	bool more; /* set when a slice was full */
	bool
	    busy; /* set when a file could not be removed now: all stop there, and the next round begins there */
};

struct candidate {
	int64_t key;
	struct str raw; /* digest of the raw mail; for resends that of the mail with its envelope */
};

struct candidates {
	struct candidate *v;
	size_t n;
};

/* From harmless to what must stay. */
enum retention_kind { RETENTION_CLEAN, RETENTION_DETECTED, RETENTION_HELD, RETENTION_KINDS };

#define RETENTION_ALWAYS 0
#define RETENTION_NEVER INT64_MAX

/* A row keeps its raw mail when its time is at or after keep_from[its kind]. */
struct retention_rule {
	int64_t keep_from[RETENTION_KINDS];
};

/* Removes the raw file of a candidate unless another row keeps it; adds its size to *freed. May set r->busy. */
MUST_CHECK enum err retention_drop(struct retention *r, const struct candidate *c,
				   const struct retention_rule *rule, int64_t *freed);
/* For each in turn, until r->busy is set; *done_out: how many are settled. */
MUST_CHECK enum err retention_drop_all(struct retention *r, const struct candidates *all,
				       const struct retention_rule *rule, size_t *done_out);

/* Rows older than retention_metadata_us, with their raw mail and their tokens. */
MUST_CHECK enum err retention_rows(struct retention *r);
/* Audit rows older than retention_audit_us. */
MUST_CHECK enum err retention_audit(struct retention *r);
/* Digests of mails that are too old to be resent. */
MUST_CHECK enum err retention_resends(struct retention *r);
/* Held mail older than the retention of detections is held no more; the rest of this never touches what is held. */
MUST_CHECK enum err retention_held(struct retention *r);
/* Raw mail older than the retention of its kind. */
MUST_CHECK enum err retention_raw(struct retention *r);
/*
 * Raw mail over the budget: oldest clean mail first, then detections that are not held; never what is held. Says how it
 * stands (store_raw_room).
 */
MUST_CHECK enum err retention_budget(struct retention *r, int64_t *used_bytes);
/* Files of one shard that no row names, a day after they were put: an add that failed. */
MUST_CHECK enum err retention_orphans(struct retention *r, unsigned shard);

#endif
