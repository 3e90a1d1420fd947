/*
 * One part whose text is changed. Where charset and transfer encoding can hold what is put in, only that is written: into the
 * bytes as they are, or as quoted-printable between soft line breaks; base64 has no room between its characters, and is written
 * anew. Where they cannot, the part becomes UTF-8, and its fields say so.
 */
#include "base/base64.h"
#include "base/charset.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "edit/internal.h"
#include "mime/defect.h"
#include "mime/qp.h"

#define LINE_MAX_BYTES 998 /* RFC 5322 §2.1.1 */
#define PIECES_MAX 1000    /* of one part; one with more is written anew, as one piece */
#define TOO_LARGE "a text is too large to be changed"

/* A part, its bytes without transfer encoding, and what changes in them. */
struct body {
	const struct mime_part *part;
	struct str bytes;
	struct str charset; /* of them */
	bool html, leads;
	struct changes changes;
};

static struct str param(const struct mime_part *p, struct str name)
{
	return params_get(&p->params, name);
}

static bool is_html(const struct mime_part *p)
{
	return !mime_part_is(p, STR("text"), STR("plain"));
}

/* ---- what is put in ---- */

/* Each line as format=flowed has it (RFC 3676 §4.2, §4.4): none goes on in the next one, none is a quotation. */
static struct str flow(struct arena *a, struct str text)
{
	struct buf b;

	buf_init(&b, 2 * text.n + 2);
	for (size_t at = 0; at < text.n;) {
		size_t lf = str_find_char(text, '\n', at), end = lf == SIZE_MAX ? text.n : lf;
		struct str line = str_sub(text, at, end);
		while (line.n && line.p[line.n - 1] == ' ')
			line.n--;
		bool stuffed =
		    line.n && (line.p[0] == ' ' || line.p[0] == '>' || str_starts(line, STR("From ")));
		buf_add(&b, stuffed ? STR(" ") : STR(""));
		buf_add(&b, line);
		if (lf != SIZE_MAX)
			buf_add_char(&b, '\n');
		at = end + (lf != SIZE_MAX);
	}
	struct str out = arena_str(a, buf_str(&b));
	buf_free(&b);
	return out;
}

static struct str with_eol(struct arena *a, struct str text, struct str eol)
{
	struct buf b;

	buf_init(&b, 2 * text.n + 1);
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] == '\n')
			buf_add(&b, eol);
		else
			buf_add_char(&b, text.p[i]);
	}
	struct str out = arena_str(a, buf_str(&b));
	buf_free(&b);
	return out;
}

/* The text for the beginning, as this part is to have it. Behind a plain one stands an empty line. */
static struct str lead_of(struct editor *e, const struct body *b)
{
	struct str text = b->html ? e->html : e->plain;

	if (!b->leads || text.n == 0)
		return STR_NONE;
	if (!b->html && str_eq_nocase(param(b->part, STR("format")), STR("flowed")))
		text = flow(e->arena, text);
	if (!b->html)
		text = ARENA_JOIN(e->arena, text, str_ends(text, STR("\n")) ? STR("\n") : STR("\n\n"));
	return with_eol(e->arena, text, e->eol);
}

static void find_changes(struct editor *e, struct body *b)
{
	struct str lead = lead_of(e, b);

	b->changes = (struct changes){ 0 };
	e->links.charset = b->charset;
	if (b->html)
		edit_html(&e->links, b->bytes, lead, &b->changes);
	else
		edit_plain(&e->links, b->bytes, lead, &b->changes);
}

/* ---- what charset and encoding can hold ---- */

/*
 * Whether the bytes are ASCII where they look like it: not so where a state decides. What the charset has no use for, such as
 * zero bytes or the byte order of another one, keeps nobody from seeing the rest, so it does not count.
 */
static bool is_transparent(struct arena *a, const struct body *b)
{
	static const struct str sample = STR_INIT(" !\"#$%&'()*+,-./0123456789:;<=>?@ABCXYZ[]^_abcxyz{|}"),
				shifts = STR_INIT("\033$B!!\033(B\016!!\017");
	struct str charset = b->part->charset;
	bool shifted = memchr(b->bytes.p, '\033', b->bytes.n) || memchr(b->bytes.p, '\016', b->bytes.n);

	if (str_starts_nocase(charset, STR("hz")) ||
	    (shifted && !str_eq(charset_to_utf8(a, charset, shifts, NULL), shifts)))
		return false;
	return str_eq(charset_to_utf8(a, charset, sample, NULL), sample);
}

