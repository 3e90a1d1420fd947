/* Decoding quoted-printable. */
#include "mime/qp.h"

#include "base/abnf.h"
#include "base/arena.h"
#include "base/buf.h"

#define LINE_MAX_CHARS 76 /* RFC 2045 §6.7 (5) */

/* Length of white space and line end behind an "=" at text[at], a soft line break; 0 when it is none. */
static size_t soft_break(struct str text, size_t at)
{
	size_t i = at;

	while (i < text.n && abnf_is_wsp((unsigned char)text.p[i]))
		i++;
	if (i < text.n && text.p[i] == '\r')
		i++;
	if (i < text.n && text.p[i] == '\n')
		return i + 1 - at;
	if (i > at && text.p[i - 1] == '\r') /* alone it ends a line for many */
		return i - at;
	return i == text.n && i > at ? i - at : 0;
}

static int hex_pair(struct str text, size_t at)
{
	if (text.n - at < 2)
		return -1;
	int hi = abnf_hex_value((unsigned char)text.p[at]),
	    lo = abnf_hex_value((unsigned char)text.p[at + 1]);
	return hi < 0 || lo < 0 ? -1 : hi << 4 | lo;
}

struct str qp_decode(struct arena *a, struct str text, size_t max, size_t *bad_at_out)
{
	size_t bad = SIZE_MAX, n = 0, room = text.n < max ? text.n : max;
	char *z = arena_alloc(a, room + 1);

	for (size_t i = 0; i < text.n && n < room;) {
		const char *eq = memchr(text.p + i, '=', text.n - i);
		size_t run = (eq ? (size_t)(eq - text.p) : text.n) - i;
		run = run < room - n ? run : room - n;
		memcpy(z + n, text.p + i, run);
		n += run;
		i += run;
		if (!eq || n == room)
			break;
		int byte = hex_pair(text, i + 1);
		size_t soft = byte < 0 ? soft_break(text, i + 1) : 0;
		if (byte >= 0) {
			z[n++] = (char)byte;
			i += 3;
		} else if (soft || i + 1 == text.n) {
			bool bare = soft && text.p[i + soft] == '\r';
			bad = bare && bad == SIZE_MAX ? i : bad;
			i += 1 + soft;
		} else {
			bad = bad == SIZE_MAX ? i : bad;
			z[n++] = '=';
			i++;
		}
	}
	z[n] = 0;
	if (bad_at_out)
		*bad_at_out = bad;
	return (struct str){ z, n };
}

/* What stands at text[at]: how many bytes it takes there, and how many come of it. */
static size_t step(struct str text, size_t at, size_t *bytes)
{
	bool encoded = text.p[at] == '=' && hex_pair(text, at + 1) >= 0;
	size_t soft = text.p[at] == '=' && !encoded ? soft_break(text, at + 1) : 0;

	*bytes = !soft && !(text.p[at] == '=' && at + 1 == text.n);
	return encoded ? 3 : 1 + soft;
}

void qp_places(struct str text, const size_t *wanted, size_t n, size_t *places)
{
	size_t done = 0, i = 0;

	for (size_t at = 0; at < text.n && i < n;) {
		size_t bytes, took = step(text, at, &bytes);
		while (i < n && wanted[i] == done)
			places[i++] = at;
		done += bytes;
		at += took;
	}
	while (i < n)
		places[i++] = text.n;
}

/* Whether a byte stands for itself; white space does not at the end of a line. */
static bool is_literal(struct str s, size_t at)
{
	unsigned char c = (unsigned char)s.p[at];

	if (c == ' ' || c == '\t')
		return at + 1 < s.n && s.p[at + 1] != '\n' && s.p[at + 1] != '\r';
	return c > ' ' && c < 127 && c != '=';
}

struct str qp_encode(struct arena *a, struct str bytes, struct str eol)
{
	size_t line = 0;
	struct buf b;

	buf_init(&b, SIZE_MAX);
	for (size_t i = 0; i < bytes.n; i++) {
		unsigned char c = (unsigned char)bytes.p[i];
		bool crlf = c == '\r' && i + 1 < bytes.n && bytes.p[i + 1] == '\n';
		if (crlf || c == '\n') {
			buf_add(&b, eol);
			line = 0;
			i += crlf;
			continue;
		}
		size_t width = is_literal(bytes, i) ? 1 : 3;
		if (line + width >= LINE_MAX_CHARS) {
			buf_add_c(&b, "=");
			buf_add(&b, eol);
			line = 0;
		}
		line += width;
		if (width == 1)
			buf_add_char(&b, (char)c);
		else
			buf_printf(&b, "=%02X", c);
	}
	struct str out = arena_str(a, buf_str(&b));
	buf_free(&b);
	return out;
}

struct str qp_decode_word(struct arena *a, struct str text)
{
	char *z = arena_alloc(a, text.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < text.n; i++) {
		int byte = text.p[i] == '=' ? hex_pair(text, i + 1) : -1;
		if (byte >= 0) {
			z[n++] = (char)byte;
			i += 2;
		} else {
			z[n++] = text.p[i] == '_' ? ' ' : text.p[i];
		}
	}
	z[n] = 0;
	return (struct str){ z, n };
}
