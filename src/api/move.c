/* POST investigate/{id}/move, POST investigate/move. */
#include "api/move.h"

#include "api/awaited.h"
#include "api/internal.h"
#include "api/problem.h"
#include "base/clock.h"
#include "base/domain.h"
#include "store/moves.h"

#define RECORD_BYTES (64u << 20) /* one as it is read */

FIELDS_DEFINE(move_body, MOVE_BODY);
FIELDS_DEFINE(moves_body, MOVES_BODY);
FIELDS_DEFINE(move_item, MOVE_ITEM);

/* Why nothing is tried for a recipient; NULL: it is. */
static const char not_delivered[] = "It was not delivered to this recipient.";
static const char no_integration[] =
    "The recipient's domain has no integration by which its mailboxes are reached.";

struct recipient {
	struct str address;
	const char *why_not;
};

/* One message, as far as the answer needs it. */
struct moved {
	int64_t key;
	struct awaited asked; /* no job: there is nothing to try */
	struct str message_id;
	struct {
		struct recipient *v;
		size_t n;
	} recipients;
	bool reachable; /* somebody's mailbox is */
};

/* Domains whose integration was asked for: those of one call are few. */
struct known_domain {
	struct str folded;
	bool integrated;
};

struct moving {
	struct request *rq;
	struct arena *scratch; /* of one call */
	enum destination to;
	int64_t until_ms; /* so long the answer waits */
	struct faults faults, absent;
	struct {
		struct known_domain *v;
		size_t n;
	} domains;
	struct moved *v;
	size_t n;
};

/* ---- which messages ---- */

static enum err find_domain(struct moving *all, struct str address, bool *out)
{
	struct request *rq = all->rq;
	struct settings_object found;
	struct known_domain d = { domain_fold(rq->arena, domain_of_address(address)), false };

	for (size_t i = 0; i < all->domains.n; i++)
		if (str_eq(all->domains.v[i].folded, d.folded)) {
			*out = all->domains.v[i].integrated;
			return OK;
		}
	enum err err = settings_find(rq->api->o.store, all->scratch, &resource_domains, rq->account.num,
				     d.folded, &found);
	if (err && err != ERR_ABSENT)
		return err;
	d.integrated = !err && resource_reference(&resource_domains, found.obj).n > 0;
	ARENA_PUSH(rq->arena, &all->domains, d);
	*out = d.integrated;
	return OK;
}

static enum err add_recipient(struct moving *all, struct moved *one, const struct outcome *o)
{
	struct recipient to = { .address = arena_str(all->rq->arena, o->address) };
	bool integrated;
	enum err err = find_domain(all, o->address, &integrated);

	if (err)
		return err;
	to.why_not = !outcome_has_copy(o) ? not_delivered : !integrated ? no_integration : NULL;
	one->reachable = one->reachable || integrated;
	ARENA_PUSH(all->rq->arena, &one->recipients, to);
	return OK;
}

static enum err add_record(struct moving *all, const struct record *r)
{
	struct moved one = { .key = r->key, .message_id = STR("") };
	enum err err = OK;

	for (size_t i = 0; i < all->n; i++)
		if (all->v[i].key == r->key)
			return OK;
	if (HAS(r->message, message, message_id))
		one.message_id = arena_str(all->rq->arena, r->message->message_id);
	for (size_t i = 0; i < r->outcomes.n && !err; i++)
		err = add_recipient(all, &one, &r->outcomes.v[i]);
	ARENA_PUSH(all->rq->arena, all, one);
	return err;
}

static enum err add_id(struct moving *all, struct str id, struct str at)
{
	struct request *rq = all->rq;
	struct record r;

	arena_reset(all->scratch);
	enum err err =
	    store_record_get(rq->api->o.store, all->scratch, rq->account.num, id, RECORD_WHOLE, &r);
	if (!err)
		return add_record(all, &r);
	if (err == ERR_ABSENT)
		fault_add(&all->absent, at, "Not found");
	return err == ERR_ABSENT ? OK : err;
}

