/* Rows of retro_scan: made, ended, deleted. */
#include "store/retro.h"

#include "base/buf.h"
#include "base/random.h"
#include "json/read.h"
#include "json/write.h"
#include "store/internal.h"
#include "store/jobs.h"
#include "store/retro_row.h"
#include "store/settings_internal.h"

#define SLICE 500 /* deleted at a time */

/* ---- rows ---- */

enum err retro_row_read(struct sql_stmt *s, struct arena *a, struct retro_row *out)
{
	struct str body = sql_str_copy(s, 4, a);

	*out = (struct retro_row){ .num = sql_int(s, 0), .account = sql_int(s, 1) };
	if (json_text_read(a, &retro_scan_fields, body, JSON_STORED, &out->scan, NULL))
		return ERR_LATER;
	SET(&out->scan, retro_scan, id, sql_str_copy(s, 2, a));
	SET(&out->scan, retro_scan, created_at, sql_int(s, 3));
	return OK;
}

static enum err get_one(struct sql_stmt *s, struct arena *a, struct retro_row *out)
{
	enum err err = sql_step(s);

	if (err)
		return err;
	err = retro_row_read(s, a, out);
	sql_done(s);
	return err;
}

enum err retro_row_get(struct sql *c, struct arena *a, int64_t account, struct str id, struct retro_row *out)
{
	struct sql_stmt *s =
	    sql_prepare(c, "SELECT " RETRO_COLUMNS " FROM retro_scan WHERE uuid = $1 AND account = $2");

	sql_bind_str(s, 1, id);
	sql_bind_int(s, 2, account);
	return get_one(s, a, out);
}

static enum err get_by_num(struct sql *c, struct arena *a, int64_t num, struct retro_row *out)
{
	struct sql_stmt *s = sql_prepare(c, "SELECT " RETRO_COLUMNS " FROM retro_scan WHERE num = $1");

	sql_bind_int(s, 1, num);
	return get_one(s, a, out);
}

enum err store_retro_by_num(struct store *st, struct arena *a, int64_t num, int64_t *account_out,
			    struct retro_scan *out)
{
	struct retro_row row;
	struct sql *c;
	enum err err = sql_read_one(st->messages, &c);

	if (err)
		return err;
	err = get_by_num(c, a, num, &row);
	sql_read_end(&c);
	if (!err) {
		*account_out = row.account;
		*out = row.scan;
	}
	return err;
}

/* Runs a statement that takes the body as its last parameter. */
static enum err run_with_body(struct sql_stmt *s, int body_at, const struct retro_scan *scan)
{
	const struct json_write how = { .audience = JSON_FOR_OURSELVES };
	struct retro_scan kept = *scan;
	struct buf text;

	CLEAR(&kept, retro_scan, id);
	kept.id = STR_NONE;
	buf_init(&text, RETRO_BODY_MAX);
	json_object_write(&text, &retro_scan_fields, &kept, &how);
	sql_bind_str(s, body_at, buf_str(&text));
	enum err err = buf_ok(&text) ? sql_run(s, NULL) : ERR_LIMIT;
	if (!buf_ok(&text))
		sql_done(s);
	buf_free(&text);
	return err;
}

static enum err rewrite(struct sql *c, const struct retro_row *row)
{
	struct sql_stmt *s = sql_prepare(c, "UPDATE retro_scan SET open = $2, body = $3 WHERE num = $1");

	sql_bind_int(s, 1, row->num);
	sql_bind_int(s, 2, !retro_has_ended(row->scan.state));
	return run_with_body(s, 3, &row->scan);
}

/* Who did what to it: before or after NULL, it was made or is gone. */
static enum err audit(struct sql *c, struct arena *a, const struct settings_who *who, int64_t account,
		      int64_t now_us, const struct retro_scan *before, const struct retro_scan *after)
{
	struct settings_audit e = { .who = *who,
				    .action = !before ? "create"
					      : after ? "update"
						      : "delete",
				    .collection = "retro_scan",
				    .object = (after ? after : before)->id,
				    .fields = &retro_scan_fields,
				    .before = before,
				    .after = after };

	return settings_audit(c, account, now_us, settings_audit_body(a, &e));
}

