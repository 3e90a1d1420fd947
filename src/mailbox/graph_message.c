/* Messages of Microsoft Graph: what is told of one, finding and fetching. */
#include "base/limits.h"
#include "json/write.h"
#include "mailbox/graph_internal.h"
#include "mailbox/items.h"

#define PAGES_MAX 8 /* on which they are looked for */
#define MARKS_MAX (1u << 16)
#define CATEGORY "category=" /* a mark with its name, escaped */
#define CATEGORY_BYTES 255   /* of a name; the longest there are */
#define CATEGORIES_MAX 25    /* of a message that are kept; people set one or two */

/* ---- marks ---- */

static bool is_true(const struct json *message, struct str key)
{
	const struct json *v = json_get(message, key);

	return v && v->kind == JSON_BOOL && v->b;
}

bool graph_is_draft(const struct json *message)
{
	return is_true(message, STR("isDraft"));
}

/* "read", "flagged" or "complete", "low" or "high", "category=NAME" for each. */
static struct str marks_of(struct arena *a, const struct json *message)
{
	struct str flag = json_get_str(json_get(message, STR("flag")), STR("flagStatus")),
		   importance = json_get_str(message, STR("importance"));
	struct rest_marks marks = { .n = 0 };

	if (is_true(message, STR("isRead")))
		rest_mark(&marks, STR("read"));
	if (str_eq(flag, STR("flagged")) || str_eq(flag, STR("complete")))
		rest_mark(&marks, flag);
	if (str_eq(importance, STR("low")) || str_eq(importance, STR("high")))
		rest_mark(&marks, importance);
	const struct json *c = json_get_list(message, STR("categories"));
	const struct arena_mark start = arena_mark(a);
	for (int i = 0; c && i < CATEGORIES_MAX; c = c->next, i++) {
		if (c->kind == JSON_STR && c->s.n <= CATEGORY_BYTES)
			rest_mark(&marks, ARENA_JOIN(a, STR(CATEGORY), http_escape(a, c->s)));
		arena_rewind(a, start); /* marks has its own copy */
	}
	return arena_str(a, str_from(marks.text, marks.n));
}

static int hex_of(char c)
{
	static const char digits[] = "0123456789ABCDEF";
	const char *at = c ? strchr(digits, c) : NULL;

	return at ? (int)(at - digits) : -1;
}

/* What http_escape made of it. */
static struct str unescape(struct arena *a, struct str s)
{
	char *z = arena_alloc(a, s.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		int high = s.p[i] == '%' && i + 2 < s.n ? hex_of(s.p[i + 1]) : -1,
		    low = high >= 0 ? hex_of(s.p[i + 2]) : -1;
		z[n++] = low >= 0 ? (char)(high << 4 | low) : s.p[i];
		i += low >= 0 ? 2 : 0;
	}
	return (struct str){ z, n };
}

static bool has_mark(const struct strs *marks, struct str mark)
{
	for (size_t i = 0; i < marks->n; i++)
		if (str_eq(marks->v[i], mark))
			return true;
	return false;
}

struct str graph_marks(struct arena *a, const struct mail_marks *marks)
{
	struct strs words = arena_split(a, marks->flags, ' ');
	struct buf b;
	size_t n = 0;

	buf_init(&b, MARKS_MAX);
	buf_printf(&b,
		   "{\"isRead\":%s,\"importance\":\"%s\",\"flag\":{\"flagStatus\":\"%s\"},\"categories\":[",
		   has_mark(&words, STR("read")) ? "true" : "false",
		   has_mark(&words, STR("high"))  ? "high"
		   : has_mark(&words, STR("low")) ? "low"
						  : "normal",
		   has_mark(&words, STR("flagged"))    ? "flagged"
		   : has_mark(&words, STR("complete")) ? "complete"
						       : "notFlagged");
	for (size_t i = 0; i < words.n; i++)
		if (str_starts(words.v[i], STR(CATEGORY))) {
			buf_add_c(&b, n++ ? "," : "");
			json_str(&b, unescape(a, str_sub(words.v[i], sizeof(CATEGORY) - 1, words.v[i].n)));
		}
	buf_add_c(&b, "]");
	if (marks->received_us) {
		char text[CLOCK_TEXT_MAX];
		/* PidTagMessageDeliveryTime, which the API shows as receivedDateTime */
		buf_printf(
		    &b,
		    ",\"singleValueExtendedProperties\":[{\"id\":\"SystemTime 0x0E06\",\"value\":\"%.*s\"}]",
		    STR_ARG(clock_rfc3339(marks->received_us, text)));
	}
	buf_add_c(&b, "}");
	struct str body = arena_str(a, buf_ok(&b) ? buf_str(&b) : STR("{}"));
	buf_free(&b);
	return body;
}

/* ---- what is told of one ---- */

/* By what the API calls it, where it does. */
static struct str folder_of(const struct graph *g, const struct json *message)
{
	struct str id = rest_name(message, STR("parentFolderId"));

	for (int i = 0; i < MAILBOX_DESTINATIONS && id.n; i++)
		if (str_eq(id, g->folder[i]))
			return graph_folder_name((enum graph_folder)i);
	return id;
}

struct mail_item graph_item(const struct graph *g, struct arena *a, const struct json *message)
{
	int64_t received_us = 0;

