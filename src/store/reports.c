/* Rows of reports. */
#include "store/reports.h"

#include "base/clock.h"
#include "json/read.h"
#include "store/event.h"
#include "store/internal.h"
#include "store/key.h"
#include "store/settings_internal.h"

#define SLICE 50 /* deleted at a time */
/* No report is made before its first mail came, but for what clocks do. */
#define EARLIER_US INT64_C(86400000000)

static enum err read_row(struct sql_stmt *s, struct arena *a, struct phish_report *out)
{
	struct str body = sql_str_copy(s, 3, a);

	*out = (struct phish_report){ 0 };
	if (json_text_read(a, &phish_report_fields, body, JSON_STORED, out, NULL))
		return ERR_SYNTAX;
	SET(out, phish_report, id, sql_int(s, 0));
	SET(out, phish_report, created_at, sql_int(s, 1));
	SET(out, phish_report, updated_at, sql_int(s, 2));
	return OK;
}

/* ---- one ---- */

/* *id_out 0: there is none. */
static enum err find_id(struct sql *c, int64_t account, const struct strs *names, int64_t since_us,
			int64_t *id_out)
{
	*id_out = 0;
	for (size_t i = 0; i < names->n; i++) {
		struct sql_stmt *s =
		    sql_prepare(c, "SELECT id FROM report_name JOIN report ON id = report "
				   "WHERE report_name.account = $1 AND name = $2 AND updated_at >= $3");
		sql_bind_int(s, 1, account);
		sql_bind_str(s, 2, names->v[i]);
		sql_bind_int(s, 3, since_us);
		enum err err = sql_step(s);
		if (err == ERR_ABSENT)
			continue;
		if (err)
			return err;
		if (sql_int(s, 0) > *id_out)
			*id_out = sql_int(s, 0);
		sql_done(s);
	}
	return OK;
}

static enum err get(struct sql *c, struct arena *a, int64_t id, struct phish_report *out)
{
	struct sql_stmt *s =
	    sql_prepare(c, "SELECT id, created_at, updated_at, body FROM report WHERE id = $1");

	sql_bind_int(s, 1, id);
	enum err err = sql_step(s);
	if (err)
		return err;
	err = read_row(s, a, out);
	sql_done(s);
	return err;
}

static enum err find(struct sql *c, struct arena *a, int64_t account, const struct strs *names,
		     int64_t since_us, struct phish_report *out)
{
	int64_t id;
	enum err err = find_id(c, account, names, since_us, &id);

	return err ? err : id ? get(c, a, id, out) : ERR_ABSENT;
}

enum err store_report_find(struct store *st, struct arena *a, int64_t account, const struct strs *names,
			   int64_t since_us, struct phish_report *out)
{
	struct sql *c;
	enum err err = sql_read_begin(st->messages, &c);

	if (err)
		return err;
	err = find(c, a, account, names, since_us, out);
	sql_read_end(&c);
	return err == ERR_SYNTAX ? ERR_LATER : err;
}

enum err store_report_get(struct store *st, struct arena *a, int64_t id, void *out)
{
	struct sql *c;
	enum err err = sql_read_one(st->messages, &c);

	if (err)
		return err;
	err = get(c, a, id, out);
	sql_read_end(&c);
	return err == ERR_SYNTAX ? ERR_LATER : err;
}

static enum err first_mail(struct sql *c, struct arena *a, int64_t account, int64_t key,
			   struct phish_report_list *out)
{
	struct sql_stmt *s = sql_prepare(c, "SELECT id, created_at, updated_at, body FROM report "
					    "WHERE account = $1 AND created_at >= $2 "
					    "AND body ->> '$.key' = $3");
	enum err err;

	sql_bind_int(s, 1, account);
	sql_bind_int(s, 2, key_us(key) - EARLIER_US);
	sql_bind_int(s, 3, key);
	while ((err = sql_step(s)) == OK) {
		struct phish_report one;
		err = read_row(s, a, &one);
		if (err)
			return err;
		ARENA_PUSH(a, out, one);
	}
	return err == ERR_ABSENT ? OK : err;
}

static bool has_id(const struct phish_report_list *list, int64_t id)
{
	for (size_t i = 0; i < list->n; i++)
		if (list->v[i].id == id)
			return true;
	return false;
}

static enum err about(struct sql *c, struct arena *a, int64_t account, int64_t key, const struct strs *names,
		      struct phish_report_list *out)
{
	enum err err = first_mail(c, a, account, key, out);

	for (size_t i = 0; i < names->n && !err; i++) {
		struct phish_report one;
		err = find(c, a, account, &(struct strs){ &names->v[i], 1 }, INT64_MIN, &one);
		if (!err && !has_id(out, one.id))
			ARENA_PUSH(a, out, one);
		err = err == ERR_ABSENT ? OK : err;
	}
	return err;
}

enum err store_reports_about(struct store *st, struct arena *a, int64_t account, int64_t key,
			     const struct strs *names, struct phish_report_list *out)
{
	struct sql *c;
	enum err err = sql_read_begin(st->messages, &c);

	*out = (struct phish_report_list){ NULL, 0 };
	if (err)
		return err;
	err = about(c, a, account, key, names, out);
	sql_read_end(&c);
	return err == ERR_SYNTAX ? ERR_LATER : err;
}

/* ---- writing ---- */

/* Of a new one: who is told looks into it again. */
static enum err note_event(struct sql *c, int64_t account, const struct phish_report *r)
{
	return event_note(
	    c, &(struct event){
		   .kind = EVENT_REPORT, .account = account, .ref = r->id, .at_us = r->created_at });
}

