/* From bytes in a mailbox to a record. */
#include "courier/found.h"

#include "base/clock.h"
#include "base/hash.h"
#include "courier/rescan.h"
#include "courier/same_mail.h"
#include "intake/copy_record.h"
#include "intake/queue_id.h"
#include "intake/scan_failed.h"
#include "intake/settle.h"
#include "store/jobs.h"

#define TRIES 16 /* of others that file the same message at the same time */

/* What is to be written of it. */
struct found {
	const struct found_tools *tools;
	const struct found_place *at;
	struct str bytes;
	bool is_kept; /* or was not to be */
	struct verdict verdict;
	struct copy_joining copy;
};

/* ---- a record of its own ---- */

/* Retro scans go through years of mail, which stays where it is: only what is shown of a detection is kept. */
static bool is_to_keep(const struct found *f, const struct record *r)
{
	return f->at->mode == MODE_API || r->rescan || r->message->final_disposition != DISP_NONE;
}

static enum err keep(struct found *f, struct arena *a, struct record *r)
{
	enum raw_room room = RAW_ROOM;
	enum err e = OK;

	if (f->is_kept || !is_to_keep(f, r))
		return OK;
	if (f->tools->config->raw_budget_mb > 0)
		e = store_raw_room(f->tools->store, &room);
	if (!e && room == RAW_FULL && r->rescan)
		e = ERR_LATER;
	else if (!e && (room == RAW_ROOM || r->rescan))
		e = store_raw_put(f->tools->store, f->bytes, r->raw_sha256);
	else if (!e)
		record_trace(a, r, false, "the mail itself is not kept: there is no room for it");
	f->is_kept = !e;
	return e;
}

/* When it came into the mailbox, where that is known and no lie. */
static int64_t received_us(const struct found_place *at)
{
	int64_t now = clock_now_us();

	return at->marks.received_us > 0 && at->marks.received_us < now ? at->marks.received_us : now;
}

/* What is known before it is judged. */
static void begin(struct arena *a, const struct found_place *at, struct str bytes, struct record *r)
{
	struct strs to = { 0 };

	*r = (struct record){ 0 };
	ARENA_PUSH(a, &to, at->address);
	SET(r, record, account, at->account);
	SET(r, record, message, ARENA_NEW(a, struct message));
	SET(r, record, detections, ARENA_NEW(a, struct detections));
	SET(r, record, raw_sha256, hash_sha256_hex(a, bytes));
	SET(r, record, raw_size, (int64_t)bytes.n);
	SET(r->message, message, envelope_to, to);
	SET(r->message, message, delivery_mode, (int)at->mode);
	SET(r->message, message, is_phish_submission, false);
	SET(r->message, message, scanned_at, received_us(at));
}

static void put_place(struct arena *a, const struct found_place *at, struct record *r)
{
	for (size_t i = 0; i < r->outcomes.n; i++) {
		struct outcome *o = &r->outcomes.v[i];
		if (!str_eq_nocase(o->address, at->address) || HAS(o, outcome, mailbox))
			continue;
		struct mailbox_copy *copy = ARENA_NEW(a, struct mailbox_copy);
		SET(copy, mailbox_copy, integration, at->integration);
		SET(copy, mailbox_copy, folder, at->place.folder);
		SET(copy, mailbox_copy, place, at->place.id);
		SET(copy, mailbox_copy, flags, at->marks.flags);
		if (at->marks.received_us)
			SET(copy, mailbox_copy, received_at, at->marks.received_us);
		SET(o, outcome, mailbox, copy);
	}
}

static bool is_exempt(const struct verdict *v)
{
	return v->exempt.n > 0; /* there is one recipient to name */
}

static void fill(const struct found *f, struct arena *a, struct record *r)
{
	const struct message *m;

	record_judge(r, &f->verdict);
	m = r->message;
	SET(r->message, message, postfix_id, queue_id_new(a, clock_now_us()));
	SET(r, record, content, copy_digest(a, r->account, &f->verdict, r->raw_sha256));
	SET(r, record, digest, r->content);
	SET(r, record, rescan, m->final_disposition == DISP_UNKNOWN);
	copy_add_recipients(a, r, &f->copy.recipients);
	if (is_exempt(&f->verdict))
		SET(&r->outcomes.v[0], outcome, exempt, true);
	put_place(a, f->at, r);
	record_trace(a, r, false, "found in the mailbox of %.*s, folder %.*s, %lld bytes",
		     STR_ARG(f->at->address), STR_ARG(f->at->place.folder), (long long)r->raw_size);
	record_trace(a, r, false, "verdict %.*s, %zu finding%s",
		     STR_ARG(enum_text(&disposition_names, m->final_disposition)), m->findings.n,
		     m->findings.n == 1 ? "" : "s");
	settle_record(a, r);
}

/* ---- the record of another copy ---- */

static bool lies_there(int status)
{
	return status == DELIVERY_DELIVERED || status == DELIVERY_QUEUED || status == DELIVERY_DEFERRED ||
	       status == DELIVERY_MOVED || status == DELIVERY_MOVE_FAILED;
}

