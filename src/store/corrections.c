/* Rows of correction_effect. */
#include "store/corrections.h"

#include "store/internal.h"
#include "store/row.h"

enum err store_corrected_add(struct sql *c, int64_t key, int64_t account, const struct record *r)
{
	/* Named by a worker, which may name any: only one of the account is, or was and is being undone. */
	struct sql_stmt *s = sql_prepare(
	    c, "INSERT INTO correction_effect(correction, key, before, after) SELECT $1, $3, $4, $5 WHERE "
	       "EXISTS (SELECT 1 FROM correction WHERE num = $1 AND account = $2) OR "
	       "EXISTS (SELECT 1 FROM job WHERE ref = $1 AND kind = 'correction' AND state = 'open' "
	       "AND account = $2) "
	       "ON CONFLICT(correction, key) DO UPDATE SET before = excluded.before");

	sql_bind_int(s, 1, r->correction);
	sql_bind_int(s, 2, account);
	sql_bind_int(s, 3, key);
	sql_bind_str(s, 4, enum_text(&disposition_names, r->uncorrected));
	sql_bind_str(s, 5, enum_text(&disposition_names, r->message->final_disposition));
	return sql_run(s, NULL);
}

static enum err count(struct sql *c, int64_t correction, size_t *out)
{
	struct sql_stmt *s = sql_prepare(c, "SELECT count(*) FROM correction_effect WHERE correction = $1");

	sql_bind_int(s, 1, correction);
	return sql_count(s, out);
}

enum err store_corrected_count(struct store *st, int64_t correction, size_t *out)
{
	struct sql *c;
	enum err err = sql_read_one(st->messages, &c);

	if (err)
		return err;
	struct sql_stmt *s = sql_prepare(
	    c, "SELECT count(*) FROM correction_effect AS e WHERE e.correction = $1 AND e.before <> e.after "
	       "AND NOT EXISTS (SELECT 1 FROM correction_effect AS n WHERE n.key = e.key AND n.correction > "
	       "$1)");
	sql_bind_int(s, 1, correction);
	err = sql_count(s, out);
	sql_read_end(&c);
	return err;
}

/* Ids are made of what the row's columns say. */
static void read_corrected(struct sql_stmt *s, struct arena *a, struct corrected_message *out)
{
	struct message m = { 0 };
	struct record r = { .message = &m };

	SET(&m, message, postfix_id, sql_str_copy(s, 2, a));
	row_set_ids(a, &r, sql_int(s, 0), 0, sql_int(s, 1));
	*out = (struct corrected_message){ 0 };
	SET(out, corrected_message, id, m.id);
	SET(out, corrected_message, postfix_id, m.postfix_id);
	SET(out, corrected_message, scanned_at, m.scanned_at);
	SET(out, corrected_message, before, enum_value(&disposition_names, sql_str(s, 3)));
	SET(out, corrected_message, after, enum_value(&disposition_names, sql_str(s, 4)));
}

enum err store_corrected(struct store *st, struct arena *a, int64_t correction, size_t skip, size_t n,
			 struct corrected_message_list *out, size_t *total_out)
{
	struct sql *c;
	enum err err = sql_read_one(st->messages, &c);

	*out = (struct corrected_message_list){ 0 };
	if (err)
		return err;
	struct sql_stmt *s = sql_prepare(
	    c, "SELECT e.key, m.suffix, m.postfix_id, e.before, e.after FROM correction_effect AS e "
	       "JOIN msg AS m ON m.id = e.key WHERE e.correction = $1 ORDER BY e.key DESC "
	       "LIMIT $2 OFFSET $3");
	sql_bind_int(s, 1, correction);
	sql_bind_int(s, 2, (int64_t)n);
	sql_bind_int(s, 3, (int64_t)skip);
	while ((err = sql_step(s)) == OK) {
		struct corrected_message m;
		read_corrected(s, a, &m);
		ARENA_PUSH(a, out, m);
	}
	if (err == ERR_ABSENT)
		err = count(c, correction, total_out);
	sql_read_end(&c);
	return err;
}

enum err store_effects(struct store *st, struct arena *a, int64_t correction, int64_t after, size_t n,
		       struct store_effects *out)
{
	struct sql *c;
	enum err err = sql_read_one(st->messages, &c);

	*out = (struct store_effects){ 0 };
	if (err)
		return err;
	struct sql_stmt *s = sql_prepare(c, "SELECT key, before, after FROM correction_effect "
					    "WHERE correction = $1 AND key > $2 ORDER BY key LIMIT $3");
	sql_bind_int(s, 1, correction);
	sql_bind_int(s, 2, after);
	sql_bind_int(s, 3, (int64_t)n);
	while ((err = sql_step(s)) == OK) {
		struct store_effect e = { sql_int(s, 0), enum_value(&disposition_names, sql_str(s, 1)),
					  enum_value(&disposition_names, sql_str(s, 2)) };
		ARENA_PUSH(a, out, e);
	}
	sql_read_end(&c);
	return err == ERR_ABSENT ? OK : err;
}

enum err store_effects_forget(struct store *st, int64_t correction, int64_t after, int64_t upto)
{
	struct sql *c;
	enum err err = sql_write_begin(st->messages, &c);

	if (err)
		return err;
	struct sql_stmt *s =
	    sql_prepare(c, "DELETE FROM correction_effect WHERE correction = $1 AND key > $2 AND key <= $3");
	sql_bind_int(s, 1, correction);
	sql_bind_int(s, 2, after);
	sql_bind_int(s, 3, upto);
	return sql_end(&c, sql_run(s, NULL));
}
