/* Looking for one message in the mailboxes of its recipients. */
#include "courier/fetch.h"

#include "base/clock.h"
#include "base/hash.h"
#include "base/limits.h"
#include "courier/same_mail.h"

#define FETCH_BYTES (2 * (size_t)LIMIT_MESSAGE_MOST + ((size_t)192 << 20))
#define STEP_MS 8000 /* whoever asked waits for it */
#define RECIPIENTS 8 /* whose mailboxes are looked into */
#define LENT_US (INT64_C(3) * 3600 * 1000000)

struct fetching {
	const struct job_tools *tools;
	struct arena *arena; /* of the record */
	struct record record;
	struct mailbox_fault fault;
	struct errbuf *why;
	bool later; /* something could not be asked now */
};

static deadline_ms step(void)
{
	return clock_mono_ms() + STEP_MS;
}

/* Its bytes in the mailbox have other trace fields than those we saw, so another digest. */
static bool name_raw(struct arena *a, struct record *r, void *ctx)
{
	const struct str *sha256 = ctx;

	if (str_eq(r->raw_sha256, *sha256))
		return false;
	SET(r, record, raw_sha256, *sha256);
	record_trace(a, r, false, "its bytes were fetched from a mailbox, to be looked at");
	return true;
}

static enum err put_back(struct fetching *f, struct str bytes, struct str sha256)
{
	struct store *st = f->tools->store;
	struct arena *a = arena_new(FETCH_BYTES, NULL, NULL);
	enum err e = store_raw_lend(st, f->record.key, bytes, sha256, clock_now_us() + LENT_US);

	if (!e)
		e = store_record_change(st, a, f->record.key, name_raw, &sha256, NULL);
	arena_free(&a);
	return e ? err_set(f->why, ERR_LATER, "the store is busy or full") : OK;
}

/* ERR_ABSENT: it is not there, or not the same. */
static enum err try_place(struct fetching *f, struct mailbox *m, const struct mail_place *place)
{
	struct arena *a = arena_new(FETCH_BYTES, NULL, NULL);
	struct mail_marks marks;
	struct str bytes;
	enum err e = mailbox_fetch(m, a, place, step(), &bytes, &marks, &f->fault);

	if (!e && same_mail(a, f->tools->config, &f->record, bytes) <= SAME_FIELDS)
		e = ERR_ABSENT;
	if (!e)
		e = put_back(f, bytes, hash_sha256_hex(a, bytes));
	arena_free(&a);
	return e;
}

static enum err try_mailbox(struct fetching *f, const struct outcome *o, struct mailbox *m)
{
	const struct mailbox_copy *copy = HAS(o, outcome, mailbox) ? o->mailbox : NULL;
	struct mail_items items = { NULL, 0 };
	enum err e = ERR_ABSENT;

	if (copy && HAS(copy, mailbox_copy, folder) && HAS(copy, mailbox_copy, place)) {
		struct mail_place place = { copy->folder, copy->place };
		e = try_place(f, m, &place);
	}
	if (e != ERR_ABSENT || !HAS(f->record.message, message, message_id))
		return e;
	e = mailbox_find(m, f->arena, f->record.message->message_id, step(), &items, &f->fault);
	if (!e)
		e = ERR_ABSENT;
	for (size_t i = 0; i < items.n && e == ERR_ABSENT; i++)
		e = try_place(f, m, &items.v[i].place);
	return e;
}

/* OK: it is there. ERR_LATER: nothing was found, and something could not be asked. */
static enum err try_all(struct fetching *f)
{
	const struct record *r = &f->record;
	enum err e = ERR_ABSENT;

	for (size_t i = 0; i < r->outcomes.n && i < RECIPIENTS && e; i++) {
		struct mailbox *m = NULL;
		e = mailboxes_open(f->tools->mailboxes, f->arena, r->account, r->outcomes.v[i].address,
				   step(), &m, &f->fault);
		if (!e)
			e = try_mailbox(f, &r->outcomes.v[i], m);
		mailboxes_give(f->tools->mailboxes, &m);
		f->later |= e == ERR_LATER;
	}
	return e ? f->later ? ERR_LATER : ERR_ABSENT : OK;
}

enum err fetch_run(const struct job_tools *tools, const struct job *job, struct job_try *out)
{
	struct fetching f = { .tools = tools, .arena = arena_new(FETCH_BYTES, NULL, NULL), .why = &out->why };
	enum err e = store_record_by_key(tools->store, f.arena, job->ref, &f.record);

	if (!e)
		e = try_all(&f);
	if (e && !out->why.text[0])
		err_set(&out->why, e, "%s",
			f.fault.text.text[0] ? f.fault.text.text
					     : "It is in no mailbox of its recipients any more.");
	arena_free(&f.arena);
	if (e == ERR_ABSENT || e == ERR_DENIED) {
		out->failed = true;
		return OK;
	}
	return e;
}
