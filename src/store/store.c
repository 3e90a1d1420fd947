/* Opening and closing the store: its directory, its secret, its databases. */
#include "store/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/random.h"
#include "store/commit.h"
#include "store/file.h"
#include "store/history.h"
#include "store/search_index.h"

#define READERS 16 /* reading connections of one process and database, unless it asks for another number */

bool store_makes(const char *name)
{
	static const struct str files[] = { STR_INIT("secret"), STR_INIT("gate"), STR_INIT("rev"),
					    STR_INIT("raw") };
	static const struct str databases[] = { STR_INIT("messages.db"), STR_INIT("search.db"),
						STR_INIT("history.db") };
	struct str text = str_of(name);

	for (size_t i = 0; i < ARRAY_LEN(files); i++)
		if (str_eq(text, files[i]))
			return true;
	for (size_t i = 0; i < ARRAY_LEN(databases); i++) /* with what the engine and repairs put behind it */
		if (str_starts(text, databases[i]) &&
		    (text.n == databases[i].n || strchr("-.", text.p[databases[i].n])))
			return true;
	return file_is_passing(name);
}

struct str store_secret(const struct store *st)
{
	return str_from(st->secret, sizeof(st->secret));
}

static enum err fail(struct errbuf *eb, const char *dir, const char *name)
{
	enum err err = errno == ENOENT ? ERR_ABSENT : ERR_LATER;

	return err_set(eb, err, "%s/%s: %s", dir, name, strerror(errno));
}

/* Linked into place: of two processes that make it one wins, and nobody reads half a secret. */
static enum err make_secret(struct store *st, struct errbuf *eb)
{
	unsigned char bytes[sizeof(st->secret)];

	random_bytes(bytes, sizeof(bytes));
	enum err err = file_put(st->dir_fd, "secret", str_from(bytes, sizeof(bytes)), true);
	OPENSSL_cleanse(bytes, sizeof(bytes));
	return err ? fail(eb, st->dir, "secret") : OK;
}

static enum err open_secret(struct store *st, struct errbuf *eb)
{
	enum err err = OK;
	/* Asked first: of a store that others are making at this moment the secret is there before the rest. */
	bool used = faccessat(st->dir_fd, "messages.db", F_OK, 0) == 0;
	int fd = openat(st->dir_fd, "secret", O_RDONLY | O_CLOEXEC);

	if (fd < 0 && errno == ENOENT && st->flags & STORE_CREATE) {
		/* A new one would make every token and key worthless without a word. */
		if (used)
			return err_set(eb, ERR_ABSENT, "%s/secret is missing: put it back from a backup",
				       st->dir);
		err = make_secret(st, eb);
		if (err)
			return err;
		fd = openat(st->dir_fd, "secret", O_RDONLY | O_CLOEXEC);
	}
	if (fd < 0)
		return fail(eb, st->dir, "secret");
	if (read(fd, st->secret, sizeof(st->secret)) != (ssize_t)sizeof(st->secret))
		err =
		    err_set(eb, ERR_LATER, "%s/secret: shorter than %zu bytes", st->dir, sizeof(st->secret));
	close(fd);
	return err;
}

static enum err open_dir(struct store *st, struct errbuf *eb)
{
	bool create = st->flags & STORE_CREATE;

