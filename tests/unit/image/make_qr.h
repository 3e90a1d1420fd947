/* QR codes for tests, as squares, and what pictures, documents and texts are made of them. */
#ifndef TESTS_IMAGE_MAKE_QR_H
#define TESTS_IMAGE_MAKE_QR_H

#include <png.h>
#include <stdio.h>
#include <stdlib.h>

#include <jpeglib.h> /* after stdio.h, which it needs */

#include "base/arena.h"
#include "base/buf.h"

#define MAKE_QR_ROWS 29

/* One code: what it says, and its rows, of which '#' is dark. */
struct make_qr {
	const char *says;
	const char *rows[MAKE_QR_ROWS];
};

/* clang-format off */
static const struct make_qr make_qr_far = {
	"https://login.far.test/x?u=1",
	{
	    "#######.#..#.....##.#.#######",
	    "#.....#...#.....##.##.#.....#",
	    "#.###.#..###.#.####.#.#.###.#",
	    "#.###.#.###.#.###.#.#.#.###.#",
	    "#.###.#.##...##.##....#.###.#",
	    "#.....#.#.##.###..##..#.....#",
	    "#######.#.#.#.#.#.#.#.#######",
	    "........##..#.#..#.#.........",
	    "#...#.###...########.#####..#",
	    "..####....##.....#....#######",
	    "..###.##.#.#.###..#.#.......#",
	    "..#.##...#.#.#.####.##.###.##",
	    "#####.#.#..#.#...#.##......#.",
	    "#.#.##.....####.#.....#######",
	    "#.##..###..##...###.....###.#",
	    "..#.#.....#...#..##.##.....##",
	    "###.###.#.##.#######.#.....#.",
	    "#.#.##.#.#.##....#....####.##",
	    "...##.#.#.#.####.##...#.#.#.#",
	    "..#.....##.#.#.#######..#..##",
	    "########.##..#...##.######..#",
	    "........#...###.#..##...#...#",
	    "#######.#.#.....##.##.#.###.#",
	    "#.....#..#.#..#..##.#...#..##",
	    "#.###.#.###.#####.########.##",
	    "#.###.#..........###.#.....#.",
	    "#.###.#...##...#..#..#...####",
	    "#.....#..#.##..##..#####.#.##",
	    "#######.#...#.......##.#.#.#.",
	},
};

static const struct make_qr make_qr_house = {
	"https://www.sender.test/menu",
	{
	    "#######.#.###.........#######",
	    "#.....#..##.....#..#..#.....#",
	    "#.###.#...#.##.###.#..#.###.#",
	    "#.###.#.#.....###...#.#.###.#",
	    "#.###.#.#.#.###.###...#.###.#",
	    "#.....#.###.####.#.#..#.....#",
	    "#######.#.#.#.#.#.#.#.#######",
	    "........#.....#..##.#........",
	    "#...#.####.#######.#######..#",
	    ".#...#...#..#....##..########",
	    "#####.#.####.###.##..####...#",
	    "##..##.#..#.##.####.#...##.##",
	    ".#######.#.###...#.#.#.....#.",
	    ".####..###.####.#.#...#.#####",
	    ".#.##.#.#.#.#...###...#.###.#",
	    "#.#..#...##.#.#..####.#....##",
	    "#..##.###....#####..##.#...#.",
	    "##.....#.###.....##.#.####.##",
	    "..##.#####...###..#.....#.#.#",
	    "...#......#..#.###.#.#.....##",
	    "##.##.##.#...#...#.#######..#",
	    "........#######.#...#...#...#",
	    "#######.#####...#####.#.###.#",
	    "#.....#..###..#..####...#..##",
	    "#.###.#.##.#.####.########.##",
	    "#.###.#..###.....##.##.#...#.",
	    "#.###.#...##..##..##.#...####",
	    "#.....#..##.#.###...#.#.##.##",
	    "#######.##.###......#..##..#.",
	},
};