static enum err add_ids(struct moving *all, const struct strs *ids, const char *name)
{
	struct str list = fault_at_key(all->rq->arena, STR_NONE, str_of(name));
	enum err err = OK;

	for (size_t i = 0; i < ids->n && !err; i++)
		err = add_id(all, ids->v[i], fault_at_index(all->rq->arena, list, i));
	return err;
}

static enum err read_one(struct moving *all, const struct json *body)
{
	const struct json_read how = { .mode = JSON_CREATE };
	struct move_body in = { 0 };

	if (json_object_read(all->rq->arena, &move_body_fields, body, &how, &in, NULL, &all->faults))
		return OK;
	all->to = (enum destination)in.destination;
	return add_id(all, all->rq->params[0], STR_NONE);
}

static enum err read_many(struct moving *all, const struct json *body)
{
	const struct json_read how = { .mode = JSON_CREATE };
	struct moves_body in = { 0 };

	if (json_object_read(all->rq->arena, &moves_body_fields, body, &how, &in, NULL, &all->faults))
		return OK;
	if (in.ids.n + in.postfix_ids.n < 1 || in.ids.n + in.postfix_ids.n > MOVES_MAX) {
		fault_add(&all->faults, STR("/ids"), "ids must have 1 to %d ids of messages", MOVES_MAX);
		return OK;
	}
	all->to = (enum destination)in.destination;
	enum err err = add_ids(all, &in.ids, "ids");
	return err ? err : add_ids(all, &in.postfix_ids, "postfix_ids");
}

/* ---- asking ---- */

static bool is_to_try(const struct moved *one)
{
	for (size_t i = 0; i < one->recipients.n; i++)
		if (!one->recipients.v[i].why_not)
			return true;
	return false;
}

static enum err ask(struct moving *all)
{
	struct request *rq = all->rq;
	struct settings_who who = request_who(rq);
	int64_t *keys = ARENA_ARRAY(rq->arena, all->n + 1, int64_t),
		*jobs = ARENA_ARRAY(rq->arena, all->n + 1, int64_t);
	size_t n = 0;

	for (size_t i = 0; i < all->n; i++)
		if (is_to_try(&all->v[i]))
			keys[n++] = all->v[i].key;
	enum err err = n ? store_moves_ask(rq->api->o.store, rq->arena, rq->account.num, keys, n, all->to,
					   who.name, rq->now_us, jobs)
			 : OK;
	n = 0;
	for (size_t i = 0; i < all->n && !err; i++)
		if (is_to_try(&all->v[i]))
			all->v[i].asked.job = jobs[n++];
	return err;
}

/* No message of the call can be moved, whatever is tried. */
static bool lacks_integration(const struct moving *all)
{
	for (size_t i = 0; i < all->n; i++)
		if (all->v[i].reachable)
			return false;
	return true;
}

static bool is_refused(const struct moving *all)
{
	return all->faults.n || all->absent.n || lacks_integration(all);
}

/* Up to the first that was not tried yet, for which all others wait. */
static bool is_ready(struct request *rq)
{
	struct moving *all = rq->kept;
	bool ready = true;

	if (awaited_is_due(rq, all->until_ms))
		return true;
	for (size_t i = 0; i < all->n && ready; i++)
		ready = awaited_was_tried(rq, &all->v[i].asked);
	return ready;
}

/* ---- what became of it ---- */

static const struct outcome *outcome_of(const struct record *r, struct str address)
{
	for (size_t i = 0; i < r->outcomes.n; i++)
		if (str_eq(r->outcomes.v[i].address, address))
			return &r->outcomes.v[i];
	return NULL;
}

static struct str status_of(const struct moving *all, const struct moved *one, const struct recipient *to,
			    const struct outcome *o)
{
	if (to->why_not)
		return str_of(to->why_not);
	if (!one->asked.tried)
		return STR("queued");
	if (o && HAS(o, outcome, mailbox) && HAS(o->mailbox, mailbox_copy, status))
		return arena_str(all->rq->arena, o->mailbox->status);
	return STR("It was asked to go elsewhere meanwhile.");
}

