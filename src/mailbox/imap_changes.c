/*
 * What is new in a mailbox, and waiting for it (IDLE, RFC 2177).
 *
 * A cursor is a text of lines: "1", the time since which mail counts (seconds), and for each folder
 *
 *	UIDVALIDITY NEXT OLD NAME
 *
 * Messages from NEXT on are still to be looked at. Those below OLD were there when the folder was first seen: of them only
 * counts what was received since then.
 */
#include <stdlib.h>

#include "base/cursor.h"
#include "base/limits.h"
#include "mailbox/imap_internal.h"

#define VERSION 1
#define PAGE_MOST 1000
#define WINDOW 4096              /* numbers asked for at first; more where there is nothing */
#define WINDOW_MOST (1u << 20)   /* each may be a message: IMAP_SEARCH_MOST */
#define WINDOWS 64               /* in one call */
#define IDLE_MS (25 * 60 * 1000) /* servers end it after half an hour (RFC 2177) */
#define POLL_MS 15000            /* where there is no IDLE */
#define GOODBYE_MS 10000         /* to end IDLE in, when the deadline is over */
#define DAY_US (86400 * INT64_C(1000000))

struct row {
	struct str name;
	uint32_t uidvalidity;
	uint64_t next, old; /* beyond the last number there may be, too */
};

struct rows {
	struct row *v;
	size_t n;
};

struct cursor_state {
	int64_t since_s;
	struct rows rows;
};

/* ---- the cursor ---- */

static enum err read_row(struct cursor *c, struct row *out)
{
	uint64_t uidvalidity;

	if (cursor_u64(c, UINT32_MAX, &uidvalidity) || !cursor_char(c, ' ') ||
	    cursor_u64(c, UINT32_MAX + UINT64_C(1), &out->next) || !cursor_char(c, ' ') ||
	    cursor_u64(c, UINT32_MAX + UINT64_C(1), &out->old) || !cursor_char(c, ' ') ||
	    cursor_until(c, '\n', LIMIT_IMAP_NAME, &out->name) || !cursor_char(c, '\n'))
		return ERR_SYNTAX;
	out->uidvalidity = (uint32_t)uidvalidity;
	return OK;
}

static enum err read_state(struct arena *a, struct str text, struct cursor_state *out)
{
	struct cursor c = cursor_of(text);
	uint64_t version, since_s;

	if (cursor_u64(&c, VERSION, &version) || !cursor_char(&c, ' ') ||
	    cursor_u64(&c, INT64_MAX, &since_s) || !cursor_char(&c, '\n'))
		return ERR_SYNTAX;
	out->since_s = (int64_t)since_s;
	while (!cursor_done(&c)) {
		struct row row;
		if (out->rows.n == LIMIT_IMAP_FOLDERS || read_row(&c, &row))
			return ERR_SYNTAX;
		ARENA_PUSH(a, &out->rows, row);
	}
	return OK;
}

static enum err write_state(struct imap_call *c, const struct cursor_state *s, struct str *out)
{
	struct buf b;
	enum err e = OK;

	buf_init(&b, LIMIT_IMAP_FOLDERS * (LIMIT_IMAP_NAME + 64));
	buf_printf(&b, "%d %lld\n", VERSION, (long long)s->since_s);
	for (size_t i = 0; i < s->rows.n; i++) {
		const struct row *row = &s->rows.v[i];
		buf_printf(&b, "%u %llu %llu ", row->uidvalidity, (unsigned long long)row->next,
			   (unsigned long long)row->old);
		buf_add(&b, row->name);
		buf_add_char(&b, '\n');
	}
	if (buf_ok(&b) && arena_has_room(c->a, b.n + 1))
		*out = arena_str(c->a, buf_str(&b));
	else
		e = mailbox_fail(c->fault, ERR_LIMIT, TROUBLE_REFUSED,
				 "There is no room for the folders of this mailbox.");
	buf_free(&b);
	return e;
}

/* ---- looking ---- */

struct look {
	struct imap_call *c;
	struct cursor_state before, after;
	bool from_now; /* nothing that is there counts */
	size_t most, windows;
	struct mailbox_changes *out;
};