static const struct make_qr make_qr_net = {
	"WIFI:T:WPA;S:guest;P:12345678;;",
	{
	    "#######.######.##.#######",
	    "#.....#.##..##..#.#.....#",
	    "#.###.#.##.#....#.#.###.#",
	    "#.###.#.#.#.##.#..#.###.#",
	    "#.###.#..####..##.#.###.#",
	    "#.....#.##....#.#.#.....#",
	    "#######.#.#.#.#.#.#######",
	    ".........#..#.##.........",
	    "##..###......#.....#.####",
	    "..##.#...#.###.##.#.##..#",
	    "#..#..#....#...#.#...#...",
	    ".####..##.#.#..#......#..",
	    "...#.####.#...#.#.#.#....",
	    "####.......##..###..#.#.#",
	    ".....##....###.#.####.#..",
	    "..##.#.....##.....##.##.#",
	    "##.#..##.##...#.#########",
	    "........#.####..#...#.###",
	    "#######...##....#.#.##...",
	    "#.....#.#..##.#.#...#.#.#",
	    "#.###.#.##....#.######.#.",
	    "#.###.#....###..###.##.##",
	    "#.###.#..#####.#...#.###.",
	    "#.....#.###......#..####.",
	    "#######.#.#...#..#.#.####",
	},
};

static const struct make_qr make_qr_brief = {
	"https://bit.ly/3abcdef",
	{
	    "#######.###.###...#######",
	    "#.....#.####..#.#.#.....#",
	    "#.###.#.###.##.##.#.###.#",
	    "#.###.#...####..#.#.###.#",
	    "#.###.#.#...#.#.#.#.###.#",
	    "#.....#....###....#.....#",
	    "#######.#.#.#.#.#.#######",
	    ".........##..#.#.........",
	    "#..########...##.#..#.###",
	    "....##.#.##.#.###..#####.",
	    ".####.#..#.#...###...#..#",
	    "##.....#.####..#..#..####",
	    "..###.##..#.....#.##....#",
	    "#.##...##...####.#..#..#.",
	    "###########..###.##.#####",
	    "#..##.....#.#...#.##.##.#",
	    "#.##..#....###..#####.##.",
	    "........#.##...##...#.##.",
	    "#######.##..#...#.#.#...#",
	    "#.....#.##.#.####...#....",
	    "#.###.#.##.#.#.######..##",
	    "#.###.#.#.#.###.#.#....##",
	    "#.###.#....#.#..##..#####",
	    "#.....#....###.....##.###",
	    "#######.#.####..##...#..#",
	},
};

static const struct make_qr make_qr_talk = {
	"https://u.wechat.com/abcdef12",
	{
	    "#######.##.#####.##...#######",
	    "#.....#.###..###.###..#.....#",
	    "#.###.#.#######...##..#.###.#",
	    "#.###.#..##...##.#..#.#.###.#",
	    "#.###.#.#.#.##.#.###..#.###.#",
	    "#.....#..###.##...#.#.#.....#",
	    "#######.#.#.#.#.#.#.#.#######",
	    "..........##..#..............",
	    "#..######.#.######...#..#.###",
	    "..####.#.#....#...###..##.##.",
	    "#.#####..##.#.#..#...#..#.#..",
	    "#...##..#.#...##.##.##..##..#",
	    "#..#########.##.....#.##....#",
	    "#.##...##.#.......#...#######",
	    "#..#.##.#.#.#.##...###.#..#.#",
	    ".#...#.##.#.###.#..#..###.#.#",
	    "#####.#.#...#..#...##....#...",
	    "#####..#..###....####...#.##.",
	    "##..#####..####.#..#.###.#..#",
	    "###.##....#..#.##.#.##.#.##..",
	    "##.#####.#####...###########.",
	    "........##...#..#...#...##...",
	    "#######.##.###.######.#.##...",
	    "#.....#.##.#.#..##.##...#..##",
	    "#.###.#.#..#.#.##.########...",
	    "#.###.#.#.#.###.#..#.#.....#.",
	    "#.###.#...#.....###.#...#.###",
	    "#.....#..#..####..#..######.#",
	    "#######.##..#.#..##.##..##...",
	},
};

