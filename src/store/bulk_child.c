/* Steps of rows of bulk_message. */
#include "store/bulk_child.h"

#include "base/clock.h"
#include "model/bulk_job.h"
#include "store/internal.h"

#define AT_ONCE_MOST 512

/* How each action is done. */
static const struct action {
	enum job_kind kind;
	/*
	 * Child jobs of one bulk job that are open and not put off: enough that no thread of courier waits for the next one, and
	 * where they go together (store_jobs_join), that each thread finds many.
	 */
	size_t at_once; /* AT_ONCE_MOST at most */
} actions[] = { [BULK_MOVE] = { JOB_MOVE, AT_ONCE_MOST }, [BULK_RELEASE] = { JOB_RELEASE, 64 } };

/* One row of a child, and how its bulk job stands. */
struct row {
	int64_t job, key, retries;
	bool goes_on;  /* the bulk job: it is neither stopped nor gone */
	bool as_asked; /* the child does what the bulk job is for: whoever asks later gets his way */
};

/* The first row of the child behind that bulk job: several of them may be about the same message. */
static enum err next_row(struct sql *c, int64_t child, int64_t after_job, struct row *out)
{
	struct sql_stmt *s =
	    sql_prepare(c, "SELECT m.job, m.key, m.retries, coalesce(b.status = 'PROCESSING', 0), "
			   "coalesce(b.action <> 'MOVE' OR b.child_data = j.data, 1) FROM bulk_message AS m "
			   "JOIN job AS j ON j.id = m.child "
			   "LEFT JOIN bulk_job AS b ON b.num = m.job WHERE m.child = $1 AND m.job > $2 "
			   "ORDER BY m.job LIMIT 1");

	sql_bind_int(s, 1, child);
	sql_bind_int(s, 2, after_job);
	enum err err = sql_step(s);
	if (err)
		return err;
	*out = (struct row){ sql_int(s, 0), sql_int(s, 1), sql_int(s, 2), sql_int(s, 3) != 0,
			     sql_int(s, 4) != 0 };
	sql_done(s);
	return OK;
}

/* ---- the next ones ---- */

struct keys {
	int64_t v[AT_ONCE_MOST];
	size_t n;
};

static enum err find_room(struct sql *c, int64_t num, size_t at_once, size_t *out)
{
	size_t busy = 0;
	struct sql_stmt *s = sql_prepare(c, "SELECT count(*) FROM bulk_message WHERE job = $1 "
					    "AND child IS NOT NULL AND retry_after IS NULL");

	sql_bind_int(s, 1, num);
	enum err err = sql_count(s, &busy);
	*out = busy < at_once ? at_once - busy : 0;
	return err;
}

static enum err find_next(struct sql *c, int64_t num, size_t at_once, struct keys *out)
{
	size_t room;
	enum err err = find_room(c, num, at_once, &room);

	out->n = 0;
	if (err || !room)
		return err;
	struct sql_stmt *s =
	    sql_prepare(c, "SELECT key FROM bulk_message WHERE job = $1 AND status = 'PENDING' "
			   "AND child IS NULL ORDER BY key DESC LIMIT $2");
	sql_bind_int(s, 1, num);
	sql_bind_int(s, 2, (int64_t)room);
	while ((err = sql_step(s)) == OK)
		out->v[out->n++] = sql_int(s, 0);
	return err == ERR_ABSENT ? OK : err;
}

static enum err set_child(struct sql *c, int64_t num, int64_t key, int64_t child)
{
	struct sql_stmt *s = sql_prepare(c, "UPDATE bulk_message SET child = $3 WHERE job = $1 AND key = $2");

	sql_bind_int(s, 1, num);
	sql_bind_int(s, 2, key);
	sql_bind_int(s, 3, child);
	return sql_run(s, NULL);
}

/* j: what all children of the bulk job have in common. */
static enum err begin_next(struct sql *c, int64_t num, size_t at_once, struct job *j)
{
	struct keys keys;
	enum err err = find_next(c, num, at_once, &keys);

	for (size_t i = 0; i < keys.n && !err; i++) {
		j->ref = keys.v[i];
		err = store_job_insert(c, j);
		if (!err)
			err = set_child(c, num, keys.v[i], j->id);
	}
	return err;
}

static enum err complete(struct sql *c, int64_t num, int64_t now_us)
{
	struct sql_stmt *s = sql_prepare(
	    c, "UPDATE bulk_job SET status = 'COMPLETED', ended_at = $2, why = CASE WHEN "
	       "successful + failed + skipped + cancelled = 0 THEN "
	       "'The search found no message.' END WHERE num = $1 AND status = 'PROCESSING' AND pending = 0");

	sql_bind_int(s, 1, num);
	sql_bind_int(s, 2, now_us);
	return sql_run(s, NULL);
}

enum err bulk_go_on(struct sql *c, int64_t num, int64_t now_us)
{
	struct sql_stmt *s = sql_prepare(c, "SELECT account, action, who, child_data FROM bulk_job "
					    "WHERE num = $1 AND status = 'PROCESSING'");

