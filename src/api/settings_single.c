/*
 * Settings of which an account has one object: it is there from the beginning, by the defaults of its resource, and has a row
 * from the first change on.
 */
#include "api/internal.h"
#include "api/problem.h"
#include "api/settings.h"

void settings_single_get_reply(struct request *rq)
{
	const struct resource *r = rq->route->resource;
	struct resource_env env = request_env(rq);
	struct settings_object o = { arena_zalloc(rq->arena, r->fields->size), STR_NONE, false };
	enum err err =
	    settings_find(rq->api->o.store, rq->arena, r, rq->account.num, r->key(&env, o.obj), &o);

	if (err && err != ERR_ABSENT) {
		problem_err(rq, err);
		return;
	}
	r->defaults(&env, o.obj); /* a row may be older than a field */
	reply_object(rq, 200, r->fields, o.obj);
}

struct call {
	struct json *body;
	enum json_mode mode;
	void *obj;
};

static enum err plan(struct change *c, void *ctx)
{
	struct call *call = ctx;

	return change_single(c, call->body, call->mode, &call->obj);
}

static void reply_changed(struct request *rq, enum json_mode mode)
{
	struct call call = { .mode = mode };

	if (request_json(rq, &call.body) && change_run(rq, plan, &call, NULL))
		reply_object(rq, 200, rq->route->resource->fields, call.obj);
}

void settings_single_patch_reply(struct request *rq)
{
	reply_changed(rq, JSON_PATCH);
}

void settings_single_put_reply(struct request *rq)
{
	reply_changed(rq, JSON_REPLACE);
}
