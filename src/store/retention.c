/*
 * Retention. How far each task has come is kept per account, so that a slice begins where the last one ended. What
 * keeps a raw file, and how it goes, is in retention_drop.c.
 */
#include "store/retention.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/indexer.h"
#include "store/key.h"
#include "store/raw.h"

#define ORPHAN_S (24 * 3600)
#define EVICT_TO 95              /* percent of the budget: not for each single mail */
#define RECORD_BYTES (64u << 20) /* one as it is read */

/* ---- how far a task has come ---- */

static enum err read_place(struct sql *c, const char *task, int64_t account, int64_t *out)
{
	struct sql_stmt *s = sql_prepare(c, "SELECT upto FROM upkeep WHERE task = $1 AND account = $2");

	*out = key_first(account) - 1;
	sql_bind_str(s, 1, str_of(task));
	sql_bind_int(s, 2, account);
	enum err err = sql_step(s);
	if (!err) {
		*out = sql_int(s, 0);
		sql_done(s);
	}
	return err == ERR_ABSENT ? OK : err;
}

static enum err write_place(struct store *st, const char *task, int64_t account, int64_t upto)
{
	struct sql *c;
	enum err err = sql_write_begin(st->messages, &c);

	if (err)
		return err;
	struct sql_stmt *s = sql_prepare(c, "INSERT INTO upkeep(task, account, upto) VALUES($1, $2, $3) "
					    "ON CONFLICT(task, account) DO UPDATE SET upto = excluded.upto");
	sql_bind_str(s, 1, str_of(task));
	sql_bind_int(s, 2, account);
	sql_bind_int(s, 3, upto);
	return sql_end(&c, sql_run(s, NULL));
}

/*
 * One kind of raw mail that goes by age or for room. text: rows above $1 and below $2, oldest first. listed: of the table
 * let_go, which a row leaves when it is done with; else the place of the task moves behind it.
 */
struct task {
	const char *name, *text;
	bool listed;
};

#define SLICE_OF(condition)                                                               \
	"SELECT id, raw FROM msg WHERE id > $1 AND id < $2 AND raw IS NOT NULL" condition \
	" ORDER BY id LIMIT $3"
#define SLICE_LET_GO(condition)                                                                  \
	"SELECT let_go.id, raw FROM let_go JOIN msg ON msg.id = let_go.id WHERE let_go.id > $1 " \
	"AND let_go.id < $2 AND let_go.due <= $4 AND raw IS NOT NULL AND held = 0" condition     \
	" ORDER BY let_go.id LIMIT $3"

static enum err forget_let_go(struct sql *c, int64_t key)
{
	struct sql_stmt *s = sql_prepare(c, "DELETE FROM let_go WHERE id = $1");

	sql_bind_int(s, 1, key);
	return sql_run(s, NULL);
}

/* These rows, in order, are done with. */
static enum err pass(struct retention *r, const struct task *t, const struct candidate *v, size_t n)
{
	struct sql *c;

	if (n == 0)
		return OK;
	if (!t->listed)
		return write_place(r->st, t->name, key_shelf(v[n - 1].key), v[n - 1].key);
	enum err err = sql_write_begin(r->st->messages, &c);
	if (err)
		return err;
	for (size_t i = 0; i < n && !err; i++)
		err = forget_let_go(c, v[i].key);
	return sql_end(&c, err);
}

static enum err next_slice(struct retention *r, struct arena *a, const struct task *t, int64_t account,
			   int64_t below, struct candidates *out)
{
	int64_t from;
	struct sql *c;
	enum err err = sql_read_begin(r->st->messages, &c);

	*out = (struct candidates){ NULL, 0 };
	if (err)
		return err;
	err = read_place(c, t->name, account, &from);
	if (!err) {
		struct sql_stmt *s = sql_prepare(c, t->text);
		sql_bind_int(s, 1, from);
		sql_bind_int(s, 2, below);
		sql_bind_int(s, 3, RETENTION_SLICE);
		if (t->listed)
			sql_bind_int(s, 4, r->now_us);
		while (!(err = sql_step(s))) {
			struct candidate one = { sql_int(s, 0), sql_blob_copy(s, 1, a) };
			ARENA_PUSH(a, out, one);
		}
	}
	sql_read_end(&c);
	return err == ERR_ABSENT ? OK : err;
}

