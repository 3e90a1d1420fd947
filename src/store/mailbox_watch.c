/* Rows of mailbox_watch. */
#include "store/mailbox_watch.h"

#include <stdlib.h>
#include <unistd.h>

#include "store/file.h"
#include "store/internal.h"
#include "store/retro.h"

#define SLICE 200       /* written at a time, for others wait meanwhile */
#define ROWS_MAX 100000 /* of a domain that are compared at a time; what is beyond ends another time */
#define WANT_BYTES ((size_t)128 << 20) /* of them, and of what is to be written */
#define CANDIDATES 64                  /* more than there are threads that may have a turn */
/* Bytes of DIR/gate, behind those of jobs: one is locked as long as a turn lasts, and free when its process ends. */
#define LOCK_FIRST 1100000000
#define LOCKS 1000000000

/* ---- which are watched ---- */

#define OF_DOMAIN \
	"account = $1 AND integration = $2 AND scan = 0 AND substr(address, -length($3) - 1) = '@' || $3"

/* One that is there. */
struct row {
	int64_t num;
	struct str address;
	bool other_folder;
};

struct rows {
	struct row *v;
	size_t n;
};

/* What is to be written of a domain. */
struct plan {
	const struct watch_of *of;
	int64_t now_us;
	struct strs begin; /* that are not watched yet, or another folder of them */
	struct {
		int64_t *v;
		size_t n;
	} end; /* by number */
};

static enum err read_rows(struct store *st, struct arena *a, const struct watch_of *of, struct str domain,
			  struct rows *out)
{
	struct sql *c;
	enum err err = sql_read_one(st->messages, &c);

	*out = (struct rows){ NULL, 0 };
	if (err)
		return err;
	struct sql_stmt *s =
	    sql_prepare(c, "SELECT num, address, folder <> $4 FROM mailbox_watch WHERE " OF_DOMAIN
			   " ORDER BY address LIMIT $5");
	sql_bind_int(s, 1, of->account);
	sql_bind_str(s, 2, of->integration);
	sql_bind_str(s, 3, domain);
	sql_bind_str(s, 4, enum_text(&scan_folder_names, (int)of->folder));
	sql_bind_int(s, 5, ROWS_MAX);
	while ((err = sql_step(s)) == OK) {
		struct row row = { sql_int(s, 0), sql_str_copy(s, 1, a), sql_int(s, 2) != 0 };
		ARENA_PUSH(a, out, row);
	}
	sql_read_end(&c);
	return err == ERR_ABSENT ? OK : err;
}

static int by_bytes(const void *x, const void *y)
{
	return str_cmp(*(const struct str *)x, *(const struct str *)y);
}

/* Both in order. all: those that are there and nobody names end. */
static void compare(struct arena *a, const struct rows *there, const struct strs *named, bool all,
		    struct plan *p)
{
	size_t i = 0, k = 0;

	while (i < there->n || k < named->n) {
		int order = i == there->n   ? 1
			    : k == named->n ? -1
					    : str_cmp(there->v[i].address, named->v[k]);
		if (order > 0 || (order == 0 && there->v[i].other_folder))
			ARENA_PUSH(a, &p->begin, named->v[k]);
		if (order < 0 && all)
			ARENA_PUSH(a, &p->end, there->v[i].num);
		i += order <= 0;
		k += order >= 0;
	}
}

static enum err begin(struct sql *c, const struct plan *p, struct str address)
{
	struct sql_stmt *s = sql_prepare(
	    c, "INSERT INTO mailbox_watch(account, integration, address, scan, folder, state, due, since, "
	       "cursor, looked_at, found, failed, failures, fault) "
	       "VALUES($1, $2, $3, 0, $4, 'new', $5, $5, '', 0, 0, 0, 0, '') "
	       "ON CONFLICT(account, integration, scan, address) DO UPDATE SET cursor = '', "
	       "since = max(since, looked_at), folder = $4 WHERE folder <> $4");

	sql_bind_int(s, 1, p->of->account);
	sql_bind_str(s, 2, p->of->integration);
	sql_bind_str(s, 3, address);
	sql_bind_str(s, 4, enum_text(&scan_folder_names, (int)p->of->folder));
	sql_bind_int(s, 5, p->now_us);
	return sql_run(s, NULL);
}

