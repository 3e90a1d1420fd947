/* Corrections as they are shown and undone, and the messages that one judged, newest first. */
#include "api/corrections.h"

#include "api/internal.h"
#include "api/problem.h"
#include "api/queries.h"
#include "api/settings.h"
#include "policy/correction.h"
#include "store/corrections.h"

/* The newest that is about the same campaign decides (policy/correction.h); NULL: it is this one, or says the same. */
static const struct correction *superseding(const struct correction *c, const struct settings_list *all)
{
	const struct correction_facts f = { .edf_hash = c->edf_hash,
					    .simhash = c->simhash,
					    .from = c->from,
					    .proved = c->authenticated_domain };
	const struct correction *v = all->v;
	struct correction_match match;

	for (size_t i = all->n; i-- > 0 && v[i].id.num > c->id.num;)
		if (correction_compare(&v[i], &f, &match) && match.equal)
			return v[i].disposition == c->disposition ? NULL : &v[i];
	return NULL;
}

static struct str id_text(const struct request *rq, const struct correction *c)
{
	return rq->write.integer_ids ? arena_printf(rq->arena, "%lld", (long long)c->id.num)
				     : str_of(c->id.uuid);
}

static enum err add_superseded(struct request *rq, const void **shown, size_t n)
{
	struct settings_list all;
	enum err err =
	    settings_list(rq->api->o.store, rq->arena, &resource_corrections, rq->account.num, &all);

	for (size_t i = 0; i < n && !err; i++) {
		const struct correction *newer = superseding(shown[i], &all);
		if (!newer)
			continue;
		struct correction *copy = ARENA_NEW(rq->arena, struct correction);
		*copy = *(const struct correction *)shown[i];
		SET(copy, correction, superseded_by, id_text(rq, newer));
		shown[i] = copy;
	}
	return err;
}

void corrections_list_reply(struct request *rq)
{
	settings_list_with(rq, add_superseded);
}

void correction_get_reply(struct request *rq)
{
	settings_get_with(rq, add_superseded);
}

void correction_delete_reply(struct request *rq)
{
	struct correction_undone undone = { 0 };
	struct settings_object o;
	struct ident id;
	size_t messages = 0;

	if (!settings_path_id(rq, &id))
		return;
	enum err err =
	    settings_get(rq->api->o.store, rq->arena, rq->route->resource, rq->account.num, &id, &o);
	if (!err)
		err = store_corrected_count(rq->api->o.store, resource_id(rq->route->resource, o.obj)->num,
					    &messages);
	if (err) {
		problem_err(rq, err);
		return;
	}
	if (!settings_delete(rq, &id))
		return;
	SET(&undone, correction_undone, id, id);
	SET(&undone, correction_undone, messages, (int64_t)messages);
	SET(&undone, correction_undone, released, 0);
	reply_object(rq, 200, &correction_undone_fields, &undone);
}

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
