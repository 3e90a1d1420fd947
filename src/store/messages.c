/* Adding records, and finding them by id. Changing them: record_change.c; the search: search.c. */
#include "store/internal.h"

#include <stdlib.h>

#include "base/random.h"
#include "store/commit.h"
#include "store/domain_day.h"
#include "store/event.h"
#include "store/key.h"
#include "store/move_note.h"
#include "store/report_note.h"
#include "store/row.h"
#include "store/scan_rows.h"

#define ACCOUNT_MAX (STORE_SUBMITTED - 1)
#define SHELF_MAX (2 * STORE_SUBMITTED - 1)

/* ---- add ---- */

#define ADD_ANY INT64_MAX

struct add {
	struct commit_job job;
	const struct row *row;
	int64_t shelf, key;
	int64_t
	    newest_equal; /* not where a newer row of equal content is there; ADD_ANY: whatever is there */
	int disposition;
	struct strs domains;            /* of its recipients */
	const struct record *corrected; /* the record, where a correction judged it */
	unsigned causes;                /* of a report */
	const struct record *record;
};

enum err store_newest_key(struct sql *c, int64_t shelf, int64_t *key_out)
{
	struct sql_stmt *s =
	    sql_prepare(c, "SELECT id FROM msg WHERE id BETWEEN $1 AND $2 ORDER BY id DESC LIMIT 1");

	sql_bind_int(s, 1, key_first(shelf));
	sql_bind_int(s, 2, key_last(shelf));
	enum err err = sql_step(s);
	if (err && err != ERR_ABSENT)
		return err;
	*key_out = err ? -1 : sql_int(s, 0);
	sql_done(s);
	return OK;
}

/*
 * Now, or one more than the newest of the shelf: the clock may stand still or step back, the key does not.
 */
static enum err draw_key(struct sql *c, int64_t shelf, int64_t *key_out)
{
	int64_t now = key_at(shelf, clock_now_us()), newest;
	enum err err = store_newest_key(c, shelf, &newest);

	if (err)
		return err;
	if (newest == key_last(shelf))
		return ERR_LATER;
	*key_out = newest >= now ? newest + 1 : now;
	return OK;
}

enum err store_note_digest(struct sql *c, struct str digest, int64_t key)
{
	struct sql_stmt *s = sql_prepare(c, "INSERT INTO resend(digest, id) VALUES($1, $2) "
					    "ON CONFLICT(digest) DO UPDATE SET id = excluded.id");

	sql_bind_blob(s, 1, digest);
	sql_bind_int(s, 2, key);
	return sql_run(s, NULL);
}

enum err store_row_add(struct sql *c, int64_t shelf, const struct row *row, int64_t *key_out)
{
	int64_t changed = 0;
	enum err err = draw_key(c, shelf, key_out);

	if (err)
		return err;
	struct sql_stmt *s = sql_prepare(
	    c, "INSERT INTO msg(id, postfix_id, suffix, disp, held, rescan, rev, digest, raw, dict, message, "
	       "rest, content) VALUES($1, $2, $3, $4, $5, $6, 0, $7, $8, 0, $9, $10, nullif($11, 0)) "
	       "ON CONFLICT(postfix_id) DO NOTHING");
	sql_bind_int(s, 1, *key_out);
	sql_bind_str(s, 2, row->postfix_id);
	sql_bind_int(s, 3, row->suffix);
	sql_bind_int(s, 4, row->detection);
	sql_bind_int(s, 5, row->held);
	sql_bind_int(s, 6, row->rescan);
	sql_bind_blob(s, 7, row->digest);
	sql_bind_blob(s, 8, row->raw);
	sql_bind_blob(s, 9, row->message);
	sql_bind_blob(s, 10, row->rest);
	sql_bind_int(s, 11, row->content);
	err = sql_run(s, &changed);
	if (!err && changed == 0)
		return ERR_CONFLICT;
	if (!err && row->digest.p)
		err = store_note_digest(c, row->digest, *key_out);
	return err;
}

enum err store_note_verdict(struct sql *c, int64_t key, int disposition)
{
	if (key_shelf(key) & STORE_SUBMITTED)
		return OK;
	return event_note(c, &(struct event){ .kind = EVENT_VERDICT,
					      .account = key_account(key),
					      .ref = key,
					      .disposition = disposition,
					      .at_us = clock_now_us() });
}

