/*
 * The audit of an account, newest first. New rows push pages down: who goes through many gives before_id, the id from
 * which on, and stays where he is whatever comes. Such a page also costs the same however deep it is.
 */
#include "api/audit.h"

#include "api/internal.h"
#include "api/problem.h"
#include "api/queries.h"
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

/* Collections in the audit that are no settings: how a request calls them, what their rows say. */
static const char *const OTHERS[][2] = { { "account", "account" },
					 { "submissions", "submission" },
					 { "bulk", "bulk_job" } };

/* What rows call the collection that a request calls so, or by its path; "" = there is none. */
static struct str collection_named(struct str name)
{
	for (size_t i = 0; i < route_count; i++) {
		const struct route *r = &route_table[i];
		if (r->resource &&
		    (str_eq(name, str_of(r->resource->table)) || str_eq(name, route_collection(r))))
			return str_of(r->resource->table);
	}
	for (size_t i = 0; i < ARRAY_LEN(OTHERS); i++)
		if (str_eq(name, str_of(OTHERS[i][0])) || str_eq(name, str_of(OTHERS[i][1])))
			return str_of(OTHERS[i][1]);
	return STR_NONE;
}

static struct settings_audit_query query_of(const struct request *rq, const struct audit_query *in)
{
	return (struct settings_audit_query){
		.account = rq->account.num,
		.who = in->who,
		.action =
		    HAS(in, audit_query, action) ? enum_text(&audit_action_names, in->action) : STR_NONE,
		.collection = collection_named(in->collection),
		.object = in->object,
		.before_num = HAS(in, audit_query, before_id) ? in->before_id : INT64_MAX,
		.start_us = HAS(in, audit_query, start) ? in->start : INT64_MIN,
		.end_us = HAS(in, audit_query, end) ? in->end : INT64_MAX,
		.skip = (size_t)((in->page - 1) * in->per_page),
		.n = (size_t)in->per_page,
		.until_ms = clock_mono_ms() + rq->api->o.search_ms,
	};
}

void audit_list_reply(struct request *rq)
{
	struct faults f = { .arena = rq->arena }, none = { 0 };
	struct audit_query in = { 0 };
	struct page page = { .rq = rq };
	size_t total = 0;

	query_read(rq, &audit_queries, &in, &f);
	if (in.collection.n && !collection_named(in.collection).n)
		query_fault(rq, &f, "collection", "must name a collection, such as allow_policies or tokens");
	if (f.n) {
		problem_faults(rq, &f, &none);
		return;
	}
	struct settings_audit_query q = query_of(rq, &in);
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
	reply_end_page(rq, page.n, (size_t)in.page, (size_t)in.per_page, total);
}