static struct row *row_of(struct rows *rows, struct str name)
{
	for (size_t i = 0; i < rows->n; i++)
		if (str_eq(rows->v[i].name, name))
			return &rows->v[i];
	return NULL;
}

/* Drops what is older than the time asked for, of what was there before. */
static void drop_old(const struct look *l, size_t from)
{
	struct mail_items *items = &l->out->items;
	size_t n = from;

	for (size_t i = from; i < items->n; i++)
		if (items->v[i].marks.received_us >= l->after.since_s * INT64_C(1000000))
			items->v[n++] = items->v[i];
	items->n = n;
}

/* One search over [row->next, end); then what it found is described, as far as there is room on the page. */
static enum err look_at_window(struct look *l, struct row *row, uint64_t end)
{
	bool is_old = row->next < row->old;
	size_t from = l->out->items.n, room = l->most - from;
	struct imap_set uids;
	char day[40];

	imap_say(l->c, "UID SEARCH UID %llu:%llu", (unsigned long long)row->next,
		 (unsigned long long)end - 1);
	if (is_old) /* days of the server's time zone */
		imap_say(l->c, " SINCE %.*s",
			 STR_ARG(imap_date(l->after.since_s * INT64_C(1000000) - DAY_US, day)));
	enum err e = imap_search(l->c, &uids);
	if (e)
		return e;
	row->next = uids.n > room ? (uint64_t)uids.v[room - 1] + 1 : end;
	e = imap_describe(l->c, uids.v, uids.n < room ? uids.n : room, &l->out->items);
	if (!e && is_old)
		drop_old(l, from);
	return e;
}

static enum err look_through(struct look *l, struct row *row, uint64_t end)
{
	uint64_t width = WINDOW;

	while (row->next < end) {
		if (l->out->items.n >= l->most || l->windows >= WINDOWS) {
			l->out->more = true;
			return OK;
		}
		uint64_t stop = row->next < row->old && row->old < end ? row->old : end;
		size_t had = l->out->items.n;
		l->windows++;
		enum err e = look_at_window(l, row, row->next + width < stop ? row->next + width : stop);
		if (e)
			return e;
		if (l->out->items.n == had && width < WINDOW_MOST)
			width *= 2;
	}
	return OK;
}

static enum err changed(struct imap_call *c, struct str folder)
{
	return mailbox_fail(c->fault, ERR_ABSENT, TROUBLE_CHANGED,
			    "The mailbox server has given the messages of %.*s other numbers.",
			    STR_ARG(folder));
}

/* A folder as it is now; known: what the cursor says of it, or NULL. */
static enum err look_at(struct look *l, const struct imap_folder *f, const struct row *known)
{
	struct imap *m = l->c->m;
	struct row row = { .name = f->name, .uidvalidity = f->uidvalidity, .next = 1, .old = f->uidnext };
	bool nothing_new = known && f->uidnext && known->next >= f->uidnext;
	enum err e = OK;

	if (!f->counted || (!nothing_new && !l->from_now)) {
		e = imap_examine_anew(l->c, f->name);
		if (e)
			return e == ERR_ABSENT ? OK : e; /* its owner has just taken it away */
		row.uidvalidity = m->opened.uidvalidity;
		row.old = m->opened.uidnext;
	}
	uint64_t end = row.old ? row.old : UINT32_MAX + UINT64_C(1);
	if (known && known->uidvalidity != row.uidvalidity)
		return changed(l->c, f->name);
	if (known)
		row = *known;
	else if (l->from_now)
		row.next = row.old = end;
	if (row.next < end && !l->out->more)
		e = look_through(l, &row, end);
	else if (row.next < end)
		l->out->more = true;
	if (f->role == ROLE_INBOX)
		m->inbox_seen = (uint32_t)(end > UINT32_MAX ? 0 : end);
	if (!e)
		ARENA_PUSH(m->work, &l->after.rows, row);
	return e;
}

static bool is_looked_at(enum imap_role role, enum scan_folder folder)
{
	return role == ROLE_INBOX || (folder == FOLDER_ALL_ITEMS && role != ROLE_HIDDEN &&
				      role != ROLE_SENT && role != ROLE_DRAFTS && role != ROLE_VIRTUAL);
}

