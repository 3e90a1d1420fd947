/* BMP: a file header of 14 bytes, one of the picture that begins with its own length, colours, rows from below. */
#include "image/bmp.h"

#define FILE_HEADER 14
#define OLD_HEADER 12 /* of OS/2 */
#define HEADER 40     /* and longer ones, which begin as it does */
#define HEADER_MAX 124

enum { PLAIN = 0, WITH_MASKS = 3 };

static unsigned le16(struct str s, size_t at)
{
	const unsigned char *p = (const unsigned char *)s.p + at;

	return p[0] | (unsigned)p[1] << 8;
}

static uint32_t le32(struct str s, size_t at)
{
	return le16(s, at) | (uint32_t)le16(s, at + 2) << 16;
}

static bool look_old(struct str s, struct bmp *b)
{
	b->width = le16(s, 18);
	b->height = le16(s, 20);
	b->bits = le16(s, 24);
	b->colour_bytes = 3;
	return true;
}

static bool look_new(struct str s, struct bmp *b)
{
	uint32_t height = le32(s, 22), packed = le32(s, 30);

	b->down = height >> 31; /* negative */
	b->width = le32(s, 18);
	b->height = b->down ? 0 - height : height;
	b->bits = le16(s, 28);
	b->colour_bytes = 4;
	return packed == PLAIN || (packed == WITH_MASKS && b->bits >= 16);
}

bool bmp_look(struct str s, struct bmp *out)
{
	if (s.n < FILE_HEADER + OLD_HEADER || !str_starts(s, STR("BM")))
		return false;
	uint32_t rows = le32(s, 10), header = le32(s, 14);
	*out = (struct bmp){ 0 };
	bool old = header == OLD_HEADER;
	if ((!old && (header < HEADER || header > HEADER_MAX)) || s.n < FILE_HEADER + header ||
	    !(old ? look_old(s, out) : look_new(s, out)))
		return false;
	unsigned bits = out->bits;
	out->colours = str_sub(s, FILE_HEADER + header, rows);
	out->rows = str_sub(s, rows, s.n);
	return bits == 1 || bits == 4 || bits == 8 || bits == 16 || bits == 24 || bits == 32;
}

size_t bmp_row_bytes(const struct bmp *b)
{
	return ((size_t)b->width * b->bits + 31) / 32 * 4;
}

static uint32_t rgb(unsigned r, unsigned g, unsigned b)
{
	return UINT32_C(0xff000000) | (uint32_t)r << 16 | (uint32_t)g << 8 | b;
}

/* A number of a colour that is not there is black, as programs have it. */
static uint32_t colour(const struct bmp *b, size_t number)
{
	size_t at = number * b->colour_bytes;
	const unsigned char *p = (const unsigned char *)b->colours.p + at;

	return at + 3 <= b->colours.n ? rgb(p[2], p[1], p[0]) : rgb(0, 0, 0);
}

bool bmp_row(const struct bmp *b, size_t y, uint32_t *to)
{
	size_t n = bmp_row_bytes(b), at = (b->down ? y : b->height - 1 - y) * n, bytes = b->bits / 8;

	if (y >= b->height || n > b->rows.n || at > b->rows.n - n)
		return false;
	const unsigned char *from = (const unsigned char *)b->rows.p + at;
	for (size_t x = 0; x < b->width; x++) {
		size_t bit = x * b->bits;
		const unsigned char *p = from + bit / 8;
		unsigned two = b->bits == 16 ? p[0] | (unsigned)p[1] << 8 : 0;
		if (b->bits <= 8)
			to[x] = colour(b, *p >> (8 - b->bits - bit % 8) & ((1u << b->bits) - 1));
		else if (bytes == 2) /* five bits each */
			to[x] = rgb((two >> 10 & 31) * 255 / 31, (two >> 5 & 31) * 255 / 31,
				    (two & 31) * 255 / 31);
		else
			to[x] = rgb(p[2], p[1], p[0]);
	}
	return true;
}
