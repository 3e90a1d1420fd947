/* The outbox. */
#include "store/notices.h"

#include "store/internal.h"
#include "store/settings_internal.h"

#define SLICE 500 /* deleted at a time: half a millisecond of the write lock */

enum err store_notices_due(struct store *st, struct arena *a, int64_t now_us, size_t n,
			   struct notice_due_list *out)
{
	struct sql *c;
	enum err err = sql_read_one(st->messages, &c);

	*out = (struct notice_due_list){ 0 };
	if (err)
		return err;
	struct sql_stmt *s = sql_prepare(
	    c, "SELECT num, account FROM notification_state WHERE due <= $1 ORDER BY due LIMIT $2");
	sql_bind_int(s, 1, now_us);
	sql_bind_int(s, 2, (int64_t)n);
	while ((err = sql_step(s)) == OK) {
		struct notice_due due = { sql_int(s, 0), sql_int(s, 1) };
		ARENA_PUSH(a, out, due);
	}
	sql_read_end(&c);
	return err == ERR_ABSENT ? OK : err;
}

static enum err lease(struct sql *c, struct arena *a, int64_t now_us, int64_t until_us,
		      struct notice_target *t, struct str *facts_out)
{
	struct sql_stmt *s =
	    sql_prepare(c, "UPDATE notification_state SET due = $3, away = $3 WHERE num = $1 AND due <= $2 "
			   "RETURNING account, failures, body");

	sql_bind_int(s, 1, t->num);
	sql_bind_int(s, 2, now_us);
	sql_bind_int(s, 3, until_us);
	enum err err = sql_step(s);
	if (err)
		return err;
	t->until_us = until_us;
	t->account = sql_int(s, 0);
	t->failures = sql_int(s, 1);
	*facts_out = sql_str_copy(s, 2, a);
	sql_done(s);
	return OK;
}

static enum err read_body(struct sql *c, struct arena *a, int64_t num, struct str *out)
{
	struct sql_stmt *s = sql_prepare(c, "SELECT body FROM notification WHERE num = $1");

	sql_bind_int(s, 1, num);
	enum err err = sql_step(s);
	if (err)
		return err;
	*out = sql_str_copy(s, 0, a);
	sql_done(s);
	return OK;
}

enum err store_notices_take(struct store *st, struct arena *a, int64_t num, int64_t now_us, int64_t until_us,
			    struct notice_target *out)
{
	struct str body, facts;
	struct sql *c;
	enum err err = sql_write_begin(st->messages, &c);

	*out = (struct notice_target){ .num = num };
	if (err)
		return err;
	err = lease(c, a, now_us, until_us, out, &facts);
	if (!err)
		err = read_body(c, a, num, &body);
	err = sql_end(&c, err);
	if (!err)
		err = settings_read_body(a, &resource_notifications, body, &out->to);
	if (!err)
		err = settings_read_facts(a, &resource_notifications, facts, &out->to);
	if (!err && out->to.seed.n)
		out->secret = settings_signing_key(st, a, out->to.seed);
	return err;
}

enum err store_notices_next(struct store *st, struct arena *a, int64_t num, int64_t now_us, size_t n,
			    struct notice_list *out)
{
	struct sql *c;
	enum err err = sql_read_one(st->messages, &c);

	*out = (struct notice_list){ 0 };
	if (err)
		return err;
	struct sql_stmt *s = sql_prepare(c, "SELECT id, event, kind, ref, at, tries FROM notice "
					    "WHERE target = $1 AND due <= $2 ORDER BY due, id LIMIT $3");
	sql_bind_int(s, 1, num);
	sql_bind_int(s, 2, now_us);
	sql_bind_int(s, 3, (int64_t)n);
	while ((err = sql_step(s)) == OK) {
		struct notice notice = { .id = sql_int(s, 0),
					 .event = sql_str_copy(s, 1, a),
					 .kind =
					     (enum event_kind)enum_value(&event_kind_names, sql_str(s, 2)),
					 .ref = sql_int(s, 3),
					 .at_us = sql_int(s, 4),
					 .tries = sql_int(s, 5) };
		ARENA_PUSH(a, out, notice);
	}
	sql_read_end(&c);
	return err == ERR_ABSENT ? OK : err;
}

/* ---- what came of it ---- */

static enum err drop(struct sql *c, int64_t id, int64_t *dropped)
{
	struct sql_stmt *s = sql_prepare(c, "DELETE FROM notice WHERE id = $1");
	int64_t changed = 0;

