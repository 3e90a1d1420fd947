/* One copy: where it lies, whether it is the mail, and what is done with it. */
#include "courier/move_copy.h"

#include "base/clock.h"
#include "base/hash.h"
#include "base/limits.h"
#include "courier/copy_note.h"
#include "courier/same_mail.h"

#define SECOND_US INT64_C(1000000)
/* A mail that a next hop took may come into its mailbox later. */
#define YOUNG_US (300 * SECOND_US)
#define NEW_US (30 * SECOND_US)
#define NEW_PAUSE_US (2 * SECOND_US)
#define YOUNG_PAUSE_US (20 * SECOND_US)
#define MAIL_BYTES (2 * (size_t)LIMIT_MESSAGE_MOST + (64u << 20))
#define PURGED "taken out of the mailbox; its bytes are kept here"
#define LOOKS 2 /* it may be moved by its owner while we are at it */

struct call {
	struct copy_move *m;
	const struct integration *integration;
	struct mailbox *mailbox;
	struct arena *scratch; /* of what is read on the way: hundreds of copies share that of the move */
	struct mail_folders folders;
	struct mailbox_fault fault;
};

/* A copy that was found, and is the mail. */
struct found {
	struct mail_place place;
	struct mail_marks marks;
};

/* ---- finding it ---- */

/* What a provider gives back as it got it is compared by its bytes alone. */
static bool keeps_bytes(const struct call *c)
{
	return c->integration->provider == MAILBOX_IMAP;
}

/* How much what lies there is like the mail. ERR_ABSENT: nothing does. */
static enum err look_at(struct call *c, const struct mail_place *place, struct mail_marks *marks,
			enum same_mail *out)
{
	struct copy_move *m = c->m;
	struct arena *a = arena_new(MAIL_BYTES, NULL, NULL);
	struct mail_marks read;
	struct str bytes;
	enum err e = mailbox_fetch(c->mailbox, a, place, c->m->until, &bytes, &read, &c->fault);

	*out = e ? SAME_NOT : same_mail(a, m->tools->config, m->record, bytes);
	if (!e)
		*marks = (struct mail_marks){ arena_str(c->scratch, read.flags), read.received_us };
	arena_free(&a);
	return e;
}

/* Where it lay when it was last seen. ERR_ABSENT: it does not any more. */
static enum err find_by_place(struct call *c, struct found *out)
{
	const struct mailbox_copy *copy = &c->m->copy;
	enum same_mail same;

	if (!HAS(copy, mailbox_copy, place))
		return ERR_ABSENT;
	out->place =
	    (struct mail_place){ HAS(copy, mailbox_copy, folder) ? copy->folder : STR(""), copy->place };
	enum err e = look_at(c, &out->place, &out->marks, &same);
	return e || same > SAME_NOT ? e : ERR_ABSENT;
}

/* The best of those with its Message-ID; of those that are as good, the first. */
struct best {
	enum same_mail same;
	size_t alike; /* of SAME_FIELDS */
	struct found found;
};

static enum err compare(struct call *c, const struct mail_items *items, struct best *out)
{
	enum err e = OK;

	*out = (struct best){ 0 };
	for (size_t i = 0; i < items->n && !e && out->same < SAME_MARK; i++) {
		struct mail_marks marks;
		enum same_mail same;
		e = look_at(c, &items->v[i].place, &marks, &same);
		if (e == ERR_ABSENT || e == ERR_LIMIT) {
			e = OK;
			continue;
		}
		out->alike += !e && same == SAME_FIELDS;
		if (!e && same > out->same) {
			out->same = same;
			out->found = (struct found){ items->v[i].place, marks };
		}
	}
	return e;
}

/*
 * Most lie in the inbox, and nobody looks further who sees the mail itself there. An earlier try may have moved it, so
 * what is alike there is then another one: all folders are looked through.
 */
static enum err find_in_inbox(struct call *c, struct str id, struct best *out)
{
	struct mail_items items;