/* ---- asking for one ---- */

/* ERR_LIMIT: the account has too many already. */
static enum err check_room(struct sql *c, int64_t account)
{
	struct sql_stmt *s = sql_prepare(c, "SELECT count(*), count(*) FILTER (WHERE open <> 0) "
					    "FROM retro_scan WHERE account = $1");

	sql_bind_int(s, 1, account);
	enum err err = sql_step(s);
	if (err)
		return err == ERR_ABSENT ? ERR_BUG : err;
	bool full = sql_int(s, 0) >= RETRO_MAX || sql_int(s, 1) >= RETRO_OPEN_MAX;
	sql_done(s);
	return full ? ERR_LIMIT : OK;
}

static enum err insert(struct sql *c, int64_t account, const struct retro_scan *scan, int64_t *num_out)
{
	struct sql_stmt *s = sql_prepare(c, "INSERT INTO retro_scan(account, uuid, created_at, open, body) "
					    "VALUES($1, $2, $3, 1, $4)");

	sql_bind_int(s, 1, account);
	sql_bind_str(s, 2, scan->id);
	sql_bind_int(s, 3, scan->created_at);
	enum err err = run_with_body(s, 4, scan);
	if (err)
		return err;
	s = sql_prepare(c, "SELECT num FROM retro_scan WHERE uuid = $1");
	sql_bind_str(s, 1, scan->id);
	err = sql_step(s);
	if (err)
		return err == ERR_ABSENT ? ERR_BUG : err;
	*num_out = sql_int(s, 0);
	sql_done(s);
	return OK;
}

static enum err add(struct sql *c, struct arena *a, int64_t account, const struct settings_who *who,
		    const struct retro_scan *scan)
{
	int64_t num;
	enum err err = check_room(c, account);

	if (!err)
		err = insert(c, account, scan, &num);
	if (!err)
		err = audit(c, a, who, account, scan->created_at, NULL, scan);
	if (err)
		return err;
	struct job j = { .account = account,
			 .kind = JOB_RETRO,
			 .ref = -num,
			 .due_us = scan->created_at,
			 .created_us = scan->created_at,
			 .who = who->name };
	return store_job_insert(c, &j);
}

enum err store_retro_add(struct store *st, struct arena *a, int64_t account, const struct settings_who *who,
			 int64_t now_us, struct retro_scan *scan)
{
	char uuid[37];
	struct sql *c;

	random_uuid(uuid);
	SET(scan, retro_scan, id, arena_str(a, str_of(uuid)));
	SET(scan, retro_scan, state, RETRO_PENDING);
	SET(scan, retro_scan, created_at, now_us);
	SET(scan, retro_scan, since, now_us - scan->days * INT64_C(86400000000));
	SET(scan, retro_scan, requested_by, who->name);
	enum err err = sql_write_begin(st->messages, &c);
	return err ? err : sql_end(&c, add(c, a, account, who, scan));
}

/* ---- on its way ---- */

static enum err add_mailbox(struct sql *c, int64_t num, const struct watch_of *of, int64_t since_us,
			    struct str address, int64_t now_us)
{
	struct sql_stmt *s = sql_prepare(
	    c, "INSERT INTO mailbox_watch(account, integration, address, scan, folder, state, due, since, "
	       "cursor, looked_at, found, failed, failures, fault) "
	       "VALUES($1, $2, $3, $4, $5, 'new', $7, $6, '', 0, 0, 0, 0, '') "
	       "ON CONFLICT(account, integration, scan, address) DO NOTHING");

