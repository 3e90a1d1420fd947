/*
 * Moving (RFC 6851), taking out (RFC 4315), putting back.
 *
 * A connection may be cut after the server has done what was asked and before it said so. MOVE is one step, so asked again it
 * finds nothing; what takes several steps, or adds a message, looks first whether it has been there already.
 */
#include "base/limits.h"
#include "mailbox/imap_internal.h"

/* Where a message went: the server's word (RFC 4315 §3), if it gives one. */
struct arrival {
	const char *code;
	bool told;
	uint32_t uidvalidity, uid;
};

/* "COPYUID validity from to", "APPENDUID validity to", of one message: the last word is its new number. */
static void read_arrival(struct arrival *at, const struct imap_reply *r)
{
	struct str rest = r->code_rest;
	size_t first = str_find_char(rest, ' ', 0), last = str_rfind_char(rest, ' ');
	uint64_t uidvalidity, uid;

	if (!str_eq_nocase(r->code, str_of(at->code)) || first == SIZE_MAX ||
	    str_to_u64(str_sub(rest, 0, first), UINT32_MAX, &uidvalidity) ||
	    str_to_u64(str_sub(rest, last + 1, rest.n), UINT32_MAX, &uid))
		return;
	*at = (struct arrival){ at->code, true, (uint32_t)uidvalidity, (uint32_t)uid };
}

static void take_arrival(void *ctx, const struct imap_reply *r)
{
	read_arrival(ctx, r);
}

static enum err run_arrival(struct imap_call *c, struct arrival *at)
{
	enum err e = imap_run(c, take_arrival, at);

	if (!e)
		read_arrival(at, &c->m->last); /* COPY and APPEND say it at their end, MOVE before */
	return e;
}

static struct mail_place place_of(struct imap_call *c, struct str folder, const struct arrival *at)
{
	return (struct mail_place){ .folder = arena_str(c->a, folder),
				    .id = at->told ? arena_printf(c->a, "%u.%u", at->uidvalidity, at->uid)
						   : STR_NONE };
}

/* ---- looking whether it is there ---- */

/* What is known of the message that is looked for. bytes: to be compared, where they are known. */
struct known {
	struct str message_id;
	int64_t received_us; /* 0 = not known */
	int64_t size;
	struct str bytes;
};

static enum err search_known(struct imap_call *c, const struct known *k, struct imap_set *out)
{
	char since[40], before[40];

	imap_say(c, "UID SEARCH ");
	if (k->message_id.n) {
		imap_say(c, "%sHEADER Message-ID ", str_is_ascii(k->message_id) ? "" : "CHARSET UTF-8 ");
		imap_say_string(c, k->message_id);
		return imap_search(c, out);
	}
	imap_say(c, "LARGER %lld SMALLER %lld", (long long)(k->size > 0 ? k->size - 1 : 0),
		 (long long)k->size + 1);
	if (k->received_us)
		imap_say(c, " SINCE %.*s BEFORE %.*s", /* days of the server's time zone */
			 STR_ARG(imap_date(k->received_us - 86400 * INT64_C(1000000), since)),
			 STR_ARG(imap_date(k->received_us + 2 * 86400 * INT64_C(1000000), before)));
	return imap_search(c, out);
}

static bool may_be(const struct mail_item *item, const struct known *k)
{
	return str_eq(item->message_id, k->message_id) &&
	       (!k->received_us || item->marks.received_us / 1000000 == k->received_us / 1000000) &&
	       (k->bytes.n || item->size == k->size);
}

/* The open folder's newest that it may be; *found_out: there is one. */
static enum err look_for(struct imap_call *c, const struct known *k, bool *found_out, uint32_t *uid_out)
{
	struct mail_items items = { 0 };
	struct imap_set uids;
	struct mail_marks marks;
	struct str bytes;
	enum err e = search_known(c, k, &uids);

	*found_out = false;
	for (size_t i = uids.n; !e && i-- > 0 && uids.n - i <= MAILBOX_ALIKE_MAX && !*found_out;) {
		items.n = 0;
		e = imap_describe(c, &uids.v[i], 1, &items);
		*uid_out = uids.v[i];
		*found_out = !e && items.n == 1 && may_be(&items.v[0], k);
		if (!*found_out || !k->bytes.n)
			continue;
		const struct arena_mark start = arena_mark(c->m->work);
		e = imap_body(c, uids.v[i], c->m->work, &bytes, &marks);
		*found_out = !e && str_eq(bytes, k->bytes);
		arena_rewind(c->m->work, start);
		if (e == ERR_LIMIT || (e == ERR_ABSENT && c->fault->what == TROUBLE_NO_MESSAGE))
			e = OK;
	}
	return e;
}

/* ---- moving ---- */

