/* Each filter by itself; what is behind the ceiling is not unpacked. */
#include "file/pdf_filter.h"

#include "base/abnf.h"
#include "base/buf.h"

static pdf_decode_fn hex_decode, ascii85_decode, run_length_decode, lzw_decode, flate_decode;

/* What was gathered, in the arena. */
static struct str end(struct look *l, struct buf *b, bool *full_out)
{
	struct str out = arena_str(l->a, buf_str(b));

	*full_out = !buf_ok(b);
	buf_free(b);
	return out;
}

static struct str hex_decode(struct look *l, struct str s, size_t max, bool late, bool *full_out)
{
	struct buf b;
	int half = -1;

	(void)late;
	buf_init(&b, max);
	for (size_t i = 0; i < s.n && s.p[i] != '>' && buf_ok(&b); i++) {
		int digit = abnf_hex_value((unsigned char)s.p[i]);
		if (digit < 0)
			continue;
		if (half >= 0)
			buf_add_char(&b, (char)(half << 4 | digit));
		half = half >= 0 ? -1 : digit;
	}
	return end(l, &b, full_out);
}

/* Five letters for four bytes, "z" for four zeros (§7.4.3). */
static struct str ascii85_decode(struct look *l, struct str s, size_t max, bool late, bool *full_out)
{
	struct buf b;
	uint32_t v = 0;
	unsigned digits = 0;

	(void)late;
	buf_init(&b, max);
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
	return end(l, &b, full_out);
}

#define RUN_END 128

/* Up to 128 bytes as they are, or one byte up to 128 times (§7.4.5). */
static struct str run_length_decode(struct look *l, struct str s, size_t max, bool late, bool *full_out)
{
	struct buf b;

	(void)late;
	buf_init(&b, max);
	for (size_t at = 0; at < s.n && buf_ok(&b);) {
		unsigned n = (unsigned char)s.p[at++];
		if (n == RUN_END)
			break;
		if (n < RUN_END) {
			buf_add(&b, str_sub(s, at, at + n + 1));
			at += n + 1;
		} else if (at < s.n) {
			for (unsigned i = 0; i < 257 - n; i++)
				buf_add_char(&b, s.p[at]);
			at++;
		}
	}
	return end(l, &b, full_out);
}

#define LZW_CODES 4096
#define LZW_CLEAR 256
#define LZW_END 257
#define LZW_FIRST 258 /* that stands for more than a byte */

/* What a code stands for: the text of another one, and a byte behind it. */
struct lzw {
	uint16_t before[LZW_CODES], length[LZW_CODES];
	unsigned char last[LZW_CODES], first[LZW_CODES];
	unsigned n; /* codes there are */
};

static void lzw_clear(struct lzw *z)
{
	for (unsigned i = 0; i < LZW_CLEAR; i++) {
		z->length[i] = 1;
		z->last[i] = z->first[i] = (unsigned char)i;
	}
	z->n = LZW_FIRST;
}

static void lzw_add(struct lzw *z, unsigned before, unsigned char last)
{
	if (z->n == LZW_CODES)
		return;
	z->before[z->n] = (uint16_t)before;
	z->length[z->n] = (uint16_t)(z->length[before] + 1);
	z->first[z->n] = z->first[before];
	z->last[z->n++] = last;
}

static void lzw_put(const struct lzw *z, unsigned code, struct buf *b)
{
	size_t n = z->length[code];
	char *to = buf_reserve(b, n);

	if (!to)
		return;
	for (size_t i = n; i-- > 0; code = z->before[code])
		to[i] = (char)z->last[code];
	buf_grew(b, n);
}

/* Codes of 9 to 12 bits, the highest first (§7.4.4). */
static struct str lzw_decode(struct look *l, struct str s, size_t max, bool late, bool *full_out)
{
	struct lzw *z = ARENA_NEW(l->a, struct lzw);
	unsigned before = LZW_CLEAR, width = 9, bits = 0;
	uint32_t held = 0;
	struct buf b;

	buf_init(&b, max);
	lzw_clear(z);
	for (size_t at = 0; at < s.n && buf_ok(&b);) {
		held = held << 8 | (unsigned char)s.p[at++];
		bits += 8;
		if (bits < width)
			continue;
		bits -= width;
		unsigned code = held >> bits & ((1u << width) - 1);
		if (code == LZW_END)
			break;
		if (code == LZW_CLEAR) {
			lzw_clear(z);
		} else if (before == LZW_CLEAR) {
			if (code >= LZW_CLEAR)
				break;
			lzw_put(z, code, &b);
		} else {
			if (code > z->n || (code == z->n && z->n == LZW_CODES))
				break;
			lzw_add(z, before, code < z->n ? z->first[code] : z->first[before]);
			lzw_put(z, code, &b);
		}
		before = code;
		unsigned next = z->n + !late;
		width = next < 512 ? 9 : next < 1024 ? 10 : next < 2048 ? 11 : 12;
	}
	return end(l, &b, full_out);
}

static struct str flate_decode(struct look *l, struct str s, size_t max, bool late, bool *full_out)
{
	enum inflate_end ended;
	struct str out = inflate_all(l->a, s, INFLATE_ZLIB, max, &ended);

	(void)late;
	*full_out = ended == INFLATE_FULL;
	return out;
}

pdf_decode_fn *pdf_filter_of(struct str name)
{
	static const struct {
		struct str name;
		pdf_decode_fn *decode;
	} filters[] = {
		{ STR_INIT("FlateDecode"), flate_decode },
		{ STR_INIT("Fl"), flate_decode },
		{ STR_INIT("LZWDecode"), lzw_decode },
		{ STR_INIT("LZW"), lzw_decode },
		{ STR_INIT("RunLengthDecode"), run_length_decode },
		{ STR_INIT("RL"), run_length_decode },
		{ STR_INIT("ASCIIHexDecode"), hex_decode },
		{ STR_INIT("AHx"), hex_decode },
		{ STR_INIT("ASCII85Decode"), ascii85_decode },
		{ STR_INIT("A85"), ascii85_decode },
	};

	for (size_t i = 0; i < ARRAY_LEN(filters); i++)
		if (str_eq(filters[i].name, name))
			return filters[i].decode;
	return NULL;
}
