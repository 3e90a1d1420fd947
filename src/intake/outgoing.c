/* Putting a mail together from our fields and the pieces of what came. */
#include "intake/outgoing.h"

static void add(struct arena *a, struct outgoing *out, struct str piece)
{
	if (piece.n)
		ARENA_PUSH(a, &out->pieces, piece);
}

/* The mail without what is left out, behind a place for our fields. */
static void add_rest(struct arena *a, const struct record *r, struct str mail, struct outgoing *out)
{
	size_t at = 0;

	for (size_t i = 0; i < r->strip.n; i++) {
		size_t start = (size_t)r->strip.v[i].start;
		add(a, out, str_sub(mail, at, start));
		at = start + (size_t)r->strip.v[i].length;
	}
	add(a, out, str_sub(mail, at, mail.n));
}

enum err outgoing_make(struct arena *a, const struct headers_options *options, const struct record *r,
		       struct str mail, struct outgoing *out)
{
	struct headers_options o = *options;
	struct buf fields;

	*out = (struct outgoing){ 0 };
	ARENA_PUSH(a, &out->pieces, STR_NONE);
	add_rest(a, r, mail, out);
	o.content = out->pieces.n > 1 ? out->pieces.v[1] : STR_NONE;
	buf_init(&fields, HEADERS_MAX);
	headers_write(&fields, &o, r);
	enum err e = buf_ok(&fields) ? OK : ERR_LIMIT;
	out->pieces.v[0] = arena_str(a, buf_str(&fields));
	buf_free(&fields);
	return e;
}
