/* SEARCH and FETCH by UID. BODY.PEEK, so nothing that we read counts as read. */
#include "mailbox/imap_mail.h"

#include <stdlib.h>

#include "base/limits.h"

#define DESCRIBED "UID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)]"
#define HEADER_FIELDS STR("BODY[HEADER.FIELDS")
#define TEXT_MAX 2000                                   /* of all flags of a message, and of its Message-ID */
#define ITEM_MAX (2 * TEXT_MAX + LIMIT_IMAP_NAME + 256) /* of one described */

/* ---- Message-ID ---- */

/* The next line of a header, with those that continue it; false: it is over. */
static bool next_field(struct str *rest, struct str *field)
{
	size_t end = 0;

	do {
		size_t lf = str_find_char(*rest, '\n', end);
		end = lf == SIZE_MAX ? rest->n : lf + 1;
	} while (end < rest->n && (rest->p[end] == ' ' || rest->p[end] == '\t'));
	*field = str_sub(*rest, 0, end);
	*rest = str_sub(*rest, end, rest->n);
	return !str_is_empty(str_trim(*field));
}

struct str imap_message_id(struct str mail)
{
	const struct str name = STR("Message-ID:");
	struct str field;

	while (next_field(&mail, &field)) {
		if (!str_starts_nocase(field, name))
			continue;
		field = str_trim(str_sub(field, name.n, field.n));
		size_t open = str_find_char(field, '<', 0);
		size_t close = open == SIZE_MAX ? SIZE_MAX : str_find_char(field, '>', open);
		return close == SIZE_MAX ? field : str_sub(field, open, close + 1);
	}
	return STR_NONE;
}

/* ---- places ---- */

struct str imap_id(struct imap_call *c, uint32_t uid)
{
	return arena_printf(c->a, "%u.%u", c->m->opened.uidvalidity, uid);
}

/* Of a folder of those numbers. */
static bool read_place(const struct mail_place *place, uint32_t *uidvalidity, uint32_t *uid_out)
{
	size_t dot = str_find_char(place->id, '.', 0);
	uint64_t validity, uid;

	if (dot == SIZE_MAX || str_to_u64(str_sub(place->id, 0, dot), UINT32_MAX, &validity) ||
	    str_to_u64(str_sub(place->id, dot + 1, place->id.n), UINT32_MAX, &uid) || uid == 0)
		return false;
	*uidvalidity = (uint32_t)validity;
	*uid_out = (uint32_t)uid;
	return true;
}

bool imap_is_place(const struct imap_call *c, const struct mail_place *place, uint32_t *uid_out)
{
	uint32_t uidvalidity;

	return read_place(place, &uidvalidity, uid_out) && uidvalidity == c->m->opened.uidvalidity &&
	       str_eq(place->folder, buf_str(&c->m->opened.name));
}

enum err imap_open_place(struct imap_call *c, const struct mail_place *place, bool writable,
			 uint32_t *uid_out)
{
	uint32_t uidvalidity;

	if (!read_place(place, &uidvalidity, uid_out))
		return mailbox_fail(c->fault, ERR_ABSENT, TROUBLE_NO_MESSAGE,
				    "The place of the message is not one of an IMAP server.");
	enum err e = imap_select_known(c, place->folder, writable);
	if (e)
		return e;
	if (c->m->opened.uidvalidity != uidvalidity)
		return mailbox_fail(c->fault, ERR_ABSENT, TROUBLE_CHANGED,
				    "The mailbox server has given the messages of %.*s other numbers.",
				    STR_ARG(place->folder));
	return OK;
}

/* ---- searching ---- */

struct search {
	struct imap_call *c;
	struct imap_set found;
	enum err e;
};

static void take_found(void *ctx, const struct imap_reply *r)
{
	struct search *s = ctx;
	struct str numbers = STR_NONE;

	if (str_eq_nocase(r->name, STR("SEARCH")))
		numbers = r->rest;
	/* RFC 9051 §7.3.4: '* ESEARCH (TAG "a1") UID ALL 1:3,9' */
	for (size_t i = 0; i + 1 < r->n && str_eq_nocase(r->name, STR("ESEARCH")); i++)
		if (r->v[i].kind == IMAP_ATOM && str_eq_nocase(r->v[i].s, STR("ALL")))
			numbers = r->v[i + 1].s;
	if (!s->e)
		s->e = imap_numbers(s->c->m->work, numbers, IMAP_SEARCH_MOST, &s->found);
}

