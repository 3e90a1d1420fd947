/*
 * One pass over the rows of an account that have certain tokens, in key order: the part of the index that is
 * current, and what it does not know yet (rows added or changed since), matched here by the same tokens.
 */
#ifndef STORE_SCAN_ROWS_H
#define STORE_SCAN_ROWS_H

#include "store/similar.h"
#include "store/store.h"
#include "store/tokens.h"

#define SCAN_NEWEST (-1)

struct scan_range {
	int64_t account, low,
	    high; /* keys, both included; SCAN_NEWEST: the newest there is, which scan_open sets */
	bool newest_first;
	bool shown;    /* each row is asked for by scan_message as it comes */
	bool deep;     /* many rows will be passed over: read narrow tables */
	bool no_index; /* as if there were none */
};

struct scan;

/* Holds snapshots of both databases until scan_close. until_ms 0 = no deadline. a: for the scan itself. */
MUST_CHECK enum err scan_open(struct store *st, struct arena *a, struct scan_range *range,
			      const struct token_query *q, int64_t until_ms, struct scan **out);
/* ERR_ABSENT: no more. */
MUST_CHECK enum err scan_next(struct scan *scan, int64_t *key_out);
/* The message of a key scan_next gave, until the next call. ERR_ABSENT: deleted a moment ago. */
MUST_CHECK enum err scan_message(struct scan *scan, int64_t key, struct stored_message *out);
/* Its fingerprints. ERR_ABSENT, ERR_SYNTAX: the row is gone or unreadable. */
MUST_CHECK enum err scan_print(struct scan *scan, int64_t key, struct similar_print *out);
/* True: the index turned out to be damaged and was removed; after an error scan again. */
bool scan_close(struct scan **scan);

#endif
