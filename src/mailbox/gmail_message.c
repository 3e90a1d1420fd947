/* Messages of Gmail: labels, what is told of one, finding and fetching. */
#include "base/base64.h"
#include "base/limits.h"
#include "mailbox/gmail_internal.h"
#include "mailbox/items.h"

#define RAW_MAX (LIMIT_MESSAGE_MOST / 3 * 4 + 65536)

/* ---- labels ---- */

bool gmail_has_label(const struct json *message, struct str label)
{
	for (const struct json *l = json_get_list(message, STR("labelIds")); l; l = l->next)
		if (l->kind == JSON_STR && str_eq(l->s, label))
			return true;
	return false;
}

/* The labels that are places, the one that counts first. */
static struct strs places_of(const struct gmail *g, struct str room[4])
{
	room[0] = STR("TRASH");
	room[1] = STR("SPAM");
	room[2] = STR("INBOX");
	room[3] = g->hidden;
	return (struct strs){ room, g->hidden.n ? 4 : 3 };
}

struct str gmail_location(const struct gmail *g, const struct json *message)
{
	struct str room[4];
	struct strs places = places_of(g, room);

	for (size_t i = 0; i < places.n; i++)
		if (gmail_has_label(message, places.v[i]))
			return places.v[i];
	return STR(GMAIL_ALL);
}

/* A decimal text, as the API writes 64-bit numbers. */
static int64_t number_of(const struct json *message, struct str key)
{
	int64_t n;

	return str_to_i64(json_get_str(message, key), &n) ? 0 : n;
}

struct mail_marks gmail_marks(struct arena *a, const struct gmail *g, const struct json *message)
{
	struct str at = gmail_location(g, message);
	struct rest_marks marks = { .n = 0 };
	int64_t ms = number_of(message, STR("internalDate"));

	for (const struct json *l = json_get_list(message, STR("labelIds")); l; l = l->next)
		if (l->kind == JSON_STR && !str_eq(l->s, at))
			rest_mark(&marks, l->s);
	return (struct mail_marks){ arena_str(a, str_from(marks.text, marks.n)),
				    ms > 0 && ms < INT64_MAX / 1000 ? ms * 1000 : 0 };
}

/* ---- what is told of one ---- */

static struct str path_of(const struct gmail_call *c, struct str id, struct str rest)
{
	return ARENA_JOIN(c->a, STR("/messages/"), http_escape(c->a, id), rest);
}

enum err gmail_item(const struct gmail_call *c, struct str id, struct mail_item *out,
		    struct json **message_out)
{
	const struct rest_call call = {
		.path =
		    path_of(c, id,
			    STR("?format=metadata&metadataHeaders=Message-ID&fields=id,labelIds,internalDate,"
				"sizeEstimate,payload/headers")),
	};
	enum err e = gmail_ask(c, &call, message_out);

	if (e)
		return e;
	const struct json *m = *message_out, *size = json_get(m, STR("sizeEstimate"));
	*out = (struct mail_item){
		.place = { gmail_location(c->g, m), rest_name(m, STR("id")) },
		.marks = gmail_marks(c->a, c->g, m),
		.size = size && size->kind == JSON_INT ? size->i : 0,
	};
	for (const struct json *h = json_get_list(json_get(m, STR("payload")), STR("headers")); h;
	     h = h->next)
		if (str_eq_nocase(json_get_str(h, STR("name")), STR("Message-ID")) && out->message_id.n == 0)
			out->message_id = rest_message_id(h, STR("value"));
	return OK;
}

static enum err check_place(const struct gmail_call *c, const struct json *message,
			    const struct mail_place *place)
{
	if (str_eq(gmail_location(c->g, message), place->folder))
		return OK;
	return mailbox_fail(c->fault, ERR_ABSENT, TROUBLE_NO_MESSAGE,
			    "The message lies elsewhere by now: somebody moved it.");
}

enum err gmail_look(const struct gmail_call *c, const struct mail_place *place, struct json **out)
{
	const struct rest_call call = {
		.path = path_of(c, place->id, STR("?format=minimal&fields=id,labelIds,internalDate")),
	};
	enum err e = gmail_ask(c, &call, out);

	return e ? e : check_place(c, *out, place);
}

/* ---- finding ---- */

/* As the search has it: without its angle brackets. */
static struct str bare(struct str message_id)
{
	bool bracketed = str_starts(message_id, STR("<")) && str_ends(message_id, STR(">"));

	return bracketed ? str_sub(message_id, 1, message_id.n - 1) : message_id;
}

enum err gmail_named(const struct gmail_call *c, struct str message_id, struct mail_items *out)
{
	struct rest_call call = {
		.path =
		    arena_printf(c->a, "/messages?includeSpamTrash=true&maxResults=%d", MAILBOX_ALIKE_MAX),
	};
	struct json *list, *message;

	if (message_id.n == 0 || message_id.n > LIMIT_REST_NAME)
		return OK;
	call.path = rest_query(c->a, call.path, "q", ARENA_JOIN(c->a, STR("rfc822msgid:"), bare(message_id)));
	enum err e = gmail_ask(c, &call, &list);
	for (const struct json *m = e ? NULL : json_get_list(list, STR("messages"));
	     m && out->n < MAILBOX_ALIKE_MAX; m = m->next) {
		struct mail_item item;
		e = gmail_item(c, rest_name(m, STR("id")), &item, &message);
		/* What the search takes for alike need not be equal. */
		if (!e && str_eq(item.message_id, message_id) && !gmail_has_label(message, STR("DRAFT")))
			ARENA_PUSH(c->a, out, item);
		if (e && e != ERR_ABSENT)
			return e;
		e = OK;
	}
	return e;
}

enum err gmail_find(void *own, struct arena *a, struct str message_id, deadline_ms until,
		    struct mail_items *out, struct mailbox_fault *fault)
{
	const struct gmail_call c = { own, a, until, fault };
	enum err e = gmail_named(&c, message_id, out);

	if (!e)
		items_folder_first(a, out, STR("INBOX"));
	return e;
}

/* ---- fetching ---- */

enum err gmail_fetch(void *own, struct arena *a, const struct mail_place *place, deadline_ms until,
		     struct str *bytes_out, struct mail_marks *marks_out, struct mailbox_fault *fault)
{
	const struct gmail_call c = { own, a, until, fault };
	const struct rest_call call = {
		.path = ARENA_JOIN(a, c.g->user, path_of(&c, place->id, STR("?format=raw"))),
		.answer_max = RAW_MAX,
	};
	struct json *message;
	struct str body;
	/* Its text stays where it is: the message is in it, and a third larger. */
	enum err e = rest_ask(&c.g->rest, a, &call, until, &body, fault);

	if (!e && json_parse(a, body, &message, NULL))
		return mailbox_fail(fault, ERR_LATER, TROUBLE_REFUSED, "Gmail answered what is no JSON.");
	if (!e)
		e = check_place(&c, message, place);
	if (e)
		return e;
	struct str raw = json_get_str(message, STR("raw"));
	if (!arena_has_room(a, raw.n / 4 * 3 + 3))
		return mailbox_fail(fault, ERR_LIMIT, TROUBLE_REFUSED, "The message has some %zu bytes.",
				    raw.n / 4 * 3);
	if (raw.n == 0 || base64url_decode(a, raw, bytes_out))
		return mailbox_fail(fault, ERR_LATER, TROUBLE_REFUSED, "Gmail's answer holds no message.");
	*marks_out = gmail_marks(a, c.g, message);
	http_let_go(c.g->rest.http);
	return OK;
}
