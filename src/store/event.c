/* Who is to be told. */
#include "store/event.h"

#include "base/random.h"
#include "json/read.h"
#include "store/notices.h"

#define READ_BYTES (1u << 20) /* of NOTIFICATIONS_MAX rows of some kB */

static bool has(const struct ints *list, int value)
{
	for (size_t i = 0; i < list->n; i++)
		if (list->v[i] == value)
			return true;
	return false;
}

static bool wants(const struct notification *n, const struct event *e)
{
	return n->enabled && has(&n->events, (int)e->kind) &&
	       (e->kind != EVENT_VERDICT || has(&n->dispositions, e->disposition));
}

/* Makes it due, unless too many wait already. */
static enum err count(struct sql *c, int64_t target, int64_t at_us, bool *room_out)
{
	int64_t changed = 0;
	struct sql_stmt *s = sql_prepare(
	    c, "UPDATE notification_state SET pending = pending + 1, due = min(due, max(away, $2)) "
	       "WHERE num = $1 AND pending < $3");

	sql_bind_int(s, 1, target);
	sql_bind_int(s, 2, at_us);
	sql_bind_int(s, 3, NOTICES_MAX);
	enum err err = sql_run(s, &changed);
	*room_out = changed > 0;
	if (err || *room_out)
		return err;
	s = sql_prepare(c, "UPDATE notification_state SET given_up = given_up + 1 WHERE num = $1");
	sql_bind_int(s, 1, target);
	return sql_run(s, NULL);
}

static enum err add(struct sql *c, int64_t target, const struct event *e, const char *id)
{
	bool room;
	enum err err = count(c, target, e->at_us, &room);

	if (err || !room)
		return err;
	struct sql_stmt *s = sql_prepare(c, "INSERT INTO notice(target, event, kind, ref, at, due, tries) "
					    "VALUES($1, $2, $3, $4, $5, $5, 0)");
	sql_bind_int(s, 1, target);
	sql_bind_str(s, 2, str_of(id));
	sql_bind_str(s, 3, enum_text(&event_kind_names, (int)e->kind));
	sql_bind_int(s, 4, e->ref);
	sql_bind_int(s, 5, e->at_us);
	return sql_run(s, NULL);
}

enum err event_note(struct sql *c, const struct event *e)
{
	struct sql_stmt *s = sql_prepare(c, "SELECT num, body FROM notification WHERE account = $1");
	struct arena *a = NULL;
	char id[37] = "";
	enum err err, failed = OK;

	sql_bind_int(s, 1, e->account);
	while ((err = sql_step(s)) == OK && !failed) {
		struct notification n = { 0 };
		if (!a) {
			a = arena_new(READ_BYTES, NULL, NULL);
			random_uuid(id);
		}
		arena_reset(a);
		if (json_text_read(a, &notification_fields, sql_str(s, 1), JSON_STORED, &n, NULL) == OK &&
		    wants(&n, e))
			failed = add(c, sql_int(s, 0), e, id);
	}
	if (failed)
		sql_done(s);
	arena_free(&a);
	return failed ? failed : err == ERR_ABSENT ? OK : err;
}
