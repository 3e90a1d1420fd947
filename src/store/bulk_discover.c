/*
 * Looking for the messages of a bulk job. The search runs outside of any transaction; what it found is written where the job
 * has not moved on meanwhile, together with the place it has come to. So a page is there once, whoever dies when.
 */
#include "store/bulk_child.h"
#include "store/bulk_internal.h"
#include "store/internal.h"
#include "store/key.h"
#include "store/page_cursor.h"

#define PAGE 250          /* messages in one transaction, which others wait for */
#define SEARCH_MS 60000   /* of one page */
#define BYTES (64u << 20) /* the search, and what is kept of a page */

struct found {
	int64_t key;
	struct str postfix_id, recipient;
	const char *unfit; /* why it is none for the action; NULL = it is */
};

struct discovery {
	struct store *st;
	struct arena *arena;
	int64_t num, account, low, place;
	struct bulk_job job;
	struct {
		struct found *v;
		size_t n;
	} found;
	int64_t next; /* the place behind the page */
};

/* ---- what it is about ---- */

static enum err load(struct discovery *d)
{
	struct sql *c;
	enum err err = sql_read_one(d->st->messages, &c);

	if (err)
		return err;
	struct sql_stmt *s = sql_prepare(c, "SELECT account, low, place, body, action, status FROM bulk_job "
					    "WHERE num = $1 AND status IN ('PENDING', 'DISCOVERING')");
	sql_bind_int(s, 1, d->num);
	err = sql_step(s);
	if (!err) {
		d->account = sql_int(s, 0);
		d->low = sql_int(s, 1);
		d->place = sql_int(s, 2);
		err = bulk_body_read(d->arena, sql_str_copy(s, 3, d->arena), &d->job);
		d->job.action_type = enum_value(&bulk_action_names, sql_str(s, 4));
		d->job.status = enum_value(&bulk_status_names, sql_str(s, 5));
	}
	sql_read_end(&c);
	return err;
}

/* Said before the search, which may take long. */
static enum err begin(struct discovery *d)
{
	struct sql *c;
	enum err err = d->job.status == BULK_PENDING ? sql_write_begin(d->st->messages, &c) : ERR_ABSENT;

	if (err)
		return err == ERR_ABSENT ? OK : err;
	struct sql_stmt *s = sql_prepare(c, "UPDATE bulk_job SET status = 'DISCOVERING', started_at = $2 "
					    "WHERE num = $1 AND status = 'PENDING'");
	sql_bind_int(s, 1, d->num);
	sql_bind_int(s, 2, clock_now_us());
	return sql_end(&c, sql_run(s, NULL));
}

/* ---- the search ---- */

static bool has_status(const struct message *m, enum delivery_status status)
{
	for (size_t i = 0; i < m->delivery_status.n; i++)
		if (m->delivery_status.v[i] == (int)status)
			return true;
	return false;
}

static const char *unfit_for(enum bulk_action action, const struct message *m)
{
	if (m->is_phish_submission || (HAS(m, message, delivery_mode) && m->delivery_mode > MODE_RETRO_SCAN))
		return "it was submitted to be looked at";
	if (action == BULK_RELEASE)
		return m->is_quarantined ? NULL : "it is not held";
	return has_status(m, DELIVERY_DELIVERED) || has_status(m, DELIVERY_MOVED) ||
		       has_status(m, DELIVERY_MOVE_FAILED)
		   ? NULL
		   : "it was delivered to nobody";
}

static struct str recipient_of(const struct message *m)
{
	const struct strs *of = m->client_recipients.n ? &m->client_recipients : &m->envelope_to;

	return of->n ? of->v[0] : STR("");
}

static enum err take(const struct stored_message *m, void *ctx, bool *more_out)
{
	struct discovery *d = ctx;
	struct record r;
	enum err err = stored_message_read(m, &r);

