/*
 * Connections and statements over SQLite. Statements live as long as their connection, found again by their
 * text; $n is bound by name because SQLite numbers parameters by first appearance.
 */
#include "store/sql.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "store/sql_internal.h"

#define BUSY_STEP_US 100    /* SQLite's own handler sleeps up to 100 ms at a time */
#define BUSY_MAX 100000     /* of those steps: 10 s and more, then ERR_LATER */
#define PROGRESS_STEPS 2000 /* virtual machine steps between looks at the clock */

enum err sql_error(struct sql *c, int rc, const char *what)
{
	enum err err = ERR_BUG;

	switch (rc & 0xff) {
	case SQLITE_OK:
	case SQLITE_ROW:
		return OK;
	case SQLITE_DONE:
		return ERR_ABSENT;
	case SQLITE_CONSTRAINT:
		return ERR_CONFLICT;
	case SQLITE_INTERRUPT:
		return ERR_LATER;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		atomic_store(&c->db->damaged, true);
		err = ERR_LATER;
		break;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
	case SQLITE_FULL:
	case SQLITE_IOERR:
	case SQLITE_CANTOPEN:
	case SQLITE_NOMEM:
	case SQLITE_PROTOCOL:
	case SQLITE_READONLY:
		err = ERR_LATER;
		break;
	default:
		break;
	}
	log_write(c->db->log, err == ERR_BUG ? LOG_ERROR : LOG_WARN, "sql_error",
		  (const struct log_field[]){ KV_C("file", c->db->path),
					      KV_C("at", what),
					      KV_INT("code", rc),
					      KV_C("text", sqlite3_errmsg(c->handle)),
					      { .kind = LOG_END } });
	return err;
}

static int on_busy(void *ctx, int times)
{
	struct sql *c = ctx;

	if (times >= c->busy_max || (c->until_ms && clock_mono_ms() >= c->until_ms))
		return 0;
	nanosleep(&(struct timespec){ .tv_nsec = BUSY_STEP_US * 1000 }, NULL);
	return 1;
}

static int on_progress(void *ctx)
{
	struct sql *c = ctx;

	return c->until_ms && clock_mono_ms() >= c->until_ms;
}

enum err sql_connect(struct sql_db *db, bool writes, struct sql **out, struct errbuf *eb)
{
	struct sql *c = calloc(1, sizeof(*c));
	char pragmas[400];

	ASSERT(c);
	c->db = db;
	c->busy_max = BUSY_MAX;
	int rc = sqlite3_open_v2(db->path, &c->handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
	if (rc == SQLITE_OK) {
		sqlite3_extended_result_codes(c->handle, 1);
		sqlite3_busy_handler(c->handle, on_busy, c);
		sqlite3_progress_handler(c->handle, PROGRESS_STEPS, on_progress, c);
		snprintf(pragmas, sizeof(pragmas),
			 "PRAGMA journal_mode=WAL; PRAGMA synchronous=%s; PRAGMA wal_autocheckpoint=0;"
			 "PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY; PRAGMA trusted_schema=OFF;"
			 "PRAGMA cache_size=-2000; PRAGMA query_only=%s;",
			 db->sync == SQL_DURABLE ? "FULL" : "NORMAL", writes ? "OFF" : "ON");
		rc = sqlite3_exec(c->handle, pragmas, NULL, NULL, NULL);
	}
	if (rc != SQLITE_OK) {
		enum err err = sql_error(c, rc, "open");
		if (sql_is_damaged(db))
			err = ERR_SYNTAX;
		err_set(eb, err, "%s: %s", db->path, sqlite3_errmsg(c->handle));
		sql_disconnect(&c);
		return err;
	}
	*out = c;
	return OK;
}

void sql_disconnect(struct sql **c)
{
	if (!*c)
		return;
	for (size_t i = 0; i < (*c)->n; i++) {
		sqlite3_finalize((*c)->stmts[i]->handle);
		free((*c)->stmts[i]->text);
		free((*c)->stmts[i]);
	}
	sqlite3_close((*c)->handle);
	free(*c);
	*c = NULL;
}

void sql_deadline(struct sql *c, int64_t until_ms)
{
	c->until_ms = until_ms;
}

/* ---- statements ---- */

static void compile(struct sql_stmt *s)
{
	char name[12];

	s->rc = sqlite3_prepare_v3(s->c->handle, s->text, -1, SQLITE_PREPARE_PERSISTENT, &s->handle, NULL);
	if (s->rc != SQLITE_OK)
		return;
	for (int n = 1; n <= SQL_PARAMS_MAX; n++) {
		snprintf(name, sizeof(name), "$%d", n);
		s->index[n] = sqlite3_bind_parameter_index(s->handle, name);
	}
}

/* Room for one more: the statement that was not used for longest goes. */
static void evict(struct sql *c)
{
	size_t oldest = 0;

	for (size_t i = 1; i < c->n; i++)
		if (!c->stmts[i]->busy &&
		    (c->stmts[oldest]->busy || c->stmts[i]->used < c->stmts[oldest]->used))
			oldest = i;
	ASSERT(!c->stmts[oldest]->busy);
	sqlite3_finalize(c->stmts[oldest]->handle);
	free(c->stmts[oldest]->text);
	free(c->stmts[oldest]);
	c->stmts[oldest] = c->stmts[--c->n];
}

struct sql_stmt *sql_prepare(struct sql *c, const char *text)
{
	struct sql_stmt *s = NULL;

