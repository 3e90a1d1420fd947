/*
 * Batches: deletes, patches, puts, posts, in this order and in one transaction. Every fault is
 * collected before anything is kept; uniqueness is looked at when all is written.
 */
#include "api/internal.h"
#include "api/problem.h"
#include "api/settings.h"

#define ENTRIES_MAX 1000 /* of each array */

enum { DELETES, PATCHES, PUTS, POSTS, ARRAYS };

static const char *const names[ARRAYS] = { "deletes", "patches", "puts", "posts" };

struct batch {
	struct change c;
	const struct json *arrays[ARRAYS];
	struct ident_list {
		struct ident *v;
		size_t n;
	} done[ARRAYS]; /* in input order, without what was skipped */
};

/* A tag is the array and the index. */
static struct str pointer_of(const struct change *c, size_t tag)
{
	return arena_printf(c->env.arena, "/%s/%zu", names[tag / ENTRIES_MAX], tag % ENTRIES_MAX);
}

static bool read_arrays(struct request *rq, struct batch *b, const struct json *body)
{
	struct faults f = { .arena = rq->arena }, none = { 0 };

	for (int i = 0; i < ARRAYS; i++) {
		b->arrays[i] = json_get(body, str_of(names[i]));
		struct str at = fault_at_key(rq->arena, STR_NONE, str_of(names[i]));
		if (!b->arrays[i])
			fault_add(&f, at, "%s is required", names[i]);
		else if (b->arrays[i]->kind != JSON_ARRAY)
			fault_add(&f, at, "%s must be an array", names[i]);
		else if (b->arrays[i]->n > ENTRIES_MAX)
			fault_add(&f, at, "%s must be at most %d elements", names[i], ENTRIES_MAX);
	}
	if (f.n)
		problem_faults(rq, &f, &none);
	return !f.n;
}

/* The id an entry must carry; false: a fault was added. */
static bool entry_id(struct batch *b, const struct json *entry, struct ident *out)
{
	const struct json *id = json_get(entry, STR("id"));

	if (entry->kind != JSON_OBJECT)
		fault_add(&b->c.faults, STR_NONE, "must be an object");
	else if (!id || id->kind == JSON_NULL)
		fault_add(&b->c.faults, STR("/id"), "id is required");
	else if (json_ident_read(id, out) != OK)
		fault_add(&b->c.faults, STR("/id"), "id must be an integer or a uuid");
	else
		return true;
	return false;
}

static enum err run_entry(struct batch *b, int array, const struct json *entry, size_t tag)
{
	struct ident id = { .num = 0 };
	bool done = false;
	void *obj = NULL;
	enum err err = OK;

	if (array != POSTS && !entry_id(b, entry, &id))
		return OK;
	if (array == DELETES)
		err = change_delete(&b->c, &id, &done);
	else if (array == PATCHES)
		err = change_patch(&b->c, &id, entry, tag, &obj);
	else if (array == PUTS)
		err = change_put(&b->c, &id, entry, tag, &obj);
	else
		err = change_create(&b->c, entry, tag, &obj);
	if (err || (!obj && !done))
		return err;
	if (obj)
		id = *resource_id(b->c.r, obj);
	ARENA_PUSH(b->c.env.arena, &b->done[array], id);
	return OK;
}

static enum err run_array(struct batch *b, int array)
{
	size_t i = 0;
	enum err err = OK;

	for (const struct json *e = b->arrays[array]->first; e && !err; e = e->next, i++) {
		size_t tag = (size_t)array * ENTRIES_MAX + i;
		bool empty = e->kind == JSON_OBJECT && e->n == 0;
		if (empty && (array == PATCHES || array == PUTS))
			continue; /* the SDK's own example sends these (D.5) */
		b->c.faults.at = pointer_of(&b->c, tag);
		err = run_entry(b, array, e, tag);
	}
	return err;
}

/* Objects as they are after the whole batch; written before the commit, dropped if that fails. */
static enum err write_done(struct batch *b, int array)
{
	struct request *rq = b->c.rq;
	void *obj = arena_zalloc(rq->arena, b->c.r->fields->size);
	enum err err = OK;

	buf_printf(&rq->out, "%s\"%s\":[", array ? "," : "{", names[array]);
	for (size_t i = 0; i < b->done[array].n && !err; i++) {
		if (i)
			buf_add_char(&rq->out, ',');
		if (array == DELETES) {
			reply_write_id(rq, &b->done[array].v[i]);
			continue;
		}
		err = settings_write_get(b->c.w, &b->done[array].v[i], obj);
		if (!err)
			json_object_write(&rq->out, b->c.r->fields, obj, &rq->write);
	}
	buf_add_char(&rq->out, ']');
	return err;
}

void settings_batch_reply(struct request *rq)
{
	struct batch b = { 0 };
	struct json *body;
	enum err err = OK;

	if (!request_json(rq, &body) || !read_arrays(rq, &b, body) || !change_begin(rq, &b.c))
		return;
	for (int i = 0; i < ARRAYS && !err; i++)
		err = run_array(&b, i);
	bool fine = !err && !b.c.faults.n && !b.c.absent.n;
	if (fine)
		reply_begin(rq, 200);
	for (int i = 0; i < ARRAYS && fine && !err; i++)
		err = write_done(&b, i);
	if (!change_end(&b.c, err, pointer_of))
		return;
	buf_add_char(&rq->out, '}');
	reply_end(rq);
}
