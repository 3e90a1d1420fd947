/*
 * The indexer. FTS5 wants rows in ascending order, and to take tokens out it must be told exactly which are
 * in: the changeable ones are kept in `indexed`, the fixed ones follow from the row. A token taken out that
 * was not in leaves a harmless mark.
 */
#include "store/indexer.h"

#include "store/key.h"
#include "store/row.h"
#include "store/search_index.h"
#include "store/similar.h"
#include "store/tokens.h"

#define BATCH_BYTES (32u << 20)  /* of tokens: a batch that has them takes no more rows */
#define KEPT_MAX (128u << 20)    /* BATCH_BYTES, one row more and the lists of keys */
#define SCRATCH_MAX (256u << 20) /* one record, its tokens, and what is made of them */

struct entry {
	int64_t key, rev, fixed_hash;
	struct str fixed, changing, gone;
	struct similar_print print;
	bool there;
};

struct batch {
	struct arena *arena;
	struct entry *v;
	size_t n;
};

static bool is_full(const struct batch *b)
{
	return b->n >= INDEXER_BATCH || arena_used(b->arena) >= BATCH_BYTES;
}

static void make_entry(struct arena *keep, struct arena *scratch, const struct record *r, struct entry *e)
{
	struct tokens t = tokens_of_record(scratch, r);

	e->rev = r->rev;
	e->there = true;
	e->fixed_hash = tokens_hash(t.fixed);
	e->fixed = tokens_join(keep, t.fixed);
	e->changing = tokens_join(keep, t.changing);
	e->print = similar_print_of(r->message->edf_hash, r->simhash);
}

/* ---- into the index ---- */

static enum err fts_add(struct sql *c, int64_t key, struct str tokens)
{
	struct sql_stmt *s = sql_prepare(c, "INSERT INTO fts(rowid, t) VALUES($1, $2)");

	sql_bind_int(s, 1, key);
	sql_bind_str(s, 2, tokens);
	return sql_run(s, NULL);
}

static enum err fts_remove(struct sql *c, int64_t key, struct str tokens)
{
	struct sql_stmt *s = sql_prepare(c, "INSERT INTO fts(fts, rowid, t) VALUES('delete', $1, $2)");

	sql_bind_int(s, 1, key);
	sql_bind_str(s, 2, tokens);
	return sql_run(s, NULL);
}

static enum err write_indexed(struct sql *c, const struct entry *e)
{
	struct sql_stmt *s =
	    sql_prepare(c, "INSERT INTO indexed(id, fixed, tags, edf, simhash) VALUES($1, $2, $3, $4, $5) "
			   "ON CONFLICT(id) DO UPDATE SET fixed = excluded.fixed, tags = excluded.tags, "
			   "edf = excluded.edf, simhash = excluded.simhash");

	sql_bind_int(s, 1, e->key);
	sql_bind_int(s, 2, e->fixed_hash);
	sql_bind_str(s, 3, e->changing);
	if (e->print.has_edf)
		sql_bind_int(s, 4, e->print.edf);
	if (e->print.has_simhash)
		sql_bind_int(s, 5, (int64_t)e->print.simhash);
	return sql_run(s, NULL);
}

/* ERR_ABSENT: the row is not in the index. */
static enum err read_indexed(struct sql *c, struct arena *a, int64_t key, int64_t *hash_out,
			     struct str *tags_out)
{
	struct sql_stmt *s = sql_prepare(c, "SELECT fixed, tags FROM indexed WHERE id = $1");

	sql_bind_int(s, 1, key);
	enum err err = sql_step(s);
	if (err)
		return err;
	*hash_out = sql_int(s, 0);
	*tags_out = sql_str_copy(s, 1, a);
	sql_done(s);
	return OK;
}

static struct str both(struct arena *a, const struct entry *e)
{
	return ARENA_JOIN(a, e->fixed, STR(" "), e->changing);
}

static enum err write_mark(struct sql *c, int64_t account, int64_t upto)
{
	struct sql_stmt *s = sql_prepare(c, "INSERT INTO mark(account, upto) VALUES($1, $2) "
					    "ON CONFLICT(account) DO UPDATE SET upto = excluded.upto");

	sql_bind_int(s, 1, account);
	sql_bind_int(s, 2, upto);
	return sql_run(s, NULL);
}

static enum err read_mark(struct sql_db *search, int64_t account, int64_t *out)
{
	struct sql *c;
	enum err err = sql_read_begin(search, &c);

	if (err)
		return err;
	err = search_mark(c, account, out);
	sql_read_end(&c);
	return err;
}

/* ---- new rows ---- */

