/*
 * The audit of an account, newest first. New rows push pages down: who goes through many gives before_id, the id from
 * which on, and stays where he is whatever comes. Such a page also costs the same however deep it is.
 */
#include "api/audit.h"

#include "api/internal.h"
#include "api/problem.h"
#include "base/clock.h"

struct page {
	struct request *rq;
	size_t n;
};

/* The row's text is an object of ours, written when it was made: it goes out behind what its columns say. */
static bool write_row(void *ctx, int64_t num, int64_t at_us, struct str body)
{
	struct page *p = ctx;
	struct buf *b = &p->rq->out;

	if (p->n++)
		buf_add_char(b, ',');
	buf_add_c(b, "{\"id\":");
	json_int(b, num);
	buf_add_c(b, ",\"created_at\":");
	json_time(b, at_us);
	buf_add_char(b, ',');
	buf_add(b, str_sub(body, 1, body.n));
	return buf_ok(b);
}

void audit_list_reply(struct request *rq)
{
	struct faults f = { .arena = rq->arena }, none = { 0 };
	struct settings_audit_query q = { .account = rq->account.num,
					  .who = query_get(rq, "who"),
					  .action = query_get(rq, "action"),
					  .collection = query_get(rq, "collection"),
					  .object = query_get(rq, "object"),
					  .before_num = INT64_MAX,
					  .start_us = INT64_MIN,
					  .end_us = INT64_MAX,
					  .until_ms = clock_mono_ms() + rq->api->o.search_ms };
	struct page page = { .rq = rq };
	int64_t number, size;
	size_t total = 0;

	query_page(rq, &number, &size, &f);
	query_int(rq, "before_id", 1, INT64_MAX, &q.before_num, &f);
	query_time(rq, "start", &q.start_us, &f);
	query_time(rq, "end", &q.end_us, &f);
	if (f.n) {
		problem_faults(rq, &f, &none);
		return;
	}
	q.skip = (size_t)((number - 1) * size);
	q.n = (size_t)size;
	reply_begin(rq, 200);
	buf_add_char(&rq->out, '[');
	enum err err = settings_audit_page(rq->api->o.store, &q, write_row, &page, &total);
	if (err) {
		if (err == ERR_LATER && clock_left_ms(q.until_ms) == 0)
			problem_reply(rq, PROBLEM_SLOW_SEARCH, STR_NONE, STR_NONE);
		else
			problem_err(rq, err);
		return;
	}
	buf_add_char(&rq->out, ']');
	reply_end_page(rq, page.n, (size_t)number, (size_t)size, total);
}