enum err store_note_causes(struct sql *c, int64_t key, unsigned causes)
{
	return key_shelf(key) & STORE_SUBMITTED ? OK : report_note(c, key_account(key), key, causes);
}

/* ERR_CONFLICT: there is one. */
static enum err check_content(struct sql *c, const struct add *add)
{
	struct sql_stmt *s =
	    sql_prepare(c, "SELECT 1 FROM msg WHERE content = $1 AND id > $2 AND id <= $3 LIMIT 1");

	sql_bind_int(s, 1, add->row->content);
	sql_bind_int(s, 2, add->newest_equal);
	sql_bind_int(s, 3, key_last(add->shelf));
	enum err err = sql_step(s);
	if (err)
		return err == ERR_ABSENT ? OK : err;
	sql_done(s);
	return ERR_CONFLICT;
}

static enum err run_add(struct sql *c, struct commit_job *job)
{
	struct add *add = (struct add *)job;
	enum err err = add->newest_equal == ADD_ANY ? OK : check_content(c, add);

	if (!err)
		err = store_row_add(c, add->shelf, add->row, &add->key);
	if (!err)
		err = store_note_verdict(c, add->key, add->disposition);
	if (!err && add->corrected)
		err = store_corrected_add(c, add->key, add->shelf, add->corrected);
	if (!err)
		err = store_note_causes(c, add->key, add->causes);
	if (!err)
		err = move_note(c, &(struct move_view){ 0 }, add->record, add->key);
	/* Submitted mail was not sent to anybody: a shelf of it has no domains. */
	return err ? err : domain_day_add(c, add->shelf, key_us(add->key), &add->domains);
}

static bool is_submitted(const struct message *m)
{
	return HAS(m, message, delivery_mode) && m->delivery_mode > MODE_RETRO_SCAN;
}

enum err store_record_row(struct arena *a, const struct record *r, struct row *out)
{
	uint32_t suffix;

	ASSERT(r->message && r->message->postfix_id.n && r->account >= 1 && r->account <= ACCOUNT_MAX);
	enum err err = row_of_record(a, r, out);
	random_bytes(&suffix, sizeof(suffix));
	out->suffix = suffix;
	return err;
}

static enum err add_record(struct store *st, struct arena *a, int64_t newest_equal, struct record *r)
{
	struct row row;
	enum err err = store_record_row(a, r, &row);

	if (err)
		return err;
	struct add add = {
		.job = { .run = run_add }, .row = &row, .newest_equal = newest_equal, .record = r
	};
	add.shelf = is_submitted(r->message) ? store_submitted(r->account) : r->account;
	add.disposition = r->message->final_disposition;
	add.domains = domain_day_names(a, &(struct outcome_list){ 0 }, &r->outcomes);
	add.corrected = HAS(r, record, correction) ? r : NULL;
	struct report_view view = report_view_of(r);
	add.causes = report_causes(&(struct report_view){ 0 }, &view);
	err = commit_group_run(st->commits, &add.job);
	if (!err)
		row_set_ids(a, r, add.key, 0, row.suffix);
	return err;
}

enum err store_record_add(struct store *st, struct arena *a, struct record *r)
{
	return add_record(st, a, ADD_ANY, r);
}

enum err store_record_add_first(struct store *st, struct arena *a, int64_t newest_equal, struct record *r)
{
	int64_t from = key_first(r->account) - 1;

	return add_record(st, a, newest_equal > from ? newest_equal : from, r);
}

/* ---- get ---- */

enum err store_row_get(struct sql *c, struct arena *a, int64_t key, enum record_part part, struct record *out)
{
	struct sql_stmt *s = sql_prepare(c, "SELECT " ROW_COLUMNS " FROM msg WHERE id = $1");

	sql_bind_int(s, 1, key);
	enum err err = sql_step(s);
	if (!err) {
		err = row_read(s, a, part, out);
		sql_done(s);
	}
	return err;
}

enum err store_row_skip(const struct store *st, int64_t key)
{
	log_error(st->log, "row_unreadable", KV_INT("key", key));
	return OK;
}