int imap_uid_order(const void *x, const void *y)
{
	uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;

	return (a > b) - (a < b);
}

enum err imap_search(struct imap_call *c, struct imap_set *out)
{
	struct search s = { .c = c };
	enum err e = imap_run(c, take_found, &s);
	size_t n = 0;

	if (e)
		return e;
	if (s.e)
		return imap_cut(c, "The mailbox server found more than can be.");
	if (s.found.n)
		qsort(s.found.v, s.found.n, sizeof(*s.found.v), imap_uid_order);
	for (size_t i = 0; i < s.found.n; i++)
		if (n == 0 || s.found.v[n - 1] != s.found.v[i])
			s.found.v[n++] = s.found.v[i];
	*out = (struct imap_set){ s.found.v, n };
	return OK;
}

/* ---- describing ---- */

struct describe {
	struct imap_call *c;
	const uint32_t *uids;
	size_t n;
	bool *seen; /* a server may tell more than once */
	struct mail_items *out;
	enum err e;
};

/* Flags as one text; what is too much is left out. \Recent is the session's, not the message's. */
static struct str join_flags(struct arena *a, const struct imap_value *list)
{
	char text[TEXT_MAX];
	size_t n = 0;

	for (size_t i = 0; list && i < list->n; i++) {
		struct str flag = list->v[i].s;
		if (flag.n == 0 || n + flag.n + 1 > sizeof(text) || str_eq_nocase(flag, STR("\\Recent")))
			continue;
		if (n)
			text[n++] = ' ';
		memcpy(text + n, flag.p, flag.n);
		n += flag.n;
	}
	return arena_str(a, str_from(text, n));
}

static struct mail_marks marks_of(struct arena *a, const struct imap_reply *r)
{
	const struct imap_value *date = imap_fetched(r, STR("INTERNALDATE"));
	struct mail_marks marks = { .flags = join_flags(a, imap_fetched(r, STR("FLAGS"))) };

	if (date && imap_date_read(date->s, &marks.received_us))
		marks.received_us = 0;
	return marks;
}

static bool is_wanted(struct describe *d, uint32_t uid)
{
	const uint32_t *at = d->n ? bsearch(&uid, d->uids, d->n, sizeof(uid), imap_uid_order) : NULL;

	if (!at || d->seen[at - d->uids])
		return false;
	d->seen[at - d->uids] = true;
	return true;
}

static void take_described(void *ctx, const struct imap_reply *r)
{
	struct describe *d = ctx;
	struct arena *a = d->c->a;
	const struct imap_value *header = imap_fetched(r, HEADER_FIELDS);
	uint32_t uid, size;

	if (!header || !imap_number(imap_fetched(r, STR("UID")), &uid) || d->e || !is_wanted(d, uid))
		return;
	if (!arena_has_room(a, ITEM_MAX)) {
		d->e = ERR_LIMIT;
		return;
	}
	struct str message_id = imap_message_id(header->s);
	struct mail_item item = {
		.place = { .folder = arena_str(a, buf_str(&d->c->m->opened.name)), .id = imap_id(d->c, uid) },
		.marks = marks_of(a, r),
		.message_id = arena_str(a, str_sub(message_id, 0, TEXT_MAX)),
		.size = imap_number(imap_fetched(r, STR("RFC822.SIZE")), &size) ? size : 0,
	};
	d->out->v[d->out->n++] = item;
}

void imap_say_set(struct imap_call *c, const uint32_t *uids, size_t n)
{
	for (size_t i = 0, k; i < n; i = k) {
		for (k = i + 1; k < n && uids[k] == uids[k - 1] + 1; k++)
			;
		imap_say(c, i ? ",%u" : "%u", uids[i]);
		if (k > i + 1)
			imap_say(c, ":%u", uids[k - 1]);
	}
}

enum err imap_describe(struct imap_call *c, const uint32_t *uids, size_t n, struct mail_items *out)
{
	size_t bytes = (out->n + n) * sizeof(struct mail_item);