	if (create && mkdir(st->dir, 0700) != 0 && errno != EEXIST)
		return fail(eb, st->dir, "");
	st->dir_fd = open(st->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (st->dir_fd < 0)
		return fail(eb, st->dir, "");
	if (create && mkdirat(st->dir_fd, "raw", 0700) != 0 && errno != EEXIST)
		return fail(eb, st->dir, "raw");
	st->gate_fd = openat(st->dir_fd, "gate", O_RDWR | O_CLOEXEC | (create ? O_CREAT : 0), 0600);
	if (st->gate_fd < 0)
		return fail(eb, st->dir, "gate");
	return open_secret(st, eb);
}

enum err store_open_db(struct store *st, const char *name, enum sql_sync sync, enum gate gate, bool create,
		       const struct migrations *schema, struct sql_db **out, struct errbuf *eb)
{
	char path[STORE_PATH_MAX];
	int n = snprintf(path, sizeof(path), "%s/%s", st->dir, name);

	if (n < 0 || (size_t)n >= sizeof(path))
		return err_set(eb, ERR_LIMIT, "%s: the path is too long", st->dir);
	enum err err = sql_open(
	    &(struct sql_options){ .path = path,
				   .sync = sync,
				   .create = create,
				   .gate_fd = st->gate_fd,
				   .gate_at = gate,
				   .readers = st->readers,
				   .commits = gate == GATE_MESSAGES && st->rev ? &st->rev->commits : NULL,
				   .log = st->log },
	    out, eb);
	if (err)
		return err;
	err = create ? migrate_run(*out, schema, eb) : migrate_check(*out, schema, eb);
	if (err && sql_is_damaged(*out))
		err = err_set(eb, ERR_SYNTAX, "%s: the file is damaged", path);
	if (err)
		sql_close(out);
	return err;
}

/* A damaged history is put aside: what it counted is counted anew, and mail must not wait for it. */
static enum err open_history_db(struct store *st, bool create, struct errbuf *eb)
{
	enum err err = store_open_db(st, "history.db", SQL_RELAXED, GATE_HISTORY, create, &history_schema,
				     &st->history, eb);

	if (err != ERR_SYNTAX || !create)
		return err;
	int lock = file_lock(st->dir_fd, GATE_REPAIR, true, true);
	/* Another process may have done it meanwhile. */
	err = store_open_db(st, "history.db", SQL_RELAXED, GATE_HISTORY, true, &history_schema, &st->history,
			    eb);
	if (err == ERR_SYNTAX && renameat(st->dir_fd, "history.db", st->dir_fd, "history.db.damaged") == 0) {
		log_error(st->log, "history_replaced", KV_C("kept", "history.db.damaged"));
		unlinkat(st->dir_fd, "history.db-wal", 0);
		unlinkat(st->dir_fd, "history.db-shm", 0);
		err = store_open_db(st, "history.db", SQL_RELAXED, GATE_HISTORY, true, &history_schema,
				    &st->history, eb);
	}
	if (lock >= 0)
		close(lock);
	return err;
}

enum err store_open(const struct store_options *o, struct store **out, struct errbuf *eb)
{
	struct store *st = calloc(1, sizeof(*st));
	bool create = o->flags & STORE_CREATE;
	enum err err;

	ASSERT(st);
	st->dir = strdup(o->dir);
	ASSERT(st->dir);
	st->dir_fd = st->gate_fd = -1;
	st->flags = o->flags;
	st->readers = o->readers ? o->readers : READERS;
	st->log = o->log;
	err = open_dir(st, eb);
	if (!err) {
		settings_rev_open(st);
		err = store_open_db(st, "messages.db", SQL_DURABLE, GATE_MESSAGES, create, &messages_schema,
				    &st->messages, eb);
	}
	if (!err)
		err = open_history_db(st, create, eb);
	if (!err) {
		st->commits = commit_group_new(st->messages);
		st->search = search_index_new(st);
		struct search_use *u = search_index_use(st->search, create);
		search_use_end(st->search, &u);
		err = history_open(st, eb);
	}
	if (err)
		store_close(&st);
	*out = st;
	return err;
}

void store_close(struct store **out)
{
	struct store *st = *out;

	if (!st)
		return;
	history_close(st);
	search_index_free(&st->search);
	commit_group_free(&st->commits);
	sql_close(&st->history);
	sql_close(&st->messages);
	settings_rev_close(st);
	if (st->gate_fd >= 0)
		close(st->gate_fd);
	if (st->dir_fd >= 0)
		close(st->dir_fd);
	OPENSSL_cleanse(st->secret, sizeof(st->secret));
	free(st->dir);
	free(st);
	*out = NULL;
}