/* ---- raw mail by age ---- */

static enum err expire_slice(struct retention *r, const struct task *t, const struct retention_rule *rule,
			     int64_t account, int64_t age_us)
{
	struct arena *a = arena_new(1 << 20, NULL, NULL);
	struct candidates slice;
	size_t done = 0;
	enum err err = next_slice(r, a, t, account, key_at(account, r->now_us - age_us), &slice);

	if (!err)
		err = retention_drop_all(r, &slice, rule, &done);
	if (!err)
		err = pass(r, t, slice.v, done);
	if (done == RETENTION_SLICE)
		r->more = true;
	arena_free(&a);
	return err;
}

enum err retention_raw(struct retention *r)
{
	int64_t clean = r->u->retention_clean_us, detected = r->u->retention_detections_us;
	int64_t longest = clean > detected ? clean : detected;
	/*
	 * The last three find rows that the task of their kind had passed: while they were held, or before their disposition
	 * changed.
	 */
	const struct {
		struct task task;
		int64_t age;
	} tasks[] = {
		{ { "raw-clean", SLICE_OF(" AND disp = 0 AND held = 0"), false }, clean },
		{ { "raw-detections", SLICE_OF(" AND disp <> 0 AND held = 0"), false }, detected },
		{ { "raw-let-go-clean", SLICE_LET_GO(" AND disp = 0"), true }, clean },
		{ { "raw-let-go-detections", SLICE_LET_GO(" AND disp <> 0"), true }, detected },
		{ { "raw-all", SLICE_OF(" AND held = 0"), false }, clean && detected ? longest : 0 },
	};
	int64_t keep_clean = clean ? r->now_us - clean : RETENTION_ALWAYS;
	int64_t keep_detected = detected ? r->now_us - detected : RETENTION_ALWAYS;
	struct retention_rule rule = { { keep_clean, keep_detected, RETENTION_ALWAYS } };
	enum err err = OK;

	for (size_t t = 0; t < ARRAY_LEN(tasks) && !err; t++)
		for (size_t i = 0; i < r->shelves->n && !err && !r->busy && tasks[t].age > 0; i++)
			err = expire_slice(r, &tasks[t].task, &rule, r->shelves->v[i], tasks[t].age);
	return err;
}

enum err store_raw_lend(struct store *st, int64_t key, struct str bytes, struct str sha256_hex,
			int64_t until_us)
{
	struct sql *c;
	enum err err = store_raw_put(st, bytes, sha256_hex);

	if (err)
		return err;
	err = sql_write_begin(st->messages, &c);
	if (err)
		return err;
	struct sql_stmt *s = sql_prepare(c, "INSERT INTO let_go(id, due) VALUES($1, $2) "
					    "ON CONFLICT(id) DO UPDATE SET due = max(due, excluded.due)");
	sql_bind_int(s, 1, key);
	sql_bind_int(s, 2, until_us);
	return sql_end(&c, sql_run(s, NULL));
}

/* ---- raw mail over the budget ---- */

/* The oldest of all shelves, oldest first; their number is fixed, that of the shelves is not. */
struct oldest {
	int64_t key[RETENTION_SLICE];
	unsigned char raw[RETENTION_SLICE][SHA256_BYTES];
	size_t n;
};

static void oldest_add(struct oldest *o, const struct candidate *c)
{
	size_t at = o->n;

	while (at > 0 && (o->key[at - 1] & KEY_REST) > (c->key & KEY_REST))
		at--;
	if (at == RETENTION_SLICE || c->raw.n != SHA256_BYTES)
		return;
	o->n += o->n < RETENTION_SLICE;
	memmove(&o->key[at + 1], &o->key[at], (o->n - at - 1) * sizeof(o->key[0]));
	memmove(&o->raw[at + 1], &o->raw[at], (o->n - at - 1) * sizeof(o->raw[0]));
	o->key[at] = c->key;
	memcpy(o->raw[at], c->raw.p, SHA256_BYTES);
}

static enum err find_oldest(struct retention *r, const struct task *t, struct oldest *out)
{
	struct arena *a = arena_new(1 << 20, NULL, NULL);
	struct candidates slice;
	enum err err = OK;

