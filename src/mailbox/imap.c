/*
 * The connector for IMAP servers (RFC 9051, RFC 3501): opening, finding, reading. What is new: imap_changes.c; moving:
 * imap_move.c.
 */
#include "mailbox/imap_internal.h"

#include <poll.h>

struct imap_call imap_call_of(void *own, struct arena *a, deadline_ms until, struct mailbox_fault *fault)
{
	struct imap *m = own;

	arena_reset(m->work);
	return (struct imap_call){ .m = m, .a = a, .into = m->work, .until = until, .fault = fault };
}

static enum err open_mailbox(const struct mailbox_site *site, struct str address,
			     const struct mailbox_login *login, deadline_ms until, void **out,
			     struct mailbox_fault *fault)
{
	struct imap *m;
	enum err e = imap_session_open(site, address, login, until, &m, fault);

	*out = m;
	return e;
}

static void close_mailbox(void *own)
{
	struct imap *m = own;

	imap_session_close(&m);
}

static bool is_broken(const void *own)
{
	const struct imap *m = own;
	struct pollfd p = { .fd = stream_fd(m->stream), .events = POLLRDHUP };

	/* Whatever was said before hanging up, it was a goodbye. */
	return m->broken || poll(&p, 1, 0) != 0;
}

enum err imap_examine_anew(struct imap_call *c, struct str folder)
{
	buf_clear(&c->m->opened.name);
	return imap_select(c, folder, false);
}

/* ---- finding ---- */

/* SEARCH finds what holds the text, in any case: what is it exactly counts. */
static void keep_equal(struct mail_items *items, size_t from, struct str message_id)
{
	size_t n = from;

	for (size_t i = from; i < items->n && n < MAILBOX_ALIKE_MAX; i++)
		if (str_eq(items->v[i].message_id, message_id))
			items->v[n++] = items->v[i];
	items->n = n;
}

static enum err find_in(struct imap_call *c, struct str folder, struct str message_id, struct mail_items *out)
{
	struct imap_set uids;
	size_t from = out->n;
	enum err e = imap_select(c, folder, false);

	if (e)
		return e == ERR_ABSENT ? OK : e; /* its owner has just taken it away */
	imap_say(c, "UID SEARCH %sHEADER Message-ID ", str_is_ascii(message_id) ? "" : "CHARSET UTF-8 ");
	imap_say_string(c, message_id);
	e = imap_search(c, &uids);
	if (!e)
		e = imap_describe(c, uids.v, uids.n < MAILBOX_ALIKE_MAX ? uids.n : MAILBOX_ALIKE_MAX, out);
	if (!e)
		keep_equal(out, from, message_id);
	return e;
}

/* Folders that show what lies in others, such as "all mail", only where nothing else has it. */
static enum err find(void *own, struct arena *a, struct str message_id, deadline_ms until,
		     struct mail_items *out, struct mailbox_fault *fault)
{
	struct imap_call c = imap_call_of(own, a, until, fault);

	if (str_is_empty(message_id))
		return OK;
	enum err e = imap_list(&c);
	for (size_t i = 0; !e && i < c.m->folders->n && out->n < MAILBOX_ALIKE_MAX; i++) {
		const struct imap_folder *f = &c.m->folders->v[i];
		if ((f->counted && f->messages == 0) || (f->role == ROLE_VIRTUAL && out->n > 0))
			continue;
		e = find_in(&c, f->name, message_id, out);
	}
	return e;
}

static enum err find_in_inbox(void *own, struct arena *a, struct str message_id, deadline_ms until,
			      struct mail_items *out, struct mailbox_fault *fault)
{
	struct imap_call c = imap_call_of(own, a, until, fault);

	return str_is_empty(message_id) ? OK : find_in(&c, STR("INBOX"), message_id, out);
}

/* ---- reading ---- */

static enum err fetch(void *own, struct arena *a, const struct mail_place *place, deadline_ms until,
		      struct str *bytes_out, struct mail_marks *marks_out, struct mailbox_fault *fault)
{
	struct imap_call c = imap_call_of(own, a, until, fault);
	uint32_t uid;
	enum err e = imap_open_place(&c, place, false, &uid);

	return e ? e : imap_body(&c, uid, a, bytes_out, marks_out);
}

static enum err folders(void *own, struct arena *a, deadline_ms until, struct mail_folders *out,
			struct mailbox_fault *fault)
{
	struct imap_call c = imap_call_of(own, a, until, fault);
	enum err e = imap_list_known(&c);

	for (size_t i = 0; !e && i < ARRAY_LEN(imap_role_of); i++)
		out->v[i] = arena_str(a, imap_listed(c.m, imap_role_of[i]));
	return e;
}

static enum err people(const struct mailbox_site *site, struct arena *a, size_t most, deadline_ms until,
		       struct strs *out, struct mailbox_fault *fault)
{
	(void)site, (void)a, (void)most, (void)until, (void)out;
	return mailbox_fail(fault, ERR_DENIED, TROUBLE_REFUSED,
			    "IMAP servers do not tell what mailboxes there are: the integration names them.");
}

const struct mailbox_connector mailbox_imap = {
	.open = open_mailbox,
	.close = close_mailbox,
	.is_broken = is_broken,
	.find = find,
	.find_in_inbox = find_in_inbox,
	.changes = imap_changes,
	.wait = imap_wait,
	.fetch = fetch,
	.folders = folders,
	.move = imap_move,
	.move_back = imap_move_back,
	.remove = imap_remove,
	.restore = imap_restore,
	.people = people,
	.many = &imap_many,
};
