/*
 * One database of this process: its writer, its pool of readers, and the gate in front of the write lock.
 *
 * SQLite's lock is not fair: a committer in a loop takes it again while others sleep, for seconds. So a
 * writer first locks one byte of the gate file (waiting in the kernel), then polls for the write lock, then
 * opens the gate again. Locks are of the open file description: a process that dies lets go.
 */
#include "store/sql.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/sql_internal.h"

#define NEARLY_DONE 2000     /* pages of the log: what may be left to copy under the write lock */
#define CHECKPOINT_STEPS 200 /* of 100 us: how long that may wait for readers */

/*
 * A new file gets its mode before the engine sees it. Only a file we made ourselves may be closed here:
 * closing another descriptor of a database drops the locks this process has on it.
 */
static enum err make_file(const char *path, struct errbuf *eb)
{
	int fd = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);

	if (fd < 0)
		return errno == EEXIST ? OK : err_set(eb, ERR_LATER, "%s: %s", path, strerror(errno));
	close(fd);
	return OK;
}

static int gate(struct sql_db *db, short type)
{
	struct flock lock = {
		.l_type = type, .l_whence = SEEK_SET, .l_start = (off_t)db->gate_at, .l_len = 1
	};
	int rc;

	if (db->gate_fd < 0)
		return 0;
	do
		rc = fcntl(db->gate_fd, F_OFD_SETLKW, &lock);
	while (rc < 0 && errno == EINTR);
	return rc;
}

/*
 * The first connection makes the file a database with a log of writes, for which it waits for nobody: of several
 * processes that open a fresh one at once all but one would be told that it is locked.
 */
static enum err connect_first(struct sql_db *db, struct errbuf *eb)
{
	if (gate(db, F_WRLCK) != 0)
		return err_set(eb, ERR_LATER, "%s: %s", db->path, strerror(errno));
	enum err err = sql_connect(db, true, &db->writer, eb);
	gate(db, F_UNLCK);
	return err;
}

/* Figures of memory that nobody asks for take one lock at every allocation of all threads. */
static void configure(void)
{
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

enum err sql_open(const struct sql_options *o, struct sql_db **out, struct errbuf *eb)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, configure);
	if (o->create) {
		enum err err = make_file(o->path, eb);
		if (err)
			return err;
	} else if (access(o->path, F_OK) != 0) {
		return err_set(eb, ERR_ABSENT, "%s: %s", o->path, strerror(errno));
	}
	struct sql_db *db = calloc(1, sizeof(*db));
	ASSERT(db);
	db->path = strdup(o->path);
	ASSERT(db->path);
	db->sync = o->sync;
	db->gate_fd = o->gate_fd;
	db->gate_at = o->gate_at;
	db->log = o->log;
	db->commits = o->commits;
	db->readers_max = o->readers ? o->readers : 1;
	pthread_mutex_init(&db->write_mutex, NULL);
	pthread_mutex_init(&db->pool_mutex, NULL);
	pthread_mutex_init(&db->checkpoint_mutex, NULL);
	pthread_cond_init(&db->given_back, NULL);
	enum err err = connect_first(db, eb);
	if (err)
		sql_close(&db);
	*out = db;
	return err;
}

void sql_close(struct sql_db **db)
{
	struct sql_db *d = *db;

	if (!d)
		return;
	while (d->idle) {
		struct sql *c = d->idle;
		d->idle = c->next;
		d->readers--;
		sql_disconnect(&c);
	}
	ASSERT(d->readers == 0);
	sql_disconnect(&d->checkpointer);
	sql_disconnect(&d->writer);
	pthread_cond_destroy(&d->given_back);
	pthread_mutex_destroy(&d->checkpoint_mutex);
	pthread_mutex_destroy(&d->pool_mutex);
	pthread_mutex_destroy(&d->write_mutex);
	free(d->path);
	free(d);
	*db = NULL;
}

/* ---- readers ---- */

static void drop_reader(struct sql_db *db, struct sql *c)
{
	sql_disconnect(&c);
	pthread_mutex_lock(&db->pool_mutex);
	db->readers--;
	pthread_cond_signal(&db->given_back);
	pthread_mutex_unlock(&db->pool_mutex);
}

enum err sql_read_one(struct sql_db *db, struct sql **out)
{
	struct sql *c = NULL;
	enum err err = OK;

	pthread_mutex_lock(&db->pool_mutex);
	while (!db->idle && db->readers == db->readers_max)
		pthread_cond_wait(&db->given_back, &db->pool_mutex);
	if (db->idle) {
		c = db->idle;
		db->idle = c->next;
	} else {
		db->readers++;
	}
	pthread_mutex_unlock(&db->pool_mutex);
	if (!c)
		err = sql_connect(db, false, &c, NULL);
	if (err) {
		drop_reader(db, c);
		return err;
	}
	c->in_transaction = false;
	*out = c;
	return OK;
}

enum err sql_read_begin(struct sql_db *db, struct sql **out)
{
	enum err err = sql_read_one(db, out);