	if (HAS(&c->m->copy, mailbox_copy, place))
		return OK;
	enum err e = mailbox_find_in_inbox(c->mailbox, c->scratch, id, c->m->until, &items, &c->fault);
	return e ? e : compare(c, &items, out);
}

static enum err find_by_id(struct call *c, struct found *out)
{
	struct str id = c->m->record->message->message_id;
	struct mail_items items = { 0 };
	struct best best = { 0 };
	enum err e = id.n ? find_in_inbox(c, id, &best) : OK;

	if (!e && id.n && best.same < SAME_CONTENT) {
		e = mailbox_find(c->mailbox, c->scratch, id, c->m->until, &items, &c->fault);
		if (!e)
			e = compare(c, &items, &best);
	}
	*out = best.found;
	if (e || best.same > SAME_FIELDS || (best.same == SAME_FIELDS && best.alike == 1 && !keeps_bytes(c)))
		return e;
	return mailbox_fail(&c->fault, ERR_ABSENT, TROUBLE_NO_MESSAGE, "%s",
			    !id.n ? "The message has no Message-ID by which it could be found."
			    : items.n >= MAILBOX_ALIKE_MAX
				? "There are too many messages with its Message-ID to look at all of them."
			    : items.n
				? "What lies there under its Message-ID cannot be told to be this message."
				: "The message is not in the mailbox: it was deleted, or is not there yet.");
}

/* ERR_ABSENT: it is nowhere, or cannot be told from another one; the fault says which. */
static enum err find(struct call *c, struct found *out)
{
	enum err e = find_by_place(c, out);

	return e == ERR_ABSENT ? find_by_id(c, out) : e;
}

/* ---- the record ---- */

/* Before it is touched: what nobody could tell afterwards. */
static enum err note_before(struct call *c)
{
	bool noted;

	copies_note(&c->m, 1, &noted);
	return noted ? OK
		     : mailbox_fail(&c->fault, ERR_LATER, TROUBLE_UNREACHABLE,
				    "The store cannot be written now.");
}

/* ---- what is done with it ---- */

static enum err done(struct call *c, enum copy_end end, struct str words)
{
	copy_settle(c->m, end, words);
	return OK;
}

/* Its bytes into our vault, and its record says so. */
static enum err keep(struct call *c, const struct found *f)
{
	struct copy_move *m = c->m;
	struct arena *a = arena_new(MAIL_BYTES, NULL, NULL);
	struct mail_marks marks;
	struct str bytes;
	enum err e = mailbox_fetch(c->mailbox, a, &f->place, c->m->until, &bytes, &marks, &c->fault);

	if (!e) {
		struct str digest = hash_sha256_hex(m->arena, bytes);
		SET(&m->copy, mailbox_copy, raw, digest);
		if (store_raw_put(m->tools->store, bytes, digest))
			e = mailbox_fail(&c->fault, ERR_LATER, TROUBLE_UNREACHABLE,
					 "The message cannot be kept here now.");
	}
	arena_free(&a);
	return e ? e : note_before(c);
}

/*
 * Taken out for good. Where the provider says no, it is not, and was not by an earlier try: nobody shall find it missing
 * later, take it for what we took out, and put it back.
 */
static enum err purge(struct call *c, const struct found *f)
{
	struct copy_move *m = c->m;
	bool was_begun = m->copy.begun;
	struct mail_place place;

	copy_set_origin(m, &f->place, &f->marks);
	enum err e = keep(c, f);
	if (!e)
		e = mailbox_delete(c->mailbox, c->scratch, &f->place, c->m->until, &place, &c->fault);
	if (!was_begun && (e == ERR_DENIED || e == ERR_ABSENT)) {
		CLEAR(&m->copy, mailbox_copy, raw);
		CLEAR(&m->copy, mailbox_copy, begun);
	}
	if (e)
		return e;
	copy_set_place(m, &place);
	return done(c, COPY_MOVED, STR(PURGED));
}

