/* Rows of bulk_job. */
#include "store/bulk.h"

#include "base/clock.h"
#include "base/random.h"
#include "json/read.h"
#include "store/bulk_internal.h"
#include "store/internal.h"
#include "store/jobs.h"
#include "store/key.h"
#include "store/moves.h"
#include "store/settings_internal.h"

#define COLLECTION "bulk_job"
#define SLICE 500 /* rows deleted at a time */
#define COLUMNS                                                                                         \
	"num, uuid, action, status, why, created_at, started_at, ended_at, body, pending, successful, " \
	"failed, skipped, cancelled"

/* ---- rows ---- */

enum err bulk_body_read(struct arena *a, struct str body, struct bulk_job *out)
{
	*out = (struct bulk_job){ 0 };
	if (json_text_read(a, &bulk_job_fields, body, JSON_STORED, out, NULL))
		return ERR_SYNTAX;
	return out->action_params && out->search_params ? OK : ERR_SYNTAX;
}

#define SET_TIME(s, col, out, name)                                \
	do {                                                       \
		if (!sql_is_null(s, col))                          \
			SET(out, bulk_job, name, sql_int(s, col)); \
	} while (0)

static enum err read_row(struct sql_stmt *s, struct arena *a, struct bulk_job *out)
{
	if (bulk_body_read(a, sql_str_copy(s, 8, a), out))
		return ERR_SYNTAX;
	SET(out, bulk_job, job_id, sql_str_copy(s, 1, a));
	SET(out, bulk_job, action_type, enum_value(&bulk_action_names, sql_str(s, 2)));
	SET(out, bulk_job, status, enum_value(&bulk_status_names, sql_str(s, 3)));
	if (!sql_is_null(s, 4))
		SET(out, bulk_job, status_message, sql_str_copy(s, 4, a));
	SET(out, bulk_job, created_at, sql_int(s, 5));
	SET_TIME(s, 6, out, started_at);
	SET_TIME(s, 7, out, completed_at);
	SET(out, bulk_job, messages_pending, sql_int(s, 9));
	SET(out, bulk_job, messages_successful, sql_int(s, 10));
	SET(out, bulk_job, messages_failed, sql_int(s, 11));
	SET(out, bulk_job, messages_skipped, sql_int(s, 12));
	SET(out, bulk_job, messages_cancelled, sql_int(s, 13));
	SET(out, bulk_job, total_messages_discovered,
	    out->messages_pending + out->messages_successful + out->messages_failed + out->messages_skipped +
		out->messages_cancelled);
	return OK;
}

enum err bulk_row_get(struct sql *c, struct arena *a, int64_t account, struct str job_id,
		      struct bulk_job *out, int64_t *num_out)
{
	struct sql_stmt *s =
	    sql_prepare(c, "SELECT " COLUMNS " FROM bulk_job WHERE uuid = $1 AND account = $2");

	sql_bind_str(s, 1, job_id.p ? job_id : STR(""));
	sql_bind_int(s, 2, account);
	enum err err = sql_step(s);
	if (err)
		return err;
	*num_out = sql_int(s, 0);
	err = read_row(s, a, out);
	sql_done(s);
	return err;
}

static enum err audit(struct sql *c, struct arena *a, int64_t account, const struct settings_who *who,
		      const char *action, const struct bulk_job *before, const struct bulk_job *after)
{
	struct settings_audit e = { .who = *who,
				    .action = action,
				    .collection = COLLECTION,
				    .object = (after ? after : before)->job_id,
				    .fields = &bulk_job_fields,
				    .before = before,
				    .after = after };

	return settings_audit(c, account, clock_now_us(), settings_audit_body(a, &e));
}

/* ---- making one ---- */

struct range {
	int64_t low, high; /* keys */
};

/* Of the mail that is there: what comes later is none of it, whatever its end says. */
static enum err set_range(struct sql *c, struct arena *a, int64_t account, struct bulk_job *j,
			  struct range *out)
{
	struct search_params *p = j->search_params;
	struct store_search q = store_search_of(a, p, account, j->created_at);
	int64_t newest;
	enum err err = store_newest_key(c, q.account, &newest);

