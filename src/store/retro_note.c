/* What is counted of a retro scan when a mailbox was read on, and its end behind the last one. */
#include "store/internal.h"
#include "store/retro.h"
#include "store/retro_row.h"

static enum err count(struct sql *c, int64_t scan, const char *kind, struct str value)
{
	if (value.n == 0)
		return OK;
	struct sql_stmt *s =
	    sql_prepare(c, "INSERT INTO retro_count(scan, kind, value, n) VALUES($1, $2, $3, 1) "
			   "ON CONFLICT(scan, kind, value) DO UPDATE SET n = n + 1");

	sql_bind_int(s, 1, scan);
	sql_bind_str(s, 2, str_of(kind));
	sql_bind_str(s, 3, value);
	return sql_run(s, NULL);
}

/* In each mailbox somebody else is the target. */
static enum err note_target(struct sql *c, const struct watch_turn *t, int64_t key)
{
	int64_t added = 0;
	struct sql_stmt *s = sql_prepare(c, "INSERT INTO retro_target(scan, mailbox, key) VALUES($1, $2, $3) "
					    "ON CONFLICT(scan, mailbox, key) DO NOTHING");

	sql_bind_int(s, 1, t->scan);
	sql_bind_int(s, 2, t->num);
	sql_bind_int(s, 3, key);
	enum err err = sql_run(s, &added);
	return err || !added ? err : count(c, t->scan, "target", t->address);
}

static enum err note_message(struct sql *c, const struct watch_turn *t, const struct watch_sighting *w)
{
	bool detection = w->disposition != DISP_NONE;
	int64_t added = 0;
	struct sql_stmt *s =
	    sql_prepare(c, "INSERT INTO retro_message(scan, key, detection) VALUES($1, $2, $3) "
			   "ON CONFLICT(scan, key) DO NOTHING");

	sql_bind_int(s, 1, t->scan);
	sql_bind_int(s, 2, w->key);
	sql_bind_int(s, 3, detection);
	enum err err = sql_run(s, &added);
	if (!err && detection)
		err = note_target(c, t, w->key);
	if (err || !added)
		return err;
	err = count(c, t->scan, "disposition", enum_text(&disposition_names, w->disposition));
	for (size_t i = 0; i < w->categories.n && !err && detection; i++)
		err = count(c, t->scan, "category", w->categories.v[i]);
	if (!err && detection)
		err = count(c, t->scan, "sender_domain", w->sender_domain);
	if (!err && detection)
		err = count(c, t->scan, "origin", w->origin);
	return err;
}

/*
 * Whether a mailbox of the scan is still to be read, and whether any was read to its end. Asked at the end of each mailbox, so
 * they are not counted.
 */
static enum err remaining(struct sql *c, int64_t scan, bool *left_out, bool *done_out)
{
	struct sql_stmt *s = sql_prepare(
	    c, "SELECT EXISTS(SELECT 1 FROM mailbox_watch WHERE scan = $1 AND state IN ('new', 'watched', "
	       "'faulty')), EXISTS(SELECT 1 FROM mailbox_watch WHERE scan = $1 AND state = 'done')");

	sql_bind_int(s, 1, scan);
	enum err err = sql_step(s);
	if (err)
		return err == ERR_ABSENT ? ERR_BUG : err;
	*left_out = sql_int(s, 0) != 0;
	*done_out = sql_int(s, 1) != 0;
	sql_done(s);
	return OK;
}

static enum err end_if_over(struct sql *c, int64_t scan, int64_t now_us)
{
	bool left = true, done = false;
	enum err err = remaining(c, scan, &left, &done);

	if (err || left)
		return err;
	struct arena *a = arena_new(RETRO_ROW_BYTES, NULL, NULL);
	err = retro_row_tell(c, a, scan, done ? RETRO_COMPLETED : RETRO_FAILED,
			     done ? STR("") : STR("No mailbox could be read; each says why."), now_us);
	arena_free(&a);
	return err;
}

enum err retro_note(struct sql *c, const struct watch_turn *t, const struct watch_result *r)
{
	enum err err = OK;

	for (size_t i = 0; i < r->sightings.n && !err; i++)
		err = note_message(c, t, &r->sightings.v[i]);
	if (!err && (r->state == WATCH_DONE || r->state == WATCH_GIVEN_UP))
		err = end_if_over(c, t->scan, r->now_us);
	return err;
}