/* Whether id is the row's investigate id, or that without its last nine characters, or its postfix id. */
static bool is_named(const struct message *m, struct str id)
{
	return str_eq_nocase(id, m->id) || str_eq_nocase(id, str_sub(m->id, 0, m->id.n - 9)) ||
	       str_eq(id, m->postfix_id);
}

enum err store_record_get(struct store *st, struct arena *a, int64_t account, struct str id,
			  enum record_part part, struct record *out)
{
	struct str postfix_id = str_sub(id, 0, str_find_char(id, '-', 0));
	struct sql *c;
	enum err err = sql_read_one(st->messages, &c);

	if (err)
		return err;
	struct sql_stmt *s =
	    sql_prepare(c, "SELECT " ROW_COLUMNS " FROM msg WHERE postfix_id = $1 AND id BETWEEN $2 AND $3");
	sql_bind_str(s, 1, postfix_id.p ? postfix_id : STR(""));
	sql_bind_int(s, 2, key_first(account));
	sql_bind_int(s, 3, key_last(account));
	err = sql_step(s);
	if (!err)
		err = row_read(s, a, part, out);
	sql_read_end(&c);
	if (!err && !is_named(out->message, id))
		return ERR_ABSENT;
	return err == ERR_SYNTAX ? ERR_LATER : err;
}

enum err store_record_by_key(struct store *st, struct arena *a, int64_t key, struct record *out)
{
	struct sql *c;
	enum err err = sql_read_one(st->messages, &c);

	if (err)
		return err;
	err = store_row_get(c, a, key, RECORD_WHOLE, out);
	sql_read_end(&c);
	return err == ERR_SYNTAX ? ERR_LATER : err;
}

enum err store_record_by_digest(struct store *st, struct arena *a, int64_t account, struct str digest,
				struct record *out)
{
	struct str bytes;
	struct sql *c;

	if (str_is_empty(digest) || hash_unhex(a, digest, &bytes))
		return ERR_ABSENT;
	enum err err = sql_read_one(st->messages, &c);
	if (err)
		return err;
	struct sql_stmt *s =
	    sql_prepare(c, "SELECT " ROW_COLUMNS " FROM msg WHERE id = "
			   "(SELECT id FROM resend WHERE digest = $1) AND id BETWEEN $2 AND $3");
	sql_bind_blob(s, 1, bytes);
	sql_bind_int(s, 2, key_at(account, clock_now_us() - STORE_RESEND_US));
	sql_bind_int(s, 3, key_last(account));
	err = sql_step(s);
	if (!err)
		err = row_read(s, a, RECORD_WHOLE, out);
	sql_read_end(&c);
	return err == ERR_SYNTAX ? ERR_LATER : err;
}

#define EQUALS_MAX 8 /* one message filed more than once, since some of it was held */

static enum err equals(struct sql *c, int64_t account, int64_t content, int64_t *keys, size_t *n_out)
{
	struct sql_stmt *s = sql_prepare(
	    c, "SELECT id FROM msg WHERE content = $1 AND id BETWEEN $2 AND $3 ORDER BY id DESC LIMIT $4");
	enum err err;

	*n_out = 0;
	sql_bind_int(s, 1, content);
	sql_bind_int(s, 2, key_first(account));
	sql_bind_int(s, 3, key_last(account));
	sql_bind_int(s, 4, EQUALS_MAX);
	while ((err = sql_step(s)) == OK)
		keys[(*n_out)++] = sql_int(s, 0);
	return err == ERR_ABSENT ? OK : err;
}

enum err store_records_by_content(struct store *st, struct arena *a, int64_t account, struct str content,
				  struct store_page *out)
{
	int64_t keys[EQUALS_MAX], column = row_content(a, content);
	struct sql *c;
	size_t n = 0;
	enum err err = sql_read_begin(st->messages, &c);

	*out = (struct store_page){ NULL, 0 };
	if (err)
		return err;
	if (column)
		err = equals(c, account, column, keys, &n);
	for (size_t i = 0; i < n && !err; i++) {
		struct record r;
		err = store_row_get(c, a, keys[i], RECORD_WHOLE, &r);
		if (!err && str_eq(r.content, content))
			ARENA_PUSH(a, out, r);
		else if (err == ERR_SYNTAX)
			err = store_row_skip(st, keys[i]);
	}
	sql_read_end(&c);
	return err;
}