static enum err end(struct sql *c, int64_t num)
{
	struct sql_stmt *s = sql_prepare(c, "DELETE FROM mailbox_watch WHERE num = $1");

	sql_bind_int(s, 1, num);
	return sql_run(s, NULL);
}

/* A slice at a time: those that end, then those that begin. */
static enum err write_plan(struct store *st, const struct plan *p)
{
	size_t n = p->end.n + p->begin.n;
	enum err err = OK;

	for (size_t i = 0; i < n && !err;) {
		struct sql *c;
		err = sql_write_begin(st->messages, &c);
		if (err)
			return err;
		for (size_t most = i + SLICE; i < n && i < most && !err; i++)
			err = i < p->end.n ? end(c, p->end.v[i]) : begin(c, p, p->begin.v[i - p->end.n]);
		err = sql_end(&c, err);
	}
	return err;
}

enum err store_watch_want(struct store *st, const struct watch_of *of, struct str domain,
			  const struct strs *addresses, bool all, int64_t now_us)
{
	struct arena *a = arena_new(WANT_BYTES, NULL, NULL);
	struct plan p = { .of = of, .now_us = now_us };
	struct strs named = { ARENA_ARRAY(a, addresses->n, struct str), addresses->n };
	struct rows there;
	enum err err = read_rows(st, a, of, domain, &there);

	if (named.n) {
		memcpy(named.v, addresses->v, named.n * sizeof(*named.v));
		qsort(named.v, named.n, sizeof(*named.v), by_bytes);
	}
	if (!err) {
		compare(a, &there, &named, all, &p);
		err = write_plan(st, &p);
	}
	arena_free(&a);
	return err;
}

enum err store_watch_domains(struct store *st, struct arena *a, struct watch_domain_list *out)
{
	struct sql *c;
	enum err err = sql_read_one(st->messages, &c);

	*out = (struct watch_domain_list){ NULL, 0 };
	if (err)
		return err;
	/* Behind the last "@": what is left of an address without what holds none. */
	struct sql_stmt *s =
	    sql_prepare(c, "SELECT DISTINCT account, integration, substr(address, length(rtrim(address, "
			   "replace(address, '@', ''))) + 1) FROM mailbox_watch WHERE scan = 0");
	while ((err = sql_step(s)) == OK) {
		struct watch_domain d = { .of = { .account = sql_int(s, 0),
						  .integration = sql_str_copy(s, 1, a) },
					  .name = sql_str_copy(s, 2, a) };
		ARENA_PUSH(a, out, d);
	}
	sql_read_end(&c);
	return err == ERR_ABSENT ? OK : err;
}

/* ---- turns ---- */

#define TURN_COLUMNS \
	"num, account, integration, address, scan, folder, state, cursor, since, looked_at, failures"

static void read_turn(struct sql_stmt *s, struct arena *a, struct watch_turn *out)
{
	*out = (struct watch_turn){ .num = sql_int(s, 0),
				    .account = sql_int(s, 1),
				    .integration = sql_str_copy(s, 2, a),
				    .address = sql_str_copy(s, 3, a),
				    .scan = sql_int(s, 4),
				    .folder = (enum scan_folder)enum_value(&scan_folder_names, sql_str(s, 5)),
				    .state = (enum watch_state)enum_value(&watch_state_names, sql_str(s, 6)),
				    .cursor = sql_str_copy(s, 7, a),
				    .since_us = sql_int(s, 8),
				    .looked_at_us = sql_int(s, 9),
				    .failures = sql_int(s, 10),
				    .lock = -1 };
}

struct due {
	int64_t v[CANDIDATES];
	size_t n;
};

/* Those that others have a turn at are among them. */
static enum err find_due(struct store *st, bool scans, int64_t now_us, struct due *out)
{
	static const char *const watched =
	    "SELECT num FROM mailbox_watch WHERE scan = 0 AND due <= $1 ORDER BY due LIMIT $2";
	static const char *const of_scans =
	    "SELECT num FROM mailbox_watch WHERE scan <> 0 AND due <= $1 ORDER BY due LIMIT $2";
	struct sql *c;
	enum err err = sql_read_one(st->messages, &c);