static bool lacks_folder(const struct imap_call *c, enum err e)
{
	return e == ERR_ABSENT && c->fault->what == TROUBLE_NO_FOLDER;
}

static enum err open_or_make(struct imap_call *c, struct str folder, enum imap_role role)
{
	enum err e = imap_select(c, folder, false);

	if (!lacks_folder(c, e))
		return e;
	e = imap_create(c, folder, role);
	return e ? e : imap_select(c, folder, false);
}

/*
 * RFC 6851. Where there is no UIDPLUS, the server does not tell whether it moved anything, so it is looked at before. A folder
 * that is not there is made.
 */
static enum err by_move(struct imap_call *c, const struct mail_place *from, struct str to,
			enum imap_role role, struct mail_place *to_out)
{
	struct arrival at = { .code = "COPYUID" };
	struct mail_item item;
	uint32_t uid;
	enum err e = imap_open_place(c, from, true, &uid);

	if (!e && !imap_offers(c->m, IMAP_UIDPLUS))
		e = imap_describe_one(c, uid, &item);
	if (e)
		return e;
	for (int tries = 0; tries < 2; tries++) {
		imap_say(c, "UID MOVE %u ", uid);
		imap_say_string(c, to);
		e = run_arrival(c, &at);
		if (tries || !lacks_folder(c, e))
			break;
		e = imap_create(c, to, role);
		if (e)
			break;
	}
	if (e)
		return e;
	if (!at.told && imap_offers(c->m, IMAP_UIDPLUS))
		return mailbox_fail(c->fault, ERR_ABSENT, TROUBLE_NO_MESSAGE,
				    "The message is not in the folder %.*s any more.", STR_ARG(from->folder));
	*to_out = place_of(c, to, &at);
	return OK;
}

static enum err mark_deleted(struct imap_call *c, uint32_t uid, char sign)
{
	imap_say(c, "UID STORE %u %cFLAGS.SILENT (\\Deleted)", uid, sign);
	return imap_run(c, NULL, NULL);
}

/*
 * Takes one message out of the open folder, and no other that its owner has marked as deleted. What the server does not take
 * out must not go later, when nobody has asked for it.
 */
static enum err expunge_one(struct imap_call *c, uint32_t uid)
{
	enum err e = mark_deleted(c, uid, '+');

	if (e)
		return e;
	imap_say(c, "UID EXPUNGE %u", uid);
	e = imap_run(c, NULL, NULL);
	if (!e)
		return OK;
	const struct mailbox_fault why = *c->fault;
	enum err undone = mark_deleted(c, uid, '-');
	if (undone)
		return undone;
	*c->fault = why;
	return e;
}

static enum err need_uidplus(struct imap_call *c)
{
	if (imap_offers(c->m, IMAP_UIDPLUS))
		return OK;
	return mailbox_fail(
	    c->fault, ERR_DENIED, TROUBLE_REFUSED,
	    "The mailbox server does not offer UIDPLUS, so a single message cannot be taken out "
	    "without expunging all that its owner has marked as deleted.");
}

/* What an earlier try copied; the open folder is that of the copy. What is like it is read, and the original, too. */
static enum err look_for_copy(struct imap_call *c, const struct mail_place *from, uint32_t uid,
			      const struct mail_item *item, struct str to, struct arrival *at)
{
	struct known k = { .message_id = item->message_id,
			   .received_us = item->marks.received_us,
			   .size = item->size };
	struct mail_marks marks;
	enum err e = look_for(c, &k, &at->told, &at->uid);

	at->uidvalidity = c->m->opened.uidvalidity;
	if (e || !at->told)
		return e;
	at->told = false;
	e = imap_open_place(c, from, false, &uid);
	if (!e)
		e = imap_body(c, uid, c->m->work, &k.bytes, &marks);
	if (!e)
		e = imap_select(c, to, false);
	return e ? e : look_for(c, &k, &at->told, &at->uid);
}

/* COPY, then the original is taken out. An earlier try may have come as far as the copy. */
static enum err by_copy(struct imap_call *c, const struct mail_place *from, struct str to,
			enum imap_role role, struct mail_place *to_out)
{
	struct arrival at = { .code = "COPYUID" };
	struct mail_item item;
	uint32_t uid;
	enum err e = need_uidplus(c);

	if (!e)
		e = imap_open_place(c, from, false, &uid);
	if (!e)
		e = imap_describe_one(c, uid, &item);
	if (!e)
		e = open_or_make(c, to, role);
	if (!e)
		e = look_for_copy(c, from, uid, &item, to, &at);
	if (!e)
		e = imap_open_place(c, from, true, &uid);
	if (!e && !at.told) {
		imap_say(c, "UID COPY %u ", uid);
		imap_say_string(c, to);
		e = run_arrival(c, &at);
	}
	if (!e)
		e = expunge_one(c, uid);
	if (!e)
		*to_out = place_of(c, to, &at);
	return e;
}

