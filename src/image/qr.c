/* The library's part: a picture cut to where the codes are, large enough for it, dark on light. */
#include "image/qr.h"

#include <iconv.h>
#include <zbar.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/charset.h"
#include "image/image.h"
#include "image/qr_finder.h"

#define MODULE_MIN 3  /* pixels that the library wants of a square */
#define MODULE_FINE 5 /* and with which it is content */
#define QUIET 4       /* squares around a code (ISO/IEC 18004 §6.3.8) */

/* Steps of the work (November 2026, of a core of 2.5 GHz). */
#define STEPS_FIND 10   /* a pixel, of noise; of a page 4 */
#define STEPS_SCAN 20   /* a pixel */
#define STEPS_TRIO 5000 /* times the cube of the corners, of which the library tries all threes */
#define STEPS_LEAST 100000

bool qr_take_picture(struct qr_work *w, size_t steps)
{
	if (steps > w->left) {
		w->unread = true;
		return false;
	}
	w->left -= steps;
	return true;
}

bool qr_take_code(struct qr_work *w, size_t steps)
{
	if (steps > w->left) {
		w->crowded = true;
		return false;
	}
	w->left -= steps;
	return true;
}

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
 * the ground is dark. None where the work is used up.
 */
static struct grey cut_out(const struct grey *g, const struct qr_place *p, bool dark, struct qr_work *w)
{
	size_t times = p->module < MODULE_MIN ? (size_t)(MODULE_MIN / p->module) + 1 : 1;
	size_t by = p->module >= MODULE_FINE ? (size_t)(p->module / MODULE_FINE) : 1;
	size_t border = (size_t)(p->module * QUIET) + 1;
	size_t width = p->right - p->left, height = p->bottom - p->top;
	size_t wide = width + 2 * border, high = height + 2 * border;
	unsigned least, most;

	while (times > 1 && wide * high * times * times > QR_PIXELS)
		times--;
	if (!qr_take_code(w, STEPS_LEAST + wide * high * times * times * STEPS_SCAN / (by * by) +
				 p->corners * p->corners * p->corners * STEPS_TRIO))
		return (struct grey){ 0 };
	struct grey out = grey_new(wide * times, high * times, 255);
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
	grey_shrink_by(&out, by);
	return out;
}

static bool is_read(const struct qr_place *p, uint64_t read)
{
	uint64_t own = 0;

	for (size_t i = 0; i < ARRAY_LEN(p->of); i++)
		own |= UINT64_C(1) << p->of[i];
	return read & own;
}

/* Every place whose corners belong to no code that was read. */
static void read_places(struct arena *a, const struct grey *g, const struct qr_places *places, bool dark,
			struct qr_work *w, struct strs *out)
{
	uint64_t read = 0; /* corners */

	for (size_t i = 0; i < places->n; i++) {
		const struct qr_place *p = &places->v[i];
		size_t before = out->n;
		if (is_read(p, read))
			continue;
		struct grey part = cut_out(g, p, dark, w);
		if (part.v)
			scan(a, &part, out);
		grey_free(&part);
		for (size_t k = 0; out->n > before && k < ARRAY_LEN(p->of); k++)
			read |= UINT64_C(1) << p->of[k];
	}
}

struct strs qr_read(struct arena *a, const struct grey *g, struct qr_work *w)
{
	struct strs out = { 0 };
	struct qr_places places;
	bool more = false;

	for (int dark = 1; g->v && out.n == 0 && dark >= 0; dark--) {
		struct grey ink;
		if (!qr_take_picture(w, STEPS_LEAST / 2 + g->width * g->height * STEPS_FIND))
			break;
		qr_find(g, dark, &places, &ink);
		more |= places.more;
		read_places(a, g, &places, dark, w, &out);
		if (out.n == 0) /* shadows */
			read_places(a, &ink, &places, true, w, &out);
		grey_free(&ink);
	}
	w->crowded |= more && out.n == 0;
	return out;
}

struct strs qr_read_halves(struct arena *a, const struct grey *first, const struct grey *second, bool below,
			   struct qr_work *w)
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
		out = qr_read(a, &whole, w);
	grey_free(&whole);
	return out;
}

/* ---- squares ---- */

#define SQUARE 4         /* pixels */
#define SQUARES_MIN 21   /* of a side (ISO/IEC 18004 §6.1) */
#define SQUARES_MAX 1000 /* letters and cells may be several to a square */
#define STRETCH_MAX 4
#define STEPS_SQUARE 4 /* to draw one and look for the edges */

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
			    struct qr_work *w)
{
	struct strs out = { 0 };

	if (width > SQUARES_MAX || height > SQUARES_MAX ||
	    !qr_take_code(w, STEPS_LEAST / 2 + width * height * STEPS_SQUARE))
		return out;
	struct box b = box_of(dark, width, height);
	size_t wide = b.right > b.left ? b.right - b.left : 0, high = b.bottom > b.top ? b.bottom - b.top : 0;
	if (wide < SQUARES_MIN || high < SQUARES_MIN)
		return out;
	size_t across = times(wide, high), down = times(high, wide);
	size_t side = wide * across * high * down > QR_PIXELS / (SQUARE * SQUARE) ? 1 : SQUARE;
	if (!qr_take_code(w, wide * across * side * high * down * side * 2))
		return out;
	struct grey g = grey_new(wide * across * side, high * down * side, 255);
	for (size_t y = 0; g.v && y < g.height; y++) {
		const unsigned char *row = dark + (b.top + y / (side * down)) * width + b.left;
		for (size_t x = 0; x < g.width; x++)
			g.v[y * g.width + x] = row[x / (side * across)] ? 0 : 255;
	}
	if (g.v)
		out = qr_read(a, &g, w);
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