/* Whether everything that is put in may stand there. */
static bool holds_texts(const struct body *b)
{
	bool ascii = true, valid = true;
	bool utf8 =
	    str_eq_nocase(b->part->charset, STR("utf-8")) || str_eq_nocase(b->part->charset, STR("utf8"));
	struct str body = mime_part_body(b->part);

	for (size_t i = 0; i < b->changes.n; i++) {
		ascii = ascii && str_is_ascii(b->changes.v[i].text);
		valid = valid && utf8_is_valid(b->changes.v[i].text);
	}
	/* What says that it has seven bits only must not get eight. */
	return ascii || (utf8 && valid && (b->part->encoding != ENCODING_IDENTITY || !str_is_ascii(body)));
}

static size_t longest_line(struct str s)
{
	size_t longest = 0, at = 0;

	while (at < s.n) {
		size_t lf = str_find_char(s, '\n', at), end = lf == SIZE_MAX ? s.n : lf;
		longest = end - at > longest ? end - at : longest;
		at = lf == SIZE_MAX ? s.n : lf + 1;
	}
	return longest;
}

/* ---- writing ---- */

struct pieces {
	struct edit *v;
	size_t n;
};

static void push(struct editor *e, struct pieces *out, size_t start, size_t length, struct str text)
{
	struct edit x = { 0 };

	SET(&x, edit, start, (int64_t)start);
	SET(&x, edit, length, (int64_t)length);
	SET(&x, edit, text, text);
	ARENA_PUSH(e->arena, out, x);
}

/* The whole body anew. */
static void push_body(struct editor *e, const struct body *b, struct str text, struct pieces *out)
{
	push(e, out, b->part->body_start, b->part->body_length, text);
}

/* Quoted-printable: each change in lines of its own, so that none becomes too long. */
static void push_qp(struct editor *e, const struct body *b, struct pieces *out)
{
	struct arena *a = e->arena;
	struct str body = mime_part_body(b->part);
	size_t n = 2 * b->changes.n, *wanted = ARENA_ARRAY(a, n, size_t), *places = ARENA_ARRAY(a, n, size_t);
	struct str soft = ARENA_JOIN(a, STR("="), e->eol);

	for (size_t i = 0; i < b->changes.n; i++) {
		wanted[2 * i] = b->changes.v[i].start;
		wanted[2 * i + 1] = b->changes.v[i].end;
	}
	qp_places(body, wanted, n, places);
	for (size_t i = 0; i < b->changes.n; i++) {
		size_t start = places[2 * i], end = places[2 * i + 1];
		struct str text = qp_encode(a, b->changes.v[i].text, e->eol);
		push(e, out, b->part->body_start + start, end - start,
		     ARENA_JOIN(a, start ? soft : STR(""), text, soft));
	}
}

/* Whether the body, with these pieces, decodes to what is wanted. */
static bool decodes_to(struct editor *e, const struct body *b, const struct pieces *pieces, struct str want)
{
	struct changes c = { 0 };

	for (size_t i = 0; i < pieces->n; i++) {
		size_t start = (size_t)pieces->v[i].start - b->part->body_start;
		const struct change one = { start, start + (size_t)pieces->v[i].length, pieces->v[i].text };
		ARENA_PUSH(e->arena, &c, one);
	}
	struct str body = changes_apply(e->arena, mime_part_body(b->part), &c);
	size_t bad;
	return str_eq(qp_decode(e->arena, body, body.n, &bad), want);
}

/* In the charset and the encoding that the part has. False: it would have a line that is too long. */
static bool write_within(struct editor *e, const struct body *b, struct pieces *out)
{
	struct str want = changes_apply(e->arena, b->bytes, &b->changes);

	if (b->part->encoding == ENCODING_BASE64) {
		push_body(e, b, base64_encode_lines(e->arena, want, e->eol), out);
		return true;
	}
	if (b->part->encoding == ENCODING_QP) {
		push_qp(e, b, out);
		if (decodes_to(e, b, out, want))
			return true;
		*out = (struct pieces){ 0 };
		push_body(e, b, qp_encode(e->arena, want, e->eol), out);
		return true;
	}
	for (size_t i = 0; i < b->changes.n; i++) {
		const struct change *c = &b->changes.v[i];
		push(e, out, b->part->body_start + c->start, c->end - c->start, c->text);
	}
	return longest_line(want) <= LINE_MAX_BYTES || longest_line(b->bytes) > LINE_MAX_BYTES;
}

