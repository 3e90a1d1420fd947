/*
 * DELETE on a collection: only what is selected by id= and key= in the query or by the body. No
 * selection deletes nothing and says so, because taken literally the call would unprotect everything.
 */
#include "api/internal.h"
#include "api/problem.h"
#include "api/settings.h"
#include "base/domain.h"

#define SELECTION_MAX 1000 /* of a body, as of a batch; the router bounds the query */

struct selection {
	struct ident *v;
	size_t n;
};

static void select_id(struct change *c, struct selection *s, struct str pointer, const struct ident *id,
		      enum err err)
{
	if (err)
		fault_add(&c->faults, pointer, "id must be an integer or a uuid");
	else
		ARENA_PUSH(c->env.arena, s, *id);
}

/* {"ids": [...]} or [{"id": …}]. */
static void select_by_body(struct change *c, struct selection *s, const struct json *body)
{
	const struct json *list = body->kind == JSON_OBJECT ? json_get(body, STR("ids")) : body;
	struct str at = body->kind == JSON_OBJECT ? STR("/ids") : STR_NONE;
	size_t i = 0;

	if (!list)
		return;
	if (list->kind != JSON_ARRAY) {
		fault_add(&c->faults, at, "must be an array of ids");
		return;
	}
	if (list->n > SELECTION_MAX) {
		fault_add(&c->faults, at, "must be at most %d elements", SELECTION_MAX);
		return;
	}
	for (const struct json *e = list->first; e; e = e->next, i++) {
		const struct json *value = e->kind == JSON_OBJECT ? json_get(e, STR("id")) : e;
		struct ident id;
		enum err err = value ? json_ident_read(value, &id) : ERR_SYNTAX;
		select_id(c, s, fault_at_index(c->env.arena, at, i), &id, err);
	}
}

static enum err select_by_name(struct change *c, struct selection *s, struct str name)
{
	struct ident id;
	enum err err = settings_write_find(c->w, domain_fold(c->env.arena, name), &id);

	if (!err) {
		ARENA_PUSH(c->env.arena, s, id);
	} else if (err == ERR_ABSENT) {
		c->absent.at = STR_NONE;
		fault_add(&c->absent, STR("query/domain"), "Not found");
		return OK;
	}
	return err;
}

static enum err select_all(struct change *c, struct selection *s, const struct json *body)
{
	const struct request *rq = c->rq;
	enum err err = OK;

	for (size_t i = 0; i < rq->query.n && !err; i++) {
		struct query_pair pair = rq->query.v[i];
		struct ident id;
		if (str_eq(pair.name, STR("id")))
			select_id(c, s, STR("query/id"), &id, ident_parse(pair.value, &id));
		else if (str_eq(pair.name, STR("domain")))
			err = select_by_name(c, s, pair.value);
	}
	if (body)
		select_by_body(c, s, body);
	return err;
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
		reply_write_id(rq, &s->v[i]);
	}
	buf_add_char(&rq->out, ']');
	reply_end(rq);
}

/* The same object may be selected twice, by id and by name. */
static bool is_repeat(const struct selection *s, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if ((s->v[i].num && s->v[k].num == s->v[i].num) ||
		    (s->v[i].uuid[0] && strcmp(s->v[k].uuid, s->v[i].uuid) == 0))
			return true;
	return false;
}

void settings_bulk_delete_reply(struct request *rq)
{
	struct selection chosen = { 0 }, gone = { 0 };
	struct json *body = NULL;
	struct change c;

	if ((rq->body.n && !request_json(rq, &body)) || !change_begin(rq, &c))
		return;
	enum err err = select_all(&c, &chosen, body);
	for (size_t i = 0; i < chosen.n && !err; i++) {
		bool done = false;
		if (is_repeat(&chosen, i))
			continue;
		err = change_delete(&c, &chosen.v[i], &done);
		if (done)
			ARENA_PUSH(rq->arena, &gone, chosen.v[i]);
	}
	if (!change_end(&c, err, NULL))
		return;
	if (chosen.n)
		reply_deleted(rq, &gone);
	else
		reply_nothing(rq);
}
