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
#include "api/search_params.h"
#include "base/clock.h"
#include "json/copy.h"

#define PAGE_BYTES (32u << 20) /* a thousand messages of any honest kind are less */
#define BRIEF_MS 2             /* a search may try this long while the other connections wait */
#define BRIEF_PAGE 100         /* messages of one that may */

static void read_search(struct request *rq, struct store_search *q, struct faults *f)
{
	struct search_query in = { 0 };

	query_read(rq, &search_queries, &in, f);
	struct search_params p = search_params_of(&in);
	*q = search_params_read(rq, &p, STR("query"), f);
	q->cursor = in.cursor;
	q->page = (size_t)in.page;
	q->per_page = (size_t)in.per_page;
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