	for (size_t i = 0; i < r->shelves->n && !err; i++) {
		arena_reset(a);
		err = next_slice(r, a, t, r->shelves->v[i], INT64_MAX, &slice);
		for (size_t k = 0; k < slice.n && key_shelf(slice.v[k].key) == r->shelves->v[i]; k++)
			oldest_add(out, &slice.v[k]);
	}
	arena_free(&a);
	return err;
}

/* One slice of one task over all shelves; *found: there was any. */
static enum err evict_slice(struct retention *r, const struct task *t, const struct retention_rule *rule,
			    int64_t goal, int64_t *used, bool *found)
{
	struct oldest all = { .n = 0 };
	enum err err = find_oldest(r, t, &all);

	*found = all.n > 0;
	for (size_t i = 0; i < all.n && !err && *used > goal; i++) {
		struct candidate c = { all.key[i], str_from(all.raw[i], SHA256_BYTES) };
		int64_t freed = 0;
		err = retention_drop(r, &c, rule, &freed);
		if (r->busy)
			break;
		*used -= freed;
		if (!err)
			err = pass(r, t, &c, 1);
	}
	return err;
}

/* So that intake knows of it. */
static enum err write_room(struct retention *r, enum raw_room room)
{
	struct upkeep_state *u = &r->st->upkeep;

	if (u->room == (int)room + 1)
		return OK;
	enum err err = write_place(r->st, "raw-room", 0, room);
	if (!err && (room == RAW_FULL || u->room == RAW_FULL + 1))
		log_warn(r->st->log, "raw_budget",
			 KV_C("state", room == RAW_FULL
					   ? "full: all that is kept is in quarantine, and mail that "
					     "would have to be kept is not taken"
					   : "there is room again"));
	if (!err)
		u->room = (int)room + 1;
	return err;
}

enum err store_raw_room(struct store *st, enum raw_room *out)
{
	int64_t room = RAW_ROOM;
	struct sql *c;
	enum err err = sql_read_one(st->messages, &c);

	if (err)
		return err;
	struct sql_stmt *s =
	    sql_prepare(c, "SELECT upto FROM upkeep WHERE task = 'raw-room' AND account = 0");
	err = sql_step(s);
	if (!err)
		room = sql_int(s, 0);
	sql_read_end(&c);
	*out = room == RAW_FULL || room == RAW_OVER ? (enum raw_room)room : RAW_ROOM;
	return err == ERR_ABSENT ? OK : err;
}

enum err retention_budget(struct retention *r, int64_t *used)
{
	static const struct {
		struct task task;
		struct retention_rule rule;
	} tasks[] = {
		{ { "evict-clean", SLICE_OF(" AND disp = 0 AND held = 0"), false },
		  { { RETENTION_NEVER, RETENTION_ALWAYS, RETENTION_ALWAYS } } },
		{ { "evict-free", SLICE_OF(" AND disp <> 0 AND held = 0"), false },
		  { { RETENTION_NEVER, RETENTION_NEVER, RETENTION_ALWAYS } } },
		{ { "evict-let-go", SLICE_LET_GO(""), true },
		  { { RETENTION_NEVER, RETENTION_NEVER, RETENTION_ALWAYS } } },
	};
	int64_t goal = r->u->raw_budget_bytes / 100 * EVICT_TO;
	enum err err = OK;
	bool found = false;

	if (r->u->raw_budget_bytes <= 0 || *used <= r->u->raw_budget_bytes)
		return write_room(r, RAW_ROOM);
	for (size_t t = 0; t < ARRAY_LEN(tasks) && !err && !found && !r->busy; t++)
		err = evict_slice(r, &tasks[t].task, &tasks[t].rule, goal, used, &found);
	bool over = *used > r->u->raw_budget_bytes;
	if (found && !r->busy && over)
		r->more = true;
	return err ? err : write_room(r, !over ? RAW_ROOM : found ? RAW_OVER : RAW_FULL);
}

/* ---- held mail whose time is over ---- */

/* Not where a job is about to release it, which has its own end: looked for here, and again when it is changed. */
static enum err old_held(struct retention *r, int64_t account, int64_t *keys, size_t *n_out)
{
	struct sql *c;
	enum err err = sql_read_begin(r->st->messages, &c);