	if (n == 0)
		return OK;
	if (!arena_has_room(c->a, bytes))
		return mailbox_fail(c->fault, ERR_LIMIT, TROUBLE_REFUSED,
				    "There is no room for so many messages.");
	struct mail_item *v = arena_alloc(c->a, bytes);
	if (out->n)
		memcpy(v, out->v, out->n * sizeof(*v));
	out->v = v;
	struct describe d = { .c = c, .uids = uids, .n = n, .out = out };
	d.seen = ARENA_ARRAY(c->m->work, n, bool);
	imap_say(c, "UID FETCH ");
	imap_say_set(c, uids, n);
	imap_say(c, " (" DESCRIBED ")");
	enum err e = imap_run(c, take_described, &d);
	if (!e && d.e)
		e = mailbox_fail(c->fault, ERR_LIMIT, TROUBLE_REFUSED,
				 "There is no room for so many messages.");
	return e;
}

static enum err absent(struct imap_call *c)
{
	return mailbox_fail(c->fault, ERR_ABSENT, TROUBLE_NO_MESSAGE,
			    "The message is not in the folder %.*s any more.",
			    STR_ARG(buf_str(&c->m->opened.name)));
}

enum err imap_describe_one(struct imap_call *c, uint32_t uid, struct mail_item *out)
{
	struct mail_items items = { 0 };
	enum err e = imap_describe(c, &uid, 1, &items);

	if (e)
		return e;
	if (items.n == 0)
		return absent(c);
	*out = items.v[0];
	return OK;
}

/* ---- reading ---- */

struct bodies {
	struct imap_call *c;
	imap_body_fn *each;
	void *ctx;
	const uint32_t *uids;
	size_t n;
	bool *seen;       /* a server may tell more than once */
	uint64_t missing; /* bytes of the last one that there was no room for */
};

static bool is_awaited(struct bodies *b, uint32_t uid)
{
	const uint32_t *at = bsearch(&uid, b->uids, b->n, sizeof(uid), imap_uid_order);

	if (!at || b->seen[at - b->uids])
		return false;
	b->seen[at - b->uids] = true;
	return true;
}

static void take_body(void *ctx, const struct imap_reply *r)
{
	struct bodies *b = ctx;
	const struct imap_value *value = imap_fetched(r, STR("BODY[]"));
	uint32_t uid;

	if (!value || !imap_number(imap_fetched(r, STR("UID")), &uid) || !is_awaited(b, uid))
		return;
	if (value->missing || !arena_has_room(b->c->a, ITEM_MAX) ||
	    !arena_has_room(b->c->into, ITEM_MAX + value->s.n)) {
		b->missing = value->missing ? value->missing : value->s.n;
		return;
	}
	/* A short one may come quoted, in memory that goes. */
	struct str bytes = value->kind == IMAP_LITERAL ? value->s : arena_str(b->c->into, value->s);
	struct mail_marks marks = marks_of(b->c->a, r);
	b->each(b->ctx, uid, bytes, &marks);
}

static enum err read_bodies(struct imap_call *c, struct bodies *b, struct arena *into)
{
	struct imap_call reading = *c;

	reading.into = into;
	b->c = &reading;
	b->seen = ARENA_ARRAY(c->m->work, b->n, bool);
	imap_say(&reading, "UID FETCH ");
	imap_say_set(&reading, b->uids, b->n);
	imap_say(&reading, " (UID FLAGS INTERNALDATE BODY.PEEK[])");
	return imap_run(&reading, take_body, b);
}

enum err imap_bodies(struct imap_call *c, const uint32_t *uids, size_t n, struct arena *into,
		     imap_body_fn *each, void *ctx)
{
	struct bodies b = { .each = each, .ctx = ctx, .uids = uids, .n = n };

	return n ? read_bodies(c, &b, into) : OK;
}

struct body {
	bool found;
	struct str bytes;
	struct mail_marks marks;
};

static void keep_body(void *ctx, uint32_t uid, struct str bytes, const struct mail_marks *marks)
{
	(void)uid;
	*(struct body *)ctx = (struct body){ true, bytes, *marks };
}

enum err imap_body(struct imap_call *c, uint32_t uid, struct arena *into, struct str *bytes_out,
		   struct mail_marks *marks_out)
{
	struct body body = { 0 };
	struct bodies b = { .each = keep_body, .ctx = &body, .uids = &uid, .n = 1 };
	enum err e = read_bodies(c, &b, into);

	if (e)
		return e;
	if (b.missing)
		return mailbox_fail(c->fault, ERR_LIMIT, TROUBLE_REFUSED,
				    "The message has %llu bytes, more than there is room for.",
				    (unsigned long long)b.missing);
	if (!body.found)
		return absent(c);
	*bytes_out = body.bytes;
	*marks_out = body.marks;
	return OK;
}
