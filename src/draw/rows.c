/* Pages of flat colours: without filters and at a low level a PNG is as small as any, and half the work. */
#include "draw/rows.h"

#include <png.h>
#include <setjmp.h>
#include <stdlib.h>

#define PNG_LEVEL 3

struct rows {
	png_structp png;
	png_infop info;
	struct buf *out;
	uint32_t width;
	unsigned char *row;
};

static void write_png(png_structp png, png_bytep from, size_t n)
{
	buf_add(png_get_io_ptr(png), str_from(from, n));
}

static void flush_png(png_structp png)
{
	(void)png;
}

static bool begin(struct rows *r, uint32_t height)
{
	if (setjmp(png_jmpbuf(r->png)) != 0)
		return false;
	png_set_write_fn(r->png, r->out, write_png, flush_png);
	png_set_IHDR(r->png, r->info, r->width, height, 8, PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE,
		     PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
	png_set_compression_level(r->png, PNG_LEVEL);
	png_set_filter(r->png, 0, PNG_FILTER_NONE);
	png_write_info(r->png, r->info);
	return true;
}

struct rows *rows_new(struct buf *out, uint32_t width, uint32_t height)
{
	struct rows *r = calloc(1, sizeof(*r));

	if (!r)
		return NULL;
	buf_clear(out);
	out->over = false;
	r->out = out;
	r->width = width;
	r->row = malloc((size_t)width * 3);
	r->png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
	r->info = r->png ? png_create_info_struct(r->png) : NULL;
	if (r->row && r->info && begin(r, height))
		return r;
	rows_free(r);
	return NULL;
}

/* Three bytes for each of Cairo's four. */
static void pack_row(const uint32_t *from, unsigned char *to, size_t width)
{
	for (size_t x = 0; x < width; x++, to += 3) {
		to[0] = (unsigned char)(from[x] >> 16);
		to[1] = (unsigned char)(from[x] >> 8);
		to[2] = (unsigned char)from[x];
	}
}

bool rows_add(struct rows *r, cairo_surface_t *from, uint32_t n)
{
	const unsigned char *data = cairo_image_surface_get_data(from);
	size_t stride = (size_t)cairo_image_surface_get_stride(from);

	if (setjmp(png_jmpbuf(r->png)) != 0)
		return false;
	for (uint32_t y = 0; y < n && buf_ok(r->out); y++) {
		pack_row((const uint32_t *)(const void *)(data + y * stride), r->row, r->width);
		png_write_row(r->png, r->row);
	}
	return buf_ok(r->out);
}

bool rows_end(struct rows *r)
{
	if (setjmp(png_jmpbuf(r->png)) != 0)
		return false;
	png_write_end(r->png, NULL);
	return buf_ok(r->out);
}

void rows_free(struct rows *r)
{
	if (!r)
		return;
	png_destroy_write_struct(&r->png, &r->info);
	free(r->row);
	free(r);
}