	if (err)
		return err;
	SET(p, search_params, start, q.start_us);
	if (!HAS(p, search_params, end))
		SET(p, search_params, end,
		    newest >= 0 && key_us(newest) > j->created_at ? key_us(newest) : j->created_at);
	out->low = key_from(q.account, p->start);
	out->high = key_upto(q.account, p->end);
	if (out->high > newest)
		out->high = newest;
	return OK;
}

static enum err check_room(struct sql *c, int64_t account)
{
	struct sql_stmt *s = sql_prepare(c, "SELECT count(*) FROM bulk_job WHERE account = $1");
	size_t n = 0;

	sql_bind_int(s, 1, account);
	enum err err = sql_count(s, &n);
	return !err && n >= BULK_JOBS_MAX ? ERR_LIMIT : err;
}

static struct str body_of(struct arena *a, const struct bulk_job *j)
{
	struct bulk_job kept = { 0 };

	SET(&kept, bulk_job, action_params, j->action_params);
	SET(&kept, bulk_job, search_params, j->search_params);
	if (HAS(j, bulk_job, comment))
		SET(&kept, bulk_job, comment, j->comment);
	return settings_body(a, &bulk_job_fields, &kept);
}

/* What each of its children is told. */
static struct str child_data_of(struct arena *a, const struct bulk_params *p)
{
	struct move_order order = { 0 };

	if (p->type != BULK_MOVE)
		return STR("");
	SET(&order, move_order, destination, p->destination);
	return settings_body(a, &move_order_fields, &order);
}

static enum err insert(struct sql *c, struct arena *a, int64_t account, struct str who,
		       const struct bulk_job *j, const struct range *range, int64_t *num_out)
{
	struct sql_stmt *s = sql_prepare(
	    c, "INSERT INTO bulk_job(account, uuid, action, status, who, created_at, low, place, body, "
	       "child_data) VALUES($1, $2, $3, 'PENDING', $4, $5, $6, $7, $8, $9) RETURNING num");

	sql_bind_int(s, 1, account);
	sql_bind_str(s, 2, j->job_id);
	sql_bind_str(s, 3, enum_text(&bulk_action_names, j->action_type));
	sql_bind_str(s, 4, who);
	sql_bind_int(s, 5, j->created_at);
	sql_bind_int(s, 6, range->low);
	sql_bind_int(s, 7, range->high);
	sql_bind_str(s, 8, body_of(a, j));
	sql_bind_str(s, 9, child_data_of(a, j->action_params));
	enum err err = sql_step(s);
	if (err)
		return err == ERR_ABSENT ? ERR_BUG : err;
	*num_out = sql_int(s, 0);
	sql_done(s);
	return OK;
}

static enum err add(struct sql *c, struct arena *a, int64_t account, const struct settings_who *who,
		    struct bulk_job *j)
{
	struct job job = { .account = account,
			   .kind = JOB_BULK,
			   .due_us = j->created_at,
			   .created_us = j->created_at,
			   .patient = true,
			   .who = who->name };
	struct range range;
	enum err err = check_room(c, account);

	if (!err)
		err = set_range(c, a, account, j, &range);
	if (!err)
		err = insert(c, a, account, who->name, j, &range, &job.ref);
	if (!err)
		err = store_job_insert(c, &job);
	return err ? err : audit(c, a, account, who, "create", NULL, j);
}

enum err store_bulk_add(struct store *st, struct arena *a, int64_t account, const struct settings_who *who,
			struct bulk_job *j)
{
	char uuid[37];
	struct sql *c;
	enum err err = sql_write_begin(st->messages, &c);

	if (err)
		return err;
	random_uuid(uuid);
	SET(j, bulk_job, job_id, arena_str(a, str_of(uuid)));
	SET(j, bulk_job, status, BULK_PENDING);
	SET(j, bulk_job, created_at, clock_now_us());
	return sql_end(&c, add(c, a, account, who, j));
}

