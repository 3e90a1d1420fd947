/* One filter behind the other, then the predictor. Filters of pictures are left alone. */
#include "file/pdf_stream.h"

#include "file/pdf_filter.h"

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

void pdf_stream_parameter(struct pdf_stream *s, struct str key, uint64_t number)
{
	const struct {
		struct str key;
		uint64_t *to;
	} numbers[] = {
		{ STR_INIT("Predictor"), &s->predictor },
		{ STR_INIT("Columns"), &s->columns },
		{ STR_INIT("Colors"), &s->colors },
		{ STR_INIT("BitsPerComponent"), &s->bits },
	};

	for (size_t i = 0; i < ARRAY_LEN(numbers); i++)
		if (str_eq(key, numbers[i].key))
			*numbers[i].to = number;
	if (str_eq(key, STR("EarlyChange")))
		s->late = number == 0;
}

struct str pdf_stream_data(struct look *l, const struct pdf_stream *s)
{
	struct str data = s->packed;

	for (size_t i = 0; i < s->filters_n; i++) {
		pdf_decode_fn *decode = pdf_filter_of(s->filters[i]);
		enum file_trait why;
		size_t before = data.n, max = look_ceiling(l, before, 0, &why);
		bool full;
		if (!decode) {
			look_found(l, TRAIT_UNREADABLE, s->filters[i]);
			return STR_NONE;
		}
		data = decode(l, data, max, s->late, &full);
		if (full)
			look_found(l, why, STR("stream"));
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
		pdf_decode_fn *decode = pdf_filter_of(s->filters[i]);
		bool full;
		if (!decode)
			return STR_NONE;
		/* What a code of text stands for may have to be unpacked once more. */
		data = decode(l, data, max > data.n ? max : data.n, s->late, &full);
		look_took(l, data.n);
	}
	return s->predictor > 1 ? unpredict(l, data, s) : data;
}

struct str pdf_stream_bytes(struct str file, struct str body, size_t at, uint64_t length)
{
	size_t from = (size_t)(body.p - file.p) + at;

	if (from < file.n && file.p[from] == '\r')
		from++;
	if (from < file.n && file.p[from] == '\n')
		from++;
	struct str behind = str_sub(file, from, file.n);
	if (length < behind.n &&
	    str_starts(str_trim(str_sub(behind, (size_t)length, (size_t)length + 16)), STR("endstream")))
		return str_sub(behind, 0, (size_t)length);
	/* The rest of the object, else. */
	struct str rest = str_sub(body, from - (size_t)(body.p - file.p), body.n);
	return str_sub(rest, 0, str_find(rest, STR("endstream"), 0));
}
