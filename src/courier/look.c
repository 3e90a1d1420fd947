/* Reading one mailbox on. */
#include "courier/look.h"

#define BATCH 100               /* messages between two notes */
#define BATCH_BYTES (16u << 20) /* of what is noted of them */
#define STEP_MS 60000           /* one thing asked of a provider */
#define SLICE_MS 60000          /* then others have their turn */
#define SECOND_US INT64_C(1000000)
#define DAY_US INT64_C(86400000000)
#define ALONE_FROM 3 /* failures in a row: then messages are read one by one, */
#define SKIP_FROM 6  /* and one that cannot be read is passed over */
#define DENIED_MAX 3 /* failures after which a retro scan gives a mailbox up */
#define LATER_MAX 12

/* After each failure in a row; the last one again and again. */
static const int64_t pauses_s[] = { 15, 60, 300, 900, 3600 };

static int64_t pause_us(int64_t failures)
{
	size_t i = failures > 0 ? (size_t)failures : 0;

	return pauses_s[i < ARRAY_LEN(pauses_s) ? i : ARRAY_LEN(pauses_s) - 1] * SECOND_US;
}

/* ---- what went wrong ---- */

/* A provider that asks us to wait is well: that is no failure, and there is no end to it but its own. */
static bool counts(const struct mailbox_fault *fault)
{
	return fault->what != TROUBLE_BUSY;
}

static bool is_given_up(const struct watch_turn *t, enum err e, const struct mailbox_fault *fault)
{
	int64_t failures = t->failures + 1;

	return t->scan && counts(fault) && failures >= (e == ERR_LATER ? LATER_MAX : DENIED_MAX);
}

/* The cursor means nothing any more: all that may have come since it did is read again, and known where it was filed. */
static void begin_anew(struct watch_turn *t)
{
	t->cursor = STR("");
	if (!t->scan && t->looked_at_us - DAY_US > t->since_us)
		t->since_us = t->looked_at_us - DAY_US;
}

static void settle_fault(const struct look_tools *tools, struct watch_turn *t, const struct watch_result *r)
{
	enum err e = store_watch_settle(tools->store, t, r);

	/* Then the turn ends by itself, and the mailbox is looked into again. */
	if (e && e != ERR_ABSENT)
		log_warn(tools->log, "mailbox_not_noted", KV_STR("mailbox", t->address),
			 KV_C("why", err_name(e)));
}

/* The turn ends without anything said of it: others are due before it is looked into again. */
static void give_way(const struct look_tools *tools, struct watch_turn *t)
{
	struct watch_result r = {
		.state = WATCH_WATCHED, .cursor = t->cursor, .since_us = t->since_us, .now_us = clock_now_us()
	};

	r.due_us = r.now_us;
	settle_fault(tools, t, &r);
}

void look_failed(const struct look_tools *tools, struct watch_turn *t, enum err e,
		 const struct mailbox_fault *fault)
{
	int64_t now = clock_now_us(), due = now + pause_us(t->failures);
	bool changed = fault->what == TROUBLE_CHANGED, gone = is_given_up(t, e, fault);
	struct watch_result r = { .state = gone ? WATCH_GIVEN_UP : WATCH_FAULTY,
				  .fault = str_of(fault->text.text),
				  .failures = t->failures + counts(fault),
				  .now_us = t->looked_at_us,
				  .due_us = gone ? WATCH_NEVER : due };

	if (atomic_load(tools->ending)) { /* that is why it was left */
		give_way(tools, t);
		return;
	}
	if (fault->retry_after_ms > 0 && !gone) {
		int64_t until = now + fault->retry_after_ms * 1000;
		r.due_us = until;
		if (store_watch_pause(tools->store, t->account, t->integration, now, until))
			log_warn(tools->log, "mailbox_not_noted", KV_STR("mailbox", t->address),
				 KV_C("why", "the pause its provider asks for"));
	}
	if (changed && !gone) {
		begin_anew(t);
		r.anew = t->scan != 0;
		r.due_us = now + SECOND_US;
	}
	if (!r.fault.n)
		r.fault = STR("It could not be read, and nobody said why.");
	r.cursor = t->cursor;
	r.since_us = t->since_us;
	log_warn(tools->log, "mailbox_fault", KV_STR("mailbox", t->address),
		 KV_STR("integration", t->integration), KV_STR("why", r.fault),
		 KV_INT("failures", r.failures));
	settle_fault(tools, t, &r);
}

/* ---- a batch ---- */

struct reading {
	const struct look_tools *tools;
	struct watch_turn *turn;
	struct mailbox *mailbox;
	struct arena *arena; /* of the batch */
	struct arena *kept;  /* of cursors */
	struct mailbox_fault fault;
	int64_t failed;
};

