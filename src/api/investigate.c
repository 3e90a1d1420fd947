/*
 * One message: get, detections, raw, trace, action log. detections and raw answer only for messages with a
 * detection.
 */
#include "api/investigate.h"

#include "api/internal.h"
#include "api/problem.h"
#include "api/queries.h"
#include "api/source.h"
#include "scan/explain.h"
#include "store/jobs.h"

FIELDS_DEFINE(trace_view_line, TRACE_VIEW_LINE);
FIELDS_DEFINE(trace_view_side, TRACE_VIEW_SIDE);
FIELDS_DEFINE(trace_view, TRACE_VIEW);
FIELDS_DEFINE(entry_properties, ENTRY_PROPERTIES);
FIELDS_DEFINE(action_entry, ACTION_ENTRY);

enum err investigate_find(struct request *rq, struct str id, enum record_part part, struct record *out)
{
	struct store *st = rq->api->o.store;
	enum err err = store_record_get(st, rq->arena, rq->account.num, id, part, out);

	if (err == ERR_ABSENT)
		err = store_record_get(st, rq->arena, store_submitted(rq->account.num), id, part, out);
	return err;
}

/* The record of the path's id; false: answered. */
static bool find(struct request *rq, enum record_part part, struct record *out)
{
	enum err err = investigate_find(rq, rq->params[0], part, out);

	if (err)
		problem_err(rq, err);
	return !err;
}

static bool has_detection(const struct record *r)
{
	return HAS(r->message, message, final_disposition) && r->message->final_disposition != DISP_NONE;
}

bool investigate_find_detected(struct request *rq, struct record *out)
{
	if (!find(rq, RECORD_WHOLE, out))
		return false;
	if (has_detection(out))
		return true;
	problem_reply(rq, PROBLEM_NOT_FOUND, STR_NONE, STR("Not found: this message has no detection"));
	return false;
}

void investigate_get_reply(struct request *rq)
{
	struct faults f = { .arena = rq->arena }, none = { 0 };
	struct message_query q = { 0 };
	struct record r;

	query_read(rq, &message_queries, &q, &f);
	if (f.n) {
		problem_faults(rq, &f, &none);
		return;
	}
	int64_t shelf = q.submission ? store_submitted(rq->account.num) : rq->account.num;
	enum err err =
	    store_record_get(rq->api->o.store, rq->arena, shelf, rq->params[0], RECORD_MESSAGE, &r);
	if (err)
		problem_err(rq, err);
	else
		reply_object(rq, 200, &message_fields, r.message);
}

void investigate_detections_reply(struct request *rq)
{
	struct record r;

	if (!investigate_find_detected(rq, &r))
		return;
	explain_detections(rq->arena, r.detections);
	reply_object(rq, 200, &detections_fields, r.detections);
}

void investigate_raw_reply(struct request *rq)
{
	struct record r;

	if (investigate_find_detected(rq, &r))
		source_reply(rq, r.raw_sha256);
}

/* Its sender may come with it again: later than this it would be another message. */
static bool is_awaited(const struct record *r, int64_t now_us)
{
	bool open = false;

	for (size_t i = 0; i < r->outcomes.n; i++)
		open = open || r->outcomes.v[i].status == DELIVERY_QUEUED ||
		       r->outcomes.v[i].status == DELIVERY_DEFERRED;
	return open && now_us - r->message->scanned_at < STORE_RESEND_US;
}

static struct trace_view_side *new_side(struct request *rq)
{
	struct trace_view_side *side = ARENA_NEW(rq->arena, struct trace_view_side);

	side->has = FIELD_BIT(trace_view_side, lines);
	SET(side, trace_view_side, pending, false);
	return side;
}

void investigate_trace_reply(struct request *rq)
{
	struct trace_view view = { 0 };
	struct record r;

	if (!find(rq, RECORD_WHOLE, &r))
		return;
	SET(&view, trace_view, inbound, new_side(rq));
	SET(&view, trace_view, outbound, new_side(rq));
	for (size_t i = 0; i < r.trace.n; i++) {
		const struct trace_line *from = &r.trace.v[i];
		struct trace_view_side *side = from->outbound ? view.outbound : view.inbound;
		struct trace_view_line line = { 0 };
		SET(&line, trace_view_line, lineno, (int64_t)side->lines.n + 1);
		SET(&line, trace_view_line, message, from->message);
		SET(&line, trace_view_line, logged_at, from->logged_at);
		ARENA_PUSH(rq->arena, &side->lines, line);
	}
	view.outbound->pending = is_awaited(&r, rq->now_us);
	if (!view.outbound->pending) {
		enum err err = store_job_is_open(rq->api->o.store, r.key, &view.outbound->pending);
		if (err) {
			problem_err(rq, err);
			return;
		}
	}
	reply_object(rq, 200, &trace_view_fields, &view);
}

/* What is set in the one is set in the other. */
#define COPY(to, to_type, from, from_type, name) \
	(HAS((from), from_type, name) ? SET((to), to_type, name, (from)->name) : (void)0)

static struct entry_properties *properties_of(struct request *rq, const struct action_properties *from)
{
	struct entry_properties *to = ARENA_NEW(rq->arena, struct entry_properties);

	COPY(to, entry_properties, from, action_properties, folder);
	COPY(to, entry_properties, from, action_properties, requested_by);
	COPY(to, entry_properties, from, action_properties, requested_disposition);
	COPY(to, entry_properties, from, action_properties, service);
	COPY(to, entry_properties, from, action_properties, submission_id);
	COPY(to, entry_properties, from, action_properties, submission_type);
	return to;
}

void investigate_action_log_reply(struct request *rq)
{
	struct record r;

	if (!find(rq, RECORD_MESSAGE, &r))
		return;
	reply_begin(rq, 200);
	buf_add_char(&rq->out, '[');
	for (size_t i = 0; i < r.message->action_log.n; i++) {
		const struct action_log *from = &r.message->action_log.v[i];
		struct action_entry e = { 0 };
		SET(&e, action_entry, operation,
		    (int)post_delivery_op_of((enum log_operation)from->operation));
		COPY(&e, action_entry, from, action_log, started_at);
		COPY(&e, action_entry, from, action_log, completed_at);
		COPY(&e, action_entry, from, action_log, status);
		COPY(&e, action_entry, from, action_log, success);
		if (HAS(from, action_log, properties))
			SET(&e, action_entry, properties, properties_of(rq, from->properties));
		if (i)
			buf_add_char(&rq->out, ',');
		json_object_write(&rq->out, &action_entry_fields, &e, &rq->write);
	}
	buf_add_char(&rq->out, ']');
	reply_end(rq);
}