static struct move_item item_of(const struct moving *all, const struct moved *one, const struct recipient *to,
				const struct outcome *o)
{
	const struct mailbox_copy *copy = o && HAS(o, outcome, mailbox) ? o->mailbox : NULL;
	bool moved = !to->why_not && one->asked.tried && copy && copy->moved &&
		     HAS(copy, mailbox_copy, destination) && copy->destination == (int)all->to;
	int64_t now = clock_now_us();
	struct move_item item = { 0 };

	SET(&item, move_item, success, moved);
	if (moved)
		SET(&item, move_item, completed_at, now);
	SET(&item, move_item, completed_timestamp, now);
	SET(&item, move_item, destination, enum_text(&destination_names, (int)all->to));
	SET(&item, move_item, item_count, moved);
	if (one->message_id.n)
		SET(&item, move_item, message_id, one->message_id);
	SET(&item, move_item, operation, STR("MOVE"));
	SET(&item, move_item, recipient, to->address);
	SET(&item, move_item, status, status_of(all, one, to, o));
	return item;
}

struct items {
	struct move_item *v;
	size_t n;
};

static enum err tell(struct moving *all, struct moved *one, struct items *out)
{
	struct record r = { 0 };

	arena_reset(all->scratch);
	enum err err = awaited_look(all->rq, all->scratch, &one->asked);
	if (!err && one->asked.job)
		err = store_record_by_key(all->rq->api->o.store, all->scratch, one->key, &r);
	for (size_t i = 0; i < one->recipients.n && !err; i++) {
		const struct recipient *to = &one->recipients.v[i];
		ARENA_PUSH(all->rq->arena, out, item_of(all, one, to, outcome_of(&r, to->address)));
	}
	return err;
}

static enum err write_items(struct moving *all)
{
	struct request *rq = all->rq;
	struct items items = { 0 };
	enum err err = OK;

	for (size_t i = 0; i < all->n && !err; i++)
		err = tell(all, &all->v[i], &items);
	if (err)
		return err;
	const void **v = ARENA_ARRAY(rq->arena, items.n + 1, const void *);
	for (size_t i = 0; i < items.n; i++)
		v[i] = &items.v[i];
	reply_begin(rq, 200);
	reply_write_array(rq, &move_item_fields, v, items.n);
	reply_end(rq);
	return OK;
}

static void answer(struct moving *all, enum err err)
{
	struct request *rq = all->rq;

	if (!err && (all->faults.n || all->absent.n))
		problem_faults(rq, &all->faults, &all->absent);
	else if (!err && lacks_integration(all))
		problem_reply(rq, PROBLEM_INTEGRATION, STR_NONE, STR_NONE);
	else if (!err)
		err = write_items(all);
	if (err)
		problem_err(rq, err);
}

/* ---- the calls ---- */

static void run(struct request *rq, enum err (*read)(struct moving *all, const struct json *body))
{
	struct moving *all = rq->kept;
	struct json *body;
	enum err err = OK;
	bool first = !all;

	if (first && !request_json(rq, &body))
		return;
	if (first) {
		all = ARENA_NEW(rq->arena, struct moving);
		all->rq = rq;
		all->faults.arena = all->absent.arena = rq->arena;
		all->until_ms = clock_mono_ms() + rq->api->o.release_ms;
		rq->kept = all;
	}
	all->scratch = arena_new(RECORD_BYTES, NULL, NULL);
	if (first)
		err = read(all, body);
	if (first && !err && !is_refused(all))
		err = ask(all);
	if (first && !err && !is_refused(all) && !is_ready(rq))
		rq->ready = is_ready;
	else
		answer(all, err);
	arena_free(&all->scratch);
}

void move_reply(struct request *rq)
{
	run(rq, read_one);
}

void moves_reply(struct request *rq)
{
	run(rq, read_many);
}
