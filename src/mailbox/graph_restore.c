/* Putting a message back into a mailbox of Microsoft Graph. */
#include "base/base64.h"
#include "mailbox/graph_internal.h"
#include "mime/header.h"

#define SECOND_US 1000000

/* Dates there have seconds. */
static bool same_time(int64_t a_us, int64_t b_us)
{
	return a_us / SECOND_US == b_us / SECOND_US;
}

static struct str message_id_of(struct arena *a, struct str bytes)
{
	struct headers h = headers_parse(a, bytes, 0, bytes.n, NULL);

	return str_trim(headers_value(a, &h, STR("Message-ID")));
}

/* A message in the folder by its Message-ID: a draft, or one that came at that time (0: at any). "" = there is none. */
static enum err find_in(const struct graph_call *c, struct str folder, struct str message_id, bool draft,
			int64_t received_us, struct str *id_out)
{
	struct graph_alike alike;

	*id_out = STR("");
	if (folder.n == 0)
		return OK;
	enum err e = graph_alike(c, folder, message_id, &alike);
	for (size_t i = 0; i < alike.n && !e && !id_out->n; i++) {
		const struct mail_item *item = &alike.v[i].item;
		if (draft ? alike.v[i].draft
			  : !received_us || same_time(item->marks.received_us, received_us))
			*id_out = item->place.id;
	}
	return e;
}

/* What an earlier try put there, or did not get rid of; or nothing. */
static enum err find_tried(const struct graph_call *c, struct str folder, struct str message_id,
			   struct mail_place *out)
{
	struct str drafts;
	enum err e = graph_folder_id(c, GRAPH_DRAFTS, &drafts);

	out->folder = folder;
	if (!e)
		e = find_in(c, folder, message_id, true, 0, &out->id);
	if (!e && !out->id.n) {
		out->folder = drafts;
		e = find_in(c, drafts, message_id, true, 0, &out->id);
	}
	return e;
}

/* A message of those bytes, among the drafts. */
static enum err make(const struct graph_call *c, struct str bytes, struct mail_place *out)
{
	struct rest_call call = {
		.path = STR("/messages"), /* that of a folder takes no MIME */
		.type = "text/plain",
		.once = true,
	};
	struct json *made;

	if (!arena_has_room(c->a, bytes.n / 3 * 4 + 8))
		return mailbox_fail(c->fault, ERR_LIMIT, TROUBLE_REFUSED, "The message has %zu bytes.",
				    bytes.n);
	call.body = base64_encode(c->a, bytes);
	enum err e = graph_ask(c, &call, &made);

	if (!e)
		*out = graph_item(c->g, c->a, made).place;
	return e;
}

static enum err set_marks(const struct graph_call *c, struct str id, const struct mail_marks *marks)
{
	const struct rest_call call = {
		.method = "PATCH",
		.path = ARENA_JOIN(c->a, STR("/messages/"), http_escape(c->a, id)),
		.body = graph_marks(c->a, marks),
	};

	return graph_ask(c, &call, NULL);
}

static enum err make_anew(const struct graph_call *c, struct str bytes, const struct mail_marks *marks,
			  struct str folder, struct str message_id, struct mail_place *to_out)
{
	struct mail_place at;
	enum err e = find_tried(c, folder, message_id, &at);

	if (!e && !at.id.n)
		e = make(c, bytes, &at);
	if (!e)
		e = set_marks(c, at.id, marks);
	*to_out = at;
	if (!e && !str_eq(at.folder, folder))
		e = graph_put(c, at.id, folder, to_out);
	return e;
}

enum err graph_restore(void *own, struct arena *a, struct str bytes, const struct mail_marks *marks,
		       struct str folder, deadline_ms until, struct mail_place *to_out,
		       struct mailbox_fault *fault)
{
	const struct graph_call c = { own, a, until, fault };
	struct str message_id = message_id_of(a, bytes), purges, id = STR("");
	enum err e = graph_folder_id(&c, GRAPH_PURGES, &purges);

	if (!e && marks->received_us) /* done already, and only the answer was lost */
		e = find_in(&c, folder, message_id, false, marks->received_us, &id);
	if (!e && id.n) {
		*to_out = (struct mail_place){ folder, id };
		return OK;
	}
	if (!e)
		e = find_in(&c, purges, message_id, false, marks->received_us, &id);
	if (e)
		return e;
	return id.n ? graph_put(&c, id, folder, to_out)
		    : make_anew(&c, bytes, marks, folder, message_id, to_out);
}