/* ---- reading ---- */

enum err store_bulk_get(struct store *st, struct arena *a, int64_t account, struct str job_id,
			struct bulk_job *out)
{
	int64_t num;
	struct sql *c;
	enum err err = sql_read_one(st->messages, &c);

	if (err)
		return err;
	err = bulk_row_get(c, a, account, job_id, out, &num);
	sql_read_end(&c);
	return err == ERR_SYNTAX ? ERR_LATER : err;
}

static enum err count(struct sql *c, int64_t account, size_t *total_out)
{
	struct sql_stmt *s = sql_prepare(c, "SELECT count(*) FROM bulk_job WHERE account = $1");

	sql_bind_int(s, 1, account);
	return sql_count(s, total_out);
}

static struct str any_or(const struct enumtab *names, int value)
{
	return value < 0 ? STR_NONE : enum_text(names, value);
}

static enum err select_page(const struct store *st, struct sql *c, struct arena *a,
			    const struct store_bulk_jobs *q, struct bulk_job_list *out)
{
	struct sql_stmt *s = sql_prepare(
	    c, "SELECT " COLUMNS " FROM bulk_job WHERE account = $1 AND action = coalesce($2, action) "
	       "AND status = coalesce($3, status) ORDER BY created_at DESC, num DESC LIMIT $4 OFFSET $5");
	enum err err;

	sql_bind_int(s, 1, q->account);
	sql_bind_str(s, 2, any_or(&bulk_action_names, q->action));
	sql_bind_str(s, 3, any_or(&bulk_status_names, q->status));
	sql_bind_int(s, 4, (int64_t)q->n);
	sql_bind_int(s, 5, (int64_t)q->skip);
	while ((err = sql_step(s)) == OK) {
		struct bulk_job one;
		if (read_row(s, a, &one) == OK)
			ARENA_PUSH(a, out, one);
		else
			(void)store_row_skip(st, sql_int(s, 0));
	}
	return err == ERR_ABSENT ? OK : err;
}

enum err store_bulk_list(struct store *st, struct arena *a, const struct store_bulk_jobs *q,
			 struct bulk_job_list *out, size_t *total_out)
{
	struct sql *c;
	enum err err = sql_read_begin(st->messages, &c);

	*out = (struct bulk_job_list){ NULL, 0 };
	if (err)
		return err;
	err = count(c, q->account, total_out);
	if (!err)
		err = select_page(st, c, a, q, out);
	sql_read_end(&c);
	return err;
}

/* ---- stopping ---- */

/* What waits is CANCELLED from then on, by the counters and to whoever reads it: one row is written for 100,000. */
static enum err stop(struct sql *c, int64_t num, enum bulk_status status, struct str why)
{
	struct sql_stmt *s = sql_prepare(
	    c, "UPDATE bulk_job SET status = $2, why = $3, ended_at = $4, cancelled = cancelled + pending - "
	       "(SELECT count(*) FROM bulk_message AS m WHERE m.job = num AND m.status = 'PROCESSING'), "
	       "pending = (SELECT count(*) FROM bulk_message AS m WHERE m.job = num AND m.status = "
	       "'PROCESSING') "
	       "WHERE num = $1 AND status IN ('PENDING', 'DISCOVERING', 'PROCESSING')");

	sql_bind_int(s, 1, num);
	sql_bind_str(s, 2, enum_text(&bulk_status_names, (int)status));
	sql_bind_str(s, 3, why);
	sql_bind_int(s, 4, clock_now_us());
	return sql_run(s, NULL);
}

static enum err cancel(struct sql *c, struct arena *a, int64_t account, const struct settings_who *who,
		       struct str job_id, struct bulk_job *out)
{
	struct bulk_job before;
	int64_t num;
	enum err err = bulk_row_get(c, a, account, job_id, &before, &num);