/* Nothing of it is in the mailbox, and it is to be: from our vault, into a folder there. */
static enum err restore(struct call *c, struct str folder)
{
	struct copy_move *m = c->m;
	const struct mail_marks marks = { HAS(&m->copy, mailbox_copy, flags) ? m->copy.flags : STR(""),
					  HAS(&m->copy, mailbox_copy, received_at) ? m->copy.received_at
										   : 0 };
	struct mail_place place = { STR(""), STR("") };
	struct str bytes;

	if (!folder.n)
		return mailbox_fail(&c->fault, ERR_DENIED, TROUBLE_NO_FOLDER,
				    "The mailbox has no such folder to put it back into.");
	struct arena *a = arena_new(MAIL_BYTES, NULL, NULL);
	enum err e = store_raw_get(m->tools->store, a, m->copy.raw, &bytes);
	if (e)
		e = mailbox_fail(&c->fault, e == ERR_ABSENT ? ERR_DENIED : ERR_LATER, TROUBLE_NO_MESSAGE,
				 "Its bytes cannot be read from the vault.");
	else
		e = mailbox_restore(c->mailbox, c->scratch, bytes, &marks, folder, c->m->until, &place,
				    &c->fault);
	arena_free(&a);
	if (e)
		return e;
	copy_set_place(m, &place);
	return done(c, COPY_MOVED, ARENA_JOIN(m->arena, STR("put back from the vault into "), folder));
}

static enum err move_to(struct call *c, const struct found *f)
{
	struct copy_move *m = c->m;
	enum destination to = (enum destination)m->order->destination;
	struct mail_place place;

	if (str_eq(c->folders.v[to], f->place.folder)) {
		copy_settle_there(m, &f->place);
		return OK;
	}
	copy_set_origin(m, &f->place, &f->marks);
	enum err e = note_before(c);
	if (!e)
		e = mailbox_move(c->mailbox, c->scratch, &f->place, to, c->m->until, &place, &c->fault);
	if (!e)
		copy_settle_moved(m, f->place.folder, &place);
	return e;
}

/* Where we have put it; or, in a move of whose end nobody heard, may have put it. */
static bool is_put_by_us(const struct call *c, struct str folder)
{
	const struct mailbox_copy *copy = &c->m->copy;

	if (HAS(copy, mailbox_copy, folder) && str_eq(copy->folder, folder))
		return true;
	for (size_t i = 0; copy->begun && i < ARRAY_LEN(c->folders.v); i++)
		if (str_eq(c->folders.v[i], folder))
			return true;
	return false;
}

/* What its owner has put elsewhere since stays there. */
static enum err move_back(struct call *c, const struct found *f, struct str origin)
{
	struct copy_move *m = c->m;
	struct mail_place place = f->place;
	enum err e = OK;

	if (!str_eq(origin, f->place.folder) && !is_put_by_us(c, f->place.folder)) {
		copy_set_place(m, &f->place);
		return done(c, COPY_LEFT,
			    ARENA_JOIN(m->arena, STR("left in "), f->place.folder,
				       STR(", where its owner has put it")));
	}
	if (!str_eq(origin, f->place.folder))
		e = mailbox_move_back(c->mailbox, c->scratch, &f->place, origin, c->m->until, &place,
				      &c->fault);
	if (e)
		return e;
	copy_set_place(m, &place);
	return done(c, COPY_MOVED, ARENA_JOIN(m->arena, STR("put back into "), origin));
}

static bool is_purged(const struct copy_move *m)
{
	return HAS(&m->copy, mailbox_copy, raw);
}

static enum err act(struct call *c)
{
	struct copy_move *m = c->m;
	bool back = !HAS(m->order, move_order, destination);
	bool purges = !back && m->order->destination == DESTINATION_PURGES;
	struct str folder = !back                                 ? c->folders.v[m->order->destination]
			    : HAS(&m->copy, mailbox_copy, origin) ? m->copy.origin
								  : c->folders.v[DESTINATION_INBOX];
	struct found f;
	enum err e = find(c, &f);