/* ERR_ABSENT is no error: its owner moved or deleted it since it was listed. */
static enum err read_one(struct reading *r, struct find_batch *b, const struct mail_item *item)
{
	const struct watch_turn *t = r->turn;
	struct found_place at = { .account = t->account,
				  .integration = t->integration,
				  .address = t->address,
				  .mode = t->scan ? MODE_RETRO_SCAN : MODE_API,
				  .place = item->place,
				  .marks = item->marks };
	struct find_task *task = find_begin(r->tools->finders, b, &at, item->size);
	struct mail_marks marks = item->marks;
	struct str bytes;
	enum err e = mailbox_fetch(r->mailbox, find_arena(task), &item->place, clock_mono_ms() + STEP_MS,
				   &bytes, &marks, &r->fault);

	if (!e) {
		find_give(task, bytes, marks.received_us ? &marks : &item->marks);
		return OK;
	}
	find_drop(task);
	if (e == ERR_ABSENT && r->fault.what != TROUBLE_CHANGED)
		return OK;
	/* What our own end breaks off is not the message's fault. */
	bool passed_over = e == ERR_LIMIT || (t->failures >= SKIP_FROM && r->fault.what != TROUBLE_BUSY &&
					      !atomic_load(r->tools->ending));
	if (!passed_over)
		return e;
	r->failed++;
	log_warn(r->tools->log, "found_not_read", KV_STR("mailbox", t->address),
		 KV_STR("place", item->place.id), KV_C("why", r->fault.text.text));
	return OK;
}

static enum err read_batch(struct reading *r, struct find_batch *b, const struct mail_items *items)
{
	enum err e = OK;

	for (size_t i = 0; i < items->n && !e; i++)
		e = atomic_load(r->tools->ending) ? ERR_LATER : read_one(r, b, &items->v[i]);
	find_wait(r->tools->finders, b);
	if (!e && b->err) {
		e = b->err;
		r->fault = (struct mailbox_fault){ .what = TROUBLE_NONE };
		err_set(&r->fault.text, e, "What was found could not be filed: %s.", b->why.text);
	}
	return e;
}

/* *more_out: there is more behind it. ERR_CONFLICT: the turn is not ours any more, or long enough. */
static enum err step(struct reading *r, int64_t due_us, bool *more_out)
{
	struct watch_turn *t = r->turn;
	struct find_batch b = { .arena = r->arena };
	struct mailbox_changes changes = { 0 };
	size_t most = t->failures >= ALONE_FROM ? 1 : BATCH;
	enum err e = mailbox_changes(r->mailbox, r->arena, t->folder, t->cursor, t->since_us, most,
				     clock_mono_ms() + STEP_MS, &changes, &r->fault);

	r->failed = 0;
	if (!e)
		e = read_batch(r, &b, &changes.items);
	if (e)
		return e;
	bool over = t->scan && !changes.more;
	struct watch_result result = { .state = over ? WATCH_DONE : WATCH_WATCHED,
				       .cursor = changes.cursor,
				       .since_us = t->since_us,
				       .found = (int64_t)changes.items.n,
				       .failed = r->failed + b.failed,
				       .now_us = clock_now_us() };
	result.due_us = over ? WATCH_NEVER : changes.more ? result.now_us : due_us;
	result.sightings.v = b.seen.v;
	result.sightings.n = b.seen.n;
	e = store_watch_settle(r->tools->store, t, &result);
	*more_out = changes.more;
	if (e)
		return e == ERR_ABSENT ? ERR_CONFLICT : e;
	t->looked_at_us = result.now_us;
	if (!arena_has_room(r->kept, changes.cursor.n + 1))
		return ERR_CONFLICT;
	t->cursor = arena_str(r->kept, changes.cursor);
	return OK;
}

enum err look(const struct look_tools *tools, struct arena *a, struct watch_turn *t, struct mailbox *m,
	      int64_t due_us)
{
	struct reading r = { .tools = tools, .turn = t, .mailbox = m, .kept = a };
	int64_t until_ms = clock_mono_ms() + SLICE_MS;
	bool more = true;
	enum err e = OK;

	while (more && !e && clock_left_ms(until_ms) > 0) {
		r.arena = arena_new(BATCH_BYTES, NULL, NULL);
		e = step(&r, due_us, &more);
		arena_free(&r.arena);
	}
	if (e && e != ERR_CONFLICT)
		look_failed(tools, t, e, &r.fault);
	else if (e || more)
		give_way(tools, t);
	return e ? e : more ? ERR_LATER : OK;
}