	sql_bind_int(s, 1, id);
	enum err err = sql_run(s, &changed);
	*dropped += changed;
	return err;
}

static enum err put_off(struct sql *c, const struct notice *n)
{
	struct sql_stmt *s = sql_prepare(c, "UPDATE notice SET due = $2, tries = tries + 1 WHERE id = $1");

	sql_bind_int(s, 1, n->id);
	sql_bind_int(s, 2, n->due_us);
	return sql_run(s, NULL);
}

static enum err drop_old(struct sql *c, int64_t target, int64_t before_us, int64_t *dropped)
{
	struct sql_stmt *s = sql_prepare(c, "DELETE FROM notice WHERE target = $1 AND at < $2");

	sql_bind_int(s, 1, target);
	sql_bind_int(s, 2, before_us);
	return sql_run(s, dropped);
}

/* What was found out says nothing any more where somebody changed the notification meanwhile. */
#define AWAY "CASE away WHEN $7 THEN $2 ELSE 0 END"

/* Due when the first of what waits is, and not before the target may be there again. */
static enum err give_back(struct sql *c, struct arena *a, const struct notice_settling *how, int64_t sent,
			  int64_t given_up)
{
	struct sql_stmt *s = sql_prepare(
	    c,
	    "UPDATE notification_state SET failures = CASE WHEN " AWAY " > 0 THEN failures + 1 ELSE 0 END, "
	    "away = " AWAY ", pending = pending - $3 - $4, given_up = given_up + $4, body = $5, "
	    "due = COALESCE((SELECT max(min(due), " AWAY ") FROM notice WHERE target = $1), $6) "
	    "WHERE num = $1");

	sql_bind_int(s, 1, how->target->num);
	sql_bind_int(s, 2, how->away_us);
	sql_bind_int(s, 3, sent);
	sql_bind_int(s, 4, given_up);
	sql_bind_str(s, 5, settings_facts(a, &notification_fields, &how->target->to));
	sql_bind_int(s, 6, NOTICE_NEVER);
	sql_bind_int(s, 7, how->target->until_us);
	return sql_run(s, NULL);
}

enum err store_notices_settle(struct store *st, struct arena *a, const struct notice_settling *how,
			      int64_t *given_up_out)
{
	int64_t sent = 0, given_up = 0, old = 0;
	struct sql *c;
	enum err err = sql_write_begin(st->messages, &c);

	*given_up_out = 0;
	if (err)
		return err;
	for (size_t i = 0; i < how->list->n && !err; i++) {
		const struct notice *n = &how->list->v[i];
		if (n->result == NOTICE_LATER)
			err = put_off(c, n);
		else if (n->result != NOTICE_OPEN)
			err = drop(c, n->id, n->result == NOTICE_SENT ? &sent : &given_up);
	}
	if (!err && how->before_us)
		err = drop_old(c, how->target->num, how->before_us, &old);
	given_up += old;
	if (!err)
		err = give_back(c, a, how, sent, given_up);
	err = sql_end(&c, err);
	if (!err)
		*given_up_out = given_up;
	return err;
}

/* ---- what waited for one that is gone ---- */

static enum err find_orphan(struct store *st, int64_t *target_out)
{
	struct sql *c;
	enum err err = sql_read_one(st->messages, &c);

	if (err)
		return err;
	struct sql_stmt *s = sql_prepare(c, "SELECT target FROM notice_orphan LIMIT 1");
	err = sql_step(s);
	if (!err)
		*target_out = sql_int(s, 0);
	sql_read_end(&c);
	return err;
}

static enum err forget_slice(struct sql *c, int64_t target)
{
	int64_t n = 0;
	struct sql_stmt *s = sql_prepare(
	    c, "DELETE FROM notice WHERE id IN (SELECT id FROM notice WHERE target = $1 LIMIT $2)");

	sql_bind_int(s, 1, target);
	sql_bind_int(s, 2, SLICE);
	enum err err = sql_run(s, &n);
	if (err || n == SLICE)
		return err;
	s = sql_prepare(c, "DELETE FROM notice_orphan WHERE target = $1");
	sql_bind_int(s, 1, target);
	return sql_run(s, NULL);
}

enum err store_notices_forget(struct store *st, bool *more_out)
{
	int64_t target;
	struct sql *c;
	enum err err = find_orphan(st, &target);

	if (err)
		return err == ERR_ABSENT ? OK : err;
	*more_out = true;
	err = sql_write_begin(st->messages, &c);
	return err ? err : sql_end(&c, forget_slice(c, target));
}