	sql_bind_int(s, 1, num);
	enum err err = sql_step(s);
	if (err)
		return err == ERR_ABSENT ? OK : err;
	const struct action *action = &actions[enum_value(&bulk_action_names, sql_str(s, 1))];
	struct job j = { .account = sql_int(s, 0),
			 .kind = action->kind,
			 .due_us = now_us,
			 .created_us = now_us,
			 .patient = true,
			 .who = sql_str(s, 2),
			 .data = sql_str(s, 3) };
	err = begin_next(c, num, action->at_once, &j);
	sql_done(s);
	return err ? err : complete(c, num, now_us);
}

/* ---- steps ---- */

/* A job that only bulk jobs asked for, and none has a row of any more. */
static enum err drop_unwanted(struct sql *c, int64_t child)
{
	struct sql_stmt *s = sql_prepare(c, "DELETE FROM job WHERE id = $1 AND patient <> 0 AND NOT EXISTS "
					    "(SELECT 1 FROM bulk_message WHERE child = $1)");

	sql_bind_int(s, 1, child);
	return sql_run(s, NULL);
}

/* Of stopped ones they stay PENDING, which is how they are counted: as cancelled. */
static enum err leave_stopped(struct sql *c, int64_t child)
{
	struct sql_stmt *s =
	    sql_prepare(c, "UPDATE bulk_message SET child = NULL WHERE child = $1 AND status = 'PENDING' AND "
			   "NOT EXISTS (SELECT 1 FROM bulk_job WHERE num = bulk_message.job "
			   "AND bulk_job.status = 'PROCESSING')");

	sql_bind_int(s, 1, child);
	return sql_run(s, NULL);
}

enum err bulk_child_begin(struct sql *c, const struct job *j)
{
	int64_t changed = 0;

	if (j->kind == JOB_BULK)
		return OK;
	enum err err = leave_stopped(c, j->id);
	if (err)
		return err;
	struct sql_stmt *s = sql_prepare(
	    c, "UPDATE bulk_message SET status = 'PROCESSING', retry_after = NULL WHERE child = $1");
	sql_bind_int(s, 1, j->id);
	err = sql_run(s, &changed);
	if (err || changed || !j->patient)
		return err;
	err = drop_unwanted(c, j->id);
	return err ? err : ERR_ABSENT;
}

static enum err end_row(struct sql *c, const struct row *row, enum bulk_message_status status,
			const struct job_result *r)
{
	struct sql_stmt *s = sql_prepare(c, "UPDATE bulk_message SET status = $3, child = NULL, "
					    "retry_after = NULL, ended_at = $4, why = $5 "
					    "WHERE job = $1 AND key = $2");

	sql_bind_int(s, 1, row->job);
	sql_bind_int(s, 2, row->key);
	sql_bind_str(s, 3, enum_text(&bulk_message_status_names, (int)status));
	sql_bind_int(s, 4, r->at_us);
	sql_bind_str(s, 5, r->why);
	return sql_run(s, NULL);
}

static enum err put_off_row(struct sql *c, const struct row *row, const struct job_result *r)
{
	struct sql_stmt *s =
	    sql_prepare(c, "UPDATE bulk_message SET status = 'PENDING', retries = retries + $5, "
			   "retry_after = $3, why = $4 WHERE job = $1 AND key = $2");

	sql_bind_int(s, 1, row->job);
	sql_bind_int(s, 2, row->key);
	if (!r->goes_on) /* else it is begun as if it had not been before */
		sql_bind_int(s, 3, r->at_us);
	sql_bind_str(s, 4, r->why);
	sql_bind_int(s, 5, !r->goes_on);
	return sql_run(s, NULL);
}

enum err bulk_child_put_off(struct sql *c, const struct job *j, const struct job_result *r)
{
	struct job_result end = *r;
	struct row row = { 0 };
	enum err err;

	end.at_us = clock_now_us();
	while ((err = next_row(c, j->id, row.job, &row)) == OK) {
		if (row.goes_on && (r->goes_on || row.retries + 1 < BULK_TRIES))
			err = put_off_row(c, &row, r);
		else
			err = end_row(c, &row, row.goes_on ? BULK_MESSAGE_FAILED : BULK_MESSAGE_CANCELLED,
				      &end);
		if (!err)
			err = bulk_go_on(c, row.job, end.at_us);
		if (err)
			return err;
	}
	return err == ERR_ABSENT && j->kind != JOB_BULK ? drop_unwanted(c, j->id) : OK;
}

enum err bulk_child_end(struct sql *c, const struct job *j, const struct job_result *r)
{
	enum bulk_message_status status = r->nothing               ? BULK_MESSAGE_SKIPPED
					  : r->state == JOB_FAILED ? BULK_MESSAGE_FAILED
								   : BULK_MESSAGE_COMPLETED;
	struct job_result otherwise = *r;
	struct row row = { 0 };
	enum err err;

	otherwise.why = STR("something else was asked for while it was under way, and is done instead");
	while ((err = next_row(c, j->id, row.job, &row)) == OK) {
		err = row.as_asked ? end_row(c, &row, status, r)
				   : end_row(c, &row, BULK_MESSAGE_CANCELLED, &otherwise);
		if (!err)
			err = bulk_go_on(c, row.job, r->at_us);
		if (err)
			return err;
	}
	return err == ERR_ABSENT ? OK : err;
}
