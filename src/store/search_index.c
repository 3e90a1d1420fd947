/* Keeping search.db open, and noticing that it is another file now. */
#include "store/search_index.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/internal.h"
#include "store/tokens.h"

#define NAME "search.db"

struct search_use {
	struct sql_db *db;
	dev_t dev;
	ino_t ino;
	size_t users; /* the index itself counts as one while this is the current file */
};

struct search_index {
	struct store *st;
	pthread_mutex_t mutex; /* guards current and users; held while the file is opened */
	struct search_use *current;
};

struct search_index *search_index_new(struct store *st)
{
	struct search_index *x = calloc(1, sizeof(*x));

	ASSERT(x);
	x->st = st;
	pthread_mutex_init(&x->mutex, NULL);
	return x;
}

static void let_go(struct search_use *u)
{
	if (--u->users > 0)
		return;
	sql_close(&u->db);
	free(u);
}

static void forget_current(struct search_index *x)
{
	if (x->current)
		let_go(x->current);
	x->current = NULL;
}

void search_index_free(struct search_index **x)
{
	if (!*x)
		return;
	forget_current(*x);
	pthread_mutex_destroy(&(*x)->mutex);
	free(*x);
	*x = NULL;
}

static bool is_current(struct search_index *x, const struct stat *st)
{
	return x->current && x->current->dev == st->st_dev && x->current->ino == st->st_ino;
}

static void remove_files(struct search_index *x)
{
	unlinkat(x->st->dir_fd, NAME, 0);
	unlinkat(x->st->dir_fd, NAME "-wal", 0);
	unlinkat(x->st->dir_fd, NAME "-shm", 0);
}

static enum err make_recipe(struct sql_db *db)
{
	struct sql *c;
	enum err err = sql_write_begin(db, &c);

	if (err)
		return err;
	struct sql_stmt *s = sql_prepare(c, "INSERT INTO recipe(name) VALUES($1)");
	sql_bind_str(s, 1, STR(TOKENS_RECIPE));
	return sql_end(&c, sql_run(s, NULL));
}

/* ERR_ABSENT: no recipe yet; ERR_CONFLICT: another one. */
static enum err check_recipe(struct sql_db *db)
{
	struct sql *c;
	enum err err = sql_read_begin(db, &c);

	if (err)
		return err;
	struct sql_stmt *s = sql_prepare(c, "SELECT name FROM recipe");
	err = sql_step(s);
	if (!err && !str_eq(sql_str(s, 0), STR(TOKENS_RECIPE)))
		err = ERR_CONFLICT;
	sql_read_end(&c);
	return err;
}

static enum err open_file(struct search_index *x, bool create, struct sql_db **out)
{
	struct errbuf eb;
	/*
	 * Durable although it is derived: rows are crossed off in messages.db once they are indexed here. It
	 * costs one sync for a batch.
	 */
	enum err err = store_open_db(x->st, NAME, SQL_DURABLE, GATE_SEARCH, create, &search_schema, out, &eb);

	if (err)
		return err;
	err = check_recipe(*out);
	if (err == ERR_ABSENT && create)
		err = make_recipe(*out);
	if (err)
		sql_close(out);
	return err;
}

static void open_current(struct search_index *x, bool create)
{
	struct sql_db *db = NULL;
	struct stat st;
	enum err err = open_file(x, create, &db);

	if (create && (err == ERR_SYNTAX || err == ERR_CONFLICT || err == ERR_BUG)) {
		/* Damaged, or of another version or recipe: nothing in it is needed. */
		log_warn(x->st->log, "search_index_replaced", KV_C("error", err_name(err)));
		remove_files(x);
		err = open_file(x, true, &db);
	}
	if (err)
		return;
	if (fstatat(x->st->dir_fd, NAME, &st, 0) != 0) {
		sql_close(&db);
		return;
	}
	struct search_use *u = calloc(1, sizeof(*u));
	ASSERT(u);
	*u = (struct search_use){ .db = db, .dev = st.st_dev, .ino = st.st_ino, .users = 1 };
	x->current = u;
}

struct search_use *search_index_use(struct search_index *x, bool create)
{
	struct search_use *u;
	struct stat st;

	pthread_mutex_lock(&x->mutex);
	bool there = fstatat(x->st->dir_fd, NAME, &st, 0) == 0;
	if (!there || !is_current(x, &st))
		forget_current(x);
	if (!there && create)
		remove_files(
		    x); /* what is left of a deleted file: its log would be taken for the new one's */
	if (!x->current && (there || create))
		open_current(x, create);
	u = x->current;
	if (u)
		u->users++;
	pthread_mutex_unlock(&x->mutex);
	return u;
}

struct sql_db *search_use_db(struct search_use *u)
{
	return u->db;
}

bool search_use_end(struct search_index *x, struct search_use **u)
{
	struct stat st;
	bool damaged;

	if (!*u)
		return false;
	pthread_mutex_lock(&x->mutex);
	damaged = sql_is_damaged((*u)->db);
	if (damaged && *u == x->current) {
		if (fstatat(x->st->dir_fd, NAME, &st, 0) == 0 && is_current(x, &st)) {
			log_error(x->st->log, "search_index_damaged", KV_C("file", NAME));
			remove_files(x);
		}
		forget_current(x);
	}
	let_go(*u);
	*u = NULL;
	pthread_mutex_unlock(&x->mutex);
	return damaged;
}

enum err search_mark(struct sql *c, int64_t account, int64_t *mark_out)
{
	struct sql_stmt *s = sql_prepare(c, "SELECT upto FROM mark WHERE account = $1");

	*mark_out = 0;
	sql_bind_int(s, 1, account);
	enum err err = sql_step(s);
	if (!err) {
		*mark_out = sql_int(s, 0);
		sql_done(s);
	}
	return err == ERR_ABSENT ? OK : err;
}
