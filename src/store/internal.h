/* The open store, as the files of this room see it. */
#ifndef STORE_INTERNAL_H
#define STORE_INTERNAL_H

#include "base/hash.h"
#include "store/history.h"
#include "store/migrate.h"
#include "store/sql.h"
#include "store/store.h"

#define STORE_PATH_MAX 4096

/* Bytes of the file DIR/gate: a lock each (sql_db.c; raw.c). */
enum gate { GATE_MESSAGES, GATE_SEARCH, GATE_HISTORY, GATE_RAW, GATE_UPKEEP, GATE_REPAIR };

/* When upkeep does what next (monotonic milliseconds), and where its rounds are. */
struct upkeep_state {
	int64_t checkpoint_ms, minute_ms;
	int64_t raw_bytes; /* as of the last minute, less what was removed since */
	int room;          /* enum raw_room as it was written last, and one more; 0 = not yet */
	unsigned shard;
	struct history_place forget;
};

struct store {
	char *dir;
	int dir_fd;
	int gate_fd;
	struct settings_rev *rev; /* shared with all processes of the store; NULL = not to be had */
	unsigned flags;
	size_t readers;
	const struct log *log;
	unsigned char secret[32];
	struct sql_db *messages; /* settings live here, too */
	struct sql_db *history;
	struct search_index *search;
	struct commit_group *commits;
	struct history_cache *recent; /* history not written yet */
	struct upkeep_state upkeep;   /* guarded by the lock GATE_UPKEEP */
};

/* What is counted in DIR/rev (settings_rev.c). */
struct settings_rev {
	_Atomic int64_t begun, ended; /* changes of settings */
	_Atomic int64_t commits;      /* to messages.db */
};

void settings_rev_open(struct store *st);
void settings_rev_close(struct store *st);

/* Opens and migrates one database of DIR. */
MUST_CHECK enum err store_open_db(struct store *st, const char *name, enum sql_sync sync, enum gate gate,
				  bool create, const struct migrations *schema, struct sql_db **out,
				  struct errbuf *eb);

/* The record of a row. ERR_ABSENT: no such row; ERR_SYNTAX: unreadable. */
MUST_CHECK enum err store_row_get(struct sql *c, struct arena *a, int64_t key, enum record_part part,
				  struct record *out);
/* store_record_change, unless a job about the record is open by then: ERR_ABSENT. */
MUST_CHECK enum err store_record_change_idle(struct store *st, struct arena *a, int64_t key,
					     record_change_fn *fn, void *ctx);
/* Notes which correction the record was judged by. */
MUST_CHECK enum err store_corrected_add(struct sql *c, int64_t key, int64_t account, const struct record *r);
/* The newest key of the shelf, -1 when it is empty. */
MUST_CHECK enum err store_newest_key(struct sql *c, int64_t shelf, int64_t *key_out);

struct row;
/* The row of a record that is to be added, and adding it in a transaction. ERR_CONFLICT: its postfix_id exists. */
MUST_CHECK enum err store_record_row(struct arena *a, const struct record *r, struct row *out);
MUST_CHECK enum err store_row_add(struct sql *c, int64_t shelf, const struct row *row, int64_t *key_out);
/* What follows from a row's being there, noted in its transaction: by which digest it comes again; */
MUST_CHECK enum err store_note_digest(struct sql *c, struct str digest, int64_t key);
/* who is told of its verdict, which of submitted mail the submission says; */
MUST_CHECK enum err store_note_verdict(struct sql *c, int64_t key, int disposition);
/* and what is reported, of submitted mail only what comes of its submission. */
MUST_CHECK enum err store_note_causes(struct sql *c, int64_t key, unsigned causes);
struct job;
/* One of store_jobs_add, in a transaction. */
MUST_CHECK enum err store_job_insert(struct sql *c, struct job *j);
/* Says in the log that a row is unreadable and left out; OK, so that one row does not hold up all others. */
enum err store_row_skip(const struct store *st, int64_t key);

struct store_shelf_list {
	int64_t *v;
	size_t n;
};

/* The shelves that are not empty. */
MUST_CHECK enum err store_shelves(struct sql *c, struct arena *a, struct store_shelf_list *out);

#endif
