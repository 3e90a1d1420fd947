/* bfchar and bfrange; all else of a CMap is PostScript that says the same everywhere. */
#include "file/pdf_cmap.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/utf8.h"
#include "file/pdf_token.h"

#define RANGES_MAX 16384 /* of one font: those of Chinese have some thousands */
#define TEXT_MAX 32      /* bytes that a code stands for: ligatures have six at most */

/* The number that the bytes of a code are, at most four of them. */
static uint32_t code_of(struct str bytes)
{
	uint32_t v = 0;

	for (size_t i = 0; i < bytes.n && i < 4; i++)
		v = v << 8 | (unsigned char)bytes.p[i];
	return v;
}

/* UTF-16, the high byte first. */
static uint32_t next_unit(struct str s, size_t *at)
{
	uint32_t v = code_of(str_sub(s, *at, *at + 2));

	*at += 2;
	return v;
}

static uint32_t next_point(struct str s, size_t *at)
{
	uint32_t v = next_unit(s, at), low;
	size_t behind = *at;

	if (v < 0xd800 || v > 0xdbff || behind >= s.n)
		return v;
	low = next_unit(s, &behind);
	if (low < 0xdc00 || low > 0xdfff)
		return v;
	*at = behind;
	return 0x10000 + ((v - 0xd800) << 10) + (low - 0xdc00);
}

static struct str utf8_of(struct arena *a, struct str utf16)
{
	char z[TEXT_MAX + 4];
	size_t n = 0;

	for (size_t at = 0; at < utf16.n && n < TEXT_MAX;)
		n += utf8_encode(next_point(utf16, &at), z + n);
	return arena_str(a, str_from(z, n));
}

static void add(struct arena *a, struct pdf_cmap *m, uint32_t lo, uint32_t hi, struct str utf16)
{
	struct pdf_range r = { .lo = lo, .hi = hi };
	size_t at = 0;

	if (m->n == RANGES_MAX || hi < lo || utf16.n == 0)
		return;
	r.first = next_point(utf16, &at);
	if (at < utf16.n)
		r.text = utf8_of(a, utf16);
	ARENA_PUSH(a, m, r);
}

/* <lo> <hi> and a text for the first code, or an array with one for each. */
static bool read_range(struct arena *a, struct pdf_tokens *tokens, struct pdf_cmap *m, uint32_t lo)
{
	struct pdf_token t;
	uint32_t hi;

	if (!pdf_next(tokens, &t) || t.kind != PDF_HEX)
		return false;
	hi = code_of(pdf_string(a, &t));
	if (!pdf_next(tokens, &t))
		return false;
	if (t.kind == PDF_HEX)
		add(a, m, lo, hi, pdf_string(a, &t));
	if (t.kind != PDF_ARRAY)
		return t.kind == PDF_HEX;
	for (; pdf_next(tokens, &t) && t.kind == PDF_HEX; lo++)
		if (lo <= hi)
			add(a, m, lo, lo, pdf_string(a, &t));
	return t.kind == PDF_ARRAY_END;
}

static int by_code(const void *a, const void *b)
{
	const struct pdf_range *x = a, *y = b;

	return (x->lo > y->lo) - (x->lo < y->lo);
}

struct pdf_cmap pdf_cmap_read(struct arena *a, struct str cmap)
{
	enum { OUTSIDE, CODES, CHARS, RANGES } in = OUTSIDE;
	struct pdf_tokens tokens = { a, cmap, 0 };
	struct pdf_cmap m = { .n = 0 };
	struct pdf_token t;

	while (m.n < RANGES_MAX && pdf_next(&tokens, &t)) {
		if (t.kind == PDF_WORD)
			in = str_eq(t.text, STR("begincodespacerange")) ? CODES
			     : str_eq(t.text, STR("beginbfchar"))       ? CHARS
			     : str_eq(t.text, STR("beginbfrange"))      ? RANGES
									: OUTSIDE;
		if (t.kind != PDF_HEX || in == OUTSIDE)
			continue;
		struct str code = pdf_string(a, &t);
		if (in == CODES && m.code_bytes == 0)
			m.code_bytes = code.n;
		else if (in == RANGES && !read_range(a, &tokens, &m, code_of(code)))
			in = OUTSIDE;
		else if (in == CHARS && pdf_next(&tokens, &t) && t.kind == PDF_HEX)
			add(a, &m, code_of(code), code_of(code), pdf_string(a, &t));
	}
	if (m.n > 1)
		qsort(m.v, m.n, sizeof(m.v[0]), by_code);
	return m;
}

const struct pdf_range *pdf_cmap_find(const struct pdf_cmap *m, uint32_t code)
{
	size_t low = 0, high = m->n; /* the first behind the code lies in [low, high] */

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (m->v[middle].lo > code)
			high = middle;
		else
			low = middle + 1;
	}
	return low > 0 && m->v[low - 1].hi >= code ? &m->v[low - 1] : NULL;
}