/* Rows of one account above the mark, as many as the batch has room for. upto_out: the last key looked at. */
static enum err gather(struct store *st, int64_t account, int64_t mark, struct batch *batch,
		       int64_t *upto_out)
{
	struct arena *scratch = arena_new(SCRATCH_MAX, NULL, NULL);
	struct sql *c;
	enum err err = sql_read_begin(st->messages, &c);

	*upto_out = mark;
	if (err)
		goto out;
	struct sql_stmt *s =
	    sql_prepare(c, "SELECT " ROW_COLUMNS " FROM msg WHERE id BETWEEN $1 AND $2 ORDER BY id LIMIT $3");
	sql_bind_int(s, 1, mark ? mark + 1 : key_first(account));
	sql_bind_int(s, 2, key_last(account));
	sql_bind_int(s, 3, (int64_t)(INDEXER_BATCH - batch->n));
	while (!is_full(batch) && !(err = sql_step(s))) {
		struct entry e = { .key = sql_int(s, 0) };
		struct record r;
		arena_reset(scratch);
		*upto_out = e.key;
		if (row_read(s, scratch, RECORD_WHOLE, &r) == OK)
			make_entry(batch->arena, scratch, &r, &e);
		else
			(void)store_row_skip(st, e.key);
		ARENA_PUSH(batch->arena, batch, e);
	}
	sql_read_end(&c);
	if (err == ERR_ABSENT)
		err = OK;
out:
	arena_free(&scratch);
	return err;
}

static enum err add_batch(struct sql_db *search, const struct batch *batch, size_t from, int64_t account,
			  int64_t upto)
{
	struct arena *a = arena_new(SCRATCH_MAX, NULL, NULL);
	struct sql *c = NULL;
	enum err err = sql_write_begin(search, &c);

	for (size_t i = from; i < batch->n && !err; i++) {
		const struct entry *e = &batch->v[i];
		if (!e->there)
			continue;
		arena_reset(a);
		err = fts_add(c, e->key, both(a, e));
		if (!err)
			err = write_indexed(c, e);
	}
	if (!err)
		err = write_mark(c, account, upto);
	arena_free(&a);
	return c ? sql_end(&c, err) : err;
}

enum err indexer_add(struct store *st, struct sql_db *search, const struct store_shelf_list *shelves,
		     bool *more_out)
{
	struct batch batch = { arena_new(KEPT_MAX, NULL, NULL), NULL, 0 };
	enum err err = OK;

	for (size_t i = 0; i < shelves->n && !err && !is_full(&batch); i++) {
		int64_t shelf = shelves->v[i], mark, upto;
		size_t from = batch.n;
		err = read_mark(search, shelf, &mark);
		if (!err)
			err = gather(st, shelf, mark, &batch, &upto);
		if (!err && batch.n > from)
			err = add_batch(search, &batch, from, shelf, upto);
	}
	if (is_full(&batch))
		*more_out = true;
	arena_free(&batch.arena);
	return err;
}

/* ---- changed rows ---- */

/* As many as the batch has room for. */
static enum err gather_changed(struct store *st, struct batch *batch)
{
	struct arena *scratch = arena_new(SCRATCH_MAX, NULL, NULL);
	struct sql *c;
	enum err err = sql_read_begin(st->messages, &c);

	if (err)
		goto out;
	struct sql_stmt *s = sql_prepare(c, "SELECT id, rev, gone FROM retag ORDER BY id LIMIT $1");
	sql_bind_int(s, 1, INDEXER_BATCH);
	while (!is_full(batch) && !(err = sql_step(s))) {
		struct entry e = { .key = sql_int(s, 0),
				   .rev = sql_int(s, 1),
				   .gone = sql_str_copy(s, 2, batch->arena) };
		struct record r;
		arena_reset(scratch);
		err = store_row_get(c, scratch, e.key, RECORD_WHOLE, &r);
		if (err == OK)
			make_entry(batch->arena, scratch, &r, &e);
		else if (err == ERR_SYNTAX)
			(void)store_row_skip(st, e.key);
		else if (err != ERR_ABSENT)
			break;
		ARENA_PUSH(batch->arena, batch, e);
	}
	sql_read_end(&c);
	if (err == ERR_ABSENT || err == ERR_SYNTAX)
		err = OK;
out:
	arena_free(&scratch);
	return err;
}

/* The words of `text` that are in neither of two others. */
static struct str without(struct arena *a, struct str text, struct strs x, struct strs y)
{
	struct strs words = tokens_split(a, text), out = { NULL, 0 };

	for (size_t i = 0; i < words.n; i++)
		if (words.v[i].n && !tokens_has(x, words.v[i]) && !tokens_has(y, words.v[i]))
			ARENA_PUSH(a, &out, words.v[i]);
	return tokens_join(a, out);
}

