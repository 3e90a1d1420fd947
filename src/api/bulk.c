/* Making, reading and stopping bulk jobs. */
#include "api/bulk.h"

#include "api/answers.h"
#include "api/internal.h"
#include "api/problem.h"
#include "api/queries.h"
#include "api/search_params.h"
#include "store/bulk.h"

#define PAGE_BYTES (32u << 20) /* a thousand messages of any honest kind are less */

/* ---- making one ---- */

static struct bulk_job *job_of(struct arena *a, const struct bulk_create *in)
{
	struct bulk_job *j = ARENA_NEW(a, struct bulk_job);
	struct bulk_params *p = ARENA_NEW(a, struct bulk_params);

	SET(p, bulk_params, type, in->action);
	if (in->action == BULK_MOVE)
		SET(p, bulk_params, destination, in->destination);
	if (HAS(in, bulk_create, expected_disposition))
		SET(p, bulk_params, expected_disposition, in->expected_disposition);
	SET(j, bulk_job, action_type, in->action);
	SET(j, bulk_job, action_params, p);
	SET(j, bulk_job, search_params, in->search_params);
	if (HAS(in, bulk_create, comment))
		SET(j, bulk_job, comment, in->comment);
	return j;
}

static void read_create(struct request *rq, const struct json *body, struct bulk_create *in, struct faults *f)
{
	/* A slip of the pen in a search would act on everybody's mail. */
	const struct json_read how = { .mode = JSON_CREATE, .closed = true };

	if (json_object_read(rq->arena, &bulk_create_fields, body, &how, in, NULL, f))
		return;
	search_params_defaults(in->search_params);
	(void)search_params_read(rq, in->search_params, STR("/search_params"), f);
	if (in->action == BULK_MOVE && !HAS(in, bulk_create, destination))
		fault_add(f, STR("/destination"), "destination is required for MOVE");
}

void bulk_create_reply(struct request *rq)
{
	struct faults f = { .arena = rq->arena }, none = { 0 };
	struct settings_who who = request_who(rq);
	struct bulk_create in = { 0 };
	struct json *body;

	if (!request_json(rq, &body))
		return;
	read_create(rq, body, &in, &f);
	if (f.n) {
		problem_faults(rq, &f, &none);
		return;
	}
	struct bulk_job *j = job_of(rq->arena, &in);
	enum err err = store_bulk_add(rq->api->o.store, rq->arena, rq->account.num, &who, j);
	if (err == ERR_LIMIT)
		problem_reply(rq, PROBLEM_STATE, STR_NONE,
			      arena_printf(rq->arena,
					   "There are %d bulk jobs already: delete one that is over",
					   BULK_JOBS_MAX));
	else if (err)
		problem_err(rq, err);
	else
		reply_object(rq, 201, &bulk_job_fields, j);
}

/* ---- lists ---- */

static void end_list(struct request *rq, size_t count, int64_t page, int64_t per_page, size_t total)
{
	struct page_cursor_info info = { 0 };

	SET(&info, page_cursor_info, count, (int64_t)count);
	SET(&info, page_cursor_info, page, page);
	SET(&info, page_cursor_info, per_page, per_page);
	SET(&info, page_cursor_info, total_count, (int64_t)total);
	reply_info(rq, &page_cursor_info_fields, &info);
	reply_end(rq);
}

void bulk_list_reply(struct request *rq)
{
	struct faults f = { .arena = rq->arena }, none = { 0 };
	struct bulk_query in = { 0 };
	struct bulk_job_list found;
	size_t total = 0;

	query_read(rq, &bulk_queries, &in, &f);
	if (f.n) {
		problem_faults(rq, &f, &none);
		return;
	}
	const struct store_bulk_jobs q = { .account = rq->account.num,
					   .action = HAS(&in, bulk_query, action_type) ? in.action_type : -1,
					   .status = HAS(&in, bulk_query, status) ? in.status : -1,
					   .skip = (size_t)((in.page - 1) * in.per_page),
					   .n = (size_t)in.per_page };
	enum err err = store_bulk_list(rq->api->o.store, rq->arena, &q, &found, &total);
	if (err) {
		problem_err(rq, err);
		return;
	}
	const void **items = ARENA_ARRAY(rq->arena, found.n, const void *);
	for (size_t i = 0; i < found.n; i++)
		items[i] = &found.v[i];
	reply_begin(rq, 200);
	reply_write_array(rq, &bulk_job_fields, items, found.n);
	end_list(rq, found.n, in.page, in.per_page, total);
}

