/* Moving messages of Microsoft Graph, and taking them out. */
#include "json/write.h"
#include "mailbox/graph_internal.h"

#define BODY_MAX 4096

enum err graph_put(const struct graph_call *c, struct str id, struct str folder, struct mail_place *to_out)
{
	struct rest_call call = {
		.path = ARENA_JOIN(c->a, STR("/messages/"), http_escape(c->a, id), STR("/move")),
	};
	struct json *moved;
	struct buf b;

	buf_init(&b, BODY_MAX);
	buf_add_c(&b, "{\"destinationId\":");
	json_str(&b, folder);
	buf_add_c(&b, "}");
	call.body = arena_str(c->a, buf_str(&b));
	buf_free(&b);
	enum err e = graph_ask(c, &call, &moved);
	if (!e)
		*to_out = (struct mail_place){ folder, rest_name(moved, STR("id")) };
	return e;
}

enum err graph_move_back(void *own, struct arena *a, const struct mail_place *from, struct str folder,
			 deadline_ms until, struct mail_place *to_out, struct mailbox_fault *fault)
{
	const struct graph_call c = { own, a, until, fault };
	struct json *message;
	/* An id that never changes can be moved twice: what counts is where the message lies. */
	enum err e = graph_look(&c, from, &message);

	if (e)
		return e;
	if (!str_eq(from->folder, folder))
		return graph_put(&c, from->id, folder, to_out);
	*to_out = *from;
	return OK;
}

enum err graph_move(void *own, struct arena *a, const struct mail_place *from, enum destination to,
		    deadline_ms until, struct mail_place *to_out, struct mailbox_fault *fault)
{
	const struct graph_call c = { own, a, until, fault };
	struct str folder;
	enum err e = graph_folder_id(&c, (enum graph_folder)to, &folder);

	if (!e && folder.n == 0)
		return mailbox_fail(fault, ERR_DENIED, TROUBLE_NO_FOLDER, "The mailbox has no folder %.*s.",
				    STR_ARG(enum_text(&destination_names, (int)to)));
	return e ? e
		 : graph_move_back(own, a, from, graph_folder_name((enum graph_folder)to), until, to_out,
				   fault);
}

/* Where a purged message lies: the same one, as its id and its Message-ID say. "": nowhere that can be seen. */
static enum err find_purged(const struct graph_call *c, const struct mail_item *was, struct mail_place *out)
{
	struct graph_alike alike;
	enum err e = graph_alike(c, graph_folder_name(GRAPH_PURGES), was->message_id, &alike);
	for (size_t i = 0; i < alike.n && !e; i++) {
		const struct mail_item *item = &alike.v[i].item;
		bool same = str_eq(item->place.id, was->place.id);
		if (same || (out->id.n == 0 && item->marks.received_us == was->marks.received_us))
			*out = item->place;
		if (same)
			break;
	}
	return e;
}

enum err graph_remove(void *own, struct arena *a, const struct mail_place *place, deadline_ms until,
		      struct mail_place *to_out, struct mailbox_fault *fault)
{
	const struct graph_call c = { own, a, until, fault };
	const struct rest_call call = {
		.path = ARENA_JOIN(a, STR("/messages/"), http_escape(a, place->id), STR("/permanentDelete")),
		.body = STR(""),
		.once = true, /* again it might be taken out of there, too */
	};
	struct json *message;
	struct str purges;
	enum err e = graph_look(&c, place, &message);

	if (!e)
		e = graph_folder_id(&c, GRAPH_PURGES, &purges);
	if (e)
		return e;
	struct mail_item was = graph_item(c.g, a, message);
	e = graph_ask(&c, &call, NULL);
	/* National clouds do not have it, and call that a bad request. */
	bool unknown = c.g->rest.status == 400 || c.g->rest.status == 405 || c.g->rest.status == 501;
	if (e && unknown && purges.n)
		return graph_put(&c, place->id, graph_folder_name(GRAPH_PURGES), to_out);
	if (e)
		return e;
	/* It is gone already: that nobody says where to does not undo it. */
	if (purges.n && find_purged(&c, &was, to_out)) {
		*to_out = (struct mail_place){ 0 };
		*fault = (struct mailbox_fault){ 0 };
	}
	return OK;
}