/* The field of that name as it is to be; a new one at the end of the header. */
static void push_field(struct editor *e, const struct mime_part *p, struct str name, struct str value,
		       struct pieces *out)
{
	const struct header *h = headers_first(&p->headers, name);
	struct str field = ARENA_JOIN(e->arena, name, STR(": "), value, e->eol);

	push(e, out, h ? h->start : p->headers.end, h ? h->length : 0, field);
}

/* As quoted-printable or base64, and in UTF-8 where type is not empty. */
static void write_anew(struct editor *e, const struct body *b, struct str type, struct pieces *out)
{
	struct str want = changes_apply(e->arena, b->bytes, &b->changes);
	size_t high = 0;

	for (size_t i = 0; i < want.n; i++)
		high += (unsigned char)want.p[i] >= 0x80;
	bool base64 = high > want.n / 4;
	*out = (struct pieces){ 0 };
	if (type.n)
		push_field(e, b->part, STR("Content-Type"), type, out);
	push_field(e, b->part, STR("Content-Transfer-Encoding"),
		   base64 ? STR("base64") : STR("quoted-printable"), out);
	if (out->n == 2 && out->v[0].start > out->v[1].start) {
		const struct edit first = out->v[1];
		out->v[1] = out->v[0];
		out->v[0] = first;
	}
	/* Without it the transfer encoding counts for nothing (RFC 2045 §4). */
	if (!b->part->parent && !headers_first(&b->part->headers, STR("MIME-Version")))
		push_field(e, b->part, STR("MIME-Version"), STR("1.0"), out);
	push_body(e, b,
		  base64 ? base64_encode_lines(e->arena, want, e->eol) : qp_encode(e->arena, want, e->eol),
		  out);
}

static struct str type_in_utf8(struct arena *a, const struct mime_part *p)
{
	bool flowed = str_eq_nocase(param(p, STR("format")), STR("flowed")),
	     delsp = str_eq_nocase(param(p, STR("delsp")), STR("yes"));

	return ARENA_JOIN(a, p->type, STR("/"), p->subtype, STR("; charset=utf-8"),
			  flowed ? STR("; format=flowed") : STR(""), delsp ? STR("; delsp=yes") : STR(""));
}

/* Whether its fields can be written anew: it has a header, and they say one thing only. */
static bool has_plain_fields(const struct mime_tree *mail, const struct mime_part *p)
{
	return !p->doubtful && has_plain_end(p) && has_plain_end(mail->v[0]) &&
	       headers_count(&p->headers, STR("Content-Type")) <= 1 &&
	       headers_count(&p->headers, STR("Content-Transfer-Encoding")) <= 1 &&
	       (p->headers.n > 0 || p->parent);
}

/* The same text in UTF-8; false: it is not known, or not wholly, or signed as the bytes that it has. */
static bool recode(struct editor *e, struct body *b)
{
	enum charset_outcome outcome;
	struct span span;

	if (!b->html && signed_armour(b->bytes, 0, &span))
		return false;
	struct str text = charset_to_utf8(e->arena, b->part->charset, b->bytes, &outcome);

	b->bytes = text;
	b->charset = STR("utf-8");
	return outcome == CHARSET_FINE && has_plain_fields(e->job->mail, b->part);
}

static bool is_in_order(const struct changes *c)
{
	size_t at = 0;

	for (size_t i = 0; i < c->n; i++) {
		if (c->v[i].start < at || c->v[i].end < c->v[i].start)
			return false;
		at = c->v[i].end;
	}
	return true;
}

