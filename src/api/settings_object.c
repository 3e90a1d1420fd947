/* One settings object: get, create, patch, put, delete. */
#include "api/internal.h"
#include "api/problem.h"
#include "api/settings.h"

bool settings_path_id(struct request *rq, struct ident *out)
{
	if (ident_parse(rq->params[0], out) == OK)
		return true;
	problem_reply(rq, PROBLEM_NOT_FOUND, STR_NONE, STR_NONE);
	return false;
}

void settings_get_with(struct request *rq, settings_shown_fn *add)
{
	const struct resource *r = rq->route->resource;
	struct settings_object o;
	struct ident id;

	if (!settings_path_id(rq, &id))
		return;
	enum err err = settings_get(rq->api->o.store, rq->arena, r, rq->account.num, &id, &o);
	const void *shown = o.obj;
	if (!err && add)
		err = add(rq, &shown, 1);
	if (err)
		problem_err(rq, err);
	else
		reply_object(rq, 200, r->fields, shown);
}

void settings_get_reply(struct request *rq)
{
	settings_get_with(rq, NULL);
}

/* What one call asks for, and what came of it. */
struct call {
	struct ident id;
	struct json *body;
	void *made;
	struct change_row *row;
};

static enum err plan_create(struct change *c, void *ctx)
{
	struct call *call = ctx;

	return change_create(c, call->body, 0, &call->made);
}

static enum err plan_patch(struct change *c, void *ctx)
{
	struct call *call = ctx;

	return change_patch(c, &call->id, call->body, 0, &call->row);
}

static enum err plan_put(struct change *c, void *ctx)
{
	struct call *call = ctx;

	return change_put(c, &call->id, call->body, 0, &call->row);
}

static enum err plan_delete(struct change *c, void *ctx)
{
	struct call *call = ctx;

	return change_delete(c, &call->id, &call->row);
}

/* What an array of objects to create asks for, and what came of it. */
struct calls {
	const struct json *body;
	struct {
		const void **v;
		size_t n;
	} made;
};

static enum err plan_create_many(struct change *c, void *ctx)
{
	struct calls *calls = ctx;
	enum err err = OK;
	size_t i = 0;

	calls->made.n = 0;
	for (const struct json *e = calls->body->first; e && !err; e = e->next, i++) {
		void *made;
		c->faults.at = fault_at_index(c->env.arena, STR_NONE, i);
		err = change_create(c, e, i, &made);
		if (!err)
			ARENA_PUSH(c->env.arena, &calls->made, made);
	}
	return err;
}

static struct str pointer_of(struct arena *a, size_t tag)
{
	return fault_at_index(a, STR_NONE, tag);
}

static void create_many(struct request *rq, const struct json *body)
{
	struct calls calls = { .body = body };

	if (body->n < 1 || body->n > SETTINGS_AT_ONCE) {
		problem_reply(
		    rq, PROBLEM_INVALID, STR_NONE,
		    arena_printf(rq->arena, "the array must have 1 to %d elements", SETTINGS_AT_ONCE));
		return;
	}
	if (!change_run(rq, plan_create_many, &calls, pointer_of))
		return;
	reply_begin(rq, 201);
	reply_write_array(rq, rq->route->resource->fields, calls.made.v, calls.made.n);
	reply_end(rq);
}

void settings_create_reply(struct request *rq)
{
	const struct resource *r = rq->route->resource;
	struct call call = { 0 };

	if (!request_json(rq, &call.body))
		return;
	if (call.body->kind == JSON_ARRAY && r->flags & RESOURCE_CREATE_MANY)
		create_many(rq, call.body);
	else if (change_run(rq, plan_create, &call, NULL))
		reply_object(rq, 201, r->fields, call.made);
}

static void reply_changed(struct request *rq, change_plan_fn *plan)
{
	struct call call = { 0 };

	if (settings_path_id(rq, &call.id) && request_json(rq, &call.body) &&
	    change_run(rq, plan, &call, NULL))
		reply_object(rq, 200, rq->route->resource->fields, call.row->now.obj);
}

void settings_patch_reply(struct request *rq)
{
	reply_changed(rq, plan_patch);
}

void settings_put_reply(struct request *rq)
{
	reply_changed(rq, plan_put);
}

static enum err plan_rotate(struct change *c, void *ctx)
{
	struct call *call = ctx;

	return change_rotate(c, &call->id, &call->row);
}

void settings_rotate_reply(struct request *rq)
{
	struct call call = { 0 };

	if (settings_path_id(rq, &call.id) && change_run(rq, plan_rotate, &call, NULL))
		reply_object(rq, 200, rq->route->resource->fields, call.row->now.obj);
}

bool settings_delete(struct request *rq, struct ident *out)
{
	struct call call = { 0 };

	if (!settings_path_id(rq, &call.id) || !change_run(rq, plan_delete, &call, NULL))
		return false;
	*out = call.row->id;
	return true;
}

void settings_delete_reply(struct request *rq)
{
	struct ident id;

	if (!settings_delete(rq, &id))
		return;
	reply_begin(rq, 200);
	reply_write_id(rq, &id);
	reply_end(rq);
}
