/* Create, patch, replace, delete: the part between a JSON value and the store. */
#include "api/internal.h"
#include "api/problem.h"
#include "api/settings.h"

bool change_begin(struct request *rq, struct change *c)
{
	struct settings_who who = request_who(rq);

	*c = (struct change){ .rq = rq,
			      .r = rq->route->resource,
			      .env = request_env(rq),
			      .faults = { .arena = rq->arena },
			      .absent = { .arena = rq->arena } };
	enum err err = settings_write_begin(rq->api->o.store, &c->env, c->r, rq->account.num, &who, &c->w);
	if (err)
		problem_err(rq, err);
	return !err;
}

bool change_end(struct change *c, enum err err, struct str (*at)(const struct change *c, size_t tag))
{
	size_t tag = 0;
	bool refused = c->faults.n || c->absent.n;

	/* Any code undoes; the answer is the faults. */
	err = settings_write_end(&c->w, refused ? ERR_SYNTAX : err, &tag);
	if (refused)
		problem_faults(c->rq, &c->faults, &c->absent);
	else if (err == ERR_CONFLICT)
		problem_reply(c->rq, PROBLEM_DUPLICATE, at ? at(c, tag) : STR_NONE, STR_NONE);
	else if (err)
		problem_err(c->rq, err);
	return !refused && !err;
}

static void *new_object(const struct change *c)
{
	return arena_zalloc(c->env.arena, c->r->fields->size);
}

/* Reads the fields, then checks across them if those were fine. */
static bool read_object(struct change *c, const struct json *node, enum json_mode mode, void *obj)
{
	struct json_read how = { .mode = mode,
				 .closed = c->r->flags & RESOURCE_CLOSED,
				 .spared = mode == JSON_REPLACE ? c->r->spared : 0 };
	size_t before = c->faults.n;

	if (json_object_read(c->env.arena, c->r->fields, node, &how, obj, NULL, &c->faults) != OK)
		return false;
	c->r->check(&c->env, obj, &c->faults);
	return c->faults.n == before;
}

enum err change_create(struct change *c, const struct json *node, size_t tag, void **out)
{
	void *obj = new_object(c);

	*out = NULL;
	if (c->r->defaults)
		c->r->defaults(&c->env, obj);
	if (c->r->begin)
		c->r->begin(&c->env, obj);
	if (!read_object(c, node, JSON_CREATE, obj))
		return OK;
	*out = obj;
	return settings_write_add(c->w, obj, tag);
}

static enum err get(struct change *c, const struct ident *id, void *obj, bool *found_out)
{
	enum err err = settings_write_get(c->w, id, obj);

	*found_out = !err;
	if (err != ERR_ABSENT)
		return err;
	c->absent.at = c->faults.at;
	fault_add(&c->absent, STR_NONE, "Not found");
	return OK;
}

enum err change_patch(struct change *c, const struct ident *id, const struct json *node, size_t tag,
		      void **out)
{
	void *obj = new_object(c);
	bool found;
	enum err err = get(c, id, obj, &found);

	*out = NULL;
	if (err || !found || !read_object(c, node, JSON_PATCH, obj))
		return err;
	*out = obj;
	return settings_write_replace(c->w, obj, tag);
}

enum err change_put(struct change *c, const struct ident *id, const struct json *node, size_t tag, void **out)
{
	void *obj = new_object(c);
	bool found;
	enum err err = get(c, id, obj, &found);

	*out = NULL;
	if (err || !found)
		return err;
	resource_reset(c->r, &c->env, obj);
	if (!read_object(c, node, JSON_REPLACE, obj))
		return OK;
	*out = obj;
	return settings_write_replace(c->w, obj, tag);
}

enum err change_delete(struct change *c, struct ident *id, bool *done_out)
{
	enum err err = settings_write_delete(c->w, id);

	*done_out = !err;
	if (err != ERR_ABSENT)
		return err;
	c->absent.at = c->faults.at;
	fault_add(&c->absent, STR_NONE, "Not found");
	return OK;
}
