/*
 * Removing raw files. One may be shared by rows, of other accounts, too: every row with the same digest is looked up
 * (a token of the index, and the rows not indexed yet) and asked whether it still keeps its raw mail.
 */
#include "store/key.h"
#include "store/raw.h"
#include "store/retention.h"
#include "store/search_index.h"
#include "store/tokens.h"

static enum retention_kind kind_of(int64_t disp, int64_t held)
{
	if (held)
		return RETENTION_HELD;
	return disp ? RETENTION_DETECTED : RETENTION_CLEAN;
}

static bool row_keeps(struct sql_stmt *s, const struct retention_rule *rule)
{
	return key_us(sql_int(s, 0)) >= rule->keep_from[kind_of(sql_int(s, 1), sql_int(s, 2))];
}

static enum err tail_keeps(struct sql *messages, struct sql *search, int64_t account, struct str raw,
			   const struct retention_rule *rule, bool *keeps)
{
	int64_t mark;
	enum err err = search_mark(search, account, &mark);

	if (err)
		return err;
	struct sql_stmt *s =
	    sql_prepare(messages, "SELECT id, disp, held FROM msg WHERE id BETWEEN $1 AND $2 AND raw = $3");
	sql_bind_int(s, 1, mark + 1 > key_first(account) ? mark + 1 : key_first(account));
	sql_bind_int(s, 2, key_last(account));
	sql_bind_blob(s, 3, raw);
	while (!*keeps && !(err = sql_step(s)))
		*keeps = row_keeps(s, rule);
	if (!err)
		sql_done(s);
	return err == ERR_ABSENT ? OK : err;
}

static enum err indexed_keeps(struct sql *messages, struct sql *search, struct arena *a, struct str raw,
			      int64_t except, const struct retention_rule *rule, bool *keeps)
{
	struct token_query q = tokens_of_tag(a, 'r', hash_hex(a, raw));
	struct sql_stmt *hits = sql_prepare(search, "SELECT rowid FROM fts WHERE fts MATCH $1");
	enum err err = OK;

	sql_bind_str(hits, 1, tokens_expression(a, &q));
	while (!*keeps && !(err = sql_step(hits))) {
		int64_t key = sql_int(hits, 0);
		struct sql_stmt *s = sql_prepare(messages, "SELECT id, disp, held FROM msg WHERE id = $1");
		sql_bind_int(s, 1, key);
		err = sql_step(s);
		if (!err) {
			*keeps = key != except && row_keeps(s, rule);
			sql_done(s);
		} else if (err != ERR_ABSENT) {
			break;
		}
	}
	if (!err)
		sql_done(hits);
	return err == ERR_ABSENT ? OK : err;
}

/* Whether it is all that is left of a mail that was taken out of a mailbox. */
static enum err vault_keeps(struct sql *messages, struct str raw, bool *keeps)
{
	struct sql_stmt *s = sql_prepare(messages, "SELECT 1 FROM vault WHERE raw = $1 LIMIT 1");

	sql_bind_blob(s, 1, raw);
	enum err err = sql_step(s);
	*keeps = !err;
	if (!err)
		sql_done(s);
	return err == ERR_ABSENT ? OK : err;
}

/* Whether any row but `except` keeps the file under the rule. */
static enum err is_kept(struct retention *r, struct arena *a, struct str raw, int64_t except,
			const struct retention_rule *rule, bool *keeps)
{
	struct sql *messages, *search;
	enum err err = sql_read_begin(r->st->messages, &messages);

	*keeps = false;
	if (err)
		return err;
	err = vault_keeps(messages, raw, keeps);
	if (!err && !*keeps)
		err = sql_read_begin(r->search, &search);
	if (!err && !*keeps) {
		for (size_t i = 0; i < r->shelves->n && !err && !*keeps; i++)
			err = tail_keeps(messages, search, r->shelves->v[i], raw, rule, keeps);
		if (!err && !*keeps)
			err = indexed_keeps(messages, search, a, raw, except, rule, keeps);
		sql_read_end(&search);
	}
	sql_read_end(&messages);
	return err;
}

/*
 * A file put within the hour goes with the row that put it. A row that young may be the one; then those behind it are
 * as young, and all wait.
 */
static void remove_file(struct retention *r, const struct candidate *c, int64_t size, int64_t *freed)
{
	switch (raw_remove(r->st, c->raw)) {
	case RAW_REMOVED:
		*freed += size;
		break;
	case RAW_BUSY:
		r->busy = true;
		break;
	case RAW_YOUNG:
		r->busy = key_us(c->key) > r->now_us - RAW_SETTLE_S * INT64_C(1000000);
		break;
	case RAW_ABSENT:
		break;
	}
}

enum err retention_drop(struct retention *r, const struct candidate *c, const struct retention_rule *rule,
			int64_t *freed)
{
	struct arena *a = arena_new(1 << 20, NULL, NULL);
	bool keeps = false;
	int64_t size = c->raw.n == SHA256_BYTES ? raw_size(r->st, c->raw) : 0;
	enum err err = size ? is_kept(r, a, c->raw, c->key, rule, &keeps) : OK;

	if (!err && size && !keeps)
		remove_file(r, c, size, freed);
	arena_free(&a);
	return err;
}

enum err retention_drop_all(struct retention *r, const struct candidates *all,
			    const struct retention_rule *rule, size_t *done_out)
{
	int64_t freed = 0;
	enum err err = OK;

	for (*done_out = 0; *done_out < all->n && !err; ++*done_out) {
		err = retention_drop(r, &all->v[*done_out], rule, &freed);
		if (r->busy)
			break;
	}
	return err;
}
