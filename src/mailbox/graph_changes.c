/*
 * What is new in a mailbox of Microsoft Graph. A folder is first listed by time of arrival, oldest first, for a delta that
 * begins with a time gives 5,000 messages at most; then its delta is followed. A message that comes or is moved while a folder
 * is listed may be told twice.
 *
 * The cursor is text: a line with "since began at", then one for each folder with its id, its step and, behind a blank, the
 * path to go on by.
 */
#include "base/buf.h"
#include "base/limits.h"
#include "mailbox/graph_internal.h"
#include "mailbox/items.h"

#define REQUESTS_MAX 40 /* of one call; then what was reached is given out */
#define SECOND_US INT64_C(1000000)
#define CLOCKS_US (900 * SECOND_US) /* how far clocks may differ */
#define CURSOR_MAX (2u << 20)       /* whoever reads on holds a few; a folder takes some 500 bytes */
#define PAGE_MAX 1000 /* messages; what is asked for need not be heeded, but the API gives no more */

/* How far a folder was read. */
#define STEPS(X)          \
	X(STEP_LIST, "l") \
	X(STEP_DELTA, "d")
ENUM_DECLARE(graph_step, STEPS);
ENUM_DEFINE(graph_step, STEPS);

struct folder_state {
	struct str id;
	enum graph_step step;
	struct str next; /* path to go on by; "" = the step begins */
};

struct state {
	int64_t since_us; /* what is older is not told */
	int64_t began_us; /* when the cursor began: what comes later is the delta's */
	size_t at;        /* which folder is next; 0: a round begins */
	struct folder_state *v;
	size_t n;
};

/* ---- the cursor ---- */

static bool read_folder(struct str line, struct folder_state *out)
{
	size_t first = str_find_char(line, ' ', 0);
	size_t second = first == SIZE_MAX ? SIZE_MAX : str_find_char(line, ' ', first + 1);

	if (second == SIZE_MAX || first == 0)
		return false;
	int step = enum_value(&graph_step_names, str_sub(line, first + 1, second));
	*out = (struct folder_state){ str_sub(line, 0, first), (enum graph_step)step,
				      str_sub(line, second + 1, line.n) };
	return step >= 0 && (out->next.n == 0 || out->next.p[0] == '/');
}

static bool read_state(struct arena *a, struct str cursor, struct state *out)
{
	size_t end = str_find_char(cursor, '\n', 0);
	struct strs head = arena_split(a, str_sub(cursor, 0, end == SIZE_MAX ? cursor.n : end), ' ');
	uint64_t at;

	*out = (struct state){ 0 };
	if (end == SIZE_MAX || head.n != 3 || str_to_i64(head.v[0], &out->since_us) ||
	    str_to_i64(head.v[1], &out->began_us) || str_to_u64(head.v[2], LIMIT_GRAPH_FOLDERS, &at))
		return false;
	for (size_t from = end + 1; from < cursor.n; from = end + 1) {
		struct folder_state f;
		end = str_find_char(cursor, '\n', from);
		if (end == SIZE_MAX || out->n == LIMIT_GRAPH_FOLDERS ||
		    !read_folder(str_sub(cursor, from, end), &f))
			return false;
		ARENA_PUSH(a, out, f);
	}
	out->at = at;
	return at <= out->n;
}

static struct str write_state(struct arena *a, const struct state *s)
{
	struct buf b;

	buf_init(&b, CURSOR_MAX);
	buf_printf(&b, "%lld %lld %zu\n", (long long)s->since_us, (long long)s->began_us, s->at);
	for (size_t i = 0; i < s->n; i++) {
		buf_add(&b, s->v[i].id);
		buf_printf(&b, " %s ", enum_text(&graph_step_names, (int)s->v[i].step).p);
		buf_add(&b, s->v[i].next);
		buf_add_char(&b, '\n');
	}
	struct str text = buf_ok(&b) && arena_has_room(a, b.n + 1) ? arena_str(a, buf_str(&b)) : STR_NONE;
	buf_free(&b);
	return text;
}

/* ---- folders ---- */

/* One level: those of a folder, or of the mailbox. */
static enum err add_level(const struct graph_call *c, struct str path, struct strs *out)
{
	struct json *page;
	enum err e = OK;

	path = ARENA_JOIN(c->a, path, STR("?$select=id,childFolderCount&$top=250"));
	while (!e && path.n) {
		e = graph_page(c, path, 250, &page);
		if (e)
			return e;
		for (const struct json *f = json_get_list(page, STR("value")); f; f = f->next) {
			struct str id = rest_name(f, STR("id")), kind = json_get_str(f, STR("@odata.type"));
			if (out->n < LIMIT_GRAPH_FOLDERS && id.n &&
			    !str_eq(kind, STR("#microsoft.graph.mailSearchFolder")))
				ARENA_PUSH(c->a, out, id);
		}
		e = graph_link(c, page, "@odata.nextLink", &path);
	}
	return e;
}

/* All folders that people see but those of what they write themselves. */
static enum err all_folders(const struct graph_call *c, struct strs *out)
{
	static const enum graph_folder left_out[] = { GRAPH_DRAFTS, GRAPH_SENT, GRAPH_OUTBOX };
	struct str ids[ARRAY_LEN(left_out)];
	struct strs found = { 0 };
	enum err e = OK;

	for (size_t i = 0; i < ARRAY_LEN(left_out) && !e; i++)
		e = graph_folder_id(c, left_out[i], &ids[i]);
	if (!e)
		e = add_level(c, STR("/mailFolders"), &found);
	for (size_t i = 0; i < found.n && !e; i++) {
		bool own = false;
		for (size_t k = 0; k < ARRAY_LEN(left_out); k++)
			own = own || str_eq(found.v[i], ids[k]);
		if (own)
			continue;
		ARENA_PUSH(c->a, out, found.v[i]);
		e = add_level(c,
			      ARENA_JOIN(c->a, STR("/mailFolders/"), http_escape(c->a, found.v[i]),
					 STR("/childFolders")),
			      &found);
	}
	return e;
}

