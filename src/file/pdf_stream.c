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

#define COLORS_MAX 32
#define BITS_MAX 16
enum predictor { PREDICTOR_TIFF = 2, PREDICTOR_PNG = 10 };

/* Rows as a predictor takes them. */
struct rows {
	size_t bytes, pixel; /* of a row without its mark, of one pixel */
	bool marked; /* PNG: each row begins with the number of its filter, whatever the predictor says */
};

static int distance(int a, int b)
{
	return a > b ? a - b : b - a;
}

/* What a filter of PNG guesses a byte to be, by its neighbours (RFC 2083 §6). */
static int guess(unsigned filter, int left, int above, int corner)
{
	int whole = left + above - corner;
	int to_left = distance(whole, left), to_above = distance(whole, above),
	    to_corner = distance(whole, corner);

	switch (filter) {
	case 1:
		return left;
	case 2:
		return above;
	case 3:
		return (left + above) / 2;
	case 4:
		return to_left <= to_above && to_left <= to_corner ? left
		       : to_above <= to_corner                     ? above
								   : corner;
	default:
		return 0;
	}
}

static struct str undo_rows(struct arena *a, struct str s, const struct rows *r)
{
	unsigned char *z = arena_alloc(a, s.n + 1);
	size_t n = 0;

	for (size_t at = 0; at < s.n; at += r->bytes + r->marked) {
		unsigned filter = r->marked ? (unsigned char)s.p[at] : 1;
		struct str row = str_sub(s, at + r->marked, at + r->marked + r->bytes);
		for (size_t i = 0; i < row.n; i++, n++) {
			bool inner = i >= r->pixel, lower = n >= r->bytes;
			int left = inner ? z[n - r->pixel] : 0, above = lower ? z[n - r->bytes] : 0;
			int corner = inner && lower ? z[n - r->bytes - r->pixel] : 0;
			z[n] = (unsigned char)((unsigned char)row.p[i] + guess(filter, left, above, corner));
		}
	}
	return str_from(z, n);
}

/* Any of them may stand before data that is no picture. */
static struct str unpredict(struct look *l, struct str s, const struct pdf_stream *st)
{
	uint64_t columns = st->columns ? st->columns : 1, colors = st->colors ? st->colors : 1;
	uint64_t bits = st->bits ? st->bits : 8;
	bool png = st->predictor >= PREDICTOR_PNG;

	if (colors > COLORS_MAX || bits > BITS_MAX ||
	    (!png && (st->predictor != PREDICTOR_TIFF || bits != 8))) {
		look_found(l, TRAIT_UNREADABLE, STR("Predictor"));
		return STR_NONE;
	}
	uint64_t bytes = (columns * colors * bits + 7) / 8, pixel = (colors * bits + 7) / 8;
	const struct rows r = { bytes < s.n ? (size_t)bytes : s.n, (size_t)pixel, png };
	return s.n ? undo_rows(l->a, s, &r) : s;
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

/* Index of the filter, or their number. */
static size_t filter_of(struct str name)
{
	size_t k = 0;

	while (k < ARRAY_LEN(filters) && !str_eq(filters[k].name, name))
		k++;
	return k;
}

struct str pdf_stream_data(struct look *l, const struct pdf_stream *s)
{
	struct str data = s->packed;

	for (size_t i = 0; i < s->filters_n; i++) {
		size_t k = filter_of(s->filters[i]), before = data.n;
		if (k == ARRAY_LEN(filters)) {
			look_found(l, TRAIT_UNREADABLE, s->filters[i]);
			return STR_NONE;
		}
		data = filters[k].decode(l, data);
		look_took(l, data.n > before ? data.n : before);
	}
	return s->predictor > 1 ? unpredict(l, data, s) : data;
}

struct str pdf_stream_samples(struct look *l, const struct pdf_stream *s, size_t max)
{
	struct str data = s->packed;
	bool rows = s->predictor >= PREDICTOR_PNG || (s->predictor == PREDICTOR_TIFF && s->bits == 8);

	if (max > l->room || (s->predictor > 1 && !rows) || s->colors > COLORS_MAX || s->bits > BITS_MAX)
		return STR_NONE;
	for (size_t i = 0; i < s->filters_n; i++) {
		size_t k = filter_of(s->filters[i]);
		enum inflate_end end;
		if (k == ARRAY_LEN(filters))
			return STR_NONE;
		data = filters[k].decode == flate_decode ? inflate_all(l->a, data, INFLATE_ZLIB, max, &end)
							 : filters[k].decode(l, data);
		look_took(l, data.n);
	}
	return s->predictor > 1 ? unpredict(l, data, s) : data;
}
