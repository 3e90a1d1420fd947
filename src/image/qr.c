/* The library's part: a picture cut to where the codes are, large enough for it, dark on light. */
#include "image/qr.h"

#include <iconv.h>
#include <zbar.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/charset.h"
#include "image/image.h"
#include "image/qr_finder.h"

#define CORNERS 3    /* of one code */
#define MODULE_MIN 3 /* pixels that the library wants of a square */
#define QUIET 4      /* squares around a code (ISO/IEC 18004 §6.3.8) */

static void add(struct arena *a, struct strs *out, struct str bytes)
{
	struct str text = charset_to_utf8(a, STR_NONE, str_sub(bytes, 0, QR_TEXT), NULL);

	for (size_t i = 0; i < out->n; i++)
		if (str_eq(out->v[i], text))
			return;
	if (text.n && out->n < QR_MAX)
		ARENA_PUSH(a, out, arena_str(a, text));
}

static void scan(struct arena *a, const struct grey *g, struct strs *out)
{
	zbar_image_scanner_t *scanner = zbar_image_scanner_create();
	zbar_image_t *image = zbar_image_create();

	if (scanner && image) {
		zbar_image_scanner_set_config(scanner, ZBAR_NONE, ZBAR_CFG_ENABLE, 0);
		zbar_image_scanner_set_config(scanner, ZBAR_QRCODE, ZBAR_CFG_ENABLE, 1);
		/* The bytes as they are: what charset they have is ours to say. */
		zbar_image_scanner_set_config(scanner, ZBAR_QRCODE, ZBAR_CFG_BINARY, 1);
		zbar_image_set_format(image, zbar_fourcc('Y', '8', '0', '0'));
		zbar_image_set_size(image, (unsigned)g->width, (unsigned)g->height);
		zbar_image_set_data(image, g->v, g->width * g->height, NULL);
		zbar_scan_image(scanner, image);
		for (const zbar_symbol_t *s = zbar_image_first_symbol(image); s; s = zbar_symbol_next(s))
			add(a, out, str_from(zbar_symbol_get_data(s), zbar_symbol_get_data_length(s)));
	}
	if (image)
		zbar_image_destroy(image);
	if (scanner)
		zbar_image_scanner_destroy(scanner);
}

/* The darkest and the lightest shade of a place. */
static void measure(const struct grey *g, const struct qr_place *p, unsigned *least, unsigned *most)
{
	*least = 255;
	*most = 0;
	for (size_t y = p->top; y < p->bottom; y++)
		for (size_t x = p->left; x < p->right; x++) {
			unsigned v = g->v[y * g->width + x];
			*least = v < *least ? v : *least;
			*most = v > *most ? v : *most;
		}
}

/*
 * Cut out, each pixel `times` as large, from black to white, with a light border for codes that stand at the edge; inverted where
 * the ground is dark.
 */
static struct grey cut_out(const struct grey *g, const struct qr_place *p, bool dark)
{
	size_t times = p->module < MODULE_MIN ? (size_t)(MODULE_MIN / p->module) + 1 : 1;
	size_t border = (size_t)(p->module * QUIET) + 1;
	size_t width = p->right - p->left, height = p->bottom - p->top;
	/* A texture is not worth as much; and of a corner that belongs to no code the place is large, and its squares small. */
	size_t ceiling = p->corners > CORNERS ? QR_PIXELS / 4 : QR_PIXELS;
	while (times > 1 && (width + 2 * border) * (height + 2 * border) * times * times > ceiling)
		times--;
	struct grey out = grey_new((width + 2 * border) * times, (height + 2 * border) * times, 255);
	unsigned least, most;

	measure(g, p, &least, &most);
	unsigned range = most > least ? most - least : 1;
	for (size_t y = 0; out.v && y < height * times; y++) {
		const unsigned char *from = g->v + (p->top + y / times) * g->width + p->left;
		unsigned char *to = out.v + (y + border * times) * out.width + border * times;
		for (size_t x = 0; x < width * times; x++) {
			unsigned v = (from[x / times] - least) * 255 / range;
			to[x] = (unsigned char)(dark ? v : 255 - v);
		}
	}
	return out;
}

static void read_place(struct arena *a, const struct grey *g, const struct qr_place *p, bool dark,
		       struct strs *out)
{
	struct grey part = cut_out(g, p, dark);

