/*
 * Many messages with one command each: searched (RFC 9051 §6.4.4, OR), read, moved (RFC 6851), with the server's word which of
 * them went where (RFC 4315 §3). Only where it offers MOVE and UIDPLUS.
 */
#include <stdlib.h>

#include "mailbox/imap_internal.h"

#define ID_MAX 250   /* of a Message-ID in a search of many: servers bound the lines they take */
#define FOUND_MOST 2 /* times as many as are looked for are described: others bear their ids, too */

static bool offered(const void *own)
{
	const struct imap *m = own;

	return imap_offers(m, IMAP_MOVE) && imap_offers(m, IMAP_UIDPLUS);
}

/* ---- finding ---- */

/* What can be said in a line without asking the server to go on. */
static bool is_plain(struct str id)
{
	return id.n > 0 && id.n <= ID_MAX && str_is_ascii(id);
}

/* "OR key OR key key"; false: there is none to look for. */
static bool say_ids(struct imap_call *c, const struct strs *ids)
{
	size_t left = 0;

	for (size_t i = 0; i < ids->n; i++)
		left += is_plain(ids->v[i]);
	if (left == 0)
		return false;
	imap_say(c, "UID SEARCH");
	for (size_t i = 0; i < ids->n; i++) {
		if (!is_plain(ids->v[i]))
			continue;
		imap_say(c, "%s HEADER Message-ID ", --left ? " OR" : "");
		imap_say_string(c, ids->v[i]);
	}
	return true;
}

static enum err find(void *own, struct arena *a, const struct strs *ids, deadline_ms until,
		     struct mail_items *out, struct mailbox_fault *fault)
{
	struct imap_call c = imap_call_of(own, a, until, fault);
	struct imap_set uids;
	enum err e = imap_select_known(&c, STR("INBOX"), false);

	if (e || !say_ids(&c, ids))
		return e;
	e = imap_search(&c, &uids);
	if (!e && uids.n > FOUND_MOST * ids->n)
		return mailbox_fail(fault, ERR_LIMIT, TROUBLE_REFUSED, "Too many bear these Message-IDs.");
	return e ? e : imap_describe(&c, uids.v, uids.n, out);
}

/* ---- places ---- */

struct known {
	uint32_t uid;
	size_t i; /* of whose place it is */
};

/* The places of the open folder, ascending by UID. */
struct known_list {
	struct known *v;
	size_t n;
};

static int by_uid(const void *x, const void *y)
{
	return imap_uid_order(&((const struct known *)x)->uid, &((const struct known *)y)->uid);
}

static struct known_list read_places(struct imap_call *c, const struct mail_place *v, size_t n)
{
	struct known_list list = { ARENA_ARRAY(c->m->work, n, struct known), 0 };

	for (size_t i = 0; i < n; i++) {
		struct known k = { .i = i };
		if (imap_is_place(c, &v[i], &k.uid))
			list.v[list.n++] = k;
	}
	qsort(list.v, list.n, sizeof(*list.v), by_uid);
	return list;
}

static const struct known *known_of(const struct known_list *list, uint32_t uid)
{
	const struct known key = { .uid = uid };

	return list->n ? bsearch(&key, list->v, list->n, sizeof(key), by_uid) : NULL;
}

static struct imap_set uids_of(struct imap_call *c, const struct known_list *list)
{
	struct imap_set set = { ARENA_ARRAY(c->m->work, list->n, uint32_t), list->n };

	for (size_t i = 0; i < list->n; i++)
		set.v[i] = list->v[i].uid;
	return set;
}

/* ---- reading ---- */

struct reading {
	const struct known_list *list;
	mailbox_each_fn *each;
	void *ctx;
};

static void pass_on(void *ctx, uint32_t uid, struct str bytes, const struct mail_marks *marks)
{
	const struct reading *r = ctx;

	r->each(r->ctx, known_of(r->list, uid)->i, bytes, marks);
}

static enum err fetch(void *own, struct arena *a, const struct mail_place *v, size_t n, int64_t most_bytes,
		      deadline_ms until, mailbox_each_fn *each, void *ctx, struct mailbox_fault *fault)
{
	struct imap_call c = imap_call_of(own, a, until, fault);
	struct mail_items items = { 0 };
	enum err e = imap_select_known(&c, v[0].folder, false);

	if (e)
		return e;
	struct known_list list = read_places(&c, v, n);
	struct imap_set uids = uids_of(&c, &list);
	e = imap_describe(&c, uids.v, uids.n, &items);
	uids.n = 0;
	for (size_t i = 0; i < items.n && !e; i++)
		if (items.v[i].size <= most_bytes && imap_is_place(&c, &items.v[i].place, &uids.v[uids.n]))
			uids.n++;
	if (uids.n)
		qsort(uids.v, uids.n, sizeof(*uids.v), imap_uid_order); /* told in whatever order */
	struct reading r = { &list, each, ctx };
	return e ? e : imap_bodies(&c, uids.v, uids.n, a, pass_on, &r);
}

/* ---- moving ---- */

struct moving {
	struct imap_call *c;
	const struct known_list *list;
	struct str to;
	struct mail_place *out;
};

/* "COPYUID validity from to": two sets of as many numbers, in the same order. */
static void take_copied(void *ctx, const struct imap_reply *r)
{
	struct moving *m = ctx;
	struct arena *work = m->c->m->work;
	struct strs words = { 0 };
	struct imap_set from = { 0 }, to = { 0 };
	uint64_t uidvalidity;

	if (!str_eq_nocase(r->code, STR("COPYUID")))
		return;
	words = arena_split(work, r->code_rest, ' ');
	if (words.n != 3 || str_to_u64(words.v[0], UINT32_MAX, &uidvalidity) ||
	    imap_numbers(work, words.v[1], MAILBOX_MANY, &from) ||
	    imap_numbers(work, words.v[2], MAILBOX_MANY, &to) || from.n != to.n)
		return;
	for (size_t i = 0; i < from.n; i++) {
		const struct known *k = known_of(m->list, from.v[i]);
		if (k)
			m->out[k->i] =
			    (struct mail_place){ .folder = arena_str(m->c->a, m->to),
						 .id = arena_printf(m->c->a, "%u.%u", (uint32_t)uidvalidity,
								    to.v[i]) };
	}
}

static enum err move(void *own, struct arena *a, const struct mail_place *v, size_t n, enum destination to,
		     deadline_ms until, struct mail_place *to_out, struct mailbox_fault *fault)
{
	struct imap_call c = imap_call_of(own, a, until, fault);
	struct str folder;
	enum err e = imap_folder_of(&c, imap_role_of[to], &folder);

	if (!e)
		e = imap_select_known(&c, v[0].folder, true);
	if (e)
		return e;
	struct known_list list = read_places(&c, v, n);
	struct imap_set uids = uids_of(&c, &list);
	struct moving m = { &c, &list, folder, to_out };
	if (uids.n == 0)
		return OK;
	imap_say(&c, "UID MOVE ");
	imap_say_set(&c, uids.v, uids.n);
	imap_say(&c, " ");
	imap_say_string(&c, folder);
	e = imap_run(&c, take_copied, &m);
	if (!e)
		take_copied(&m, &c.m->last); /* some say it at the end */
	return e;
}

const struct mailbox_many imap_many = { offered, find, fetch, move };
