/* Lists of the messages of a bulk job. */
#include "store/bulk_internal.h"

#include "base/hash.h"
#include "store/internal.h"

#define MESSAGE_BYTES (256u << 20) /* one record as it is read */

struct list {
	struct store *st;
	struct sql *c;
	const struct bulk_job *job;
	int64_t num;
	struct arena *arena; /* of one message */
};

/* Follows from the row, so that it need not be kept: a UUID as of version 8 (RFC 9562 §5.8). */
static struct str row_id(struct list *l, int64_t key)
{
	const int64_t row[] = { l->num, key };
	struct sha256 sum = hash_hmac(store_secret(l->st), str_from(row, sizeof(row)));
	struct str hex = hash_hex(l->arena, str_from(sum.b, 16));

	return arena_printf(l->arena, "%.8s-%.4s-8%.3s-8%.3s-%.12s", hex.p, hex.p + 8, hex.p + 13, hex.p + 17,
			    hex.p + 20);
}

static struct bulk_message_params *params_of(struct list *l, struct str recipient)
{
	struct bulk_message_params *p = ARENA_NEW(l->arena, struct bulk_message_params);
	const struct bulk_params *of = l->job->action_params;

	SET(p, bulk_message_params, type, of->type);
	if (HAS(of, bulk_params, destination))
		SET(p, bulk_message_params, destination, of->destination);
	if (HAS(of, bulk_params, expected_disposition))
		SET(p, bulk_message_params, expected_disposition, of->expected_disposition);
	SET(p, bulk_message_params, client_recipient, recipient);
	return p;
}

#define COLUMNS "key, postfix_id, recipient, status, retries, retry_after, created_at, ended_at, why"

static void read_row(struct list *l, struct sql_stmt *s, struct bulk_message *m)
{
	int status = enum_value(&bulk_message_status_names, sql_str(s, 3));
	bool stopped = status == BULK_MESSAGE_PENDING && bulk_status_is_final(l->job->status);

	*m = (struct bulk_message){ 0 };
	SET(m, bulk_message, message_id, row_id(l, sql_int(s, 0)));
	SET(m, bulk_message, postfix_id, sql_str_copy(s, 1, l->arena));
	SET(m, bulk_message, action_type, l->job->action_type);
	SET(m, bulk_message, action_params, params_of(l, sql_str_copy(s, 2, l->arena)));
	SET(m, bulk_message, status, stopped ? BULK_MESSAGE_CANCELLED : status);
	SET(m, bulk_message, retry_count, sql_int(s, 4));
	if (!sql_is_null(s, 5) && !stopped)
		SET(m, bulk_message, retry_after, sql_int(s, 5));
	SET(m, bulk_message, created_at, sql_int(s, 6));
	if (stopped)
		SET(m, bulk_message, processed_at, l->job->completed_at);
	else if (!sql_is_null(s, 7))
		SET(m, bulk_message, processed_at, sql_int(s, 7));
	if (!sql_is_null(s, 8))
		SET(m, bulk_message, status_message, sql_str_copy(s, 8, l->arena));
}

/* Its record as it is now, if it is there and can be read. */
static enum err add_record(struct list *l, int64_t key, struct bulk_message *m)
{
	struct record r;
	enum err err = store_row_get(l->c, l->arena, key, RECORD_MESSAGE, &r);

	if (err == ERR_ABSENT)
		return OK;
	if (err == ERR_SYNTAX)
		return store_row_skip(l->st, key);
	if (err)
		return err;
	SET(m, bulk_message, message, r.message);
	if (HAS(r.message, message, alert_id))
		SET(m, bulk_message, alert_id, r.message->alert_id);
	if (HAS(r.message, message, message_id))
		SET(m, bulk_message, email_message_id, r.message->message_id);
	return OK;
}

static const char *const page_of_all = "SELECT " COLUMNS " FROM bulk_message WHERE job = $1 "
				       "ORDER BY key DESC LIMIT $2 OFFSET $3";
static const char *const page_of_status = "SELECT " COLUMNS " FROM bulk_message WHERE job = $1 "
					  "AND status IN ($4, $5) ORDER BY key DESC LIMIT $2 OFFSET $3";

/* The words of its rows that mean the status asked for. */
static void bind_status(struct sql_stmt *s, const struct bulk_job *job, int status)
{
	const struct str pending = enum_text(&bulk_message_status_names, BULK_MESSAGE_PENDING);
	bool stopped = bulk_status_is_final(job->status);

	if (!stopped || status != BULK_MESSAGE_PENDING)
		sql_bind_str(s, 4, enum_text(&bulk_message_status_names, status));
	if (stopped && status == BULK_MESSAGE_CANCELLED)
		sql_bind_str(s, 5, pending);
}

static enum err give_page(struct list *l, const struct store_bulk_messages *q, store_bulk_message_fn *fn,
			  void *ctx)
{
	struct sql_stmt *s = sql_prepare(l->c, q->status < 0 ? page_of_all : page_of_status);
	struct bulk_message m;
	enum err err;

	sql_bind_int(s, 1, l->num);
	sql_bind_int(s, 2, (int64_t)q->n);
	sql_bind_int(s, 3, (int64_t)q->skip);
	if (q->status >= 0)
		bind_status(s, l->job, q->status);
	while ((err = sql_step(s)) == OK) {
		arena_reset(l->arena);
		read_row(l, s, &m);
		err = add_record(l, sql_int(s, 0), &m);
		if (err)
			return err;
		fn(&m, ctx);
	}
	return err == ERR_ABSENT ? OK : err;
}

enum err store_bulk_messages(struct store *st, struct arena *a, const struct store_bulk_messages *q,
			     store_bulk_message_fn *fn, void *ctx, size_t *total_out)
{
	struct bulk_job job;
	struct list l = { .st = st, .job = &job };
	enum err err = sql_read_begin(st->messages, &l.c);

	if (err)
		return err;
	l.arena = arena_new(MESSAGE_BYTES, NULL, NULL);
	err = bulk_row_get(l.c, a, q->account, q->job_id, &job, &l.num);
	if (!err)
		err = give_page(&l, q, fn, ctx);
	if (!err)
		*total_out = (size_t)job.total_messages_discovered;
	arena_free(&l.arena);
	sql_read_end(&l.c);
	return err == ERR_SYNTAX ? ERR_LATER : err;
}