	*n_out = 0;
	if (err)
		return err;
	struct sql_stmt *s =
	    sql_prepare(c, "SELECT id FROM msg WHERE id BETWEEN $1 AND $2 AND held <> 0 AND NOT EXISTS "
			   "(SELECT 1 FROM job WHERE ref = msg.id AND state = 'open') ORDER BY id LIMIT $3");
	sql_bind_int(s, 1, key_first(account));
	sql_bind_int(s, 2, key_at(account, r->now_us - r->u->retention_detections_us) - 1);
	sql_bind_int(s, 3, RETENTION_SLICE);
	while (!(err = sql_step(s)))
		keys[(*n_out)++] = sql_int(s, 0);
	sql_read_end(&c);
	return err == ERR_ABSENT ? OK : err;
}

/* The record says first that it is held no more: then its raw mail goes like that of any other. */
static enum err expire_held(struct retention *r, int64_t account)
{
	int64_t keys[RETENTION_SLICE];
	size_t n, done = 0;
	enum err err = old_held(r, account, keys, &n);

	for (size_t i = 0; i < n && !err; i++) {
		struct arena *a = arena_new(RECORD_BYTES, NULL, NULL);
		/* One that cannot be read or written now must not hold up the others. */
		done += store_record_change_idle(r->st, a, keys[i], r->u->expire, r->u->expire_ctx) == OK;
		arena_free(&a);
	}
	if (done == RETENTION_SLICE)
		r->more = true;
	return err;
}

enum err retention_held(struct retention *r)
{
	enum err err = OK;

	if (!r->u->expire || r->u->retention_detections_us <= 0)
		return OK;
	for (size_t i = 0; i < r->shelves->n && !err; i++)
		err = expire_held(r, r->shelves->v[i]);
	return err;
}

/* ---- rows ---- */

static enum err old_keys(struct retention *r, struct arena *a, int64_t account, struct candidates *out)
{
	struct sql *c;
	enum err err = sql_read_begin(r->st->messages, &c);

	*out = (struct candidates){ NULL, 0 };
	if (err)
		return err;
	struct sql_stmt *s =
	    sql_prepare(c, "SELECT id, raw FROM msg WHERE id BETWEEN $1 AND $2 ORDER BY id LIMIT $3");
	sql_bind_int(s, 1, key_first(account));
	sql_bind_int(s, 2, key_at(account, r->now_us - r->u->retention_metadata_us) - 1);
	sql_bind_int(s, 3, RETENTION_SLICE);
	while (!(err = sql_step(s))) {
		struct candidate one = { sql_int(s, 0), sql_blob_copy(s, 1, a) };
		ARENA_PUSH(a, out, one);
	}
	sql_read_end(&c);
	return err == ERR_ABSENT ? OK : err;
}

static enum err delete_keys(struct store *st, const int64_t *keys, size_t n)
{
	struct sql *c;
	enum err err = sql_write_begin(st->messages, &c);

	if (err)
		return err;
	for (size_t i = 0; i < n && !err; i++) {
		struct sql_stmt *s = sql_prepare(c, "DELETE FROM msg WHERE id = $1");
		sql_bind_int(s, 1, keys[i]);
		err = sql_run(s, NULL);
		if (err)
			break;
		s = sql_prepare(c, "DELETE FROM retag WHERE id = $1");
		sql_bind_int(s, 1, keys[i]);
		err = sql_run(s, NULL);
		if (!err)
			err = forget_let_go(c, keys[i]);
	}
	return sql_end(&c, err);
}

/* Raw mail, then tokens, then rows: a crash between leaves rows that the next round finds again. */
static enum err delete_slice(struct retention *r, int64_t account)
{
	static const struct retention_rule any_other_row = { { RETENTION_ALWAYS, RETENTION_ALWAYS,
							       RETENTION_ALWAYS } };
	struct arena *a = arena_new(1 << 20, NULL, NULL);
	int64_t keys[RETENTION_SLICE];
	struct candidates slice;
	size_t done = 0;
	enum err err = old_keys(r, a, account, &slice);

	if (!err)
		err = retention_drop_all(r, &slice, &any_other_row, &done);
	for (size_t i = 0; i < done; i++)
		keys[i] = slice.v[i].key;
	if (!err && done)
		err = indexer_remove(r->st, r->search, keys, done);
	if (!err && done)
		err = delete_keys(r->st, keys, done);
	if (done == RETENTION_SLICE)
		r->more = true;
	arena_free(&a);
	return err;
}