	sql_bind_int(s, 1, of->account);
	sql_bind_str(s, 2, of->integration);
	sql_bind_str(s, 3, address);
	sql_bind_int(s, 4, num);
	sql_bind_str(s, 5, enum_text(&scan_folder_names, (int)of->folder));
	sql_bind_int(s, 6, since_us);
	sql_bind_int(s, 7, now_us);
	return sql_run(s, NULL);
}

static void end(struct retro_row *row, enum retro_state state, struct str status, int64_t now_us)
{
	SET(&row->scan, retro_scan, state, (int)state);
	if (retro_has_ended((int)state))
		SET(&row->scan, retro_scan, completed_at, now_us);
	CLEAR(&row->scan, retro_scan, status);
	if (status.n)
		SET(&row->scan, retro_scan, status, status);
}

static enum err begin(struct sql *c, struct arena *a, int64_t num, const struct watch_of *of,
		      const struct strs *addresses, int64_t now_us)
{
	struct retro_row row;
	enum err err = get_by_num(c, a, num, &row);

	if (err || row.scan.state >= RETRO_PROCESSING)
		return err;
	for (size_t i = 0; i < addresses->n && !err; i++)
		err = add_mailbox(c, num, of, row.scan.since, addresses->v[i], now_us);
	end(&row, addresses->n ? RETRO_PROCESSING : RETRO_FAILED,
	    addresses->n ? STR("") : STR("There is no mailbox to scan."), now_us);
	return err ? err : rewrite(c, &row);
}

enum err store_retro_begin(struct store *st, int64_t num, const struct watch_of *of,
			   const struct strs *addresses, int64_t now_us)
{
	struct arena *a = arena_new(RETRO_ROW_BYTES, NULL, NULL);
	struct sql *c;
	enum err err = sql_write_begin(st->messages, &c);

	if (!err)
		err = sql_end(&c, begin(c, a, num, of, addresses, now_us));
	arena_free(&a);
	return err;
}

enum err retro_row_tell(struct sql *c, struct arena *a, int64_t num, enum retro_state state,
			struct str status, int64_t now_us)
{
	struct retro_row row;
	enum err err = get_by_num(c, a, num, &row);

	if (err || retro_has_ended(row.scan.state))
		return err;
	end(&row, state, status, now_us);
	return rewrite(c, &row);
}

enum err store_retro_tell(struct store *st, int64_t num, enum retro_state state, struct str status,
			  int64_t now_us)
{
	struct arena *a = arena_new(RETRO_ROW_BYTES, NULL, NULL);
	struct sql *c;
	enum err err = sql_write_begin(st->messages, &c);

	if (!err)
		err = sql_end(&c, retro_row_tell(c, a, num, state, status, now_us));
	arena_free(&a);
	return err;
}

/* ---- its end ---- */

static enum err cancel(struct sql *c, struct arena *a, int64_t account, struct str id,
		       const struct settings_who *who, int64_t now_us)
{
	struct retro_row row;
	struct retro_scan before;
	enum err err = retro_row_get(c, a, account, id, &row);

	if (err || row.scan.state == RETRO_CANCELLED)
		return err;
	if (retro_has_ended(row.scan.state))
		return ERR_CONFLICT;
	struct sql_stmt *s = sql_prepare(c, "UPDATE mailbox_watch SET due = $2 WHERE scan = $1");
	sql_bind_int(s, 1, row.num);
	sql_bind_int(s, 2, WATCH_NEVER);
	err = sql_run(s, NULL);
	before = row.scan;
	end(&row, RETRO_CANCELLED, STR(""), now_us);
	if (!err)
		err = rewrite(c, &row);
	return err ? err : audit(c, a, who, account, now_us, &before, &row.scan);
}

enum err store_retro_cancel(struct store *st, struct arena *a, int64_t account, struct str id,
			    const struct settings_who *who, int64_t now_us, struct retro_scan *out)
{
	struct sql *c;
	enum err err = sql_write_begin(st->messages, &c);

	if (!err)
		err = sql_end(&c, cancel(c, a, account, id, who, now_us));
	return err ? err : store_retro_get(st, a, account, id, out);
}

