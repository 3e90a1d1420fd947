/*
 * The text is looked for in the decoded body, by its bytes: the charset, joined lines and the like move everything in between,
 * but of equal pieces the third stays the third. Then the body is gone through once more, counting.
 */
#include "mime/place.h"

#include "base/abnf.h"
#include "base/arena.h"
#include "base/limits.h"

/* How often the piece begins before `end`. */
static size_t count_before(struct str text, struct str piece, size_t end)
{
	size_t n = 0;

	for (size_t at = str_find(text, piece, 0); at < end; at = str_find(text, piece, at + 1))
		n++;
	return n;
}

static size_t find_nth(struct str text, struct str piece, size_t n)
{
	size_t at = str_find(text, piece, 0);

	while (n-- > 0 && at != SIZE_MAX)
		at = str_find(text, piece, at + 1);
	return at;
}

/* Length of the encoded byte, or soft line break, at text[at]; 1 also for what qp.h leaves as it is. */
static size_t qp_step(struct str text, size_t at, bool *byte)
{
	size_t i = at + 1;

	*byte = true;
	if (text.p[at] != '=')
		return 1;
	if (i + 1 < text.n && abnf_hex_value((unsigned char)text.p[i]) >= 0 &&
	    abnf_hex_value((unsigned char)text.p[i + 1]) >= 0)
		return 3;
	while (i < text.n && abnf_is_wsp((unsigned char)text.p[i]))
		i++;
	if (i < text.n && text.p[i] == '\r')
		i++;
	if (i < text.n && text.p[i] == '\n')
		i++;
	else if (text.p[i - 1] != '\r' && i < text.n)
		return 1;
	*byte = false;
	return i - at;
}

static size_t qp_raw(struct str text, size_t decoded)
{
	size_t at = 0, step;
	bool byte;

	for (size_t n = 0; at < text.n; at += step) {
		step = qp_step(text, at, &byte);
		if (byte && n++ == decoded)
			break;
	}
	return at;
}

/* The nth character of base64; SIZE_MAX behind padding, where the count begins anew. */
static size_t base64_raw(struct str text, size_t nth)
{
	for (size_t at = 0; at < text.n && text.p[at] != '='; at++) {
		unsigned char c = (unsigned char)text.p[at];
		if ((abnf_is_alnum(c) || c == '+' || c == '/') && nth-- == 0)
			return at;
	}
	return SIZE_MAX;
}

/* Bytes `from` to `last` of the decoded body, in the encoded one. */
static bool encoded(const struct mime_part *p, struct str body, size_t from, size_t last, struct place *out)
{
	size_t start = SIZE_MAX, end = SIZE_MAX;
	bool byte;

	switch (p->encoding) {
	case ENCODING_IDENTITY:
	case ENCODING_UNKNOWN:
		start = from;
		end = last;
		break;
	case ENCODING_QP:
		start = qp_raw(body, from);
		end = qp_raw(body, last);
		end += end < body.n ? qp_step(body, end, &byte) - 1 : 0;
		break;
	case ENCODING_BASE64:
		start = base64_raw(body, from * 4 / 3);
		end = base64_raw(body, last * 4 / 3 + 1);
		break;
	case ENCODING_UUENCODE:
	case ENCODING_YENC:
		break;
	}
	if (start >= body.n || end >= body.n)
		return false;
	*out = (struct place){ p->body_start + start, end - start + 1 };
	return true;
}

bool mime_place(struct arena *a, const struct mime_text *t, size_t offset, size_t length, struct place *out)
{
	struct mime_defects ignored = { 0 };
	struct str piece = str_sub(t->source, offset, offset + length);

	if (t->part->derived || offset >= t->source.n || piece.n == 0)
		return false;
	struct str bytes = mime_part_decode(a, t->part, LIMIT_TEXT, &ignored);
	size_t at = find_nth(bytes, piece, count_before(t->source, piece, offset));
	return at != SIZE_MAX && encoded(t->part, mime_part_body(t->part), at, at + piece.n - 1, out);
}
