/* Putting a mail together from our fields and the pieces of what came. */
#include "intake/outgoing.h"

static void add(struct arena *a, struct outgoing *out, struct str piece)
{
	if (piece.n)
		ARENA_PUSH(a, &out->pieces, piece);
}

/* The mail up to `start`, and what follows from `at` on: behind what is left out, in whose place stands `text`. */
static size_t skip(struct arena *a, struct outgoing *out, struct str mail, size_t at, int64_t start,
		   int64_t length, struct str text)
{
	add(a, out, str_sub(mail, at, (size_t)start));
	add(a, out, text);
	return (size_t)(start + length);
}

/* The mail without what is left out and with what is changed, behind a place for our fields. Neither lies in the other. */
static void add_rest(struct arena *a, const struct record *r, const struct edit_list *edits, struct str mail,
		     struct outgoing *out)
{
	size_t at = 0, s = 0, e = 0;

	while (s < r->strip.n || e < edits->n) {
		const struct byte_range *x = s < r->strip.n ? &r->strip.v[s] : NULL;
		const struct edit *y = e < edits->n ? &edits->v[e] : NULL;
		if (x && (!y || x->start < y->start)) {
			at = skip(a, out, mail, at, x->start, x->length, STR_NONE);
			s++;
		} else {
			at = skip(a, out, mail, at, y->start, y->length, y->text);
			e++;
		}
	}
	add(a, out, str_sub(mail, at, mail.n));
}

enum err outgoing_make(struct arena *a, const struct headers_options *options, const struct record *r,
		       struct str mail, struct outgoing *out)
{
	struct headers_options o = *options;
	static const struct edit_list none = { 0 };
	struct buf fields;

	*out = (struct outgoing){ 0 };
	ARENA_PUSH(a, &out->pieces, STR_NONE);
	add_rest(a, r, o.judged ? &r->edits : &none, mail, out);
	out->changed = o.judged && r->edits.n > 0;
	o.content = out->pieces.n > 1 ? out->pieces.v[1] : STR_NONE;
	buf_init(&fields, HEADERS_MAX);
	headers_write(&fields, &o, r);
	enum err e = buf_ok(&fields) ? OK : ERR_LIMIT;
	out->pieces.v[0] = arena_str(a, buf_str(&fields));
	buf_free(&fields);
	return e;
}