	*more_out = true;
	if (err)
		return err;
	struct found f = { .key = r.key,
			   .postfix_id = arena_str(d->arena, r.message->postfix_id),
			   .recipient = arena_str(d->arena, recipient_of(r.message)),
			   .unfit = unfit_for((enum bulk_action)d->job.action_type, r.message) };
	ARENA_PUSH(d->arena, &d->found, f);
	return OK;
}

static enum err search(struct discovery *d)
{
	struct store_search q =
	    store_search_of(d->arena, d->job.search_params, d->account, d->job.search_params->end);
	struct page_cursor at = { .key = d->place + 1, .low = d->low, .high = d->place };
	struct store_found found;

	d->next = d->low - 1;
	if (d->place < d->low)
		return OK;
	q.per_page = PAGE;
	q.cursor = page_cursor_write(d->arena, d->st, &q, &at);
	enum err err = store_search(d->st, d->arena, &q, clock_mono_ms() + SEARCH_MS, take, d, &found);
	if (err || !found.next.n)
		return err;
	q.cursor = found.next;
	err = page_cursor_read(d->arena, d->st, &q, &at);
	d->next = at.key - 1;
	return err;
}

/* ---- what it found ---- */

static enum err insert(struct sql *c, int64_t num, const struct found *f, int64_t now_us)
{
	struct sql_stmt *s = sql_prepare(
	    c, "INSERT INTO bulk_message(job, key, postfix_id, recipient, status, created_at, ended_at, why) "
	       "VALUES($1, $2, $3, $4, $5, $6, $7, $8)");

	sql_bind_int(s, 1, num);
	sql_bind_int(s, 2, f->key);
	sql_bind_str(s, 3, f->postfix_id);
	sql_bind_str(s, 4, f->recipient);
	sql_bind_str(
	    s, 5,
	    enum_text(&bulk_message_status_names, f->unfit ? BULK_MESSAGE_SKIPPED : BULK_MESSAGE_PENDING));
	sql_bind_int(s, 6, now_us);
	if (f->unfit) {
		sql_bind_int(s, 7, now_us);
		sql_bind_str(s, 8, str_of(f->unfit));
	}
	return sql_run(s, NULL);
}

/* ERR_CONFLICT: it has been stopped meanwhile. */
static enum err write_page(struct sql *c, const struct discovery *d)
{
	const bool over = d->next < d->low;
	const int64_t now = clock_now_us();
	int64_t changed = 0;
	struct sql_stmt *s = sql_prepare(c, "UPDATE bulk_job SET place = $3, status = $4 WHERE num = $1 "
					    "AND place = $2 AND status = 'DISCOVERING'");

	sql_bind_int(s, 1, d->num);
	sql_bind_int(s, 2, d->place);
	sql_bind_int(s, 3, d->next);
	sql_bind_str(s, 4, enum_text(&bulk_status_names, over ? BULK_PROCESSING : BULK_DISCOVERING));
	enum err err = sql_run(s, &changed);
	if (!err && !changed)
		err = ERR_CONFLICT;
	for (size_t i = 0; i < d->found.n && !err; i++)
		err = insert(c, d->num, &d->found.v[i], now);
	return err || !over ? err : bulk_go_on(c, d->num, now);
}

static enum err discover(struct discovery *d)
{
	struct sql *c;
	enum err err = load(d);

	if (!err)
		err = begin(d);
	if (!err)
		err = search(d);
	if (!err)
		err = sql_write_begin(d->st->messages, &c);
	return err ? err : sql_end(&c, write_page(c, d));
}

enum err store_bulk_discover(struct store *st, int64_t num, bool *more_out)
{
	struct discovery d = { .st = st, .arena = arena_new(BYTES, NULL, NULL), .num = num };
	enum err err = discover(&d);

	arena_free(&d.arena);
	*more_out = err == ERR_CONFLICT || (!err && d.next >= d.low);
	if (err == ERR_CONFLICT)
		return OK;
	return err == ERR_SYNTAX ? ERR_LATER : err;
}
