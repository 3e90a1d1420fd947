/*
 * A record as a row of msg: its message and the rest of it, each as JSON, compressed. Most readers want the message
 * alone, and it is the smaller part. What columns say (key, ids, time, revision) is not repeated there and is filled
 * in on the way back.
 */
#ifndef STORE_ROW_H
#define STORE_ROW_H

#include "store/sql.h"
#include "store/store.h"

struct row {
	int64_t suffix;
	bool detection, held, rescan;
	struct str postfix_id;
	struct str digest, raw; /* 32 bytes, or p NULL */
	int64_t content;        /* of record.content the beginning; 0 = none */
	struct str message, rest;
};

/* Memory: arena. ERR_LIMIT: the record is beyond all measure, or more than the arena holds. */
MUST_CHECK enum err row_of_record(struct arena *a, const struct record *r, struct row *out);

/* What the column of that name has for a record.content; 0 = nothing. */
int64_t row_content(struct arena *a, struct str hex);

/* Sets key, rev, scanned_at, id and alert_id. */
void row_set_ids(struct arena *a, struct record *r, int64_t key, int64_t rev, int64_t suffix);

/* For every SELECT that row_read is to understand. */
#define ROW_COLUMNS "id, rev, suffix, postfix_id, dict, message, rest"

/*
 * The record of the current row. ERR_SYNTAX: unreadable, such as from a newer program, or more than the arena holds
 * (base/arena.h: arena_try).
 */
MUST_CHECK enum err row_read(struct sql_stmt *s, struct arena *a, enum record_part part, struct record *out);

/* Likewise, but the message as text. */
#define ROW_TEXT_COLUMNS "id, rev, suffix, postfix_id, dict, message, disp"
MUST_CHECK enum err row_read_text(struct sql_stmt *s, struct arena *a, struct stored_message *out);

#endif
