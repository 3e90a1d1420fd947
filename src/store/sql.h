/*
 * The thin seam over the database engine: nothing outside this file's .c includes sqlite3.h, and statement
 * text keeps to the dialect SQLite and PostgreSQL share ($1 placeholders, ON CONFLICT, RETURNING).
 *
 * A struct sql_db is one database of this process: one writing connection, taken in turn, and a pool of
 * reading ones. A connection (struct sql) belongs to one thread from begin to end. Nothing may be carried over
 * a fork.
 *
 *	struct sql *c;
 *	TRY(sql_write_begin(db, &c));
 *	struct sql_stmt *s = sql_prepare(c, "UPDATE domain SET body = $2 WHERE num = $1");
 *	sql_bind_int(s, 1, num);
 *	sql_bind_str(s, 2, json);
 *	err = sql_run(s, NULL);
 *	return sql_end(&c, err);
 *
 * Errors: ERR_CONFLICT a constraint; ERR_LATER disk full, locked too long, unreadable, over the deadline;
 * ERR_BUG a statement that is wrong. All but ERR_CONFLICT and deadlines are logged where they happen.
 */
#ifndef STORE_SQL_H
#define STORE_SQL_H

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/str.h"

struct sql_db;
struct sql;
struct sql_stmt;

#define SQL_PARAMS_MAX 32

enum sql_sync {
	SQL_DURABLE, /* a commit is on the disk when it returns */
	SQL_RELAXED, /* consistent after a crash, but the last commits may be missing */
};

struct sql_options {
	const char *path;
	enum sql_sync sync;
	bool create;              /* else a missing file is ERR_ABSENT */
	int gate_fd;              /* lock file shared by all processes of the store; -1 = none */
	int64_t gate_at;          /* its byte for this database */
	size_t readers;           /* most reading connections at a time; the next one waits */
	_Atomic int64_t *commits; /* counts them; NULL = nobody does */
	const struct log *log;
};

/* Opens or makes (mode 0600) the file. ERR_SYNTAX: not a database. */
MUST_CHECK enum err sql_open(const struct sql_options *o, struct sql_db **out, struct errbuf *eb);
/* All connections must have been given back. */
void sql_close(struct sql_db **db);

/*
 * A reading connection with one snapshot that lasts until sql_read_end. Keep it short; never across the
 * network.
 */
MUST_CHECK enum err sql_read_begin(struct sql_db *db, struct sql **out);
/* The same for a single statement, which is its own snapshot: spares two statements around it. */
MUST_CHECK enum err sql_read_one(struct sql_db *db, struct sql **out);
void sql_read_end(struct sql **c);

/*
 * The writing connection inside a transaction. Threads queue up; among processes the gate keeps it fair:
 * whoever holds the gate is the next to get the write lock, so a busy committer cannot starve the others.
 */
MUST_CHECK enum err sql_write_begin(struct sql_db *db, struct sql **out);
/* Gives the connection back in any case. After an error nothing of the transaction remains. */
MUST_CHECK enum err sql_commit(struct sql **c);
void sql_rollback(struct sql **c);
/* Commits when err is OK, else rolls back and gives err. */
MUST_CHECK enum err sql_end(struct sql **c, enum err err);

/* From now until the connection is given back its statements end with ERR_LATER after this monotonic time. */
void sql_deadline(struct sql *c, int64_t until_ms);

/*
 * A statement ready for its parameters; prepared once per connection and text. Never NULL: a text that does
 * not compile is reported by sql_step. A statement is in use until sql_step gives anything but OK, or
 * sql_done; the same text must not be asked for again while it is.
 */
struct sql_stmt *sql_prepare(struct sql *c, const char *text);

/*
 * n counts from 1, as in $1. Text and bytes must stay until the statement is done. Unset parameters are null.
 */
void sql_bind_int(struct sql_stmt *s, int n, int64_t v);
void sql_bind_double(struct sql_stmt *s, int n, double v);
void sql_bind_str(struct sql_stmt *s, int n, struct str v);  /* text; p NULL = null */
void sql_bind_blob(struct sql_stmt *s, int n, struct str v); /* bytes; p NULL = null */

/* OK: a row is there. ERR_ABSENT: no more rows. */
MUST_CHECK enum err sql_step(struct sql_stmt *s);
/*
 * For statements without rows: runs to the end. *changed_out (may be NULL): rows inserted, updated or
 * deleted.
 */
MUST_CHECK enum err sql_run(struct sql_stmt *s, int64_t *changed_out);
/* Ends a statement that was not stepped to its end. */
void sql_done(struct sql_stmt *s);
/* For SELECT count(*): steps and ends it. */
MUST_CHECK enum err sql_count(struct sql_stmt *s, size_t *count_out);
/*
 * A DELETE in a transaction of its own, of what is older than $1 and of $2 rows at most. *more_out is set when it was so
 * many, and left as it is else.
 */
MUST_CHECK enum err sql_forget(struct sql_db *db, const char *text, int64_t before, int64_t most,
			       bool *more_out);

/*
 * Columns of the current row count from 0. Slices last until the next step or done; _copy ones are the
 * arena's.
 */
int64_t sql_int(struct sql_stmt *s, int col);
double sql_double(struct sql_stmt *s, int col);
struct str sql_str(struct sql_stmt *s, int col); /* p NULL for null */
struct str sql_blob(struct sql_stmt *s, int col);
struct str sql_str_copy(struct sql_stmt *s, int col, struct arena *a);
struct str sql_blob_copy(struct sql_stmt *s, int col, struct arena *a);
bool sql_is_null(struct sql_stmt *s, int col);

/* Several statements without parameters, as in a migration. */
MUST_CHECK enum err sql_script(struct sql *c, const char *text);

/* ---- upkeep, the engine's own business ---- */

/*
 * Moves the log into the file without stopping anyone. When the log is longer than `empty_above` pages and
 * nearly all of it is moved, or four times as long, also empties it, which needs the write lock: gives up
 * after 20 ms. On a connection of its own.
 */
MUST_CHECK enum err sql_checkpoint(struct sql_db *db, int64_t empty_above);
/* Writes a consistent copy of the database into the new file `to`. */
MUST_CHECK enum err sql_copy(struct sql_db *db, const char *to);
/* True once the engine has said that the file is damaged. */
bool sql_is_damaged(const struct sql_db *db);
/*
 * A ceiling for the size of the file, in pages of 4096 bytes; going over it acts like a full disk (also in
 * tests).
 */
MUST_CHECK enum err sql_max_pages(struct sql_db *db, int64_t pages);

#endif
