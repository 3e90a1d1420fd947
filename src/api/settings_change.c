/*
 * Create, patch, replace, delete: the part between a JSON value and the store. All of it is read and checked before the
 * store's one writer is taken; should somebody else change the same object meanwhile, it is done anew.
 */
#include "api/internal.h"
#include "api/problem.h"
#include "api/settings.h"

#define TRIES 10

static void reply_refused(struct change *c, enum err err, const struct settings_refusal *why,
			  struct str (*at)(struct arena *a, size_t tag))
{
	struct arena *a = c->rq->arena;

	if (err == ERR_CONFLICT)
		problem_reply(
		    c->rq, PROBLEM_DUPLICATE, at ? at(a, why->tag) : STR_NONE,
		    arena_printf(a, "Duplicate: one with the same %s exists already", c->r->key_fields));
	else if (err == ERR_LIMIT)
		problem_reply(c->rq, PROBLEM_STATE, STR_NONE, arena_str(a, str_of(why->why.text)));
	else
		problem_err(c->rq, err);
}

bool change_run(struct request *rq, change_plan_fn *plan, void *ctx,
		struct str (*at)(struct arena *a, size_t tag))
{
	struct settings_who who = request_who(rq);

	for (int i = 0; i < TRIES; i++) {
		struct change c = { .rq = rq,
				    .r = rq->route->resource,
				    .env = request_env(rq),
				    .faults = { .arena = rq->arena },
				    .absent = { .arena = rq->arena } };
		struct settings_refusal why = { .stale = false };
		c.w = settings_write_new(rq->api->o.store, &c.env, c.r, rq->account.num, &who);
		enum err err = plan(&c, ctx);
		if (!err && (c.faults.n || c.absent.n)) {
			problem_faults(rq, &c.faults, &c.absent);
			return false;
		}
		if (!err && c.frozen) {
			problem_reply(rq, PROBLEM_STATE, STR_NONE, str_of(c.frozen));
			return false;
		}
		if (!err)
			err = settings_write_run(c.w, &why);
		/* Of what there is one, others have made it meanwhile. */
		if (why.stale || (err == ERR_CONFLICT && c.r->flags & RESOURCE_SINGLE))
			continue;
		if (err)
			reply_refused(&c, err, &why, at);
		return !err;
	}
	problem_err(rq, ERR_LATER);
	return false;
}

static void *new_object(const struct change *c)
{
	return arena_zalloc(c->env.arena, c->r->fields->size);
}

/* Who is let in for a time lets nobody in for longer. */
static void check_until(struct change *c, const void *obj)
{
	if (!c->r->secret || c->r->secret->is_signed ||
	    resource_until(c->r, obj) <= c->rq->principal.until_us)
		return;
	fault_add(&c->faults, c->r->secret->expires_at ? STR("/expires_at") : STR_NONE,
		  "it would let in for longer than the token that asks");
}

/* What is there may be ended by a time that is over; what is made is made to let somebody in. */
static void check_lets_in(struct change *c, const void *obj)
{
	if (c->r->secret && resource_until(c->r, obj) <= c->rq->now_us)
		fault_add(&c->faults, STR("/expires_at"), "expires_at must be in the future");
}

/* What it names must be there; what follows from that is set. */
static enum err follow(struct change *c, void *obj)
{
	const struct resource_reference *refers = c->r->refers;
	struct settings_object named = { 0 };
	struct ident id;
	enum err err = OK;

	if (!refers)
		return OK;
	const struct field *f = &c->r->fields->v[refers->field];
	struct str uuid = resource_reference(c->r, obj);
	if (uuid.n)
		err = ident_parse(uuid, &id) ? ERR_ABSENT
					     : settings_get(c->rq->api->o.store, c->env.arena, refers->to,
							    c->rq->account.num, &id, &named);
	if (err == ERR_ABSENT)
		fault_add_further(&c->faults, fault_at_key(c->env.arena, STR_NONE, str_of(f->name)),
				  "%s must be the id of %s of this account", f->name, refers->to->noun);
	else if (!err)
		refers->follow(obj, named.obj);
	return err == ERR_ABSENT ? OK : err;
}

/* Reads the fields, and checks what they say. before: the object that is changed; NULL: a new one. */
static enum err read_object(struct change *c, const struct json *node, enum json_mode mode,
			    const void *before, void *obj, bool *fine_out)
{
	unsigned closed = mode == JSON_CREATE ? RESOURCE_CLOSED : RESOURCE_CLOSED_CHANGES;
	struct json_read how = { .mode = mode,
				 .closed = c->r->flags & closed || c->rq->route->flags & ROUTE_OURS,
				 .spared = mode == JSON_REPLACE ? c->r->spared : 0 };
	size_t faults = c->faults.n;

	enum err err = json_object_read(c->env.arena, c->r->fields, node, &how, obj, NULL, &c->faults);
	if (before && c->r->keep)
		c->r->keep(&c->env, before, obj);
	c->r->check(&c->env, obj, &c->faults);
	if (!err)
		check_until(c, obj);
	if (!err && mode == JSON_CREATE)
		check_lets_in(c, obj);
	err = follow(c, obj);
	*fine_out = !err && c->faults.n == faults;
	return err;
}