	for (size_t i = 0; i < c->n && !s; i++)
		if (strcmp(c->stmts[i]->text, text) == 0)
			s = c->stmts[i];
	if (!s) {
		if (c->n == SQL_CACHE_MAX)
			evict(c);
		s = calloc(1, sizeof(*s));
		ASSERT(s);
		s->c = c;
		s->text = strdup(text);
		ASSERT(s->text);
		c->stmts[c->n++] = s;
		compile(s);
	} else if (!s->handle) {
		compile(s);
	}
	ASSERT(!s->busy);
	s->busy = true;
	s->used = ++c->clock;
	return s;
}

/* The engine's number of $n; a statement that did not compile says so at its first step. */
static int param(struct sql_stmt *s, int n)
{
	ASSERT(n >= 1 && n <= SQL_PARAMS_MAX && (s->rc != SQLITE_OK || s->index[n]));
	return s->index[n];
}

static void bound(struct sql_stmt *s, int rc)
{
	if (s->rc == SQLITE_OK)
		s->rc = rc;
}

void sql_bind_int(struct sql_stmt *s, int n, int64_t v)
{
	bound(s, sqlite3_bind_int64(s->handle, param(s, n), v));
}

void sql_bind_double(struct sql_stmt *s, int n, double v)
{
	bound(s, sqlite3_bind_double(s->handle, param(s, n), v));
}

void sql_bind_str(struct sql_stmt *s, int n, struct str v)
{
	bound(s, sqlite3_bind_text64(s->handle, param(s, n), v.p, v.n, SQLITE_STATIC, SQLITE_UTF8));
}

void sql_bind_blob(struct sql_stmt *s, int n, struct str v)
{
	bound(s, sqlite3_bind_blob64(s->handle, param(s, n), v.p, v.n, SQLITE_STATIC));
}

void sql_done(struct sql_stmt *s)
{
	if (s->handle) {
		sqlite3_reset(s->handle);
		sqlite3_clear_bindings(s->handle);
		s->rc = SQLITE_OK;
	}
	s->busy = false;
}

enum err sql_step(struct sql_stmt *s)
{
	ASSERT(s->busy);
	int rc = s->rc == SQLITE_OK ? sqlite3_step(s->handle) : s->rc;
	if (rc == SQLITE_ROW)
		return OK;
	enum err err = sql_error(s->c, rc, s->text);
	sql_done(s);
	return err == OK ? ERR_BUG : err;
}

enum err sql_run(struct sql_stmt *s, int64_t *changed_out)
{
	enum err err;

	while ((err = sql_step(s)) == OK)
		;
	if (err != ERR_ABSENT)
		return err;
	if (changed_out)
		*changed_out = sqlite3_changes64(s->c->handle);
	return OK;
}

enum err sql_count(struct sql_stmt *s, size_t *count_out)
{
	enum err err = sql_step(s);

	if (err)
		return err;
	*count_out = (size_t)sql_int(s, 0);
	sql_done(s);
	return OK;
}

enum err sql_forget(struct sql_db *db, const char *text, int64_t before, int64_t most, bool *more_out)
{
	int64_t changed = 0;
	struct sql *c;
	enum err err = sql_write_begin(db, &c);

	if (err)
		return err;
	struct sql_stmt *s = sql_prepare(c, text);
	sql_bind_int(s, 1, before);
	sql_bind_int(s, 2, most);
	err = sql_end(&c, sql_run(s, &changed));
	if (changed == most)
		*more_out = true;
	return err;
}

int64_t sql_int(struct sql_stmt *s, int col)
{
	return sqlite3_column_int64(s->handle, col);
}

double sql_double(struct sql_stmt *s, int col)
{
	return sqlite3_column_double(s->handle, col);
}

struct str sql_str(struct sql_stmt *s, int col)
{
	const void *p = sqlite3_column_text(s->handle, col);

	return p ? str_from(p, (size_t)sqlite3_column_bytes(s->handle, col)) : STR_NONE;
}

struct str sql_blob(struct sql_stmt *s, int col)
{
	const void *p = sqlite3_column_blob(s->handle, col);

	return p ? str_from(p, (size_t)sqlite3_column_bytes(s->handle, col)) : STR_NONE;
}

struct str sql_str_copy(struct sql_stmt *s, int col, struct arena *a)
{
	struct str v = sql_str(s, col);

	return v.p ? arena_str(a, v) : STR_NONE;
}

struct str sql_blob_copy(struct sql_stmt *s, int col, struct arena *a)
{
	struct str v = sql_blob(s, col);

	return v.p ? arena_str(a, v) : STR_NONE;
}

bool sql_is_null(struct sql_stmt *s, int col)
{
	return sqlite3_column_type(s->handle, col) == SQLITE_NULL;
}

enum err sql_script(struct sql *c, const char *text)
{
	return sql_error(c, sqlite3_exec(c->handle, text, NULL, NULL, NULL), "script");
}
