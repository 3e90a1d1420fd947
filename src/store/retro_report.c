/* Retro scans as they are shown: lists, counts, the report and its messages. */
#include "store/internal.h"
#include "store/retro.h"
#include "store/retro_row.h"
#include "store/row.h"

#define DISPOSITIONS_SHOWN 20

/* The greatest counts of a kind first. */
static enum err top(struct sql *c, struct arena *a, int64_t scan, const char *kind, int64_t n,
		    struct retro_count_list *out)
{
	struct sql_stmt *s = sql_prepare(c, "SELECT value, n FROM retro_count WHERE scan = $1 AND kind = $2 "
					    "ORDER BY n DESC, value LIMIT $3");
	enum err err;

	*out = (struct retro_count_list){ 0 };
	sql_bind_int(s, 1, scan);
	sql_bind_str(s, 2, str_of(kind));
	sql_bind_int(s, 3, n);
	while ((err = sql_step(s)) == OK) {
		struct retro_count one = { 0 };
		SET(&one, retro_count, value, sql_str_copy(s, 0, a));
		SET(&one, retro_count, count, sql_int(s, 1));
		ARENA_PUSH(a, out, one);
	}
	return err == ERR_ABSENT ? OK : err;
}

static enum err count_mailboxes(struct sql *c, struct retro_row *row)
{
	struct sql_stmt *s = sql_prepare(
	    c, "SELECT count(*), coalesce(sum(state = 'done'), 0), coalesce(sum(state = 'given up'), 0), "
	       "coalesce(sum(found), 0), coalesce(sum(failed), 0) FROM mailbox_watch WHERE scan = $1");

	sql_bind_int(s, 1, row->num);
	enum err err = sql_step(s);
	if (err)
		return err == ERR_ABSENT ? ERR_BUG : err;
	SET(&row->scan, retro_scan, mailboxes_total, sql_int(s, 0));
	SET(&row->scan, retro_scan, mailboxes_done, sql_int(s, 1));
	SET(&row->scan, retro_scan, mailboxes_failed, sql_int(s, 2));
	SET(&row->scan, retro_scan, messages_seen, sql_int(s, 3));
	SET(&row->scan, retro_scan, messages_failed, sql_int(s, 4));
	sql_done(s);
	return OK;
}

static enum err add_counts(struct sql *c, struct arena *a, struct retro_row *row)
{
	struct retro_count_list verdicts;
	int64_t scanned = 0;
	enum err err = count_mailboxes(c, row);

	if (!err)
		err = top(c, a, row->num, "disposition", DISPOSITIONS_SHOWN, &verdicts);
	if (err)
		return err;
	for (size_t i = 0; i < verdicts.n; i++)
		scanned += verdicts.v[i].count;
	SET(&row->scan, retro_scan, messages_scanned, scanned);
	SET(&row->scan, retro_scan, dispositions, verdicts);
	return OK;
}

static enum err get(struct sql *c, struct arena *a, int64_t account, struct str id, struct retro_row *out)
{
	enum err err = retro_row_get(c, a, account, id, out);

	return err ? err : add_counts(c, a, out);
}

enum err store_retro_get(struct store *st, struct arena *a, int64_t account, struct str id,
			 struct retro_scan *out)
{
	struct retro_row row;
	struct sql *c;
	enum err err = sql_read_begin(st->messages, &c);

	if (err)
		return err;
	err = get(c, a, account, id, &row);
	sql_read_end(&c);
	if (!err)
		*out = row.scan;
	return err;
}

/* ---- lists ---- */

static enum err read_page(struct store *st, struct sql *c, struct arena *a, int64_t account, size_t skip,
			  size_t n, struct retro_scan_list *out)
{
	struct {
		struct retro_row *v;
		size_t n;
	} rows = { NULL, 0 };
	struct sql_stmt *s = sql_prepare(c, "SELECT " RETRO_COLUMNS " FROM retro_scan WHERE account = $1 "
					    "ORDER BY created_at DESC, num DESC LIMIT $2 OFFSET $3");
	enum err err;

	sql_bind_int(s, 1, account);
	sql_bind_int(s, 2, (int64_t)n);
	sql_bind_int(s, 3, (int64_t)skip);
	while ((err = sql_step(s)) == OK) {
		struct retro_row row;
		if (retro_row_read(s, a, &row) == OK)
			ARENA_PUSH(a, &rows, row);
		else
			(void)store_row_skip(st, sql_int(s, 0));
	}
	if (err != ERR_ABSENT)
		return err;
	err = OK;
	for (size_t i = 0; i < rows.n && !err; i++) {
		err = add_counts(c, a, &rows.v[i]);
		ARENA_PUSH(a, out, rows.v[i].scan);
	}
	return err;
}

enum err store_retros(struct store *st, struct arena *a, int64_t account, size_t skip, size_t n,
		      struct retro_scan_list *out, size_t *total_out)
{
	struct sql *c;
	enum err err = sql_read_begin(st->messages, &c);

