/* Lists of PhishGuard reports. */
#include "api/reports.h"

#include "api/internal.h"
#include "api/problem.h"
#include "api/queries.h"
#include "base/clock.h"
#include "store/reports.h"

#define DAY_US (INT64_C(24) * 3600 * 1000000)

/* 2026-11-28, in UTC. */
static bool read_date(struct request *rq, struct str text, int64_t *us_out)
{
	return text.n == 10 && !clock_parse_rfc3339(ARENA_JOIN(rq->arena, text, STR("T00:00:00Z")), us_out);
}

static struct store_reports query_of(struct request *rq, const struct reports_query *in, struct faults *f)
{
	struct store_reports q = { .account = rq->account.num,
				   .start_us = 0,
				   .end_us = STORE_NEWEST,
				   .skip = (size_t)((in->page - 1) * in->per_page),
				   .n = (size_t)in->per_page };

	if (in->from_date.n && !read_date(rq, in->from_date, &q.start_us))
		query_fault(rq, f, "from_date", "must be a date such as 2026-11-28");
	if (in->to_date.n && !read_date(rq, in->to_date, &q.end_us))
		query_fault(rq, f, "to_date", "must be a date such as 2026-11-28");
	else if (in->to_date.n)
		q.end_us += DAY_US - 1; /* that day is in it */
	if (HAS(in, reports_query, start))
		q.start_us = in->start;
	if (HAS(in, reports_query, end))
		q.end_us = in->end;
	if (!f->n && q.start_us > q.end_us)
		query_fault(rq, f, HAS(in, reports_query, start) ? "start" : "from_date",
			    "must not be after the end");
	return q;
}

void reports_list_reply(struct request *rq)
{
	struct faults f = { .arena = rq->arena }, none = { 0 };
	struct reports_query in = { 0 };
	struct phish_report_list found;
	size_t total = 0;

	query_read(rq, &reports_queries, &in, &f);
	struct store_reports q = query_of(rq, &in, &f);
	if (f.n) {
		problem_faults(rq, &f, &none);
		return;
	}
	enum err err = store_reports(rq->api->o.store, rq->arena, &q, &found, &total);
	if (err) {
		problem_err(rq, err);
		return;
	}
	reply_page(rq, &phish_report_fields, found.v, found.n, in.page, in.per_page, total);
}
