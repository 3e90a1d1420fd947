/*
 * What is new in a mailbox of Gmail. What came since a time is first listed, the newest page first, as the API has it; then
 * the mailbox's history is followed from where it stood when the list began. A message that comes meanwhile may be told twice.
 *
 * The cursor is text: "list HISTORY SINCE [PAGE]" with the time in seconds, then "history HISTORY". Google keeps history for a
 * week or so; what is older is TROUBLE_CHANGED.
 */
#include "mailbox/gmail_internal.h"
#include "mailbox/items.h"

#define SECOND_US INT64_C(1000000)
#define TOKEN_MAX 2048 /* bytes of a page's token */
#define MOST 500       /* entries of a page */

struct position {
	bool lists;
	uint64_t history;
	uint64_t since_s; /* of a list */
	struct str page;  /* "" = its first */
};

/* ---- the cursor ---- */

static bool read_position(struct arena *a, struct str cursor, struct position *out)
{
	struct strs words = arena_split(a, cursor, ' ');

	*out = (struct position){ .page = STR("") };
	if (words.n < 2 || str_to_u64(words.v[1], UINT64_MAX, &out->history))
		return false;
	out->lists = str_eq(words.v[0], STR("list"));
	if (!out->lists)
		return words.n == 2 && str_eq(words.v[0], STR("history"));
	if (words.n > 3)
		out->page = words.v[3];
	return (words.n == 3 || words.n == 4) &&
	       !str_to_u64(words.v[2], INT64_MAX / SECOND_US, &out->since_s);
}

static struct str write_position(struct arena *a, const struct position *p)
{
	if (!p->lists)
		return arena_printf(a, "history %llu", (unsigned long long)p->history);
	return ARENA_JOIN(
	    a,
	    arena_printf(a, "list %llu %llu", (unsigned long long)p->history, (unsigned long long)p->since_s),
	    p->page.n ? STR(" ") : STR(""), p->page);
}

/* A number that the API writes as a text. */
static bool history_of(const struct json *node, struct str key, uint64_t *out)
{
	return str_to_u64(json_get_str(node, key), UINT64_MAX, out) == OK;
}

static enum err strange(const struct gmail_call *c)
{
	return mailbox_fail(c->fault, ERR_LATER, TROUBLE_REFUSED,
			    "Gmail's answer does not say where to go on.");
}

/* ---- messages ---- */

/* Whether a folder of the API has it: what its owner wrote himself and what we hid is in none. */
static bool is_wanted(const struct gmail_call *c, const struct json *message, enum scan_folder folder)
{
	bool inbox = gmail_has_label(message, STR("INBOX"));
	bool hidden = c->g->hidden.n && gmail_has_label(message, c->g->hidden);
	bool sent = gmail_has_label(message, STR("SENT")) && !inbox;
	bool draft = gmail_has_label(message, STR("DRAFT")) || gmail_has_label(message, STR("CHAT"));

	return !hidden && !sent && !draft && (inbox || folder == FOLDER_ALL_ITEMS);
}

/* Adds a message once; one that went meanwhile is none. */
static enum err add(const struct gmail_call *c, struct str id, enum scan_folder folder,
		    struct mail_items *items)
{
	struct mail_item item;
	struct json *message;

	if (id.n == 0)
		return OK;
	for (size_t i = 0; i < items->n; i++)
		if (str_eq(items->v[i].place.id, id))
			return OK;
	enum err e = gmail_item(c, id, &item, &message);
	if (!e && is_wanted(c, message, folder))
		ARENA_PUSH(c->a, items, item);
	return e == ERR_ABSENT ? OK : e;
}

/* ---- the two steps ---- */

