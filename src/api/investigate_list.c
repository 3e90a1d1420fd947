/*
 * The message search. One over its time is 503 rather than 202 with a place to ask again: clients take a 202 for an
 * empty page and silently lose results. Nor does a page end early because its messages are large: clients that go on by
 * number would lose what it left out.
 */
#include "api/answers.h"
#include "api/internal.h"
#include "api/investigate.h"
#include "api/problem.h"
#include "api/queries.h"
#include "base/clock.h"
#include "base/utf8.h"
#include "json/copy.h"
#include "store/tokens.h"

#define PAGE_BYTES (32u << 20) /* a thousand messages of any honest kind are less */
#define TERM_SHOWN 60          /* bytes of a term that is refused */
#define RANGE_DEFAULT_US (INT64_C(30) * 86400 * 1000000)
#define BRIEF_MS 2                /* a search may try this long while the other connections wait */
#define BRIEF_PAGE 100            /* messages of one that may */
#define SKEW_US INT64_C(60000000) /* a client's clock may be this far ahead */

static void read_range(struct request *rq, const struct search_query *in, struct store_search *q,
		       struct faults *f)
{
	q->start_us = HAS(in, search_query, start) ? in->start : rq->now_us - RANGE_DEFAULT_US;
	q->end_us = HAS(in, search_query, end) ? in->end : STORE_NEWEST;
	if (q->start_us > rq->now_us + SKEW_US)
		query_fault(rq, f, "start", "must not be in the future");
	else if (HAS(in, search_query, start) && q->start_us > q->end_us)
		query_fault(rq, f, "start", "must not be after end");
}

/* Each is looked for; one that could only be looked for otherwise than it says is refused. */
static void read_term(struct request *rq, struct str term, struct store_search *q, struct faults *f)
{
	struct str shown = utf8_cut(term, TERM_SHOWN);

	ARENA_PUSH(rq->arena, &q->terms, term);
	if (!tokens_has_short_prefix(rq->arena, term))
		return;
	struct str what = arena_printf(
	    rq->arena, "takes an asterisk behind %d characters of a word or more, which \"%.*s\" has not",
	    TOKEN_PREFIX_MIN, STR_ARG(shown));
	query_fault(rq, f, "query", what.p);
}

static void read_terms(struct request *rq, struct str rest, struct store_search *q, struct faults *f)
{
	while (rest.n) {
		size_t space = str_find_char(rest, ' ', 0), end = space == SIZE_MAX ? rest.n : space;
		if (end)
			read_term(rq, str_sub(rest, 0, end), q, f);
		rest = str_sub(rest, end + 1, rest.n);
	}
}

static void read_search(struct request *rq, struct store_search *q, struct faults *f)
{
	struct search_query in = { 0 };

	query_read(rq, &search_queries, &in, f);
	*q = (struct store_search){ .account =
					in.submissions ? store_submitted(rq->account.num) : rq->account.num,
				    .detections_only = in.detections_only,
				    .disposition = -1,
				    .operation = -1,
				    .delivery_status = -1,
				    .with_action_log = in.action_log,
				    .sender = in.sender,
				    .recipient = in.recipient,
				    .domain = in.domain,
				    .alert_id = in.alert_id,
				    .message_id = in.message_id,
				    .subject = in.subject,
				    .exact_subject = in.exact_subject,
				    .smtp_helo_ip = in.smtp_helo_ip,
				    .cursor = in.cursor,
				    .page = (size_t)in.page,
				    .per_page = (size_t)in.per_page };
	read_range(rq, &in, q, f);
	read_terms(rq, in.query, q, f);
	if (HAS(&in, search_query, final_disposition))
		q->disposition = in.final_disposition;
	if (q->disposition == DISP_NONE)
		q->detections_only = false;
	if (HAS(&in, search_query, delivery_status))
		q->delivery_status = in.delivery_status;
	if (HAS(&in, search_query, message_action))
		q->operation = in.message_action;
}

/* The page as it is found. */
static enum err write_message(const struct stored_message *m, void *ctx, bool *more_out)
{
	struct request *rq = ctx;
	struct record r;
	size_t before = rq->out.n;

	if (rq->out.p[before - 1] != '[')
		buf_add_char(&rq->out, ',');
	enum err err = json_stored_write(&rq->out, &message_fields, m->text, &m->set, m->bits, &rq->write);
	if (err) {
		err = stored_message_read(m, &r);
		if (!err)
			json_object_write(&rq->out, &message_fields, r.message, &rq->write);
		else
			rq->out.n = before;
	}
	*more_out = buf_ok(&rq->out);
	return err;
}

static void end_result(struct request *rq, const struct store_search *q, const struct store_found *found)
{
	struct cursor_info info = { 0 };

	SET(&info, cursor_info, count, (int64_t)found->n);
	SET(&info, cursor_info, per_page, (int64_t)q->per_page);
	if (found->next.n)
		SET(&info, cursor_info, next, found->next);
	if (found->previous.n)
		SET(&info, cursor_info, previous, found->previous);
	buf_add_char(&rq->out, ']');
	reply_info(rq, &cursor_info_fields, &info);
	reply_end(rq);
}

static bool is_brief(struct request *rq, const struct store_search *q)
{
	return q->per_page <= BRIEF_PAGE && store_search_is_plain(rq->arena, q);
}

void investigate_list_reply(struct request *rq)
{
	struct faults f = { .arena = rq->arena }, none = { 0 };
	struct store_search q;
	struct store_found found = { 0 };
	int64_t ms = rq->api->o.search_ms,
		until = clock_mono_ms() + (rq->brief && ms > BRIEF_MS ? BRIEF_MS : ms);
	enum err err = OK;

	read_search(rq, &q, &f);
	if (rq->brief && !is_brief(rq, &q))
		return;
	rq->out.max = PAGE_BYTES;
	reply_begin(rq, 200);
	buf_add_char(&rq->out, '[');
	if (!f.n)
		err = store_search(rq->api->o.store, rq->arena, &q, until, write_message, rq, &found);
	if (!buf_ok(&rq->out))
		query_fault(rq, &f, "per_page", "is too many of these messages for one answer");
	if (err == ERR_SYNTAX)
		query_fault(rq, &f, "cursor", "is not a cursor of this search");
	if (err == ERR_LIMIT)
		query_fault(rq, &f, "query", "has too many terms");
	if (f.n)
		problem_faults(rq, &f, &none);
	else if (err == ERR_LATER && rq->brief)
		rq->status = 0;
	else if (err == ERR_LATER && clock_mono_ms() >= until)
		problem_reply(rq, PROBLEM_SLOW_SEARCH, STR_NONE, STR_NONE);
	else if (err)
		problem_err(rq, err);
	else
		end_result(rq, &q, &found);
}
