/*
 * The message search. One over its time is 503 rather than 202 with a place to ask again: clients take a 202 for an
 * empty page and silently lose results. Nor does a page end early because its messages are large: clients that go on by
 * number would lose what it left out.
 */
#include "api/internal.h"
#include "api/investigate.h"
#include "api/problem.h"
#include "base/clock.h"

#define PAGE_BYTES (32u << 20) /* a thousand messages of any honest kind are less */
#define RANGE_DEFAULT_US (INT64_C(30) * 86400 * 1000000)
#define SKEW_US INT64_C(60000000) /* a client's clock may be this far ahead */

/* message_action is spelled otherwise than the operations it means. */
static const struct {
	struct str text;
	int operation;
} actions[] = {
	{ STR_INIT("PREVIEW"), OP_PREVIEW },
	{ STR_INIT("QUARANTINE_RELEASED"), OP_QUARANTINE_RELEASE },
	{ STR_INIT("MOVED"), OP_MOVE },
	{ STR_INIT("SUBMITTED"), OP_SUBMISSION },
};

static void read_action(struct request *rq, struct store_search *q, struct faults *f)
{
	struct str text = query_get(rq, "message_action");

	if (!text.n)
		return;
	for (size_t i = 0; i < ARRAY_LEN(actions); i++)
		if (str_eq_nocase(actions[i].text, text))
			q->operation = actions[i].operation;
	if (q->operation < 0)
		query_fault(rq, f, "message_action",
			    "must be one of PREVIEW, QUARANTINE_RELEASED, MOVED, SUBMITTED");
}

static void read_range(struct request *rq, struct store_search *q, struct faults *f)
{
	q->end_us = STORE_NEWEST;
	q->start_us = rq->now_us - RANGE_DEFAULT_US;
	query_time(rq, "start", &q->start_us, f);
	query_time(rq, "end", &q->end_us, f);
	if (q->start_us > rq->now_us + SKEW_US)
		query_fault(rq, f, "start", "must not be in the future");
	else if (query_get(rq, "start").n && q->start_us > q->end_us)
		query_fault(rq, f, "start", "must not be after end");
}

static void read_terms(struct request *rq, struct store_search *q)
{
	struct str rest = query_get(rq, "query");

	while (rest.n) {
		size_t space = str_find_char(rest, ' ', 0), end = space == SIZE_MAX ? rest.n : space;
		if (end)
			ARENA_PUSH(rq->arena, &q->terms, str_sub(rest, 0, end));
		rest = str_sub(rest, end + 1, rest.n);
	}
}

/* False: a submissions search, which finds nothing as long as nothing keeps submitted samples apart. */
static bool read_search(struct request *rq, struct store_search *q, struct faults *f)
{
	bool submissions = false;
	int64_t page, per_page;

	*q = (struct store_search){ .account = rq->account.num,
				    .detections_only = true,
				    .disposition = -1,
				    .operation = -1,
				    .delivery_status = -1,
				    .sender = query_get(rq, "sender"),
				    .recipient = query_get(rq, "recipient"),
				    .domain = query_get(rq, "domain"),
				    .alert_id = query_get(rq, "alert_id"),
				    .message_id = query_get(rq, "message_id"),
				    .subject = query_get(rq, "subject"),
				    .exact_subject = query_get(rq, "exact_subject"),
				    .smtp_helo_ip = query_get(rq, "smtp_helo_ip"),
				    .cursor = query_get(rq, "cursor") };
	read_range(rq, q, f);
	read_terms(rq, q);
	query_bool(rq, "detections_only", &q->detections_only, f);
	query_enum(rq, "final_disposition", &disposition_names, &q->disposition, f);
	if (q->disposition == DISP_NONE)
		q->detections_only = false;
	query_enum(rq, "delivery_status", &delivery_status_names, &q->delivery_status, f);
	read_action(rq, q, f);
	query_bool(rq, "action_log", &q->with_action_log, f);
	query_bool(rq, "submissions", &submissions, f);
	query_page(rq, &page, &per_page, f);
	q->page = (size_t)page;
	q->per_page = (size_t)per_page;
	return !submissions;
}

static void write_cursor(struct request *rq, const char *name, struct str cursor)
{
	buf_printf(&rq->out, ",\"%s\":", name);
	if (cursor.n)
		json_str(&rq->out, cursor);
	else
		buf_add(&rq->out, STR("null"));
}

/* The page as it is found. */
static bool write_message(const struct record *r, void *ctx)
{
	struct request *rq = ctx;

	if (rq->out.p[rq->out.n - 1] != '[')
		buf_add_char(&rq->out, ',');
	json_object_write(&rq->out, &message_fields, r->message, &rq->write);
	return buf_ok(&rq->out);
}

static void end_result(struct request *rq, const struct store_search *q, const struct store_found *found)
{
	buf_printf(&rq->out, "],\"result_info\":{\"count\":%zu,\"page\":0,\"per_page\":%zu,\"total_count\":0",
		   found->n, q->per_page);
	write_cursor(rq, "next", found->next);
	write_cursor(rq, "previous", found->previous);
	buf_add_char(&rq->out, '}');
	reply_end(rq);
}

void investigate_list_reply(struct request *rq)
{
	struct faults f = { .arena = rq->arena }, none = { 0 };
	struct store_search q;
	struct store_found found = { 0 };
	bool search = read_search(rq, &q, &f);
	int64_t until = clock_mono_ms() + rq->api->o.search_ms;
	enum err err = OK;

	rq->out.max = PAGE_BYTES;
	reply_begin(rq, 200);
	buf_add_char(&rq->out, '[');
	if (!f.n && search)
		err = store_search(rq->api->o.store, rq->arena, &q, until, write_message, rq, &found);
	if (!buf_ok(&rq->out))
		query_fault(rq, &f, "per_page", "is too many of these messages for one answer");
	if (err == ERR_SYNTAX)
		query_fault(rq, &f, "cursor", "is not a cursor of this search");
	if (err == ERR_LIMIT)
		query_fault(rq, &f, "query", "has too many terms");
	if (f.n)
		problem_faults(rq, &f, &none);
	else if (err == ERR_LATER && clock_mono_ms() >= until)
		problem_reply(rq, PROBLEM_SLOW_SEARCH, STR_NONE, STR_NONE);
	else if (err)
		problem_err(rq, err);
	else
		end_result(rq, &q, &found);
}
