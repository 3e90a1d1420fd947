/*
 * What sql.c (connections, statements) and sql_db.c (the pool and the gate) share. Nobody else includes this.
 */
#ifndef STORE_SQL_INTERNAL_H
#define STORE_SQL_INTERNAL_H

#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>

#include "store/sql.h"

#define SQL_CACHE_MAX 64 /* statements kept by one connection; the program has fewer texts than that */

struct sql_stmt {
	struct sql *c;
	char *text;
	sqlite3_stmt *handle; /* NULL: did not compile */
	int rc;               /* of preparing and binding */
	int index[SQL_PARAMS_MAX + 1];
	bool busy;
	uint64_t used;
};

struct sql {
	struct sql_db *db;
	sqlite3 *handle;
	struct sql_stmt *stmts[SQL_CACHE_MAX];
	size_t n;
	uint64_t clock; /* counts uses, to know the oldest */
	int64_t until_ms;
	int busy_max;
	bool in_transaction; /* a reader; the writer always is */
	struct sql *next;    /* in the list of idle readers */
};

struct sql_db {
	char *path;
	enum sql_sync sync;
	int gate_fd;
	int64_t gate_at;
	const struct log *log;
	_Atomic int64_t *commits;
	atomic_bool damaged;

	pthread_mutex_t write_mutex; /* held from sql_write_begin to the end: guards writer */
	struct sql *writer;

	pthread_mutex_t pool_mutex; /* guards idle, readers */
	pthread_cond_t given_back;
	struct sql *idle;
	size_t readers, readers_max; /* open ones, idle or not */

	pthread_mutex_t checkpoint_mutex; /* guards checkpointer */
	struct sql *checkpointer;
};

/* The code of rc; logs what is worth it. SQLITE_DONE is ERR_ABSENT. */
enum err sql_error(struct sql *c, int rc, const char *what);
MUST_CHECK enum err sql_connect(struct sql_db *db, bool writes, struct sql **out, struct errbuf *eb);
void sql_disconnect(struct sql **c);

#endif