static enum err look_at_all(struct look *l, enum scan_folder folder)
{
	static const struct imap_folder inbox = { .name = STR_INIT("INBOX"), .role = ROLE_INBOX };
	const struct imap_folder *v = &inbox;
	size_t n = 1;
	enum err e = OK;

	if (folder == FOLDER_ALL_ITEMS) {
		e = imap_list(l->c);
		v = e ? NULL : l->c->m->folders->v;
		n = e ? 0 : l->c->m->folders->n;
	}
	for (size_t i = 0; i < n && !e; i++)
		if (is_looked_at(v[i].role, folder))
			e = look_at(l, &v[i], row_of(&l->before.rows, v[i].name));
	return e;
}

static int oldest_first(const void *x, const void *y)
{
	const struct mail_item *a = x, *b = y;

	return (a->marks.received_us > b->marks.received_us) - (a->marks.received_us < b->marks.received_us);
}

static void begin_by_time(struct look *l, int64_t since_us)
{
	l->from_now = since_us == INT64_MAX;
	l->after.since_s = (l->from_now ? clock_now_us() : since_us > 0 ? since_us : 0) / 1000000;
}

enum err imap_changes(void *own, struct arena *a, enum scan_folder folder, struct str cursor,
		      int64_t since_us, size_t most, deadline_ms until, struct mailbox_changes *out,
		      struct mailbox_fault *fault)
{
	struct imap_call c = imap_call_of(own, a, until, fault);
	struct look l = { .c = &c, .most = most < PAGE_MOST ? most : PAGE_MOST, .out = out };

	if (str_is_empty(cursor)) {
		begin_by_time(&l, since_us);
	} else {
		if (read_state(c.m->work, cursor, &l.before))
			return mailbox_fail(fault, ERR_ABSENT, TROUBLE_CHANGED,
					    "What is kept of this mailbox is not of an IMAP server.");
		l.after.since_s = l.before.since_s;
	}
	enum err e = look_at_all(&l, folder);
	if (e)
		return e;
	if (out->items.n)
		qsort(out->items.v, out->items.n, sizeof(*out->items.v), oldest_first);
	return write_state(&c, &l.after, &out->cursor);
}

/* ---- waiting ---- */

/* Until something is said that may be news; *news_out. */
static enum err idle(struct imap_call *c, deadline_ms until, bool *news_out)
{
	struct imap_reply r;
	bool came = true;

	imap_say(c, "IDLE");
	enum err e = imap_send(c);
	if (!e)
		e = imap_await_go(c);
	while (!e && came && !*news_out) {
		e = imap_wait_input(c, until, &came);
		if (!e && came)
			e = imap_read(c, &r);
		if (!e && came && (r.kind == IMAP_TAGGED || r.status == IMAP_BYE))
			return imap_cut(c, "The mailbox server does not let us wait any longer.");
		*news_out = !e && came && r.numbered;
	}
	if (!e)
		e = imap_write(c, STR("DONE\r\n"));
	return e ? e : imap_finish(c, NULL, NULL);
}

static enum err poll_for_news(struct imap_call *c, deadline_ms until, bool *news_out)
{
	uint32_t had = c->m->opened.exists;
	bool came;
	enum err e = imap_wait_input(c, clock_earlier(until, clock_mono_ms() + POLL_MS), &came);

	if (!e) {
		imap_say(c, "NOOP");
		e = imap_run(c, NULL, NULL);
	}
	*news_out = !e && c->m->opened.exists != had;
	return e;
}

enum err imap_wait(void *own, deadline_ms until, struct mailbox_fault *fault)
{
	deadline_ms end = clock_earlier(until, clock_mono_ms() + IDLE_MS);
	struct imap_call c = imap_call_of(own, NULL, end + GOODBYE_MS, fault);
	struct imap *m = c.m;
	bool news = false;
	enum err e = imap_examine_anew(&c, STR("INBOX"));

	if (e)
		return e;
	/* What came after the last look came before this wait. */
	news = m->inbox_seen && m->opened.uidnext > m->inbox_seen;
	m->inbox_seen = m->opened.uidnext;
	while (!e && !news && clock_left_ms(end) > 0)
		e = imap_offers(m, IMAP_IDLE) ? idle(&c, end, &news) : poll_for_news(&c, end, &news);
	return e;
}