	if (e == ERR_ABSENT && is_purged(m))
		return purges ? done(c, COPY_MOVED, STR(PURGED)) : restore(c, folder);
	if (e == ERR_ABSENT && back)
		return done(c, COPY_LEFT, STR("not put back: it is not in the mailbox any more"));
	if (e)
		return e;
	return purges ? purge(c, &f) : back ? move_back(c, &f, folder) : move_to(c, &f);
}

/* ---- how it ends ---- */

/* How long it has been with us. */
static int64_t age_us(const struct copy_move *m)
{
	return clock_now_us() - m->record->message->scanned_at;
}

/* What was asked for by itself may wait until somebody has mended a password or a consent. */
static bool is_passing(const struct copy_move *m, enum err e, const struct mailbox_fault *fault)
{
	if (e == ERR_ABSENT)
		return fault->what == TROUBLE_NO_MESSAGE ? age_us(m) < YOUNG_US
							 : fault->what != TROUBLE_NO_MAILBOX;
	if (e == ERR_DENIED)
		return m->order->automatic && fault->what != TROUBLE_NO_MAILBOX;
	return e != ERR_LIMIT;
}

static void fail(struct copy_move *m, enum err e, const struct mailbox_fault *fault)
{
	enum copy_end end = is_passing(m, e, fault) ? COPY_PENDING : COPY_FAILED;

	copy_fail(m, end,
		  arena_str(m->arena, e == ERR_LIMIT ? STR("The message is too large to be compared.")
						     : str_of(fault->text.text)));
	m->trouble = fault->what;
	m->pause_us = fault->retry_after_ms * 1000;
	if (e == ERR_ABSENT && end == COPY_PENDING)
		m->pause_us = age_us(m) < NEW_US ? NEW_PAUSE_US : YOUNG_PAUSE_US;
}

/* Through this integration; another one's names mean nothing to it. anew: on a connection that nobody used before. */
static enum err open_copy(struct call *c, bool anew)
{
	struct copy_move *m = c->m;
	struct mailboxes *all = m->tools->mailboxes;
	int64_t account = m->record->account;
	enum err e = mailboxes_integration(all, c->scratch, account, m->address, &c->integration, &c->fault);

	if (e)
		return e;
	struct str id = str_of(c->integration->id.uuid);
	if (!str_eq(m->copy.integration, id)) {
		CLEAR(&m->copy, mailbox_copy, folder);
		CLEAR(&m->copy, mailbox_copy, place);
		CLEAR(&m->copy, mailbox_copy, origin);
		SET(&m->copy, mailbox_copy, integration, arena_str(m->arena, id));
	}
	e = (anew ? mailboxes_open_anew : mailboxes_open_by)(all, account, id, m->address, c->m->until,
							     &c->mailbox, &c->fault);
	return e ? e : mailbox_folders(c->mailbox, c->scratch, c->m->until, &c->folders, &c->fault);
}

static enum err attempt(struct call *c, bool anew)
{
	enum err e = open_copy(c, anew);

	for (int look = 0; !e && look < LOOKS; look++) {
		e = act(c);
		if (e != ERR_ABSENT || c->fault.what != TROUBLE_NO_MESSAGE)
			break;
		if (look + 1 < LOOKS)
			e = OK;
	}
	mailboxes_give(c->m->tools->mailboxes, &c->mailbox);
	return e;
}

void copy_move(struct copy_move *m)
{
	struct call c = { .m = m, .scratch = arena_new(MAIL_BYTES, NULL, NULL) };
	enum err e = attempt(&c, false);

	/* A kept connection may have been closed long ago; and what was done on one that broke is found done. */
	if (e == ERR_LATER && c.fault.what == TROUBLE_CUT)
		e = attempt(&c, true);
	if (e)
		fail(m, e, &c.fault);
	arena_free(&c.scratch);
}
