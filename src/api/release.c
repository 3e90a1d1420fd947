/* POST investigate/release. */
#include "api/release.h"

#include "api/awaited.h"
#include "api/internal.h"
#include "api/problem.h"
#include "base/clock.h"
#include "model/message.h"
#include "store/jobs.h"

#define IDS_MAX 1000
#define RECORD_BYTES (64u << 20) /* one as it is read */

FIELDS_DEFINE(release_item, RELEASE_ITEM);

/* One message, as far as the answer needs it. */
struct released {
	int64_t key;
	struct awaited asked; /* no job: it was not held */
	struct release_item item;
	struct strs held; /* for whom it was held when we came */
};

struct releases {
	struct request *rq;
	struct arena *scratch; /* of one call */
	int64_t until_ms;      /* so long the answer waits */
	struct faults faults, absent;
	struct released *v;
	size_t n;
};

static bool is_named_before(const struct releases *all, int64_t key)
{
	for (size_t i = 0; i < all->n; i++)
		if (all->v[i].key == key)
			return true;
	return false;
}

static void add_record(struct releases *all, const struct record *r)
{
	struct arena *a = all->rq->arena;
	struct released one = { .key = r->key };

	if (is_named_before(all, r->key))
		return;
	SET(&one.item, release_item, id, arena_str(a, r->message->id));
	SET(&one.item, release_item, postfix_id, arena_str(a, r->message->postfix_id));
	for (size_t i = 0; i < r->outcomes.n; i++)
		if (r->outcomes.v[i].status == DELIVERY_QUARANTINED)
			ARENA_PUSH(a, &one.held, arena_str(a, r->outcomes.v[i].address));
	ARENA_PUSH(a, all, one);
}

static enum err add_id(struct releases *all, const struct json *node, struct str at)
{
	struct request *rq = all->rq;
	struct record r;

	if (node->kind != JSON_STR) {
		fault_add(&all->faults, at, "must be the id of a message");
		return OK;
	}
	arena_reset(all->scratch);
	enum err err =
	    store_record_get(rq->api->o.store, all->scratch, rq->account.num, node->s, RECORD_WHOLE, &r);
	if (!err)
		add_record(all, &r);
	if (err == ERR_ABSENT)
		fault_add(&all->absent, at, "Not found");
	return err == ERR_ABSENT ? OK : err;
}

/* {"ids": [...]}, or the array alone as clients up to 7.1 send it. */
static enum err read_ids(struct releases *all, const struct json *body)
{
	bool bare = body->kind == JSON_ARRAY;
	const struct json *list = bare ? body : json_get(body, STR("ids"));
	struct str at = bare ? STR_NONE : STR("/ids");
	enum err err = OK;
	size_t i = 0;

	if (!list || list->kind != JSON_ARRAY || list->n < 1 || list->n > IDS_MAX) {
		fault_add(&all->faults, at, "ids must be an array of 1 to %d ids of messages", IDS_MAX);
		return OK;
	}
	for (const struct json *e = list->first; e && !err; e = e->next, i++)
		err = add_id(all, e, fault_at_index(all->rq->arena, at, i));
	return err;
}

static enum err add_jobs(struct releases *all)
{
	struct request *rq = all->rq;
	struct job *jobs = ARENA_ARRAY(rq->arena, all->n + 1, struct job);
	struct settings_who who = request_who(rq);
	size_t n = 0;

	for (size_t i = 0; i < all->n; i++)
		if (all->v[i].held.n)
			jobs[n++] = (struct job){ .account = rq->account.num,
						  .kind = JOB_RELEASE,
						  .ref = all->v[i].key,
						  .due_us = rq->now_us,
						  .created_us = rq->now_us,
						  .who = who.name };
	enum err err = n ? store_jobs_add(rq->api->o.store, jobs, n) : OK;
	n = 0;
	for (size_t i = 0; i < all->n && !err; i++)
		all->v[i].asked.job = all->v[i].held.n ? jobs[n++].id : 0;
	return err;
}

/* Up to the first that was not tried yet, for which all others wait. */
static bool is_ready(struct request *rq)
{
	struct releases *all = rq->kept;
	bool ready = true;

	if (awaited_is_due(rq, all->until_ms))
		return true;
	for (size_t i = 0; i < all->n && ready; i++)
		ready = awaited_was_tried(rq, &all->v[i].asked);
	return ready;
}

static bool was_held(const struct released *one, struct str address)
{
	for (size_t i = 0; i < one->held.n; i++)
		if (str_eq(one->held.v[i], address))
			return true;
	return false;
}

/* What became of those it was held for. */
static enum err tell(struct releases *all, struct released *one)
{
	struct arena *a = all->rq->arena;
	struct release_item *item = &one->item;
	struct record r;

	item->has |= FIELD_BIT(release_item, delivered) | FIELD_BIT(release_item, failed) |
		     FIELD_BIT(release_item, undelivered);
	if (!one->asked.job)
		return OK;
	arena_reset(all->scratch);
	enum err err = store_record_by_key(all->rq->api->o.store, all->scratch, one->key, &r);
	for (size_t i = 0; !err && i < r.outcomes.n; i++) {
		const struct outcome *o = &r.outcomes.v[i];
		if (!was_held(one, o->address))
			continue;
		struct str address = arena_str(a, o->address);
		if (o->status == DELIVERY_DELIVERED)
			ARENA_PUSH(a, &item->delivered, address);
		else if (one->asked.over ||
			 (one->asked.tried && outcome_is_refused(o))) /* else it was refused before */
			ARENA_PUSH(a, &item->failed, address);
		else
			ARENA_PUSH(a, &item->undelivered, address);
	}
	return err;
}

static enum err begin(struct releases *all, const struct json *body)
{
	enum err err = read_ids(all, body);

	if (err || all->faults.n || all->absent.n)
		return err;
	all->until_ms = clock_mono_ms() + all->rq->api->o.release_ms;
	return add_jobs(all);
}

static enum err tell_all(struct releases *all)
{
	enum err err = OK;

	for (size_t i = 0; i < all->n && !err; i++) {
		arena_reset(all->scratch);
		err = awaited_look(all->rq, all->scratch, &all->v[i].asked);
		if (!err)
			err = tell(all, &all->v[i]);
	}
	return err;
}

static void write_items(struct request *rq, const struct releases *all)
{
	const void **items = ARENA_ARRAY(rq->arena, all->n, const void *);

	for (size_t i = 0; i < all->n; i++)
		items[i] = &all->v[i].item;
	reply_begin(rq, 200);
	reply_write_array(rq, &release_item_fields, items, all->n);
	reply_end(rq);
}

static void answer(struct releases *all, enum err err)
{
	if (!err && !all->faults.n && !all->absent.n)
		err = tell_all(all);
	if (err)
		problem_err(all->rq, err);
	else if (all->faults.n || all->absent.n)
		problem_faults(all->rq, &all->faults, &all->absent);
	else
		write_items(all->rq, all);
}

void release_reply(struct request *rq)
{
	struct releases *all = rq->kept;
	struct json *body;
	enum err err = OK;
	bool first = !all;

	if (first && !request_json(rq, &body))
		return;
	if (first) {
		all = ARENA_NEW(rq->arena, struct releases);
		all->rq = rq;
		all->faults.arena = all->absent.arena = rq->arena;
		rq->kept = all;
	}
	all->scratch = arena_new(RECORD_BYTES, NULL, NULL);
	if (first)
		err = begin(all, body);
	if (first && !err && !all->faults.n && !all->absent.n && !is_ready(rq))
		rq->ready = is_ready;
	else
		answer(all, err);
	arena_free(&all->scratch);
}