/* The folders there are by now, each as far as it was read. */
static enum err look_at_folders(const struct graph_call *c, enum scan_folder folder, struct state *s)
{
	bool first = s->n == 0;
	struct state now = { s->since_us, s->began_us, 0, NULL, 0 };
	struct strs ids = { 0 };
	struct str inbox;
	enum err e;

	if (folder == FOLDER_INBOX) {
		e = graph_folder_id(c, GRAPH_INBOX, &inbox);
		ARENA_PUSH(c->a, &ids, inbox);
	} else {
		e = all_folders(c, &ids);
	}
	for (size_t i = 0; i < ids.n && !e; i++) {
		struct folder_state f = { ids.v[i], STEP_DELTA, STR("") };
		if (first && s->since_us < s->began_us)
			f.step = STEP_LIST;
		for (size_t k = 0; k < s->n; k++)
			if (str_eq(s->v[k].id, f.id))
				f = s->v[k];
		ARENA_PUSH(c->a, &now, f);
	}
	*s = now;
	return e;
}

/* ---- one page ---- */

static struct str begin(struct arena *a, const struct state *s, const struct folder_state *f)
{
	bool lists = f->step == STEP_LIST, listed = s->since_us < s->began_us;
	int64_t from_us = lists || !listed ? s->since_us : s->began_us - CLOCKS_US;
	char text[CLOCK_TEXT_MAX];
	struct str path =
	    ARENA_JOIN(a, STR("/mailFolders/"), http_escape(a, f->id),
		       lists ? STR("/messages?$orderby=receivedDateTime&$select=" GRAPH_MESSAGE)
			     : STR("/messages/delta?changeType=created&$select=" GRAPH_MESSAGE));

	/* A time for a query has its zone as Z. */
	return rest_query(a, path, "$filter",
			  ARENA_JOIN(a, STR("receivedDateTime ge "), clock_rfc3339(from_us, text)));
}

/* Reads on in one folder. *done_out: it has nothing more for now. */
static enum err read_on(const struct graph_call *c, const struct state *s, struct folder_state *f,
			size_t most, struct mail_items *items, bool *done_out)
{
	struct json *page;
	struct str next, delta;
	enum err e = graph_page(c, f->next.n ? f->next : begin(c->a, s, f), most, &page);

	if (!e)
		e = graph_link(c, page, "@odata.nextLink", &next);
	if (!e)
		e = graph_link(c, page, "@odata.deltaLink", &delta);
	if (e)
		return e;
	if (rest_count(page, STR("value")) > PAGE_MAX)
		return mailbox_fail(c->fault, ERR_LATER, TROUBLE_REFUSED,
				    "Microsoft Graph tells of more messages at once than it ever does.");
	for (const struct json *m = json_get_list(page, STR("value")); m; m = m->next) {
		struct mail_item item = graph_item(c->g, c->a, m);
		if (item.place.id.n && !json_get(m, STR("@removed")) && !graph_is_draft(m))
			ARENA_PUSH(c->a, items, item);
	}
	*done_out = f->step == STEP_DELTA && next.n == 0;
	if (f->step == STEP_LIST && next.n == 0)
		f->step = STEP_DELTA;
	f->next = next.n ? next : delta;
	return OK;
}

/* ---- a call ---- */

/* Goes from folder to folder until something is found or all were looked at. */
static enum err go_on(const struct graph_call *c, struct state *s, size_t most, struct mailbox_changes *out)
{
	for (int requests = 0; s->at < s->n && out->items.n == 0 && requests < REQUESTS_MAX; requests++) {
		bool done = false;
		enum err e = read_on(c, s, &s->v[s->at], most, &out->items, &done);
		if (e == ERR_ABSENT && c->fault->what != TROUBLE_CHANGED) {
			done = true; /* the folder went meanwhile; the next round sees */
			*c->fault = (struct mailbox_fault){ 0 };
		} else if (e) {
			return e;
		}
		s->at += done;
	}
	items_oldest_first(&out->items, s->since_us); /* of what was moved a delta tells, too */
	out->more = s->at < s->n;
	s->at = out->more ? s->at : 0;
	return OK;
}

enum err graph_changes(void *own, struct arena *a, enum scan_folder folder, struct str cursor,
		       int64_t since_us, size_t most, deadline_ms until, struct mailbox_changes *out,
		       struct mailbox_fault *fault)
{
	const struct graph_call c = { own, a, until, fault };
	int64_t now_us = clock_now_us();
	bool anew = cursor.n == 0;
	struct state s = { .since_us = since_us < now_us ? since_us : now_us, .began_us = now_us };

	s.since_us -= s.since_us % SECOND_US; /* dates there have no less */
	s.began_us -= s.began_us % SECOND_US;
	if (!anew && !read_state(a, cursor, &s))
		return mailbox_fail(fault, ERR_ABSENT, TROUBLE_CHANGED,
				    "The cursor is none of this mailbox.");
	enum err e = s.at == 0 ? look_at_folders(&c, folder, &s) : OK;
	if (!e && !(anew && since_us > now_us))
		e = go_on(&c, &s, most, out);
	if (e)
		return e;
	out->cursor = write_state(a, &s);
	return out->cursor.p ? OK
			     : mailbox_fail(fault, ERR_DENIED, TROUBLE_REFUSED,
					    "The mailbox has too many folders to be followed.");
}