/*
 * FTS5 counts rows and tokens: a removal makes them less, and below nothing it takes its file for damaged. So every
 * removal goes with an addition, of no token if need be, and where the removal may name tokens that never were in, the
 * addition goes first. The other way round is the quicker one: rows ascend, and a removal comes before an addition.
 */
static enum err exchange(struct sql *c, int64_t key, struct str remove, struct str add, bool add_first)
{
	enum err err = OK;

	if (!remove.n)
		return add.n ? fts_add(c, key, add) : OK;
	if (add_first)
		err = fts_add(c, key, add);
	if (!err)
		err = fts_remove(c, key, remove);
	return err || add_first ? err : fts_add(c, key, add);
}

static enum err retag_one(struct sql *c, struct arena *a, const struct entry *e)
{
	struct strs fixed = tokens_split(a, e->fixed), changing = tokens_split(a, e->changing),
		    none = { NULL, 0 };
	int64_t hash;
	struct str tags;
	enum err err = read_indexed(c, a, e->key, &hash, &tags);

	if (err == ERR_ABSENT) /* above the mark, or unreadable when its turn was */
		return OK;
	if (err)
		return err;
	/* The fixed ones may be in as they are now, when the row was changed before its turn came. */
	bool same = hash == e->fixed_hash;
	struct str old = same ? tags : ARENA_JOIN(a, tags, STR(" "), e->gone);
	struct str add = same ? without(a, e->changing, tokens_split(a, tags), none) : both(a, e);
	err = exchange(c, e->key, without(a, old, fixed, changing), add, !same);
	return err ? err : write_indexed(c, e);
}

static enum err forget_changes(struct store *st, const struct batch *batch)
{
	struct sql *c;
	enum err err = sql_write_begin(st->messages, &c);

	if (err)
		return err;
	for (size_t i = 0; i < batch->n && !err; i++) {
		struct sql_stmt *s = sql_prepare(c, "DELETE FROM retag WHERE id = $1 AND rev <= $2");
		sql_bind_int(s, 1, batch->v[i].key);
		sql_bind_int(s, 2, batch->v[i].rev);
		err = sql_run(s, NULL);
	}
	return sql_end(&c, err);
}

enum err indexer_retag(struct store *st, struct sql_db *search, bool *more_out)
{
	struct arena *scratch = arena_new(SCRATCH_MAX, NULL, NULL);
	struct batch batch = { arena_new(KEPT_MAX, NULL, NULL), NULL, 0 };
	struct sql *c;
	enum err err = gather_changed(st, &batch);

	if (!err && batch.n) {
		err = sql_write_begin(search, &c);
		if (!err) {
			for (size_t i = 0; i < batch.n && !err; i++) {
				arena_reset(scratch);
				if (batch.v[i].there)
					err = retag_one(c, scratch, &batch.v[i]);
			}
			err = sql_end(&c, err);
		}
		if (!err)
			err = forget_changes(st, &batch);
	}
	if (is_full(&batch))
		*more_out = true;
	arena_free(&scratch);
	arena_free(&batch.arena);
	return err;
}

/* ---- rows to be deleted ---- */

static enum err remove_one(struct sql *messages, struct sql *search, struct arena *a, int64_t key)
{
	struct record r;
	struct entry e = { .key = key };
	int64_t hash;
	struct str tags;
	enum err err = read_indexed(search, a, key, &hash, &tags);

	if (err)
		return err == ERR_ABSENT ? OK : err;
	err = store_row_get(messages, a, key, RECORD_WHOLE, &r);
	if (!err)
		make_entry(a, a, &r, &e);
	else if (err != ERR_SYNTAX && err != ERR_ABSENT)
		return err;
	err = fts_remove(search, key, ARENA_JOIN(a, e.fixed, STR(" "), tags));
	if (err)
		return err;
	struct sql_stmt *s = sql_prepare(search, "DELETE FROM indexed WHERE id = $1");
	sql_bind_int(s, 1, key);
	return sql_run(s, NULL);
}

enum err indexer_remove(struct store *st, struct sql_db *search, const int64_t *keys, size_t n)
{
	struct arena *a = arena_new(SCRATCH_MAX, NULL, NULL);
	struct sql *m, *c;
	enum err err = sql_read_begin(st->messages, &m);

	if (!err) {
		err = sql_write_begin(search, &c);
		if (!err) {
			for (size_t i = 0; i < n && !err; i++) {
				arena_reset(a);
				err = remove_one(m, c, a, keys[i]);
			}
			err = sql_end(&c, err);
		}
		sql_read_end(&m);
	}
	arena_free(&a);
	return err;
}
