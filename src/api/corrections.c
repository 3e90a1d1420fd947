/* The messages that a correction judged, newest first. */
#include "api/corrections.h"

#include "api/internal.h"
#include "api/problem.h"
#include "api/queries.h"
#include "api/settings.h"
#include "store/corrections.h"

void corrected_messages_reply(struct request *rq)
{
	struct faults f = { .arena = rq->arena }, none = { 0 };
	struct page_query in = { 0 };
	struct corrected_message_list found = { 0 };
	struct settings_object o;
	struct ident id;
	size_t total = 0;

	if (!settings_path_id(rq, &id))
		return;
	query_read(rq, &page_queries, &in, &f);
	if (f.n) {
		problem_faults(rq, &f, &none);
		return;
	}
	enum err err =
	    settings_get(rq->api->o.store, rq->arena, rq->route->resource, rq->account.num, &id, &o);
	if (!err)
		err = store_corrected(
		    rq->api->o.store, rq->arena, resource_id(rq->route->resource, o.obj)->num,
		    (size_t)((in.page - 1) * in.per_page), (size_t)in.per_page, &found, &total);
	if (err) {
		problem_err(rq, err);
		return;
	}
	reply_page(rq, &corrected_message_fields, found.v, found.n, in.page, in.per_page, total);
}