	if (part.v)
		scan(a, &part, out);
	grey_free(&part);
}

struct strs qr_read(struct arena *a, const struct grey *g)
{
	struct strs out = { 0 };

	for (int dark = 1; g->v && out.n == 0 && dark >= 0; dark--) {
		struct grey ink;
		struct qr_place p = qr_find(g, dark, &ink);
		if (p.corners >= CORNERS)
			read_place(a, g, &p, dark, &out);
		if (p.corners >= CORNERS && out.n == 0) /* shadows */
			read_place(a, &ink, &p, true, &out);
		grey_free(&ink);
	}
	return out;
}

struct strs qr_read_halves(struct arena *a, const struct grey *first, const struct grey *second, bool below)
{
	struct strs out = { 0 };
	size_t width = below ? first->width : first->width + second->width;
	size_t height = below ? first->height + second->height : first->height;
	struct grey whole = grey_new(width, height, 255);

	for (size_t y = 0; whole.v && y < first->height; y++)
		memcpy(whole.v + y * width, first->v + y * first->width, first->width);
	for (size_t y = 0; whole.v && y < second->height && (below || y < height); y++)
		memcpy(whole.v + (below ? (y + first->height) * width : y * width + first->width),
		       second->v + y * second->width, second->width);
	if (whole.v)
		out = qr_read(a, &whole);
	grey_free(&whole);
	return out;
}

/* ---- squares ---- */

#define SQUARE 4         /* pixels */
#define SQUARES_MIN 21   /* of a side (ISO/IEC 18004 §6.1) */
#define SQUARES_MAX 1000 /* letters and cells may be several to a square */
#define STRETCH_MAX 4

/* What is dark, or all of it where the ground is: from the first to behind the last. */
struct box {
	size_t left, top, right, bottom;
};

static struct box box_of(const unsigned char *dark, size_t width, size_t height)
{
	struct box b = { width, height, 0, 0 };

	for (size_t y = 0; y < height; y++)
		for (size_t x = 0; x < width; x++)
			if (dark[y * width + x]) {
				b.left = x < b.left ? x : b.left;
				b.right = x + 1 > b.right ? x + 1 : b.right;
				b.top = y < b.top ? y : b.top;
				b.bottom = y + 1;
			}
	return b;
}

/* How many times longer, to the nearest whole: letters are twice as high as they are wide. */
static size_t times(size_t is, size_t should)
{
	size_t n = (should * 2 + is) / (is * 2);

	return n < 1 ? 1 : n > STRETCH_MAX ? STRETCH_MAX : n;
}

struct strs qr_read_squares(struct arena *a, const unsigned char *dark, size_t width, size_t height,
			    size_t *left)
{
	struct box b =
	    width <= SQUARES_MAX && height <= SQUARES_MAX ? box_of(dark, width, height) : (struct box){ 0 };
	size_t wide = b.right > b.left ? b.right - b.left : 0, high = b.bottom > b.top ? b.bottom - b.top : 0;
	struct strs out = { 0 };

	if (wide < SQUARES_MIN || high < SQUARES_MIN)
		return out;
	size_t across = times(wide, high), down = times(high, wide);
	size_t side = wide * across * high * down > QR_PIXELS / (SQUARE * SQUARE) ? 1 : SQUARE;
	size_t pixels = wide * across * side * high * down * side;
	if (pixels > *left)
		return out;
	*left -= pixels;
	struct grey g = grey_new(wide * across * side, high * down * side, 255);
	for (size_t y = 0; g.v && y < g.height; y++) {
		const unsigned char *row = dark + (b.top + y / (side * down)) * width + b.left;
		for (size_t x = 0; x < g.width; x++)
			g.v[y * g.width + x] = row[x / (side * across)] ? 0 : 255;
	}
	if (g.v)
		out = qr_read(a, &g);
	grey_free(&g);
	return out;
}

bool qr_warm(void)
{
	/* The library asks for these with each code; held open, they stay loaded. */
	static const char *const charsets[] = { "ISO8859-1", "SJIS", "BIG5", "UTF-8" };
	static iconv_t held[ARRAY_LEN(charsets)];

	for (size_t i = 0; i < ARRAY_LEN(charsets); i++) {
		held[i] = iconv_open("UTF-8", charsets[i]);
		if (held[i] == (iconv_t)-1)
			return false;
	}
	return true;
}