enum err change_create(struct change *c, const struct json *node, size_t tag, void **out)
{
	void *obj = new_object(c);

	*out = NULL;
	if (c->r->defaults)
		c->r->defaults(&c->env, obj);
	if (c->r->begin)
		c->r->begin(&c->env, obj);
	bool fine;
	enum err err = read_object(c, node, JSON_CREATE, NULL, obj, &fine);
	if (!fine)
		return err;
	settings_write_add(c->w, obj, tag);
	*out = obj;
	return OK;
}

enum err change_single(struct change *c, const struct json *node, enum json_mode mode, void **out)
{
	struct settings_object read = { .stored = STR_NONE };
	void *obj = new_object(c);
	enum err err = settings_find(c->rq->api->o.store, c->env.arena, c->r, c->rq->account.num,
				     c->r->key(&c->env, obj), &read);

	*out = NULL;
	if (err && err != ERR_ABSENT)
		return err;
	if (!err)
		memcpy(obj, read.obj, c->r->fields->size);
	if (mode == JSON_REPLACE)
		resource_reset(c->r, &c->env, obj);
	else
		c->r->defaults(&c->env, obj);
	bool fine, is_new = err == ERR_ABSENT;
	err = read_object(c, node, mode, read.obj, obj, &fine);
	if (!fine)
		return err;
	if (is_new)
		settings_write_add(c->w, obj, 0);
	else
		settings_write_replace(c->w, &read, obj, 0);
	*out = obj;
	return OK;
}

struct change_row *change_row(struct change *c, const struct settings_object *read)
{
	const struct ident *id = resource_id(c->r, read->obj);

	for (size_t i = 0; i < c->rows.n; i++)
		if (c->rows.v[i]->id.num == id->num)
			return c->rows.v[i];
	struct change_row *row = ARENA_NEW(c->env.arena, struct change_row);
	*row = (struct change_row){ *id, *read };
	ARENA_PUSH(c->env.arena, &c->rows, row);
	return row;
}

/* *out NULL: there is none, or not any more, or it may not be changed, and that is noted. */
static enum err find(struct change *c, const struct ident *id, struct change_row **out)
{
	struct settings_object read;
	enum err err = settings_get(c->rq->api->o.store, c->env.arena, c->r, c->rq->account.num, id, &read);
	struct change_row *row = err ? NULL : change_row(c, &read);
	const char *frozen = row && row->now.obj && c->r->frozen ? c->r->frozen(row->now.obj) : NULL;

	*out = NULL;
	if (err && err != ERR_ABSENT)
		return err;
	if (frozen) {
		c->frozen = frozen;
	} else if (row && row->now.obj) {
		*out = row;
	} else {
		c->absent.at = c->faults.at;
		fault_add(&c->absent, STR_NONE, "Not found");
	}
	return OK;
}

/* The object as it is, to be changed; its lists and texts are never changed in place. */
static void *copy_of(const struct change *c, const struct change_row *row)
{
	return memcpy(new_object(c), row->now.obj, c->r->fields->size);
}

static enum err change(struct change *c, const struct ident *id, const struct json *node, enum json_mode mode,
		       size_t tag, struct change_row **out)
{
	enum err err = find(c, id, out);

	if (err || !*out)
		return err;
	void *obj = copy_of(c, *out);
	if (mode == JSON_REPLACE)
		resource_reset(c->r, &c->env, obj);
	bool fine;
	err = read_object(c, node, mode, (*out)->now.obj, obj, &fine);
	if (fine)
		settings_write_replace(c->w, &(*out)->now, obj, tag);
	else
		*out = NULL;
	return err;
}

enum err change_patch(struct change *c, const struct ident *id, const struct json *node, size_t tag,
		      struct change_row **out)
{
	return change(c, id, node, JSON_PATCH, tag, out);
}

enum err change_put(struct change *c, const struct ident *id, const struct json *node, size_t tag,
		    struct change_row **out)
{
	return change(c, id, node, JSON_REPLACE, tag, out);
}

enum err change_rotate(struct change *c, const struct ident *id, struct change_row **out)
{
	enum err err = find(c, id, out);

	if (err || !*out)
		return err;
	if (c->r->secret->is_signed && !c->r->secret->is_signed((*out)->now.obj))
		c->frozen = "It has no secret";
	check_until(c, (*out)->now.obj);
	if (!c->faults.n && !c->frozen)
		settings_write_rotate(c->w, &(*out)->now);
	return OK;
}

void change_drop(struct change *c, struct change_row *row)
{
	if (row->now.obj)
		settings_write_delete(c->w, &row->now);
	row->now.obj = NULL;
}

enum err change_delete(struct change *c, const struct ident *id, struct change_row **out)
{
	enum err err = find(c, id, out);

	if (!err && *out)
		change_drop(c, *out);
	return err;
}