enum err retention_rows(struct retention *r)
{
	enum err err = OK;

	for (size_t i = 0; i < r->shelves->n && !err && !r->busy && r->u->retention_metadata_us > 0; i++)
		err = delete_slice(r, r->shelves->v[i]);
	return err;
}

/* ---- audit rows ---- */

enum err retention_audit(struct retention *r)
{
	int64_t nums[RETENTION_SLICE], before = r->now_us - r->u->retention_audit_us;
	size_t n = 0;
	struct sql *c;

	if (r->u->retention_audit_us <= 0)
		return OK;
	enum err err = sql_read_one(r->st->messages, &c);
	if (err)
		return err;
	struct sql_stmt *s = sql_prepare(c, "SELECT num FROM audit WHERE created_at < $1 LIMIT $2");
	sql_bind_int(s, 1, before);
	sql_bind_int(s, 2, RETENTION_SLICE);
	while (!(err = sql_step(s)))
		nums[n++] = sql_int(s, 0);
	sql_read_end(&c);
	if (err != ERR_ABSENT || n == 0)
		return err == ERR_ABSENT ? OK : err;
	err = sql_write_begin(r->st->messages, &c);
	if (err)
		return err;
	for (size_t i = 0; i < n && !err; i++) {
		s = sql_prepare(c, "DELETE FROM audit WHERE num = $1");
		sql_bind_int(s, 1, nums[i]);
		err = sql_run(s, NULL);
	}
	r->more = r->more || n == RETENTION_SLICE;
	return sql_end(&c, err);
}

/* ---- digests of resends ---- */

static enum err forget_digests(struct store *st, const struct candidates *slice)
{
	struct sql *c;
	enum err err = sql_write_begin(st->messages, &c);

	if (err)
		return err;
	for (size_t i = 0; i < slice->n && !err; i++) {
		/* The digest may have become a newer row's meanwhile. */
		struct sql_stmt *s = sql_prepare(c, "DELETE FROM resend WHERE digest = $1 AND id = $2");
		sql_bind_blob(s, 1, slice->v[i].raw);
		sql_bind_int(s, 2, slice->v[i].key);
		err = sql_run(s, NULL);
	}
	return sql_end(&c, err);
}

enum err retention_resends(struct retention *r)
{
	static const struct task task = { "resends",
					  "SELECT id, digest FROM msg WHERE id > $1 AND id < $2 "
					  "AND digest IS NOT NULL ORDER BY id LIMIT $3",
					  false };
	enum err err = OK;

	for (size_t i = 0; i < r->shelves->n && !err; i++) {
		struct arena *a = arena_new(1 << 20, NULL, NULL);
		int64_t account = r->shelves->v[i];
		struct candidates slice;
		err = next_slice(r, a, &task, account, key_at(account, r->now_us - STORE_RESEND_US), &slice);
		if (!err && slice.n)
			err = forget_digests(r->st, &slice);
		if (!err && slice.n)
			err = write_place(r->st, task.name, account, slice.v[slice.n - 1].key);
		if (slice.n == RETENTION_SLICE)
			r->more = true;
		arena_free(&a);
	}
	return err;
}

/* ---- files without a row ---- */

struct sweep {
	struct retention *r;
	enum err err;
};

static void sweep_file(void *ctx, struct str digest, const char *name, int dir_fd)
{
	static const struct retention_rule any_row = { { RETENTION_ALWAYS, RETENTION_ALWAYS,
							 RETENTION_ALWAYS } };
	struct sweep *sweep = ctx;
	struct candidate c = { -1, digest };
	struct stat s;
	int64_t freed = 0;

	if (sweep->err || fstatat(dir_fd, name, &s, 0) != 0 ||
	    s.st_mtim.tv_sec > sweep->r->now_us / 1000000 - ORPHAN_S)
		return;
	if (digest.n)
		sweep->err = retention_drop(sweep->r, &c, &any_row, &freed);
	else
		unlinkat(dir_fd, name, 0);
}

enum err retention_orphans(struct retention *r, unsigned shard)
{
	struct sweep sweep = { r, OK };

	raw_each(r->st, shard, sweep_file, &sweep);
	return sweep.err;
}
