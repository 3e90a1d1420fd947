/* Decoding quoted-printable. */
#include "mime/qp.h"

#include "base/abnf.h"
#include "base/arena.h"

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