	*out = (struct retro_scan_list){ 0 };
	if (err)
		return err;
	err = read_page(st, c, a, account, skip, n, out);
	if (!err) {
		struct sql_stmt *s = sql_prepare(c, "SELECT count(*) FROM retro_scan WHERE account = $1");
		sql_bind_int(s, 1, account);
		err = sql_count(s, total_out);
	}
	sql_read_end(&c);
	return err;
}

enum err store_retro_mailboxes(struct store *st, struct arena *a, int64_t account, struct str id, size_t skip,
			       size_t n, struct watched_mailbox_list *out, size_t *total_out)
{
	struct retro_row row;
	struct sql *c;
	enum err err = sql_read_begin(st->messages, &c);

	if (err)
		return err;
	err = retro_row_get(c, a, account, id, &row);
	if (!err) {
		struct watch_page q = { .account = account, .scan = row.num, .skip = skip, .n = n };
		err = watch_page(c, a, &q, out, total_out);
	}
	sql_read_end(&c);
	return err;
}

/* ---- the report ---- */

static enum err report(struct sql *c, struct arena *a, int64_t account, struct str id,
		       struct retro_report *out)
{
	struct retro_row *row = ARENA_NEW(a, struct retro_row);
	enum err err = get(c, a, account, id, row);
	int64_t detections = 0;

	if (!err)
		err = top(c, a, row->num, "category", RETRO_TOP, &out->threat_categories);
	if (!err)
		err = top(c, a, row->num, "target", RETRO_TOP, &out->targets);
	if (!err)
		err = top(c, a, row->num, "sender_domain", RETRO_TOP, &out->sender_domains);
	if (!err)
		err = top(c, a, row->num, "origin", RETRO_TOP, &out->origins);
	if (err)
		return err;
	for (size_t i = 0; i < row->scan.dispositions.n; i++) {
		const struct retro_count *one = &row->scan.dispositions.v[i];
		if (!str_eq(one->value, enum_text(&disposition_names, DISP_NONE)))
			detections += one->count;
	}
	out->has = FIELD_BIT(retro_report, threat_categories) | FIELD_BIT(retro_report, targets) |
		   FIELD_BIT(retro_report, sender_domains) | FIELD_BIT(retro_report, origins);
	SET(out, retro_report, scan, &row->scan);
	SET(out, retro_report, dispositions, row->scan.dispositions);
	SET(out, retro_report, detections, detections);
	return OK;
}

enum err store_retro_report(struct store *st, struct arena *a, int64_t account, struct str id,
			    struct retro_report *out)
{
	struct sql *c;
	enum err err = sql_read_begin(st->messages, &c);

	*out = (struct retro_report){ 0 };
	if (err)
		return err;
	err = report(c, a, account, id, out);
	sql_read_end(&c);
	return err;
}

/* ---- its messages ---- */

#define DETECTED \
	"FROM retro_message AS r JOIN msg AS m ON m.id = r.key WHERE r.scan = $1 AND r.detection <> 0"

static enum err messages(struct store *st, struct sql *c, struct arena *a, int64_t scan, size_t skip,
			 size_t n, struct store_page *out)
{
	struct {
		int64_t *v;
		size_t n;
	} keys = { NULL, 0 };
	struct sql_stmt *s =
	    sql_prepare(c, "SELECT r.key " DETECTED " ORDER BY r.key DESC LIMIT $2 OFFSET $3");
	enum err err;

	sql_bind_int(s, 1, scan);
	sql_bind_int(s, 2, (int64_t)n);
	sql_bind_int(s, 3, (int64_t)skip);
	while ((err = sql_step(s)) == OK)
		ARENA_PUSH(a, &keys, sql_int(s, 0));
	if (err != ERR_ABSENT)
		return err;
	err = OK;
	for (size_t i = 0; i < keys.n && !err; i++) {
		struct record r;
		err = store_row_get(c, a, keys.v[i], RECORD_MESSAGE, &r);
		if (!err)
			ARENA_PUSH(a, out, r);
		else if (err == ERR_SYNTAX)
			err = store_row_skip(st, keys.v[i]);
	}
	return err;
}

enum err store_retro_messages(struct store *st, struct arena *a, int64_t account, struct str id, size_t skip,
			      size_t n, struct store_page *out, size_t *total_out)
{
	struct retro_row row;
	struct sql *c;
	enum err err = sql_read_begin(st->messages, &c);

	*out = (struct store_page){ NULL, 0 };
	if (err)
		return err;
	err = retro_row_get(c, a, account, id, &row);
	if (!err)
		err = messages(st, c, a, row.num, skip, n, out);
	if (!err) {
		struct sql_stmt *s = sql_prepare(c, "SELECT count(*) " DETECTED);
		sql_bind_int(s, 1, row.num);
		err = sql_count(s, total_out);
	}
	sql_read_end(&c);
	return err;
}