static enum err read_list(const struct gmail_call *c, enum scan_folder folder, struct position *at,
			  size_t most, struct mailbox_changes *out)
{
	struct rest_call call = {
		.path = arena_printf(c->a, "/messages?maxResults=%zu%s", most < MOST ? most : MOST,
				     folder == FOLDER_INBOX ? "&labelIds=INBOX" : "&includeSpamTrash=true"),
	};
	struct json *list;

	/* The search's "after" leaves out the second itself. */
	call.path = rest_query(
	    c->a, call.path, "q",
	    arena_printf(c->a, "after:%llu", (unsigned long long)(at->since_s ? at->since_s - 1 : 0)));
	if (at->page.n)
		call.path = rest_query(c->a, call.path, "pageToken", at->page);
	enum err e = gmail_ask(c, &call, &list);
	if (!e && rest_count(list, STR("messages")) > MOST)
		return strange(c);
	for (const struct json *m = e ? NULL : json_get_list(list, STR("messages")); m && !e; m = m->next)
		e = add(c, rest_name(m, STR("id")), folder, &out->items);
	if (e)
		return e;
	at->page = json_get_str(list, STR("nextPageToken"));
	if (at->page.n > TOKEN_MAX || str_find_char(at->page, ' ', 0) != SIZE_MAX)
		return strange(c);
	at->lists = at->page.n > 0;
	out->more = at->lists;
	items_oldest_first(&out->items, (int64_t)at->since_s * SECOND_US);
	return OK;
}

/* One entry of the history. */
static enum err read_entry(const struct gmail_call *c, enum scan_folder folder, const struct json *entry,
			   struct mail_items *items)
{
	enum err e = OK;

	for (const struct json *m = json_get_list(entry, STR("messagesAdded")); m && !e; m = m->next)
		e = add(c, rest_name(json_get(m, STR("message")), STR("id")), folder, items);
	return e;
}

static enum err read_history(const struct gmail_call *c, enum scan_folder folder, struct position *at,
			     size_t most, struct mailbox_changes *out)
{
	const struct rest_call call = {
		.path = arena_printf(
		    c->a, "/history?startHistoryId=%llu&historyTypes=messageAdded&maxResults=%zu%s",
		    (unsigned long long)at->history, most < MOST ? most : MOST,
		    folder == FOLDER_INBOX ? "&labelId=INBOX" : ""),
	};
	struct json *page;
	const struct json *entry;
	enum err e = gmail_ask(c, &call, &page);

	if (e == ERR_ABSENT)
		c->fault->what = TROUBLE_CHANGED; /* that history is no longer kept; the words say so */
	if (e)
		return e;
	for (entry = json_get_list(page, STR("history")); entry && out->items.n < most; entry = entry->next) {
		e = read_entry(c, folder, entry, &out->items);
		if (e)
			return e;
		/* The next call begins behind the last entry that was read. */
		if (!history_of(entry, STR("id"), &at->history))
			return strange(c);
	}
	out->more = entry || json_get_str(page, STR("nextPageToken")).n;
	if (!out->more && !history_of(page, STR("historyId"), &at->history))
		return strange(c);
	items_oldest_first(&out->items, INT64_MIN);
	return OK;
}

/* Where the mailbox stands now. */
static enum err begin(const struct gmail_call *c, int64_t since_us, struct position *out)
{
	struct json *profile;
	enum err e = gmail_ask(c, &(const struct rest_call){ .path = STR("/profile") }, &profile);

	*out = (struct position){ .lists = since_us < clock_now_us(), .page = STR("") };
	if (!e && !history_of(profile, STR("historyId"), &out->history))
		return strange(c);
	out->since_s = out->lists && since_us > 0 ? (uint64_t)(since_us / SECOND_US) : 0;
	return e;
}

enum err gmail_changes(void *own, struct arena *a, enum scan_folder folder, struct str cursor,
		       int64_t since_us, size_t most, deadline_ms until, struct mailbox_changes *out,
		       struct mailbox_fault *fault)
{
	const struct gmail_call c = { own, a, until, fault };
	struct position at;
	enum err e = OK;

	if (cursor.n == 0)
		e = begin(&c, since_us, &at);
	else if (!read_position(a, cursor, &at))
		return mailbox_fail(fault, ERR_ABSENT, TROUBLE_CHANGED,
				    "The cursor is none of this mailbox.");
	if (!e && (at.lists || cursor.n))
		e = at.lists ? read_list(&c, folder, &at, most, out)
			     : read_history(&c, folder, &at, most, out);
	if (!e)
		out->cursor = write_position(a, &at);
	return e;
}