static enum err drop(struct sql *c, struct arena *a, int64_t account, struct str id,
		     const struct settings_who *who, int64_t now_us)
{
	struct retro_row row;
	enum err err = retro_row_get(c, a, account, id, &row);

	if (!err && !retro_has_ended(row.scan.state))
		err = ERR_CONFLICT;
	if (err)
		return err;
	struct sql_stmt *s = sql_prepare(c, "DELETE FROM retro_scan WHERE num = $1");
	sql_bind_int(s, 1, row.num);
	err = sql_run(s, NULL);
	return err ? err : audit(c, a, who, account, now_us, &row.scan, NULL);
}

enum err store_retro_delete(struct store *st, struct arena *a, int64_t account, struct str id,
			    const struct settings_who *who, int64_t now_us)
{
	struct sql *c;
	enum err err = sql_write_begin(st->messages, &c);

	return err ? err : sql_end(&c, drop(c, a, account, id, who, now_us));
}

/* *n_out: how many rows went. */
static enum err delete_of(struct sql *c, const char *text, int64_t scan, int64_t *n_out)
{
	struct sql_stmt *s = sql_prepare(c, text);
	int64_t n = 0;

	sql_bind_int(s, 1, scan);
	sql_bind_int(s, 2, SLICE);
	enum err err = sql_run(s, &n);
	*n_out += n;
	return err;
}

static enum err forget_slice(struct sql *c, int64_t scan, bool *more_out)
{
	static const char *const texts[] = {
		"DELETE FROM retro_message WHERE scan = $1 AND key IN "
		"(SELECT key FROM retro_message WHERE scan = $1 LIMIT $2)",
		"DELETE FROM retro_target WHERE scan = $1 AND (mailbox, key) IN "
		"(SELECT mailbox, key FROM retro_target WHERE scan = $1 LIMIT $2)",
		"DELETE FROM retro_count WHERE scan = $1 AND (kind, value) IN "
		"(SELECT kind, value FROM retro_count WHERE scan = $1 LIMIT $2)",
		"DELETE FROM mailbox_watch WHERE num IN "
		"(SELECT num FROM mailbox_watch WHERE scan = $1 LIMIT $2)",
	};
	int64_t gone = 0;
	enum err err = OK;

	for (size_t i = 0; i < ARRAY_LEN(texts) && !err && gone == 0; i++)
		err = delete_of(c, texts[i], scan, &gone);
	*more_out = true;
	if (err || gone)
		return err;
	struct sql_stmt *s = sql_prepare(c, "DELETE FROM retro_orphan WHERE scan = $1");
	sql_bind_int(s, 1, scan);
	return sql_run(s, NULL);
}

static enum err first_orphan(struct store *st, int64_t *scan_out)
{
	struct sql *c;
	enum err err = sql_read_one(st->messages, &c);

	if (err)
		return err;
	struct sql_stmt *s = sql_prepare(c, "SELECT scan FROM retro_orphan LIMIT 1");
	err = sql_step(s);
	*scan_out = err ? 0 : sql_int(s, 0);
	sql_read_end(&c);
	return err == ERR_ABSENT ? OK : err;
}

enum err store_retros_forget(struct store *st, int64_t before_us, bool *more_out)
{
	int64_t scan = 0;
	struct sql *c;
	enum err err = before_us <= 0
			   ? OK
			   : sql_forget(st->messages,
					"DELETE FROM retro_scan WHERE num IN (SELECT num FROM retro_scan "
					"WHERE open = 0 AND created_at < $1 LIMIT $2)",
					before_us, SLICE, more_out);
	if (!err)
		err = first_orphan(st, &scan);
	if (err || !scan)
		return err;
	err = sql_write_begin(st->messages, &c);
	return err ? err : sql_end(&c, forget_slice(c, scan, more_out));
}
