/* One settings object: get, create, patch, put, delete. */
#include "api/internal.h"
#include "api/problem.h"
#include "api/settings.h"

/* The id of the path; false: answered, for a text that is no id names nothing. */
static bool path_id(struct request *rq, struct ident *out)
{
	if (ident_parse(rq->params[0], out) == OK)
		return true;
	problem_reply(rq, PROBLEM_NOT_FOUND, STR_NONE, STR_NONE);
	return false;
}

void settings_get_reply(struct request *rq)
{
	const struct resource *r = rq->route->resource;
	void *obj = arena_zalloc(rq->arena, r->fields->size);
	struct ident id;

	if (!path_id(rq, &id))
		return;
	enum err err = settings_get(rq->api->o.store, rq->arena, r, rq->account.num, &id, obj);
	if (err)
		problem_err(rq, err);
	else
		reply_object(rq, 200, r->fields, obj);
}

void settings_create_reply(struct request *rq)
{
	struct json *body;
	struct change c;
	void *obj;

	if (!request_json(rq, &body) || !change_begin(rq, &c))
		return;
	if (change_end(&c, change_create(&c, body, 0, &obj), NULL))
		reply_object(rq, 201, c.r->fields, obj);
}

void settings_patch_reply(struct request *rq)
{
	struct ident id;
	struct json *body;
	struct change c;
	void *obj;

	if (!path_id(rq, &id) || !request_json(rq, &body) || !change_begin(rq, &c))
		return;
	if (change_end(&c, change_patch(&c, &id, body, 0, &obj), NULL))
		reply_object(rq, 200, c.r->fields, obj);
}

void settings_put_reply(struct request *rq)
{
	struct ident id;
	struct json *body;
	struct change c;
	void *obj;

	if (!path_id(rq, &id) || !request_json(rq, &body) || !change_begin(rq, &c))
		return;
	if (change_end(&c, change_put(&c, &id, body, 0, &obj), NULL))
		reply_object(rq, 200, c.r->fields, obj);
}

void settings_delete_reply(struct request *rq)
{
	struct ident id;
	struct change c;
	bool done;

	if (!path_id(rq, &id) || !change_begin(rq, &c))
		return;
	if (!change_end(&c, change_delete(&c, &id, &done), NULL))
		return;
	reply_begin(rq, 200);
	reply_write_id(rq, &id);
	reply_end(rq);
}
