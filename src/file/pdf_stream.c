/* Filters: Flate with its predictors, ASCIIHex, ASCII85. Those of pictures are left alone. */
#include "file/pdf_stream.h"

#include "base/abnf.h"
#include "base/buf.h"

static struct str hex_decode(struct look *l, struct str s)
{
	char *z = arena_alloc(l->a, s.n / 2 + 1);
	size_t n = 0;
	int half = -1;

	for (size_t i = 0; i < s.n && s.p[i] != '>'; i++) {
		int digit = abnf_hex_value((unsigned char)s.p[i]);
		if (digit < 0)
			continue;
		if (half >= 0)
			z[n++] = (char)(half << 4 | digit);
		half = half >= 0 ? -1 : digit;
	}
	return str_from(z, n);
}

/* Five letters for four bytes, "z" for four zeros (§7.4.3). */
static struct str ascii85_decode(struct look *l, struct str s)
{
	enum file_trait why;
	struct buf b;
	uint32_t v = 0;
	unsigned digits = 0;

	buf_init(&b, look_ceiling(l, s.n, 0, &why));
	for (size_t i = 0; i < s.n && s.p[i] != '~' && buf_ok(&b); i++) {
		char c = s.p[i];
		if (c == 'z' && digits == 0)
			buf_add(&b, STR("\0\0\0\0"));
		if (c < '!' || c > 'u')
			continue;
		v = v * 85 + (uint32_t)(c - '!');
		if (++digits < 5)
			continue;
		for (int shift = 24; shift >= 0; shift -= 8)
			buf_add_char(&b, (char)(v >> shift));
		v = digits = 0;
	}
	for (unsigned i = digits; i > 0 && i < 5; i++)
		v = v * 85 + 84;
	for (unsigned i = 1; i < digits; i++)
		buf_add_char(&b, (char)(v >> (32 - 8 * i)));
	struct str out = arena_str(l->a, buf_str(&b));
	buf_free(&b);
	return out;
}

/* The PNG predictors (RFC 2083 §6): each row says which; only "none" and "up" are made for data that is no picture. */
static struct str unpredict(struct arena *a, struct str s, size_t columns)
{
	char *z = arena_zalloc(a, s.n);
	size_t n = 0;

	for (size_t at = 0; at + 1 < s.n; at += columns + 1) {
		struct str row = str_sub(s, at + 1, at + 1 + columns);
		for (size_t i = 0; i < row.n; i++, n++) {
			unsigned above = s.p[at] == 2 && n >= columns ? (unsigned char)z[n - columns] : 0;
			z[n] = (char)((unsigned char)row.p[i] + above);
		}
	}
	return str_from(z, n);
}

static struct str flate_decode(struct look *l, struct str s)
{
	enum inflate_end end;
	enum file_trait why;
	struct str out = inflate_all(l->a, s, INFLATE_ZLIB, look_ceiling(l, s.n, 0, &why), &end);

	if (end == INFLATE_FULL)
		look_found(l, why, STR("stream"));
	return out;
}

static const struct {
	struct str name;
	struct str (*decode)(struct look *l, struct str s);
} filters[] = {
	{ STR_INIT("FlateDecode"), flate_decode },     { STR_INIT("Fl"), flate_decode },
	{ STR_INIT("ASCIIHexDecode"), hex_decode },    { STR_INIT("AHx"), hex_decode },
	{ STR_INIT("ASCII85Decode"), ascii85_decode }, { STR_INIT("A85"), ascii85_decode },
};

struct str pdf_stream_data(struct look *l, const struct pdf_stream *s)
{
	struct str data = s->packed;

	for (size_t i = 0; i < s->filters_n; i++) {
		size_t k = 0, before = data.n;
		while (k < ARRAY_LEN(filters) && !str_eq(filters[k].name, s->filters[i]))
			k++;
		if (k == ARRAY_LEN(filters)) {
			look_found(l, TRAIT_UNREADABLE, s->filters[i]);
			return STR_NONE;
		}
		data = filters[k].decode(l, data);
		look_took(l, data.n > before ? data.n : before);
	}
	if (s->predictor >= 10 && s->columns > 0 && s->columns < data.n)
		data = unpredict(l->a, data, (size_t)s->columns);
	return data;
}