static enum err put_row(struct sql *c, struct arena *a, int64_t account, struct phish_report *r)
{
	struct sql_stmt *s =
	    sql_prepare(c, "INSERT INTO report(id, account, created_at, updated_at, body) "
			   "VALUES($1, $2, $3, $4, $5) ON CONFLICT(id) DO UPDATE SET "
			   "updated_at = excluded.updated_at, body = excluded.body RETURNING id");

	if (r->id)
		sql_bind_int(s, 1, r->id);
	sql_bind_int(s, 2, account);
	sql_bind_int(s, 3, r->created_at);
	sql_bind_int(s, 4, r->updated_at);
	sql_bind_str(s, 5, settings_body(a, &phish_report_fields, r));
	enum err err = sql_step(s);
	if (err)
		return err == ERR_ABSENT ? ERR_BUG : err;
	SET(r, phish_report, id, sql_int(s, 0));
	sql_done(s);
	return OK;
}

static enum err put_name(struct sql *c, int64_t account, struct str name, int64_t id)
{
	struct sql_stmt *s =
	    sql_prepare(c, "INSERT INTO report_name(account, name, report) VALUES($1, $2, $3) "
			   "ON CONFLICT(account, name) DO UPDATE SET report = excluded.report");

	sql_bind_int(s, 1, account);
	sql_bind_str(s, 2, name);
	sql_bind_int(s, 3, id);
	return sql_run(s, NULL);
}

static enum err write_all(struct sql *c, struct arena *a, int64_t account, const struct strs *found_by,
			  const struct strs *names, int64_t since_us, struct phish_report *r)
{
	struct phish_report now;
	enum err err = find(c, a, account, found_by, since_us, &now);

	if (err && err != ERR_ABSENT)
		return err;
	if (err ? r->id != 0 : now.id != r->id || now.rev != r->rev)
		return ERR_CONFLICT;
	SET(r, phish_report, updated_at, clock_now_us());
	if (!r->id)
		SET(r, phish_report, created_at, r->updated_at);
	SET(r, phish_report, rev, r->rev + 1);
	err = put_row(c, a, account, r);
	if (!err && r->rev == 1)
		err = note_event(c, account, r);
	for (size_t i = 0; i < names->n && !err; i++)
		err = put_name(c, account, names->v[i], r->id);
	return err;
}

enum err store_report_write(struct store *st, struct arena *a, int64_t account, const struct strs *found_by,
			    const struct strs *names, int64_t since_us, struct phish_report *r)
{
	struct sql *c;
	enum err err = sql_write_begin(st->messages, &c);

	if (err)
		return err;
	err = sql_end(&c, write_all(c, a, account, found_by, names, since_us, r));
	return err == ERR_SYNTAX ? ERR_LATER : err;
}

static enum err write_anew(struct sql *c, struct arena *a, int64_t account, struct phish_report *r)
{
	struct phish_report now;
	enum err err = get(c, a, r->id, &now);

	if (err)
		return err == ERR_ABSENT ? ERR_CONFLICT : err;
	if (now.rev != r->rev)
		return ERR_CONFLICT;
	SET(r, phish_report, updated_at, clock_now_us());
	SET(r, phish_report, rev, r->rev + 1);
	return put_row(c, a, account, r);
}

enum err store_report_rewrite(struct store *st, struct arena *a, int64_t account, struct phish_report *r)
{
	struct sql *c;
	enum err err = sql_write_begin(st->messages, &c);

	if (err)
		return err;
	err = sql_end(&c, write_anew(c, a, account, r));
	return err == ERR_SYNTAX ? ERR_LATER : err;
}

/* ---- lists ---- */

static enum err select_page(const struct store *st, struct sql *c, struct arena *a,
			    const struct store_reports *q, struct phish_report_list *out)
{
	struct sql_stmt *s =
	    sql_prepare(c, "SELECT id, created_at, updated_at, body FROM report WHERE account = $1 "
			   "AND created_at BETWEEN $2 AND $3 "
			   "ORDER BY created_at DESC, id DESC LIMIT $4 OFFSET $5");
	enum err err;

	sql_bind_int(s, 1, q->account);
	sql_bind_int(s, 2, q->start_us);
	sql_bind_int(s, 3, q->end_us);
	sql_bind_int(s, 4, (int64_t)q->n);
	sql_bind_int(s, 5, (int64_t)q->skip);
	while ((err = sql_step(s)) == OK) {
		struct phish_report one;
		if (read_row(s, a, &one) == OK)
			ARENA_PUSH(a, out, one);
		else
			(void)store_row_skip(st, sql_int(s, 0));
	}
	return err == ERR_ABSENT ? OK : err;
}

static enum err count(struct sql *c, int64_t account, size_t *total_out)
{
	struct sql_stmt *s = sql_prepare(c, "SELECT count(*) FROM report WHERE account = $1");

	sql_bind_int(s, 1, account);
	return sql_count(s, total_out);
}

enum err store_reports(struct store *st, struct arena *a, const struct store_reports *q,
		       struct phish_report_list *out, size_t *total_out)
{
	struct sql *c;
	enum err err = sql_read_begin(st->messages, &c);

	*out = (struct phish_report_list){ NULL, 0 };
	if (err)
		return err;
	err = count(c, q->account, total_out);
	if (!err)
		err = select_page(st, c, a, q, out);
	sql_read_end(&c);
	return err;
}

enum err store_reports_forget(struct store *st, int64_t before_us, bool *more_out)
{
	return sql_forget(st->messages,
			  "DELETE FROM report WHERE id IN (SELECT id FROM report "
			  "WHERE updated_at < $1 LIMIT $2)",
			  before_us, SLICE, more_out);
}
