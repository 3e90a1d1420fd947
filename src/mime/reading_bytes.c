/*
 * Other ways to read the bytes of a whole message: with a CR alone as the end of a line, without its zero bytes, or
 * both, only where it makes another structure: in a header, or about a delimiter line. And without empty lines before
 * the header, which end it before it has begun.
 */
#include "mime/internal.h"

#include "base/arena.h"
#include "base/limits.h"

/* The bytes in which another reader might look for fields: up to the first empty line, wherever the header ended. */
static struct str header_of(const struct mime_part *p)
{
	struct str all = str_sub(p->source, p->headers.start, p->body_start + p->body_length);
	size_t lf = str_find(all, STR("\n\n"), 0), crlf = str_find(all, STR("\n\r\n"), 0);

	return str_sub(all, 0, lf < crlf ? lf : crlf);
}

/* Whether a byte `which` stands in the header of some part; for CR, one that is alone. */
static bool in_a_header(const struct mime_tree *t, char which)
{
	for (size_t i = 0; i < t->n; i++) {
		struct str header = t->v[i]->derived ? STR_NONE : header_of(t->v[i]);
		size_t at = str_find_char(header, which, 0);
		while (at != SIZE_MAX && which == '\r' && (at + 1 == header.n || header.p[at + 1] == '\n'))
			at = str_find_char(header, which, at + 1);
		if (at != SIZE_MAX)
			return true;
	}
	return false;
}

/* Whether a line with a zero byte begins with "--" without it. */
static bool nul_about_delimiter(struct str raw)
{
	for (size_t at = 0, nul; (nul = str_find_char(raw, 0, at)) != SIZE_MAX;) {
		size_t line = nul, dashes = 0;
		while (line > at && raw.p[line - 1] != '\n')
			line--;
		for (; line < raw.n && dashes < 2 && (raw.p[line] == '-' || raw.p[line] == 0); line++)
			dashes += raw.p[line] == '-';
		if (dashes == 2)
			return true;
		at = str_find_char(raw, '\n', nul);
		if (at == SIZE_MAX)
			break;
	}
	return false;
}

/* Whether a line begins with "--" behind a CR alone, or goes on behind one. */
static bool cr_about_delimiter(struct str raw)
{
	size_t cr = str_find_char(raw, '\r', 0);

	if (str_find(raw, STR("\r--"), 0) != SIZE_MAX)
		return true;
	for (size_t at = 0; (at = str_find(raw, STR("\n--"), at)) != SIZE_MAX; at++) {
		size_t lf = str_find_char(raw, '\n', at + 1);
		if (cr < at)
			cr = str_find_char(raw, '\r', at);
		if (cr == SIZE_MAX || cr + 1 < (lf == SIZE_MAX ? raw.n : lf))
			return cr != SIZE_MAX;
	}
	return false;
}

static struct str with_line_ends(struct arena *a, struct str raw)
{
	char *z = arena_alloc(a, raw.n + 1);

	for (size_t i = 0; i < raw.n; i++)
		z[i] = raw.p[i] == '\r' && (i + 1 == raw.n || raw.p[i + 1] != '\n') ? '\n' : raw.p[i];
	return (struct str){ z, raw.n };
}

/* Where the header begins for those who pass over empty lines before it; 0: there are none, or no header. */
static size_t behind_empty_lines(struct arena *a, struct str raw)
{
	size_t at = 0;

	while (at < raw.n && (raw.p[at] == '\r' || raw.p[at] == '\n'))
		at++;
	return at && headers_parse(a, raw, at, raw.n, NULL).n ? at : 0;
}

/* Adds the reading with CR as line end, the one without zero bytes and that of both, as far as the budget goes. */
static size_t changed_bytes(struct arena *a, struct mime_tree *t, struct byte_reading *out)
{
	bool nul = defect_has(&t->defects, DEFECT_NUL), cr = defect_has(&t->defects, DEFECT_BARE_CR);
	size_t n = 0;

	nul = nul && (in_a_header(t, 0) || nul_about_delimiter(t->raw));
	cr = cr && (in_a_header(t, '\r') || cr_about_delimiter(t->raw));
	if (!nul && !cr)
		return 0;
	/* The first reading must find most of the budget still there. */
	if (t->raw.n > t->decoded_left / (4 * BYTE_READINGS_MAX)) {
		defect_add(&t->defects, DEFECT_READINGS_CUT, 0);
		return 0;
	}
	if (cr)
		out[n++] = (struct byte_reading){ with_line_ends(a, t->raw), 0, false };
	if (nul)
		out[n++] = (struct byte_reading){ arena_without(a, t->raw, '\0'), 0, true };
	if (nul && cr)
		out[n++] = (struct byte_reading){ with_line_ends(a, out[1].bytes), 0, true };
	t->decoded_left -= n * t->raw.n;
	return n;
}

size_t bytes_readings(struct arena *a, struct mime_tree *t, struct byte_reading out[static BYTE_READINGS_MAX])
{
	size_t n = 0, from = behind_empty_lines(a, t->raw);

	if (from)
		out[n++] = (struct byte_reading){ t->raw, from, false };
	return n + changed_bytes(a, t, out + n);
}
