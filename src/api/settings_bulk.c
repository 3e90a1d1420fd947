/*
 * DELETE on a collection: only what is selected by id= and domain= in the query or by the body. No selection deletes
 * nothing and says so, because taken literally the call would unprotect everything.
 */
#include "api/internal.h"
#include "api/problem.h"
#include "api/queries.h"
#include "api/settings.h"
#include "base/domain.h"

/* Of one call: what is to go, once each, and whether anything was selected at all. */
struct selection {
	const struct json *body; /* NULL: none */
	bool any;
	struct change_row **v;
	size_t n;
};

static void drop(struct change *c, struct selection *s, struct change_row *row)
{
	/* The same object may be selected twice, by id and by name. */
	if (!row->now.obj)
		return;
	change_drop(c, row);
	ARENA_PUSH(c->env.arena, s, row);
}

static enum err drop_found(struct change *c, struct selection *s, struct str pointer,
			   const struct settings_object *found, enum err err)
{
	s->any = true;
	if (!err)
		drop(c, s, change_row(c, found));
	if (err != ERR_ABSENT)
		return err;
	c->absent.at = STR_NONE;
	fault_add(&c->absent, pointer, "Not found");
	return OK;
}

static enum err select_id(struct change *c, struct selection *s, struct str pointer, const struct ident *id,
			  enum err syntax)
{
	struct settings_object found;

	if (syntax) {
		fault_add(&c->faults, pointer, "id must be an integer or a uuid");
		return OK;
	}
	enum err err = settings_get(c->rq->api->o.store, c->env.arena, c->r, c->rq->account.num, id, &found);
	return drop_found(c, s, pointer, &found, err);
}

static enum err select_name(struct change *c, struct selection *s, struct str name)
{
	struct settings_object found;
	enum err err = settings_find(c->rq->api->o.store, c->env.arena, c->r, c->rq->account.num,
				     domain_fold(c->env.arena, name), &found);

	return drop_found(c, s, STR("query/domain"), &found, err);
}

/* {"ids": [...]} or [{"id": …}]. */
static enum err select_by_body(struct change *c, struct selection *s)
{
	const struct json *body = s->body;
	const struct json *list = body->kind == JSON_OBJECT ? json_get(body, STR("ids")) : body;
	struct str at = body->kind == JSON_OBJECT ? STR("/ids") : STR_NONE;
	enum err err = OK;
	size_t i = 0;

	if (!list)
		return OK;
	if (list->kind != JSON_ARRAY) {
		fault_add(&c->faults, at, "must be an array of ids");
		return OK;
	}
	if (list->n > SETTINGS_AT_ONCE) {
		fault_add(&c->faults, at, "must be at most %d elements", SETTINGS_AT_ONCE);
		return OK;
	}
	for (const struct json *e = list->first; e && !err; e = e->next, i++) {
		const struct json *value = e->kind == JSON_OBJECT ? json_get(e, STR("id")) : e;
		struct ident id;
		enum err syntax = value ? json_ident_read(value, &id) : ERR_SYNTAX;
		err = select_id(c, s, fault_at_index(c->env.arena, at, i), &id, syntax);
	}
	return err;
}

static enum err plan(struct change *c, void *ctx)
{
	struct selection_query q = { 0 };
	struct selection *s = ctx;
	enum err err = OK;

	*s = (struct selection){ .body = s->body };
	query_read(c->rq, &selection_queries, &q, &c->faults);
	for (size_t i = 0; i < q.id.n && !err; i++) {
		struct ident id;
		enum err syntax = ident_parse(q.id.v[i], &id);
		err = select_id(c, s, STR("query/id"), &id, syntax);
	}
	for (size_t i = 0; i < q.domain.n && !err; i++)
		err = select_name(c, s, q.domain.v[i]);
	return err || !s->body ? err : select_by_body(c, s);
}

static void reply_nothing(struct request *rq)
{
	rq->status = 200;
	buf_clear(&rq->out);
	buf_add_c(&rq->out,
		  "{\"success\":true,\"errors\":[],\"messages\":[{\"code\":14001,\"message\":"
		  "\"Nothing was deleted: select objects by id= or domain=, or by a body {\\\"ids\\\": "
		  "[...]}\"}],\"result\":[]}");
}

static void reply_deleted(struct request *rq, const struct selection *s)
{
	reply_begin(rq, 200);
	buf_add_char(&rq->out, '[');
	for (size_t i = 0; i < s->n; i++) {
		if (i)
			buf_add_char(&rq->out, ',');
		reply_write_id(rq, &s->v[i]->id);
	}
	buf_add_char(&rq->out, ']');
	reply_end(rq);
}

void settings_bulk_delete_reply(struct request *rq)
{
	struct selection chosen = { 0 };
	struct json *body = NULL;

	if (rq->body.n && !request_json(rq, &body))
		return;
	chosen.body = body;
	if (!change_run(rq, plan, &chosen, NULL))
		return;
	if (chosen.any)
		reply_deleted(rq, &chosen);
	else
		reply_nothing(rq);
}