/* False: it cannot be changed. */
static bool write_part(struct editor *e, struct body *b, struct pieces *out)
{
	const struct link_editor before = e->links;

	if (is_transparent(e->arena, b)) {
		find_changes(e, b);
		if (b->changes.n == 0)
			return true;
		if (holds_texts(b)) {
			if (write_within(e, b, out) && out->n <= PIECES_MAX)
				return true;
			write_anew(e, b, STR_NONE, out);
			return has_plain_fields(e->job->mail, b->part);
		}
	}
	e->links = before; /* they are looked at once more */
	if (!recode(e, b))
		return false;
	find_changes(e, b);
	if (b->changes.n > 0)
		write_anew(e, b, type_in_utf8(e->arena, b->part), out);
	return true;
}

/* With more links than there is room for, nobody keeps the text away from the beginning. */
static void lead_alone(struct editor *e, const struct mime_part *p)
{
	const struct edit_job *job = e->job;
	struct edit_job texts = *job;

	texts.links = LINKS_LEFT;
	e->job = e->links.job = &texts;
	edit_part(e, p, true);
	e->job = e->links.job = job;
}

/*
 * What makes a part a file, whatever its fields said of it; its bytes stay as they are. False: not in this mail, which is no
 * worse than bulk, or not in this header, whose end is not plain.
 */
static bool attach(struct editor *e, const struct mime_part *p)
{
	const struct {
		struct str name, value;
		bool wanted;
	} fields[] = {
		{ STR("MIME-Version"), STR("1.0"), !p->parent },
		{ STR("Content-Type"), STR("application/octet-stream"), true },
		{ STR("Content-Disposition"),
		  is_html(p) ? STR("attachment; filename=message.html")
			     : STR("attachment; filename=message.txt"),
		  true },
	};
	bool bad = e->job->final > LABEL_EXTERNAL && e->job->final < LABEL_BULK;
	struct pieces pieces = { 0 };
	struct str missing = STR("");

	if (!bad || !has_plain_end(p) || !has_plain_end(e->job->mail->v[0]) ||
	    (p->headers.n == 0 && !p->parent))
		return false;
	for (size_t i = 0; i < p->headers.n; i++) {
		const struct header *h = &p->headers.v[i];
		for (size_t k = 1; k < ARRAY_LEN(fields); k++)
			if (str_eq_nocase(h->name, fields[k].name))
				push(
				    e, &pieces, h->start, h->length,
				    ARENA_JOIN(e->arena, fields[k].name, STR(": "), fields[k].value, e->eol));
	}
	for (size_t k = 0; k < ARRAY_LEN(fields); k++)
		if (fields[k].wanted && !headers_first(&p->headers, fields[k].name))
			missing =
			    ARENA_JOIN(e->arena, missing, fields[k].name, STR(": "), fields[k].value, e->eol);
	if (missing.n)
		push(e, &pieces, p->headers.end, 0, missing);
	return editor_add(e, pieces.v, pieces.n, ROOM_TO_ATTACH, TOO_LARGE);
}

/* What cannot be changed. */
static void leave(struct editor *e, const struct mime_part *p, const char *why)
{
	if (attach(e, p))
		editor_note(e, "a text is attached instead of shown: %s", why);
	else
		editor_note(e, "a text is left as it is: %s", why);
}

void edit_part(struct editor *e, const struct mime_part *p, bool leads)
{
	struct body b = { .part = p, .charset = p->charset, .html = is_html(p), .leads = leads };
	const struct link_editor before = e->links;
	struct mime_defects defects = { 0 };
	struct pieces pieces = { 0 };

	if (p->encoding != ENCODING_IDENTITY && p->encoding != ENCODING_QP &&
	    p->encoding != ENCODING_BASE64) {
		leave(e, p, "its transfer encoding is not written here");
		return;
	}
	b.bytes = mime_part_decode(e->arena, p, LIMIT_TEXT + 1, &defects);
	if (b.bytes.n > LIMIT_TEXT) {
		leave(e, p, "it is too large");
		return;
	}
	bool fine = write_part(e, &b, &pieces) && is_in_order(&b.changes);
	if (fine && (pieces.n == 0 || editor_add(e, pieces.v, pieces.n, ROOM_TO_CHANGE, TOO_LARGE))) {
		e->texts += leads && lead_of(e, &b).n > 0;
		return;
	}
	e->links = before;
	bool alone = fine && leads && e->job->links != LINKS_LEFT;
	if (!fine)
		leave(e, p, "its charset cannot be written");
	else if (!attach(e, p) && alone)
		lead_alone(e, p);
}