	out->n = 0;
	if (err)
		return err;
	struct sql_stmt *s = sql_prepare(c, scans ? of_scans : watched);
	sql_bind_int(s, 1, now_us);
	sql_bind_int(s, 2, CANDIDATES);
	while ((err = sql_step(s)) == OK)
		out->v[out->n++] = sql_int(s, 0);
	sql_read_end(&c);
	return err == ERR_ABSENT ? OK : err;
}

/* ERR_ABSENT: it is not due any more. */
static enum err take(struct store *st, struct arena *a, int64_t num, int64_t now_us, int64_t retry_us,
		     struct watch_turn *out)
{
	struct sql *c;
	enum err err = sql_write_begin(st->messages, &c);

	if (err)
		return err;
	struct sql_stmt *s = sql_prepare(c, "UPDATE mailbox_watch SET due = $3 WHERE num = $1 AND due <= $2 "
					    "RETURNING " TURN_COLUMNS);
	sql_bind_int(s, 1, num);
	sql_bind_int(s, 2, now_us);
	sql_bind_int(s, 3, retry_us);
	err = sql_step(s);
	if (!err) {
		read_turn(s, a, out);
		sql_done(s);
	}
	return sql_end(&c, err);
}

enum err store_watch_take(struct store *st, struct arena *a, bool scans, int64_t now_us, int64_t retry_us,
			  struct watch_turn *out)
{
	struct due due;
	enum err err = find_due(st, scans, now_us, &due);

	for (size_t i = 0; i < due.n && !err; i++) {
		int lock = file_lock(st->dir_fd, LOCK_FIRST + (int)(due.v[i] % LOCKS), true, false);
		if (lock < 0)
			continue;
		err = take(st, a, due.v[i], now_us, retry_us, out);
		if (!err) {
			out->lock = lock;
			return OK;
		}
		close(lock);
		err = err == ERR_ABSENT ? OK : err;
	}
	return err ? err : ERR_ABSENT;
}

void store_watch_let_go(struct watch_turn *t)
{
	close(t->lock);
	t->lock = -1;
}

/* ERR_ABSENT: it is over, was cancelled, is watched no more, or in another way. */
static enum err settle(struct sql *c, const struct watch_turn *t, const struct watch_result *r)
{
	int64_t changed = 0;
	struct sql_stmt *s = sql_prepare(
	    c, "UPDATE mailbox_watch SET state = $3, due = $4, since = $5, cursor = $6, looked_at = $7, "
	       "found = CASE $12 WHEN 0 THEN found ELSE 0 END + $8, "
	       "failed = CASE $12 WHEN 0 THEN failed ELSE 0 END + $9, failures = $13, fault = $10 WHERE num "
	       "= $1 AND due <> $2 AND folder = $11");

	sql_bind_int(s, 1, t->num);
	sql_bind_int(s, 2, WATCH_NEVER);
	sql_bind_str(s, 3, enum_text(&watch_state_names, (int)r->state));
	sql_bind_int(s, 4, r->due_us);
	sql_bind_int(s, 5, r->since_us);
	sql_bind_str(s, 6, r->cursor.p ? r->cursor : STR(""));
	sql_bind_int(s, 7, r->now_us);
	sql_bind_int(s, 8, r->found);
	sql_bind_int(s, 9, r->failed);
	sql_bind_str(s, 10, r->fault.p ? r->fault : STR(""));
	sql_bind_str(s, 11, enum_text(&scan_folder_names, (int)t->folder));
	sql_bind_int(s, 12, r->anew);
	sql_bind_int(s, 13, r->failures);
	enum err err = sql_run(s, &changed);
	return err ? err : changed ? OK : ERR_ABSENT;
}

enum err store_watch_settle(struct store *st, const struct watch_turn *t, const struct watch_result *r)
{
	struct sql *c;
	enum err err = sql_write_begin(st->messages, &c);

