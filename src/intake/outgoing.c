/* Putting a mail together from our fields and the pieces of what came. */
#include "intake/outgoing.h"

#include "base/abnf.h"
#include "base/limits.h"

#define HEADER_MOST (HEADERS_MAX + LIMIT_HEADER_BYTES)
#define PIECES_MOST 50000 /* of a mail whose line ends are completed; only mail made to confuse has more */
#define BLOCK 65536       /* looked at for the end of the header at once: nearly all end there */

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

/* One piece with its line ends; `next`: what stands behind it, "" = nothing. False: it would be too many. */
static bool add_completed(struct arena *a, struct outgoing *out, struct str piece, struct str next)
{
	size_t from = 0;

	for (size_t at = 0; (at = str_find(piece, STR("\r."), at)) != SIZE_MAX; from = ++at) {
		if (out->pieces.n >= PIECES_MOST)
			return false;
		add(a, out, str_sub(piece, from, at + 1));
		add(a, out, STR("\n"));
	}
	add(a, out, str_sub(piece, from, piece.n));
	if (str_ends(piece, STR("\r")) && (next.n == 0 || next.p[0] == '.'))
		add(a, out, STR("\n"));
	return true;
}

bool outgoing_complete(struct arena *a, struct outgoing *out)
{
	struct outgoing completed = { .changed = out->changed };
	const struct strs *all = &out->pieces;

	for (size_t i = 0; i < all->n; i++)
		if (str_find_char(all->v[i], '\0', 0) != SIZE_MAX ||
		    !add_completed(a, &completed, all->v[i], i + 1 < all->n ? all->v[i + 1] : STR_NONE))
			return false;
	*out = completed;
	return true;
}

/* ---- taking it apart ---- */

/* The name of a field, or "" where the line is none. */
static struct str name_of(struct str line)
{
	size_t n = 0, at;

	while (n < line.n && abnf_is_ftext((unsigned char)line.p[n]))
		n++;
	for (at = n; at < line.n && abnf_is_wsp((unsigned char)line.p[at]);)
		at++;
	return at < line.n && line.p[at] == ':' ? str_sub(line, 0, n) : STR_NONE;
}

/* One line of the header, with its end, behind the one before. False: it is not one that all read alike. */
static bool add_line(struct arena *a, struct outgoing_parts *parts, struct str line)
{
	if (abnf_is_wsp((unsigned char)line.p[0])) {
		struct sign_field *last =
		    parts->mail.fields.n ? &parts->mail.fields.v[parts->mail.fields.n - 1] : NULL;
		if (last)
			last->whole.n += line.n;
		return last != NULL;
	}
	struct sign_field f = { .name = name_of(line), .whole = line };
	if (f.name.n == 0 || parts->mail.fields.n > LIMIT_HEADER_FIELDS)
		return false;
	ARENA_PUSH(a, &parts->mail.fields, f);
	return true;
}

/* Behind the first empty line, looked for from `at`, where a line begins; SIZE_MAX: there is none. */
static size_t end_of_header(struct str text, size_t at)
{
	for (size_t end; (end = str_find_char(text, '\n', at)) != SIZE_MAX; at = end + 1) {
		struct str line = str_sub(text, at, end);
		if (line.n == 0 || str_eq(line, STR("\r")))
			return end + 1;
	}
	return SIZE_MAX;
}

/* The pieces from that byte of the mail on. */
static void take_body(struct arena *a, const struct outgoing *out, size_t from, struct strs *body)
{
	for (size_t i = 0; i < out->pieces.n; i++) {
		struct str piece = out->pieces.v[i];
		if (piece.n > from)
			ARENA_PUSH(a, body, str_sub(piece, from, piece.n));
		from -= piece.n < from ? piece.n : from;
	}
}

/* The header in one piece, whatever pieces it goes out in, and behind it the body. False: it has no end to be found. */
static bool find_header(struct arena *a, const struct outgoing *out, struct str *header, struct strs *body)
{
	size_t end = SIZE_MAX;
	struct buf b;

	buf_init(&b, HEADER_MOST);
	for (size_t i = 0; i < out->pieces.n && end == SIZE_MAX; i++) {
		struct str piece = out->pieces.v[i];
		for (size_t at = 0; at < piece.n && end == SIZE_MAX && buf_ok(&b); at += BLOCK) {
			size_t line = str_rfind_char(buf_str(&b), '\n');
			buf_add(&b, str_sub(piece, at, at + BLOCK));
			end = end_of_header(buf_str(&b), line == SIZE_MAX ? 0 : line + 1);
		}
	}
	if (end != SIZE_MAX) {
		*header = arena_str(a, str_sub(buf_str(&b), 0, end));
		take_body(a, out, end, body);
	}
	buf_free(&b);
	return end != SIZE_MAX;
}

bool outgoing_split(struct arena *a, const struct outgoing *out, struct outgoing_parts *parts)
{
	struct str header;

	*parts = (struct outgoing_parts){ 0 };
	if (!find_header(a, out, &header, &parts->body))
		return false;
	for (size_t at = 0; at < header.n;) {
		struct str line = str_sub(header, at, str_find_char(header, '\n', at) + 1);
		at += line.n;
		if (at < header.n && !add_line(a, parts, line))
			return false;
	}
	return true;
}