static enum err move_to(struct imap_call *c, const struct mail_place *from, struct str to,
			enum imap_role role, struct mail_place *to_out)
{
	struct mail_item item;
	uint32_t uid;

	if (!str_eq(from->folder, to))
		return imap_offers(c->m, IMAP_MOVE) ? by_move(c, from, to, role, to_out)
						    : by_copy(c, from, to, role, to_out);
	enum err e = imap_open_place(c, from, false, &uid);
	if (!e)
		e = imap_describe_one(c, uid, &item);
	if (!e)
		*to_out = item.place;
	return e;
}

enum err imap_move(void *own, struct arena *a, const struct mail_place *from, enum destination to,
		   deadline_ms until, struct mail_place *to_out, struct mailbox_fault *fault)
{
	struct imap_call c = imap_call_of(own, a, until, fault);
	enum imap_role role = imap_role_of[to];
	struct str folder;
	enum err e = imap_folder_of(&c, role, &folder);

	return e ? e : move_to(&c, from, folder, role, to_out);
}

enum err imap_move_back(void *own, struct arena *a, const struct mail_place *from, struct str folder,
			deadline_ms until, struct mail_place *to_out, struct mailbox_fault *fault)
{
	struct imap_call c = imap_call_of(own, a, until, fault);

	return move_to(&c, from, folder, ROLE_OTHER, to_out);
}

/* ---- taking out, putting back ---- */

enum err imap_remove(void *own, struct arena *a, const struct mail_place *place, deadline_ms until,
		     struct mail_place *to_out, struct mailbox_fault *fault)
{
	struct imap_call c = imap_call_of(own, a, until, fault);
	struct mail_item item;
	uint32_t uid;
	enum err e = need_uidplus(&c);

	(void)to_out; /* nobody reaches it any more */
	if (!e)
		e = imap_open_place(&c, place, true, &uid);
	if (!e)
		e = imap_describe_one(&c, uid, &item);
	return e ? e : expunge_one(&c, uid);
}

/* RFC 9051 §9, flag; not those that clients cannot set, or by which it would go at the next expunge. */
static bool is_kept_flag(struct str flag)
{
	struct str word = str_starts(flag, STR("\\")) ? str_sub(flag, 1, flag.n) : flag;

	for (size_t i = 0; i < word.n; i++)
		if ((unsigned char)word.p[i] <= ' ' || (unsigned char)word.p[i] > 126 ||
		    strchr("(){%*\"\\]", word.p[i]))
			return false;
	return word.n > 0 && !str_eq_nocase(flag, STR("\\Recent")) && !str_eq_nocase(flag, STR("\\Deleted"));
}

static enum err append(struct imap_call *c, struct str bytes, const struct mail_marks *marks,
		       struct str folder, struct arrival *at)
{
	struct strs flags = arena_split(c->m->work, marks->flags, ' ');
	char date[40];
	const char *space = "";

	imap_say(c, "APPEND ");
	imap_say_string(c, folder);
	imap_say(c, " (");
	for (size_t i = 0; i < flags.n; i++) {
		if (!is_kept_flag(flags.v[i]))
			continue;
		imap_say(c, "%s", space);
		buf_add(&c->m->out, flags.v[i]);
		space = " ";
	}
	imap_say(c, ") ");
	if (marks->received_us)
		imap_say(c, "\"%.*s\" ", STR_ARG(imap_date_time(marks->received_us, date)));
	imap_say_body(c, bytes);
	return run_arrival(c, at);
}

enum err imap_restore(void *own, struct arena *a, struct str bytes, const struct mail_marks *marks,
		      struct str folder, deadline_ms until, struct mail_place *to_out,
		      struct mailbox_fault *fault)
{
	struct imap_call c = imap_call_of(own, a, until, fault);
	struct arrival at = { .code = "APPENDUID" };
	struct known k = { .message_id = imap_message_id(bytes),
			   .received_us = marks->received_us,
			   .size = (int64_t)bytes.n,
			   .bytes = bytes };
	enum err e = open_or_make(&c, folder, ROLE_OTHER);

	if (!e)
		e = look_for(&c, &k, &at.told, &at.uid);
	at.uidvalidity = c.m->opened.uidvalidity;
	if (!e && !at.told)
		e = append(&c, bytes, marks, folder, &at);
	if (!e && !at.told && !(e = imap_select(&c, folder, false))) {
		k.bytes = STR_NONE; /* some servers change what they are given */
		e = look_for(&c, &k, &at.told, &at.uid);
	}
	if (!e)
		*to_out = place_of(&c, folder, &at);
	return e;
}