	if (clock_parse_rfc3339(json_get_str(message, STR("receivedDateTime")), &received_us))
		received_us = 0;
	return (struct mail_item){
		.place = { folder_of(g, message), rest_name(message, STR("id")) },
		.marks = { marks_of(a, message), received_us },
		.message_id = rest_message_id(message, STR("internetMessageId")),
	};
}

static struct str path_of(const struct graph_call *c, struct str id, struct str rest)
{
	return ARENA_JOIN(c->a, STR("/messages/"), http_escape(c->a, id), rest);
}

enum err graph_look(const struct graph_call *c, const struct mail_place *place, struct json **out)
{
	const struct rest_call call = { .path = path_of(c, place->id, STR("?$select=" GRAPH_MESSAGE)) };
	enum err e = graph_ask(c, &call, out);

	if (e || str_eq(folder_of(c->g, *out), place->folder))
		return e;
	return mailbox_fail(c->fault, ERR_ABSENT, TROUBLE_NO_MESSAGE,
			    "The message lies in another folder by now: somebody moved it.");
}

/* ---- finding ---- */

/* As a literal of a filter, where an apostrophe is doubled (OData 4.01 URL Conventions §5.1.1). */
static struct str literal_of(struct arena *a, struct str s)
{
	char *z = arena_alloc(a, 2 * s.n + 2);
	size_t n = 0;

	z[n++] = '\'';
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '\'')
			z[n++] = '\'';
		z[n++] = s.p[i];
	}
	z[n++] = '\'';
	return (struct str){ z, n };
}

struct str graph_named(struct arena *a, struct str folder, struct str message_id)
{
	struct str path = folder.n
			      ? ARENA_JOIN(a, STR("/mailFolders/"), http_escape(a, folder), STR("/messages"))
			      : STR("/messages");

	path = ARENA_JOIN(a, path, STR("?$select=" GRAPH_MESSAGE));
	return rest_query(a, path, "$filter",
			  ARENA_JOIN(a, STR("internetMessageId eq "), literal_of(a, message_id)));
}

enum err graph_alike(const struct graph_call *c, struct str folder, struct str message_id,
		     struct graph_alike *out)
{
	struct str path = graph_named(c->a, folder, str_sub(message_id, 0, LIMIT_REST_NAME));
	struct json *page;
	enum err e = OK;

	*out = (struct graph_alike){ 0 };
	if (message_id.n == 0 || message_id.n > LIMIT_REST_NAME)
		return OK;
	/* A page may be empty and lead to another one. */
	for (int pages = 0; !e && path.n && pages < PAGES_MAX && out->n < MAILBOX_ALIKE_MAX; pages++) {
		e = graph_page(c, path, MAILBOX_ALIKE_MAX, &page);
		for (const struct json *m = e ? NULL : json_get_list(page, STR("value"));
		     m && out->n < MAILBOX_ALIKE_MAX; m = m->next)
			ARENA_PUSH(c->a, out,
				   ((struct graph_found){ graph_item(c->g, c->a, m), graph_is_draft(m) }));
		if (!e)
			e = graph_link(c, page, "@odata.nextLink", &path);
	}
	return e;
}

/* Those of one folder, or of all that people see; of drafts nothing. */
static enum err add_alike(const struct graph_call *c, struct str folder, struct str message_id,
			  struct mail_items *out)
{
	struct graph_alike alike;
	enum err e = graph_alike(c, folder, message_id, &alike);

	for (size_t i = 0; i < alike.n && !e && out->n < MAILBOX_ALIKE_MAX; i++)
		if (!alike.v[i].draft && alike.v[i].item.place.id.n)
			ARENA_PUSH(c->a, out, alike.v[i].item);
	return e;
}

enum err graph_find(void *own, struct arena *a, struct str message_id, deadline_ms until,
		    struct mail_items *out, struct mailbox_fault *fault)
{
	const struct graph_call c = { own, a, until, fault };
	struct str deletions;
	enum err e = graph_folder_id(&c, GRAPH_DELETIONS, &deletions);

	if (!e)
		e = add_alike(&c, STR(""), message_id, out);
	if (!e && deletions.n)
		e = add_alike(&c, deletions, message_id, out); /* which the list of all leaves out */
	if (!e)
		items_folder_first(a, out, graph_folder_name(GRAPH_INBOX));
	return e;
}

/* ---- fetching ---- */

enum err graph_fetch(void *own, struct arena *a, const struct mail_place *place, deadline_ms until,
		     struct str *bytes_out, struct mail_marks *marks_out, struct mailbox_fault *fault)
{
	const struct graph_call c = { own, a, until, fault };
	struct json *message;
	struct str bytes;
	enum err e = graph_look(&c, place, &message);

	if (e)
		return e;
	struct rest_call call = {
		.path = ARENA_JOIN(a, c.g->user, path_of(&c, place->id, STR("/$value"))),
		.answer_max = LIMIT_MESSAGE_MOST,
	};
	ARENA_PUSH(a, &call.headers, STR("Prefer: IdType=\"ImmutableId\""));
	e = rest_ask(&c.g->rest, a, &call, until, &bytes, fault);
	if (e)
		return e;
	if (!arena_has_room(a, bytes.n + 1))
		return mailbox_fail(fault, ERR_LIMIT, TROUBLE_REFUSED, "The message has %zu bytes.", bytes.n);
	*bytes_out = arena_str(a, bytes);
	http_let_go(c.g->rest.http);
	*marks_out = graph_item(c.g, a, message).marks;
	return OK;
}