	*out = before;
	if (err || before.status == BULK_CANCELLED)
		return err;
	if (bulk_status_is_final(before.status))
		return ERR_CONFLICT;
	err = stop(c, num, BULK_CANCELLED, STR_NONE);
	if (!err)
		err = bulk_row_get(c, a, account, job_id, out, &num);
	return err ? err : audit(c, a, account, who, "update", &before, out);
}

enum err store_bulk_cancel(struct store *st, struct arena *a, int64_t account, const struct settings_who *who,
			   struct str job_id, struct bulk_job *out)
{
	struct sql *c;
	enum err err = sql_write_begin(st->messages, &c);

	if (err)
		return err;
	err = sql_end(&c, cancel(c, a, account, who, job_id, out));
	return err == ERR_SYNTAX ? ERR_LATER : err;
}

enum err store_bulk_fail(struct store *st, int64_t num, struct str why)
{
	struct sql *c;
	enum err err = sql_write_begin(st->messages, &c);

	return err ? err : sql_end(&c, stop(c, num, BULK_FAILED, why));
}

/* ---- deleting ---- */

static enum err delete_row(struct sql *c, int64_t num)
{
	struct sql_stmt *s = sql_prepare(c, "DELETE FROM bulk_job WHERE num = $1");

	sql_bind_int(s, 1, num);
	return sql_run(s, NULL);
}

static enum err delete_it(struct sql *c, struct arena *a, int64_t account, const struct settings_who *who,
			  struct str job_id)
{
	struct bulk_job before;
	int64_t num;
	enum err err = bulk_row_get(c, a, account, job_id, &before, &num);

	if (err)
		return err;
	if (!bulk_status_is_final(before.status))
		return ERR_CONFLICT;
	err = delete_row(c, num);
	return err ? err : audit(c, a, account, who, "delete", &before, NULL);
}

enum err store_bulk_delete(struct store *st, struct arena *a, int64_t account, const struct settings_who *who,
			   struct str job_id)
{
	struct sql *c;
	enum err err = sql_write_begin(st->messages, &c);

	if (err)
		return err;
	err = sql_end(&c, delete_it(c, a, account, who, job_id));
	return err == ERR_SYNTAX ? ERR_LATER : err;
}

static enum err find_orphan(struct store *st, int64_t *num_out)
{
	struct sql *c;
	enum err err = sql_read_one(st->messages, &c);

	if (err)
		return err;
	struct sql_stmt *s = sql_prepare(c, "SELECT job FROM bulk_orphan LIMIT 1");
	err = sql_step(s);
	if (!err)
		*num_out = sql_int(s, 0);
	sql_read_end(&c);
	return err;
}

static enum err forget_slice(struct sql *c, int64_t num)
{
	int64_t n = 0;
	struct sql_stmt *s = sql_prepare(c, "DELETE FROM bulk_message WHERE job = $1 AND key IN "
					    "(SELECT key FROM bulk_message WHERE job = $1 LIMIT $2)");

	sql_bind_int(s, 1, num);
	sql_bind_int(s, 2, SLICE);
	enum err err = sql_run(s, &n);
	if (err || n == SLICE)
		return err;
	s = sql_prepare(c, "DELETE FROM bulk_orphan WHERE job = $1");
	sql_bind_int(s, 1, num);
	return sql_run(s, NULL);
}

enum err store_bulk_sweep(struct store *st, bool *more_out)
{
	int64_t num;
	struct sql *c;
	enum err err = find_orphan(st, &num);

	if (err)
		return err == ERR_ABSENT ? OK : err;
	*more_out = true;
	err = sql_write_begin(st->messages, &c);
	return err ? err : sql_end(&c, forget_slice(c, num));
}

enum err store_bulk_forget(struct store *st, int64_t before_us, bool *more_out)
{
	return sql_forget(st->messages,
			  "DELETE FROM bulk_job WHERE num IN (SELECT num FROM bulk_job "
			  "WHERE ended_at < $1 LIMIT $2)",
			  before_us, SLICE, more_out);
}