static const struct make_qr make_qr_loud = {
	"HTTPS://LOGIN.FAR.TEST/A",
	{
	    "#######.#...#.###.#######",
	    "#.....#......##...#.....#",
	    "#.###.#.#.#.#.###.#.###.#",
	    "#.###.#..#.#..##..#.###.#",
	    "#.###.#..##.####..#.###.#",
	    "#.....#.#..#...#..#.....#",
	    "#######.#.#.#.#.#.#######",
	    ".........###..#.#........",
	    "#.#...##.#.####....#..#.#",
	    "....#...#.########.###..#",
	    "###...######...##.###.#.#",
	    ".....#..###.##.#.#...#..#",
	    ".##.###.#...##.##.#.####.",
	    "..##.#......#...##.#.#..#",
	    "###########.####..####.#.",
	    "...#....#..##.###.###..#.",
	    "##.#.###..#..##.#####..##",
	    "........#.#..##.#...#####",
	    "#######.####...##.#.#.###",
	    "#.....#..##..#.##...###..",
	    "#.###.#..#.###.######.#..",
	    "#.###.#..##.#...####.....",
	    "#.###.#.#.#.####.##.#..##",
	    "#.....#..####.##.###.##.#",
	    "#######.###..###.#.#.####",
	},
};

/* clang-format on */

static inline size_t make_qr_side(const struct make_qr *q)
{
	return strlen(q->rows[0]);
}

/* Whether a square is dark; those around the code are not. */
static inline bool make_qr_at(const struct make_qr *q, long x, long y)
{
	long side = (long)make_qr_side(q);

	return x >= 0 && y >= 0 && x < side && y < side && q->rows[y][x] == '#';
}

/* How a code becomes a picture. */
struct make_qr_form {
	size_t square, border;     /* pixels of a square, squares around it; 0 = 4 of each */
	size_t left, top;          /* pixels beside it */
	bool inverted, borderless; /* borderless: not even four squares */
	unsigned char dark, light; /* shades; both 0 = 0 and 255 */
};

struct make_picture {
	unsigned char *v; /* a shade each */
	size_t width, height;
};

static inline struct make_picture make_qr_picture(struct arena *a, const struct make_qr *q,
						  const struct make_qr_form *f)
{
	size_t square = f->square ? f->square : 4, border = f->borderless ? 0 : f->border ? f->border : 4;
	size_t side = (make_qr_side(q) + 2 * border) * square;
	struct make_picture p = { NULL, side + 2 * f->left, side + 2 * f->top };
	unsigned char light = f->dark || f->light ? f->light : 255;

	p.v = arena_alloc(a, p.width * p.height);
	for (size_t y = 0; y < p.height; y++)
		for (size_t x = 0; x < p.width; x++) {
			long column = (long)((x - f->left) / square) - (long)border;
			long row = (long)((y - f->top) / square) - (long)border;
			bool dark = x >= f->left && y >= f->top && make_qr_at(q, column, row);
			p.v[y * p.width + x] = dark != f->inverted ? f->dark : light;
		}
	return p;
}

static inline struct str make_png(struct arena *a, const struct make_picture *p)
{
	png_image image = { .version = PNG_IMAGE_VERSION,
			    .width = (png_uint_32)p->width,
			    .height = (png_uint_32)p->height,
			    .format = PNG_FORMAT_GRAY };
	png_alloc_size_t n = PNG_IMAGE_PNG_SIZE_MAX(image);
	char *z = arena_alloc(a, n);

	ASSERT(png_image_write_to_memory(&image, z, &n, 0, p->v, 0, NULL));
	return str_from(z, n);
}

/* BMP of so many bits (1, 8, 24 or 32) a pixel; down: the first row is the uppermost. */
static inline struct str make_bmp(struct arena *a, const struct make_picture *p, unsigned bits, bool down)
{
	size_t row = (p->width * bits + 31) / 32 * 4, colours = bits <= 8 ? (size_t)4 << bits : 0;
	size_t before = 54 + colours, n = before + row * p->height;
	unsigned char *z = arena_zalloc(a, n);
	uint32_t height = down ? 0 - (uint32_t)p->height : (uint32_t)p->height;
	const uint32_t numbers[][2] = { { 2, (uint32_t)n }, { 10, (uint32_t)before },
					{ 14, 40 },         { 18, (uint32_t)p->width },
					{ 22, height },     { 26, 1 | (uint32_t)bits << 16 } };

	memcpy(z, "BM", 2);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		for (unsigned k = 0; k < 4; k++)
			z[numbers[i][0] + k] = (unsigned char)(numbers[i][1] >> 8 * k);
	for (size_t i = 0; i < colours; i++)
		z[54 + i] = (unsigned char)(bits == 1 ? i / 4 * 255 : i / 4);
	for (size_t y = 0; y < p->height; y++)
		for (size_t x = 0; x < p->width; x++) {
			unsigned char v = p->v[y * p->width + x];
			unsigned char *to = z + before + (down ? y : p->height - 1 - y) * row + x * bits / 8;
			if (bits == 1)
				*to |= (unsigned char)((v >> 7) << (7 - x % 8));
			else
				memset(to, v, bits / 8);
		}
	return str_from(z, n);
}