/* Whether the mailbox can have it by the mail of this record: what was held or refused came otherwise. */
static bool may_be_of(const struct record *r, struct str address)
{
	bool any = false;

	for (size_t i = 0; i < r->outcomes.n; i++) {
		bool there = lies_there(r->outcomes.v[i].status);
		if (str_eq_nocase(r->outcomes.v[i].address, address))
			return there;
		any |= there;
	}
	return any || r->outcomes.n == 0; /* by a list, an alias, a rule */
}

/* Of record_change_fn. */
static bool join(struct arena *a, struct record *r, void *ctx)
{
	struct found *f = ctx;
	bool changed = false, known = false;

	for (size_t i = 0; i < r->outcomes.n; i++)
		known |= str_eq_nocase(r->outcomes.v[i].address, f->at->address) &&
			 HAS(&r->outcomes.v[i], outcome, mailbox);
	if (r->message->delivery_mode == MODE_DIRECT) {
		/* By its envelope and peer it was judged better than a copy can be. */
		changed = copy_add_recipients(a, r, &f->copy.recipients) > 0;
		if (changed)
			settle_record(a, r);
	} else {
		changed = copy_join(a, r, &f->copy);
	}
	if (!known)
		put_place(a, f->at, r);
	return changed || !known;
}

/* A copy that is held is let go just now: whose it is, is told by its release in a moment. */
static enum err check_release(const struct found *f, const struct store_page *equal, struct errbuf *why)
{
	bool open = false;

	for (size_t i = 0; i < equal->n; i++) {
		if (!equal->v[i].message->is_quarantined)
			continue;
		if (store_job_is_open(f->tools->store, equal->v[i].key, &open))
			return err_set(why, ERR_LATER, "the store cannot be read");
		if (open)
			return err_set(why, ERR_LATER, "another copy of the message is being released");
	}
	return OK;
}

static enum err join_record(struct found *f, struct arena *a, const struct record *r, struct record *out)
{
	/* A retro scan changes nothing of what others told. */
	if (f->at->mode == MODE_RETRO_SCAN && r->message->delivery_mode != MODE_RETRO_SCAN) {
		*out = *r;
		return OK;
	}
	return store_record_change(f->tools->store, a, r->key, join, f, out);
}

/*
 * What we passed on ourselves has a verdict, and may have got words and links of ours since, which make its content another
 * one. ERR_ABSENT: it is no such mail.
 */
static enum err find_passed_on(struct found *f, struct arena *a, struct record *out)
{
	struct str id = same_mail_mark(a, f->tools->config, f->bytes);
	struct record r;
	enum err e =
	    id.n ? store_record_get(f->tools->store, a, f->at->account, id, RECORD_WHOLE, &r) : ERR_ABSENT;

	if (!e && (r.message->delivery_mode != MODE_DIRECT || !str_eq(r.message->postfix_id, id) ||
		   !may_be_of(&r, f->at->address) || !same_mail_has_own_fields(a, &r, f->bytes)))
		e = ERR_ABSENT;
	return e ? e : join_record(f, a, &r, out);
}

/* ERR_CONFLICT: somebody else filed it meanwhile. */
static enum err file_once(struct found *f, struct arena *a, struct record *r, struct errbuf *why)
{
	struct store_page equal;
	enum err e = store_records_by_content(f->tools->store, a, r->account, r->content, &equal);

	for (size_t i = 0; i < equal.n && !e; i++)
		if (may_be_of(&equal.v[i], f->at->address))
			return join_record(f, a, &equal.v[i], r);
	if (!e)
		e = check_release(f, &equal, why);
	if (!e)
		e = keep(f, a, r);
	if (e)
		return e;
	SET(r->message, message, postfix_id, queue_id_new(a, clock_now_us()));
	e = store_record_add_first(f->tools->store, a, equal.n ? equal.v[0].key : 0, r);
	if (!e)
		settle_history(f->tools->store, r->account, &f->verdict, received_us(f->at));
	return e;
}

enum err found_file(const struct found_tools *tools, struct arena *a, const struct found_place *at,
		    struct str bytes, struct record *out, struct errbuf *why)
{
	struct found f = { .tools = tools, .at = at, .bytes = bytes };
	enum err e;

	ARENA_PUSH(a, &f.copy.recipients, at->address);
	e = find_passed_on(&f, a, out);
	if (e != ERR_ABSENT)
		return e ? err_set(why, ERR_LATER,
				   "the record of what was passed on cannot be read or written")
			 : OK;
	begin(a, at, bytes, out);
	e = rescan_judge(tools->store, tools->broker, a, tools->config, out, bytes, &f.verdict, why);
	if (e == ERR_LATER)
		return e;
	if (e)
		scan_failed(a, why->text, &f.verdict);
	f.copy.v = &f.verdict;
	fill(&f, a, out);
	err_set(why, ERR_LATER, "the store is busy or full");
	e = ERR_CONFLICT;
	for (int i = 0; i < TRIES && e == ERR_CONFLICT; i++)
		e = file_once(&f, a, out, why);
	return e == ERR_CONFLICT || e == ERR_ABSENT ? ERR_LATER : e;
}
