/* Putting a message back into a mailbox of Gmail. */
#include "base/random.h"
#include "json/write.h"
#include "mailbox/gmail_internal.h"
#include "mime/date.h"
#include "mime/header.h"

#define METADATA_MAX (1u << 16)
#define DAY_US (INT64_C(86400) * 1000000)

/* Labels that the mailbox has; others went since the message did. */
static enum err known_labels(const struct gmail_call *c, struct strs *out)
{
	struct json *answer;
	enum err e = gmail_ask(c, &(const struct rest_call){ .path = STR("/labels") }, &answer);

	for (const struct json *l = e ? NULL : json_get_list(answer, STR("labels")); l; l = l->next)
		ARENA_PUSH(c->a, out, rest_name(l, STR("id")));
	return e;
}

/* {"labelIds":[...]}: its place, and of its marks those that there are. */
static enum err metadata_of(const struct gmail_call *c, const struct mail_marks *marks, struct str folder,
			    struct str *out)
{
	struct strs words = arena_split(c->a, marks->flags, ' '), known = { 0 };
	struct buf b;
	size_t n = 0;
	enum err e = known_labels(c, &known);

	if (e)
		return e;
	buf_init(&b, METADATA_MAX);
	buf_add_c(&b, "{\"labelIds\":[");
	if (!str_eq(folder, STR(GMAIL_ALL))) {
		json_str(&b, folder);
		n++;
	}
	for (size_t i = 0; i < words.n; i++)
		for (size_t k = 0; k < known.n; k++)
			if (str_eq(words.v[i], known.v[k])) {
				buf_add_c(&b, n++ ? "," : "");
				json_str(&b, words.v[i]);
				break;
			}
	buf_add_c(&b, "]}");
	*out = arena_str(c->a, buf_ok(&b) ? buf_str(&b) : STR("{}"));
	buf_free(&b);
	return OK;
}

/* Metadata and mail as the two parts of a body (multipart/related, RFC 2387). */
static struct str upload_of(struct arena *a, struct str boundary, struct str metadata, struct str bytes)
{
	return ARENA_JOIN(a, STR("--"), boundary,
			  STR("\r\nContent-Type: application/json; charset=UTF-8\r\n\r\n"), metadata,
			  STR("\r\n--"), boundary, STR("\r\nContent-Type: message/rfc822\r\n\r\n"), bytes,
			  STR("\r\n--"), boundary, STR("--\r\n"));
}

static bool date_is_near(struct arena *a, const struct headers *h, int64_t received_us)
{
	int64_t date_us;

	return date_parse(headers_value(a, h, STR("Date")), &date_us) == OK && received_us &&
	       date_us > received_us - DAY_US && date_us < received_us + DAY_US;
}

/* What an earlier try inserted: equal bytes, but for a line of trace that Gmail may put before them. */
static enum err find_tried(const struct gmail_call *c, struct str message_id, struct str folder,
			   struct str bytes, struct mail_place *out)
{
	struct mail_items alike = { 0 };
	enum err e = message_id.n ? gmail_named(c, message_id, &alike) : OK;

	for (size_t i = 0; i < alike.n && !e && !out->id.n; i++) {
		const struct mail_place *at = &alike.v[i].place;
		struct mail_marks marks;
		struct str there;
		if (!str_eq(at->folder, folder))
			continue;
		struct arena_mark mark = arena_mark(c->a);
		e = gmail_fetch(c->g, c->a, at, c->until, &there, &marks, c->fault);
		bool same = !e && str_ends(there, bytes);
		arena_rewind(c->a, mark);
		if (same)
			*out = *at;
		if (e == ERR_ABSENT)
			e = OK;
	}
	return e;
}

static enum err insert(const struct gmail_call *c, struct str metadata, struct str bytes, bool by_date_field,
		       struct str *id_out)
{
	char uuid[37];
	struct json *made;

	random_uuid(uuid);
	if (!arena_has_room(c->a, bytes.n + metadata.n + 1024))
		return mailbox_fail(c->fault, ERR_LIMIT, TROUBLE_REFUSED, "The message has %zu bytes.",
				    bytes.n);
	const struct rest_call call = {
		.path = ARENA_JOIN(c->a, STR("/upload"), c->g->user,
				   STR("/messages?uploadType=multipart&internalDateSource="),
				   by_date_field ? STR("dateHeader") : STR("receivedTime")),
		.body = upload_of(c->a, str_of(uuid), metadata, bytes),
		.type = arena_printf(c->a, "multipart/related; boundary=%s", uuid).p,
		.once = true,
	};
	enum err e = rest_json(&c->g->rest, c->a, &call, c->until, &made, c->fault);
	if (!e)
		*id_out = rest_name(made, STR("id"));
	return e;
}

enum err gmail_restore(void *own, struct arena *a, struct str bytes, const struct mail_marks *marks,
		       struct str folder, deadline_ms until, struct mail_place *to_out,
		       struct mailbox_fault *fault)
{
	const struct gmail_call c = { own, a, until, fault };
	struct headers h = headers_parse(a, bytes, 0, bytes.n, NULL);
	struct str message_id = str_trim(headers_value(a, &h, STR("Message-ID"))), metadata;
	enum err e = find_tried(&c, message_id, folder, bytes, to_out);

	if (e || to_out->id.n)
		return e;
	e = metadata_of(&c, marks, folder, &metadata);
	if (e)
		return e;
	to_out->folder = folder;
	return insert(&c, metadata, bytes, date_is_near(a, &h, marks->received_us), &to_out->id);
}
