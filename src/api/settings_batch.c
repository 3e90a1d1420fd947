/*
 * Batches: deletes, patches, puts, posts, in this order and in one transaction. Every fault is collected before
 * anything is written; uniqueness is looked at when all is.
 */
#include "api/internal.h"
#include "api/problem.h"
#include "api/settings.h"

enum { DELETES, PATCHES, PUTS, POSTS, ARRAYS };

const char *const settings_batch_names[] = { "deletes", "patches", "puts", "posts" };

struct batch {
	const struct json *arrays[ARRAYS]; /* NULL: not offered */
	struct {
		struct change_row **v;
		size_t n;
	} rows[POSTS]; /* in input order, without what was skipped */
	struct {
		void **v;
		size_t n;
	} made;
};

/* A tag is the array and the index. */
static struct str pointer_of(struct arena *a, size_t tag)
{
	return arena_printf(a, "/%s/%zu", settings_batch_names[tag / SETTINGS_AT_ONCE],
			    tag % SETTINGS_AT_ONCE);
}

static bool read_arrays(struct request *rq, struct batch *b, const struct json *body)
{
	struct faults f = { .arena = rq->arena }, none = { 0 };
	bool only_deletes = rq->route->resource->flags & RESOURCE_BATCH_DELETES;

	for (int i = 0; i < ARRAYS; i++) {
		b->arrays[i] = json_get(body, str_of(settings_batch_names[i]));
		struct str at = fault_at_key(rq->arena, STR_NONE, str_of(settings_batch_names[i]));
		bool offered = i == DELETES || !only_deletes;
		if (!offered && b->arrays[i])
			fault_add(&f, at, "%s is not offered: a batch of this collection only deletes",
				  settings_batch_names[i]);
		else if (!offered)
			continue;
		else if (!b->arrays[i])
			fault_add(&f, at, "%s is required", settings_batch_names[i]);
		else if (b->arrays[i]->kind != JSON_ARRAY)
			fault_add(&f, at, "%s must be an array", settings_batch_names[i]);
		else if (b->arrays[i]->n > SETTINGS_AT_ONCE)
			fault_add(&f, at, "%s must be at most %d elements", settings_batch_names[i],
				  SETTINGS_AT_ONCE);
	}
	if (f.n)
		problem_faults(rq, &f, &none);
	return !f.n;
}

/* The id an entry must carry; false: a fault was added. */
static bool entry_id(struct change *c, const struct json *entry, struct ident *out)
{
	const struct json *id = json_get(entry, STR("id"));

	if (entry->kind != JSON_OBJECT)
		fault_add(&c->faults, STR_NONE, "must be an object");
	else if (!id || id->kind == JSON_NULL)
		fault_add(&c->faults, STR("/id"), "id is required");
	else if (json_ident_read(id, out) != OK)
		fault_add(&c->faults, STR("/id"), "id must be an integer or a uuid");
	else
		return true;
	return false;
}

static enum err plan_post(struct change *c, struct batch *b, const struct json *entry, size_t tag)
{
	void *made;
	enum err err = change_create(c, entry, tag, &made);

	if (!err && made)
		ARENA_PUSH(c->env.arena, &b->made, made);
	return err;
}

static enum err plan_entry(struct change *c, struct batch *b, int array, const struct json *entry, size_t tag)
{
	struct change_row *row = NULL;
	struct ident id;
	enum err err;

	if (array == POSTS)
		return plan_post(c, b, entry, tag);
	if (!entry_id(c, entry, &id))
		return OK;
	if (array == DELETES)
		err = change_delete(c, &id, &row);
	else if (array == PATCHES)
		err = change_patch(c, &id, entry, tag, &row);
	else
		err = change_put(c, &id, entry, tag, &row);
	if (!err && row)
		ARENA_PUSH(c->env.arena, &b->rows[array], row);
	return err;
}

static enum err plan_array(struct change *c, struct batch *b, int array)
{
	size_t i = 0;
	enum err err = OK;

	if (!b->arrays[array])
		return OK;
	for (const struct json *e = b->arrays[array]->first; e && !err; e = e->next, i++) {
		size_t tag = (size_t)array * SETTINGS_AT_ONCE + i;
		bool empty = e->kind == JSON_OBJECT && e->n == 0;
		if (empty && (array == PATCHES || array == PUTS))
			continue; /* the SDK's own example sends these (D.5) */
		c->faults.at = pointer_of(c->env.arena, tag);
		err = plan_entry(c, b, array, e, tag);
	}
	return err;
}

static enum err plan(struct change *c, void *ctx)
{
	struct batch *b = ctx;
	enum err err = OK;

	memset(b->rows, 0, sizeof(b->rows));
	memset(&b->made, 0, sizeof(b->made));
	for (int i = 0; i < ARRAYS && !err; i++)
		err = plan_array(c, b, i);
	return err;
}

/* Objects as they are after the whole batch. */
static void write_done(struct request *rq, const struct batch *b, int array)
{
	const struct fieldtab *fields = rq->route->resource->fields;
	size_t n = array == POSTS ? b->made.n : b->rows[array].n;

	buf_printf(&rq->out, "%s\"%s\":[", array ? "," : "{", settings_batch_names[array]);
	for (size_t i = 0; i < n; i++) {
		if (i)
			buf_add_char(&rq->out, ',');
		if (array == DELETES)
			reply_write_id(rq, &b->rows[array].v[i]->id);
		else
			json_object_write(&rq->out, fields,
					  array == POSTS ? b->made.v[i] : b->rows[array].v[i]->now.obj,
					  &rq->write);
	}
	buf_add_char(&rq->out, ']');
}

void settings_batch_reply(struct request *rq)
{
	struct batch b = { 0 };
	struct json *body;

	if (!request_json(rq, &body) || !read_arrays(rq, &b, body) || !change_run(rq, plan, &b, pointer_of))
		return;
	reply_begin(rq, 200);
	for (int i = 0; i < ARRAYS; i++)
		if (b.arrays[i])
			write_done(rq, &b, i);
	buf_add_char(&rq->out, '}');
	reply_end(rq);
}