/* ---- the newest of all ---- */

enum err store_shelves(struct sql *c, struct arena *a, struct store_shelf_list *out)
{
	int64_t from = 0;
	enum err err;

	*out = (struct store_shelf_list){ NULL, 0 };
	for (;;) {
		struct sql_stmt *s = sql_prepare(c, "SELECT id FROM msg WHERE id >= $1 ORDER BY id LIMIT 1");
		sql_bind_int(s, 1, from);
		err = sql_step(s);
		if (err)
			break;
		int64_t shelf = key_shelf(sql_int(s, 0));
		sql_done(s);
		ARENA_PUSH(a, out, shelf);
		if (shelf >= SHELF_MAX)
			return OK;
		from = key_first(shelf + 1);
	}
	return err == ERR_ABSENT ? OK : err;
}

struct keys {
	int64_t *v;
	size_t n;
};

/* Keys of one shelf from $1 to $2, at most $3; the partial indexes answer the conditions alone. */
static const char *const newest_rows =
    "SELECT id FROM msg WHERE id BETWEEN $1 AND $2 ORDER BY id DESC LIMIT $3";
static const char *const newest_held =
    "SELECT id FROM msg WHERE id BETWEEN $1 AND $2 AND held <> 0 ORDER BY id DESC LIMIT $3";
static const char *const newest_rescans =
    "SELECT id FROM msg WHERE id BETWEEN $1 AND $2 AND rescan <> 0 ORDER BY id DESC LIMIT $3";

static int newer_first(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a & KEY_REST, y = *(const int64_t *)b & KEY_REST;

	return (x < y) - (x > y);
}

static enum err keys_of(struct sql *c, struct arena *a, int64_t shelf, size_t n, const char *text,
			struct keys *keys)
{
	struct sql_stmt *s = sql_prepare(c, text);
	enum err err;

	sql_bind_int(s, 1, key_first(shelf));
	sql_bind_int(s, 2, key_last(shelf));
	sql_bind_int(s, 3, (int64_t)n);
	while (!(err = sql_step(s)))
		ARENA_PUSH(a, keys, sql_int(s, 0));
	return err == ERR_ABSENT ? OK : err;
}

/* The newest n rows that the statement gives for a shelf, or for the mail of all accounts (0). */
static enum err newest(struct store *st, struct arena *a, int64_t shelf, size_t n, const char *text,
		       enum record_part part, struct store_page *out)
{
	struct store_shelf_list shelves;
	struct keys keys = { NULL, 0 };
	struct sql *c;
	enum err err = sql_read_begin(st->messages, &c);

	*out = (struct store_page){ NULL, 0 };
	if (err)
		return err;
	err = store_shelves(c, a, &shelves);
	for (size_t i = 0; i < shelves.n && !err; i++)
		if (shelf == shelves.v[i] || (shelf == 0 && shelves.v[i] <= ACCOUNT_MAX))
			err = keys_of(c, a, shelves.v[i], n, text, &keys);
	if (keys.n)
		qsort(keys.v, keys.n, sizeof(*keys.v), newer_first);
	out->v = ARENA_ARRAY(a, keys.n < n ? keys.n : n, struct record);
	for (size_t i = 0; i < keys.n && i < n && !err; i++) {
		err = store_row_get(c, a, keys.v[i], part, &out->v[out->n]);
		if (!err)
			out->n++;
		else if (err == ERR_SYNTAX)
			err = store_row_skip(st, keys.v[i]);
	}
	sql_read_end(&c);
	return err;
}

enum err store_recent(struct store *st, struct arena *a, int64_t account, size_t n, bool held_only,
		      struct store_page *out)
{
	return newest(st, a, account, n, held_only ? newest_held : newest_rows, RECORD_MESSAGE, out);
}

enum err store_awaiting_rescan(struct store *st, struct arena *a, size_t n, struct store_page *out)
{
	return newest(st, a, 0, n, newest_rescans, RECORD_WHOLE, out);
}
