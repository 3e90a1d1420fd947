/* Moving messages of Gmail, which is taking one label off and putting another on in one step; and deleting them. */
#include "json/write.h"
#include "mailbox/gmail_internal.h"

#define BODY_MAX 4096

static void add_label(struct buf *b, bool *first, struct str label)
{
	buf_add_c(b, *first ? "" : ",");
	json_str(b, label);
	*first = false;
}

/* The body of messages.modify that leaves a message in that place alone. */
static struct str change_of(const struct gmail_call *c, struct str place)
{
	const struct str places[] = { STR("INBOX"), STR("SPAM"), STR("TRASH"), c->g->hidden };
	struct buf b;
	bool first = true;

	buf_init(&b, BODY_MAX);
	buf_add_c(&b, "{\"addLabelIds\":[");
	if (!str_eq(place, STR(GMAIL_ALL)))
		add_label(&b, &first, place);
	buf_add_c(&b, "],\"removeLabelIds\":[");
	first = true;
	for (size_t i = 0; i < ARRAY_LEN(places); i++)
		if (places[i].n && !str_eq(places[i], place))
			add_label(&b, &first, places[i]);
	buf_add_c(&b, "]}");
	struct str body = arena_str(c->a, buf_str(&b));
	buf_free(&b);
	return body;
}

enum err gmail_move_back(void *own, struct arena *a, const struct mail_place *from, struct str folder,
			 deadline_ms until, struct mail_place *to_out, struct mailbox_fault *fault)
{
	const struct gmail_call c = { own, a, until, fault };
	const struct rest_call call = {
		.path = ARENA_JOIN(a, STR("/messages/"), http_escape(a, from->id), STR("/modify")),
		.body = change_of(&c, folder),
	};
	struct json *message;
	/* Labels can be changed twice: what counts is where the message lies. */
	enum err e = gmail_look(&c, from, &message);

	if (!e && !str_eq(from->folder, folder))
		e = gmail_ask(&c, &call, NULL);
	if (!e)
		*to_out = (struct mail_place){ folder, from->id };
	return e;
}

enum err gmail_move(void *own, struct arena *a, const struct mail_place *from, enum destination to,
		    deadline_ms until, struct mail_place *to_out, struct mailbox_fault *fault)
{
	static const struct str labels[] = {
		[DESTINATION_INBOX] = STR_INIT("INBOX"),
		[DESTINATION_JUNK] = STR_INIT("SPAM"),
		[DESTINATION_TRASH] = STR_INIT("TRASH"),
	};
	const struct gmail_call c = { own, a, until, fault };
	struct str label = STR_NONE;
	enum err e = OK;

	if (to == DESTINATION_DELETIONS)
		e = gmail_hidden(&c, true, &label);
	else
		label = labels[to];
	return e ? e : gmail_move_back(own, a, from, label, until, to_out, fault);
}

enum err gmail_remove(void *own, struct arena *a, const struct mail_place *place, deadline_ms until,
		      struct mail_place *to_out, struct mailbox_fault *fault)
{
	const struct gmail_call c = { own, a, until, fault };
	const struct rest_call call = {
		.method = "DELETE",
		.path = ARENA_JOIN(a, STR("/messages/"), http_escape(a, place->id)),
		.once = true, /* again it would be called absent */
	};
	struct json *message;
	enum err e = gmail_look(&c, place, &message);

	*to_out = (struct mail_place){ STR(""), STR("") };
	return e ? e : gmail_ask(&c, &call, NULL);
}
