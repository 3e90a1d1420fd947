/* Putting a message back into a mailbox of Microsoft Graph. */
#include "base/base64.h"
#include "mailbox/graph_internal.h"
#include "mime/address.h"
#include "mime/date.h"
#include "mime/encoded_word.h"
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

/* ---- whether it is the mail ---- */

static struct str sender_of(struct arena *a, const struct headers *h)
{
	struct addresses from = address_parse(a, headers_value(a, h, STR("From")));
	const struct address *main = address_main(&from);

	return main ? main->addr : STR("");
}

static struct str subject_of(struct arena *a, const struct headers *h)
{
	return str_trim(encoded_word_decode(a, headers_value(a, h, STR("Subject"))));
}

static bool same_date(struct arena *a, const struct headers *x, const struct headers *y)
{
	int64_t of_x = 0, of_y = 0;
	enum err no_x = date_parse(headers_value(a, x, STR("Date")), &of_x),
		 no_y = date_parse(headers_value(a, y, STR("Date")), &of_y);

	return no_x || no_y ? no_x && no_y : same_time(of_x, of_y);
}

/* Exchange writes mail anew, so not its bytes: sender, date and subject, beside the Message-ID, which anybody can write. */
static bool is_like(struct arena *a, struct str bytes, struct str there)
{
	struct headers x = headers_parse(a, bytes, 0, bytes.n, NULL),
		       y = headers_parse(a, there, 0, there.n, NULL);

	return str_eq_nocase(sender_of(a, &x), sender_of(a, &y)) &&
	       str_eq(subject_of(a, &x), subject_of(a, &y)) && same_date(a, &x, &y);
}

/* One that goes meanwhile is not like it. */
static enum err look_whether(const struct graph_call *c, const struct mail_place *place, struct str bytes,
			     bool *is_out)
{
	const struct arena_mark mark = arena_mark(c->a);
	struct mail_marks marks;
	struct str there;
	enum err e = graph_fetch(c->g, c->a, place, c->until, &there, &marks, c->fault);

	*is_out = !e && is_like(c->a, bytes, there);
	arena_rewind(c->a, mark);
	return e == ERR_ABSENT || e == ERR_LIMIT ? OK : e;
}

/* ---- what is there ---- */

/* What is looked for: the mail, as a draft, which only its owner and we make; or as one that came at that time (0: at any). */
struct wanted {
	struct str bytes, message_id;
	bool draft;
	int64_t received_us;
};

/* In the folder. "" = there is none. */
static enum err find_in(const struct graph_call *c, struct str folder, const struct wanted *w,
			struct str *id_out)
{
	struct graph_alike alike;

	*id_out = STR("");
	if (folder.n == 0)
		return OK;
	enum err e = graph_alike(c, folder, w->message_id, &alike);
	for (size_t i = 0; i < alike.n && !e && !id_out->n; i++) {
		const struct mail_item *item = &alike.v[i].item;
		bool is = w->draft ? alike.v[i].draft
				   : !w->received_us || same_time(item->marks.received_us, w->received_us);
		if (is && !w->draft)
			e = look_whether(c, &item->place, w->bytes, &is);
		if (is)
			*id_out = item->place.id;
	}
	return e;
}

/* What an earlier try put there, or did not get rid of; or nothing. */
static enum err find_tried(const struct graph_call *c, struct str folder, const struct wanted *came,
			   struct mail_place *out)
{
	const struct wanted draft = { came->bytes, came->message_id, true, 0 };
	struct str drafts;
	enum err e = graph_folder_id(c, GRAPH_DRAFTS, &drafts);

	out->folder = folder;
	if (!e)
		e = find_in(c, folder, &draft, &out->id);
	if (!e && !out->id.n) {
		out->folder = drafts;
		e = find_in(c, drafts, &draft, &out->id);
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

static enum err make_anew(const struct graph_call *c, const struct wanted *came,
			  const struct mail_marks *marks, struct str folder, struct mail_place *to_out)
{
	struct mail_place at;
	enum err e = find_tried(c, folder, came, &at);

	if (!e && !at.id.n)
		e = make(c, came->bytes, &at);
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
	const struct wanted came = { bytes, message_id_of(a, bytes), false, marks->received_us };
	struct str purges, id = STR("");
	enum err e = graph_folder_id(&c, GRAPH_PURGES, &purges);

	if (!e && marks->received_us) /* done already, and only the answer was lost */
		e = find_in(&c, folder, &came, &id);
	if (!e && id.n) {
		*to_out = (struct mail_place){ folder, id };
		return OK;
	}
	if (!e)
		e = find_in(&c, purges, &came, &id);
	if (e)
		return e;
	return id.n ? graph_put(&c, id, folder, to_out) : make_anew(&c, &came, marks, folder, to_out);
}