static inline struct str make_jpeg(struct arena *a, const struct make_picture *p, int quality)
{
	struct jpeg_compress_struct c;
	struct jpeg_error_mgr errors;
	unsigned char *bytes = NULL;
	unsigned long n = 0;

	c.err = jpeg_std_error(&errors);
	jpeg_create_compress(&c);
	jpeg_mem_dest(&c, &bytes, &n);
	c.image_width = (JDIMENSION)p->width;
	c.image_height = (JDIMENSION)p->height;
	c.input_components = 1;
	c.in_color_space = JCS_GRAYSCALE;
	jpeg_set_defaults(&c);
	jpeg_set_quality(&c, quality, TRUE);
	jpeg_start_compress(&c, TRUE);
	for (size_t y = 0; y < p->height; y++) {
		JSAMPROW row = p->v + y * p->width;
		jpeg_write_scanlines(&c, &row, 1);
	}
	jpeg_finish_compress(&c);
	jpeg_destroy_compress(&c);
	struct str out = arena_str(a, str_from((char *)bytes, n));
	free(bytes);
	return out;
}

/* ---- without a picture ---- */

/* Two letters to a square. */
static inline struct str make_qr_letters(struct arena *a, const struct make_qr *q, const char *dark,
					 const char *light, const char *end)
{
	struct buf b;

	buf_init(&b, 1u << 20);
	for (size_t y = 0; y < make_qr_side(q); y++) {
		for (size_t x = 0; x < make_qr_side(q); x++)
			buf_add_c(&b, make_qr_at(q, (long)x, (long)y) ? dark : light);
		buf_add_c(&b, end);
	}
	struct str out = arena_str(a, buf_str(&b));
	buf_free(&b);
	return out;
}

/* A letter to two squares, one above the other. */
static inline struct str make_qr_halves(struct arena *a, const struct make_qr *q, bool inverted,
					const char *end)
{
	static const char *const halves[] = { " ", "\xe2\x96\x84", "\xe2\x96\x80", "\xe2\x96\x88" };
	long side = (long)make_qr_side(q);
	struct buf b;

	buf_init(&b, 1u << 20);
	for (long y = -2; y < side + 2; y += 2) {
		for (long x = -2; x < side + 2; x++)
			buf_add_c(&b, halves[(make_qr_at(q, x, y) != inverted) * 2 +
					     (make_qr_at(q, x, y + 1) != inverted)]);
		buf_add_c(&b, end);
	}
	struct str out = arena_str(a, buf_str(&b));
	buf_free(&b);
	return out;
}

/* A table; runs: a cell spans all squares of one colour in its row. */
static inline struct str make_qr_table(struct arena *a, const struct make_qr *q, const char *dark,
				       const char *light, bool runs)
{
	long side = (long)make_qr_side(q);
	struct buf b;

	buf_init(&b, 1u << 20);
	buf_add_c(&b, "<table>");
	for (long y = 0; y < side; y++) {
		buf_add_c(&b, "<tr>");
		for (long x = 0, end; x < side; x = end) {
			bool is = make_qr_at(q, x, y);
			for (end = x + 1; runs && end < side && make_qr_at(q, end, y) == is;)
				end++;
			buf_add(&b, arena_printf(a, "<td colspan=%ld %s></td>", end - x, is ? dark : light));
		}
		buf_add_c(&b, "</tr>\r\n");
	}
	buf_add_c(&b, "</table>");
	struct str out = arena_str(a, buf_str(&b));
	buf_free(&b);
	return out;
}

#endif