/* Rows written so far. */
struct writing {
	struct request *rq;
	size_t n;
};

static void write_row(const struct bulk_message *m, void *ctx)
{
	struct writing *w = ctx;

	if (w->n++)
		buf_add_char(&w->rq->out, ',');
	json_object_write(&w->rq->out, &bulk_message_fields, m, &w->rq->write);
}

void bulk_messages_reply(struct request *rq)
{
	struct faults f = { .arena = rq->arena }, none = { 0 };
	struct bulk_messages_query in = { 0 };
	struct writing w = { .rq = rq };
	size_t total = 0;
	enum err err = OK;

	query_read(rq, &bulk_messages_queries, &in, &f);
	const struct store_bulk_messages q = { .account = rq->account.num,
					       .job_id = arena_lower(rq->arena, rq->params[0]),
					       .status =
						   HAS(&in, bulk_messages_query, status) ? in.status : -1,
					       .skip = (size_t)((in.page - 1) * in.per_page),
					       .n = (size_t)in.per_page };
	rq->out.max = PAGE_BYTES;
	reply_begin(rq, 200);
	buf_add_char(&rq->out, '[');
	if (!f.n)
		err = store_bulk_messages(rq->api->o.store, rq->arena, &q, write_row, &w, &total);
	if (!buf_ok(&rq->out))
		query_fault(rq, &f, "per_page", "is too many of these messages for one answer");
	if (f.n) {
		problem_faults(rq, &f, &none);
	} else if (err) {
		problem_err(rq, err);
	} else {
		buf_add_char(&rq->out, ']');
		end_list(rq, w.n, in.page, in.per_page, total);
	}
}

/* ---- one of them ---- */

static void reply_job(struct request *rq, enum err err, const struct bulk_job *j)
{
	if (err == ERR_CONFLICT)
		problem_reply(
		    rq, PROBLEM_STATE, STR_NONE,
		    arena_printf(rq->arena, "It is %s already", enum_text(&bulk_status_names, j->status).p));
	else if (err)
		problem_err(rq, err);
	else
		reply_object(rq, 200, &bulk_job_fields, j);
}

void bulk_get_reply(struct request *rq)
{
	struct bulk_job j;
	enum err err = store_bulk_get(rq->api->o.store, rq->arena, rq->account.num,
				      arena_lower(rq->arena, rq->params[0]), &j);

	reply_job(rq, err, &j);
}

void bulk_cancel_reply(struct request *rq)
{
	struct settings_who who = request_who(rq);
	struct bulk_job j;
	enum err err = store_bulk_cancel(rq->api->o.store, rq->arena, rq->account.num, &who,
					 arena_lower(rq->arena, rq->params[0]), &j);

	reply_job(rq, err, &j);
}

void bulk_delete_reply(struct request *rq)
{
	struct settings_who who = request_who(rq);
	struct str id = arena_lower(rq->arena, rq->params[0]);
	enum err err = store_bulk_delete(rq->api->o.store, rq->arena, rq->account.num, &who, id);

	if (err == ERR_CONFLICT) {
		problem_reply(rq, PROBLEM_STATE, STR_NONE, STR("It is not over: cancel it first"));
		return;
	}
	if (err) {
		problem_err(rq, err);
		return;
	}
	reply_begin(rq, 200);
	buf_add_c(&rq->out, "{\"id\":");
	json_str(&rq->out, id);
	buf_add_char(&rq->out, '}');
	reply_end(rq);
}