	if (err)
		return err;
	err = settle(c, t, r);
	if (!err && t->scan)
		err = retro_note(c, t, r);
	return sql_end(&c, err);
}

enum err store_watch_pause(struct store *st, int64_t account, struct str integration, int64_t now_us,
			   int64_t until_us)
{
	struct sql *c;
	enum err err = sql_write_begin(st->messages, &c);

	if (err)
		return err;
	/* What others have a turn at hears of it itself. */
	struct sql_stmt *s = sql_prepare(c, "UPDATE mailbox_watch SET due = $4 WHERE account = $1 "
					    "AND integration = $2 AND due <= $3");
	sql_bind_int(s, 1, account);
	sql_bind_str(s, 2, integration);
	sql_bind_int(s, 3, now_us);
	sql_bind_int(s, 4, until_us);
	return sql_end(&c, sql_run(s, NULL));
}

/* ---- as they are shown ---- */

#define SHOWN "address, folder, state, fault, looked_at, due, found, failed"
#define SHOWN_ORDER " ORDER BY address LIMIT $3 OFFSET $4"

static void read_mailbox(struct sql_stmt *s, struct arena *a, struct watched_mailbox *out)
{
	int64_t looked_at = sql_int(s, 4), due = sql_int(s, 5);

	*out = (struct watched_mailbox){ 0 };
	SET(out, watched_mailbox, address, sql_str_copy(s, 0, a));
	SET(out, watched_mailbox, folder, enum_value(&scan_folder_names, sql_str(s, 1)));
	SET(out, watched_mailbox, state, enum_value(&watch_state_names, sql_str(s, 2)));
	if (sql_str(s, 3).n)
		SET(out, watched_mailbox, fault, sql_str_copy(s, 3, a));
	if (looked_at)
		SET(out, watched_mailbox, looked_at, looked_at);
	if (due != WATCH_NEVER)
		SET(out, watched_mailbox, next_at, due);
	SET(out, watched_mailbox, found, sql_int(s, 6));
	SET(out, watched_mailbox, failed, sql_int(s, 7));
}

#define OF_INTEGRATION "FROM mailbox_watch WHERE account = $1 AND integration = $2 AND scan = 0"
#define OF_SCAN "FROM mailbox_watch WHERE account = $1 AND scan = $2"

static struct sql_stmt *about(struct sql *c, const struct watch_page *q, const char *watched,
			      const char *of_scan)
{
	struct sql_stmt *s = sql_prepare(c, q->scan ? of_scan : watched);

	sql_bind_int(s, 1, q->account);
	if (q->scan)
		sql_bind_int(s, 2, q->scan);
	else
		sql_bind_str(s, 2, q->integration);
	return s;
}

enum err watch_page(struct sql *c, struct arena *a, const struct watch_page *q,
		    struct watched_mailbox_list *out, size_t *total_out)
{
	static const char *const watched = "SELECT " SHOWN " " OF_INTEGRATION SHOWN_ORDER,
				 *const of_scan = "SELECT " SHOWN " " OF_SCAN SHOWN_ORDER;
	struct sql_stmt *s = about(c, q, watched, of_scan);
	enum err err;

	*out = (struct watched_mailbox_list){ 0 };
	sql_bind_int(s, 3, (int64_t)q->n);
	sql_bind_int(s, 4, (int64_t)q->skip);
	while ((err = sql_step(s)) == OK) {
		struct watched_mailbox m;
		read_mailbox(s, a, &m);
		ARENA_PUSH(a, out, m);
	}
	if (err != ERR_ABSENT)
		return err;
	s = about(c, q, "SELECT count(*) " OF_INTEGRATION, "SELECT count(*) " OF_SCAN);
	return sql_count(s, total_out);
}

enum err store_watched(struct store *st, struct arena *a, int64_t account, struct str integration,
		       size_t skip, size_t n, struct watched_mailbox_list *out, size_t *total_out)
{
	struct watch_page q = { account, integration, 0, skip, n };
	struct sql *c;
	enum err err = sql_read_begin(st->messages, &c);

	if (err)
		return err;
	err = watch_page(c, a, &q, out, total_out);
	sql_read_end(&c);
	return err;
}