	if (err)
		return err;
	/* No snapshot yet: it is taken by the first statement that reads. */
	err = sql_run(sql_prepare(*out, "BEGIN"), NULL);
	if (err) {
		drop_reader(db, *out);
		*out = NULL;
		return err;
	}
	(*out)->in_transaction = true;
	return OK;
}

static void finish_statements(struct sql *c)
{
	c->until_ms = 0;
	for (size_t i = 0; i < c->n; i++)
		if (c->stmts[i]->busy)
			sql_done(c->stmts[i]);
}

void sql_read_end(struct sql **cp)
{
	struct sql *c = *cp;

	*cp = NULL;
	if (!c)
		return;
	struct sql_db *db = c->db;
	finish_statements(c);
	if (c->in_transaction && sql_run(sql_prepare(c, "ROLLBACK"), NULL) != OK) {
		drop_reader(db, c);
		return;
	}
	pthread_mutex_lock(&db->pool_mutex);
	c->next = db->idle;
	db->idle = c;
	pthread_cond_signal(&db->given_back);
	pthread_mutex_unlock(&db->pool_mutex);
}

/* ---- the writer ---- */

enum err sql_write_begin(struct sql_db *db, struct sql **out)
{
	enum err err;

	pthread_mutex_lock(&db->write_mutex);
	if (gate(db, F_WRLCK) != 0) {
		pthread_mutex_unlock(&db->write_mutex);
		return ERR_LATER;
	}
	err = sql_script(db->writer, "BEGIN IMMEDIATE");
	gate(db, F_UNLCK);
	if (err) {
		pthread_mutex_unlock(&db->write_mutex);
		return err;
	}
	*out = db->writer;
	return OK;
}

/* A failed COMMIT (disk full) may leave the transaction open. */
static void give_back(struct sql **c)
{
	struct sql_db *db = (*c)->db;

	if (!sqlite3_get_autocommit((*c)->handle))
		sqlite3_exec((*c)->handle, "ROLLBACK", NULL, NULL, NULL);
	*c = NULL;
	pthread_mutex_unlock(&db->write_mutex);
}

enum err sql_commit(struct sql **c)
{
	enum err err;

	finish_statements(*c);
	err = sql_script(*c, "COMMIT");
	if ((*c)->db->commits)
		atomic_fetch_add((*c)->db->commits, 1);
	give_back(c);
	return err;
}

void sql_rollback(struct sql **c)
{
	if (!*c)
		return;
	finish_statements(*c);
	give_back(c);
}

enum err sql_end(struct sql **c, enum err err)
{
	if (!err)
		return sql_commit(c);
	sql_rollback(c);
	return err;
}

/* ---- upkeep ---- */

/* Emptying the log takes the write lock, so it goes through the gate as every writer does. */
static int empty(struct sql_db *db, struct sql *c)
{
	int rc, log, done;

	if (gate(db, F_WRLCK) != 0)
		return SQLITE_BUSY;
	c->busy_max = CHECKPOINT_STEPS;
	rc = sqlite3_wal_checkpoint_v2(c->handle, NULL, SQLITE_CHECKPOINT_TRUNCATE, &log, &done);
	gate(db, F_UNLCK);
	return rc;
}

enum err sql_checkpoint(struct sql_db *db, int64_t empty_above)
{
	int log = 0, done = 0, rc;
	enum err err = OK;

	pthread_mutex_lock(&db->checkpoint_mutex);
	if (!db->checkpointer)
		err = sql_connect(db, true, &db->checkpointer, NULL);
	if (!err) {
		struct sql *c = db->checkpointer;
		rc = sqlite3_wal_checkpoint_v2(c->handle, NULL, SQLITE_CHECKPOINT_PASSIVE, &log, &done);
		if (rc == SQLITE_OK && log > empty_above &&
		    (log - done < NEARLY_DONE || log / 4 > empty_above))
			rc = empty(db, c);
		/* Somebody reads or writes: the next round will do. */
		err = (rc & 0xff) == SQLITE_BUSY ? OK : sql_error(c, rc, "checkpoint");
	}
	pthread_mutex_unlock(&db->checkpoint_mutex);
	return err;
}

enum err sql_copy(struct sql_db *db, const char *to)
{
	struct sql *c;
	struct errbuf eb;
	enum err err = make_file(to, &eb);

	if (err)
		return err;
	err = sql_connect(db, true, &c, NULL); /* a reading connection may not write the copy either */
	if (err)
		return err;
	struct sql_stmt *s = sql_prepare(c, "VACUUM INTO $1");
	sql_bind_str(s, 1, str_of(to));
	err = sql_run(s, NULL);
	sql_disconnect(&c);
	return err;
}

bool sql_is_damaged(const struct sql_db *db)
{
	return atomic_load(&db->damaged);
}

enum err sql_max_pages(struct sql_db *db, int64_t pages)
{
	char text[64];
	enum err err;

	pthread_mutex_lock(&db->write_mutex);
	snprintf(text, sizeof(text), "PRAGMA max_page_count=%lld", (long long)pages);
	err = sql_script(db->writer, text);
	pthread_mutex_unlock(&db->write_mutex);
	return err;
}
