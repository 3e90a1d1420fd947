/* A look at the header that allocates nothing, then the library of each format; BMP is read by image/bmp.h. */
#include "image/image.h"

#include <gif_lib.h>
#include <png.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include <jpeglib.h> /* after stdio.h, which it needs */

#include "base/attr.h"
#include "image/bmp.h"

#define JPEG_SCANS 60              /* of a progressive picture; encoders write about ten */
#define PNG_CHUNK_BYTES (8u << 20) /* memory of one that is not pixels */
#define GIF_BLOCKS 1000            /* before the first picture */

static unsigned be32(const unsigned char *p)
{
	return (unsigned)p[0] << 24 | (unsigned)p[1] << 16 | (unsigned)p[2] << 8 | p[3];
}

/* Width and height of the frame, behind whatever stands before it. */
static bool look_jpeg(struct str s, unsigned *w, unsigned *h)
{
	const unsigned char *p = (const unsigned char *)s.p;

	for (size_t i = 2; i + 9 < s.n;) {
		if (p[i] != 0xff)
			return false;
		unsigned char marker = p[i + 1];
		if (marker == 0xff) {
			i++;
			continue;
		}
		if (marker == 0x01 || (marker >= 0xd0 && marker <= 0xd7)) {
			i += 2;
			continue;
		}
		size_t n = (size_t)p[i + 2] << 8 | p[i + 3];
		if (marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc) {
			*h = (unsigned)p[i + 5] << 8 | p[i + 6];
			*w = (unsigned)p[i + 7] << 8 | p[i + 8];
			return true;
		}
		if (n < 2 || marker == 0xda)
			return false;
		i += 2 + n;
	}
	return false;
}

/* Behind the table of colours that such a byte of flags tells of. */
static size_t behind_colours(size_t at, unsigned char flags)
{
	return flags & 0x80 ? at + ((size_t)6 << (flags & 7)) : at;
}

/*
 * Width and height of the screen; where the first picture is larger, as programs show it then, its own. One that lies behind
 * more than GIF_BLOCKS is not shown.
 */
static void look_gif(struct str s, unsigned *w, unsigned *h)
{
	const unsigned char *p = (const unsigned char *)s.p;
	size_t at = behind_colours(13, p[10]);

	*w = p[6] | (unsigned)p[7] << 8;
	*h = p[8] | (unsigned)p[9] << 8;
	for (int n = 0; n < GIF_BLOCKS && at + 2 < s.n && p[at] == '!'; n++) {
		for (at += 2; at < s.n && p[at] != 0;)
			at += (size_t)p[at] + 1;
		at++;
	}
	if (at + 9 >= s.n || p[at] != ',')
		return;
	unsigned own_w = p[at + 5] | (unsigned)p[at + 6] << 8, own_h = p[at + 7] | (unsigned)p[at + 8] << 8;
	if (own_w > *w || own_h > *h) {
		*w = own_w;
		*h = own_h;
	}
}

enum image_format image_look(struct str s, size_t pixels_max, int *width_out, int *height_out)
{
	const unsigned char *p = (const unsigned char *)s.p;
	enum image_format f = IMAGE_NONE;
	unsigned w = 0, h = 0;
	struct bmp bmp;

	if (s.n > 33 && memcmp(p, "\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16) == 0) {
		f = IMAGE_PNG;
		w = be32(p + 16);
		h = be32(p + 20);
	} else if (s.n > 13 && (memcmp(p, "GIF87a", 6) == 0 || memcmp(p, "GIF89a", 6) == 0)) {
		f = IMAGE_GIF;
		look_gif(s, &w, &h);
	} else if (s.n > 20 && p[0] == 0xff && p[1] == 0xd8 && look_jpeg(s, &w, &h)) {
		f = IMAGE_JPEG;
	} else if (bmp_look(s, &bmp)) {
		f = IMAGE_BMP;
		w = bmp.width;
		h = bmp.height;
	}
	if (w == 0 || h == 0 || w > IMAGE_SIDE || h > IMAGE_SIDE || (size_t)w * h > pixels_max)
		return IMAGE_NONE;
	*width_out = (int)w;
	*height_out = (int)h;
	return f;
}

bool image_is_interlaced(struct str png)
{
	return png.n > 28 && png.p[28] != 0;
}

size_t image_png_bytes(struct str png)
{
	static const unsigned char samples[] = {
		1, 0, 3, 1, 2, 0, 4
	}; /* by the kind of colour (PNG §11.2.1) */
	const unsigned char *p = (const unsigned char *)png.p;

	if (png.n <= 28)
		return 0;
	size_t bits = (size_t)p[24] * (p[25] < sizeof(samples) ? samples[p[25]] : 4);
	return ((size_t)be32(p + 16) * bits / 8 + 1) * be32(p + 20);
}

static uint32_t pixel(unsigned r, unsigned g, unsigned b, unsigned a)
{
	if (a != 255) { /* Cairo wants colours multiplied */
		r = (r * a + 127) / 255;
		g = (g * a + 127) / 255;
		b = (b * a + 127) / 255;
	}
	return (uint32_t)a << 24 | (uint32_t)r << 16 | (uint32_t)g << 8 | b;
}

/* The rows of a canvas, once it was begun. */
struct target {
	const struct image_canvas *canvas;
	uint32_t *data; /* NULL = not begun */
	size_t stride;
};

static bool target_begin(struct target *t, int width, int height)
{
	t->data = t->canvas->begin(t->canvas->ctx, width, height, &t->stride);
	return t->data != NULL;
}

static uint32_t *target_row(const struct target *t, size_t y)
{
	return t->data + y * t->stride;
}

/* ---- PNG ---- */

struct png_source {
	struct str bytes;
	size_t at;
};

static void read_png(png_structp png, png_bytep to, size_t n)
{
	struct png_source *s = png_get_io_ptr(png);

	if (n > s->bytes.n - s->at)
		png_error(png, "no more");
	memcpy(to, s->bytes.p + s->at, n);
	s->at += n;
}

static void png_silent(png_structp png, png_const_charp text)
{
	(void)png, (void)text;
}

NORETURN static void png_failed(png_structp png, png_const_charp text)
{
	(void)text;
	png_longjmp(png, 1);
}

struct png_job {
	png_structp png;
	png_infop info;
	struct target t;
	unsigned char *rows; /* interlaced: all of them, else one */
	int width, height;   /* wanted */
	size_t by;           /* of so many rows and columns one is taken */
	volatile bool begun;
};

static void take_row(const struct png_job *j, const unsigned char *from, size_t y, size_t width)
{
	uint32_t *to = target_row(&j->t, y);

	for (size_t x = 0; x < width; x++, from += 4 * j->by)
		to[x] = pixel(from[0], from[1], from[2], from[3]);
}

/* Of an interlaced one, once all came that comes. */
static void take_rows(const struct png_job *j)
{
	png_uint_32 w = png_get_image_width(j->png, j->info), h = png_get_image_height(j->png, j->info);

	for (size_t y = 0; y < h; y++)
		take_row(j, j->rows + y * w * 4, y, w);
}

/* What may jump is here, without variables that a jump would lose. */
static void png_run(struct png_job *j)
{
	png_structp png = j->png;

	png_read_info(png, j->info);
	png_uint_32 w = png_get_image_width(png, j->info), h = png_get_image_height(png, j->info);
	png_set_expand(png);
	png_set_strip_16(png);
	png_set_gray_to_rgb(png);
	png_set_add_alpha(png, 255, PNG_FILLER_AFTER);
	int passes = png_set_interlace_handling(png);
	png_read_update_info(png, j->info);
	size_t row = png_get_rowbytes(png, j->info);
	j->by = 1;
	while (j->t.canvas->grey && passes == 1 && w / (j->by + 1) >= (unsigned)j->width &&
	       h / (j->by + 1) >= (unsigned)j->height)
		j->by++;
	size_t columns = w / j->by, rows = h / j->by;
	if (row != (size_t)w * 4 || !target_begin(&j->t, (int)columns, (int)rows))
		return;
	j->rows = calloc(passes > 1 ? h : 1, row);
	if (!j->rows)
		return;
	j->begun = true;
	for (int pass = 0; pass < passes; pass++) {
		for (png_uint_32 y = 0; y < h; y++) {
			unsigned char *at = j->rows + (passes > 1 ? y * row : 0);
			png_read_row(png, at, NULL);
			if (passes == 1 && y % j->by == 0 && y / j->by < rows)
				take_row(j, at, y / j->by, columns);
		}
	}
}

static bool decode_png(struct str bytes, int width, int height, const struct image_canvas *canvas)
{
	struct png_source source = { bytes, 0 };
	struct png_job *j = calloc(1, sizeof(*j));

	if (!j)
		return false;
	j->t.canvas = canvas;
	j->width = width;
	j->height = height;
	j->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, NULL, png_failed, png_silent);
	j->info = j->png ? png_create_info_struct(j->png) : NULL;
	if (j->info) {
		png_set_user_limits(j->png, IMAGE_SIDE, IMAGE_SIDE);
		png_set_chunk_malloc_max(j->png, PNG_CHUNK_BYTES);
		png_set_chunk_cache_max(j->png, 20);
		/* Texts and profiles would be unpacked, megabytes out of a few bytes each. */
		png_set_keep_unknown_chunks(j->png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
		png_set_crc_action(j->png, PNG_CRC_WARN_USE, PNG_CRC_WARN_DISCARD);
		png_set_read_fn(j->png, &source, read_png);
		if (setjmp(png_jmpbuf(j->png)) == 0) /* cut short, what came is shown */
			png_run(j);
		if (j->begun && image_is_interlaced(bytes))
			take_rows(j);
	}
	png_destroy_read_struct(&j->png, &j->info, NULL);
	free(j->rows);
	bool begun = j->begun;
	free(j);
	return begun;
}

/* ---- JPEG ---- */

struct jpeg_job {
	struct jpeg_decompress_struct d;
	struct jpeg_error_mgr errors;
	struct jpeg_progress_mgr progress;
	jmp_buf back;
	struct target t;
	unsigned char *row;
	int width, height;
	volatile bool begun;
};

NORETURN static void jpeg_failed(j_common_ptr c)
{
	struct jpeg_job *j = c->client_data;

	longjmp(j->back, 1);
}

static void jpeg_silent(j_common_ptr c)
{
	(void)c;
}

static void jpeg_progress(j_common_ptr c)
{
	if (c->is_decompressor && ((j_decompress_ptr)c)->input_scan_number > JPEG_SCANS)
		jpeg_failed(c);
}

static void jpeg_run(struct jpeg_job *j, struct str bytes)
{
	j_decompress_ptr d = &j->d;

	jpeg_create_decompress(d);
	d->client_data = j;
	d->progress = &j->progress;
	jpeg_mem_src(d, (const unsigned char *)bytes.p, (unsigned long)bytes.n);
	jpeg_read_header(d, TRUE);
	for (d->scale_denom = 8, d->scale_num = 1; d->scale_denom > 1; d->scale_denom /= 2)
		if (d->image_width / d->scale_denom >= (unsigned)j->width &&
		    d->image_height / d->scale_denom >= (unsigned)j->height)
			break;
	bool inks = d->num_components == 4;
	bool grey =
	    j->t.canvas->grey && (d->jpeg_color_space == JCS_YCbCr || d->jpeg_color_space == JCS_GRAYSCALE);
	int components = inks ? 4 : grey ? 1 : 3;
	d->out_color_space = inks ? JCS_CMYK : grey ? JCS_GRAYSCALE : JCS_RGB;
	d->do_fancy_upsampling = FALSE;
	jpeg_start_decompress(d);
	size_t n = (size_t)d->output_width * (unsigned)d->output_components;
	if (d->output_components != components ||
	    !target_begin(&j->t, (int)d->output_width, (int)d->output_height))
		return;
	j->row = malloc(n);
	if (!j->row)
		return;
	j->begun = true;
	while (d->output_scanline < d->output_height) {
		uint32_t *to = target_row(&j->t, d->output_scanline);
		jpeg_read_scanlines(d, &j->row, 1);
		const unsigned char *p = j->row;
		for (size_t x = 0; x < d->output_width; x++, p += components)
			to[x] = inks ? pixel(p[0] * p[3] / 255u, p[1] * p[3] / 255u, p[2] * p[3] / 255u, 255)
				: grey ? pixel(p[0], p[0], p[0], 255)
				       : pixel(p[0], p[1], p[2], 255);
	}
}

static bool decode_jpeg(struct str bytes, int width, int height, const struct image_canvas *canvas)
{
	struct jpeg_job *j = calloc(1, sizeof(*j));

	if (!j)
		return false;
	j->t.canvas = canvas;
	j->width = width;
	j->height = height;
	j->d.err = jpeg_std_error(&j->errors);
	j->d.client_data = j;
	j->errors.error_exit = jpeg_failed;
	j->errors.output_message = jpeg_silent;
	j->progress.progress_monitor = jpeg_progress;
	if (setjmp(j->back) == 0)
		jpeg_run(j, bytes);
	jpeg_destroy_decompress(&j->d);
	free(j->row);
	bool begun = j->begun;
	free(j);
	return begun;
}

/* ---- GIF ---- */

static int read_gif(GifFileType *g, GifByteType *to, int n)
{
	struct png_source *s = g->UserData;
	size_t left = s->bytes.n - s->at, take = n < 0 ? 0 : (size_t)n < left ? (size_t)n : left;

	memcpy(to, s->bytes.p + s->at, take);
	s->at += take;
	return (int)take;
}

/* The rows of the picture that comes now, onto a screen of that size, which it fills where it is larger. */
static void gif_picture(GifFileType *g, const struct target *t, int width, int height, int transparent)
{
	static const int from[] = { 0, 4, 2, 1 }, step[] = { 8, 8, 4, 2 };
	const GifImageDesc *d = &g->Image;
	const ColorMapObject *map = d->ColorMap ? d->ColorMap : g->SColorMap;
	bool fills = d->Width > g->SWidth || d->Height > g->SHeight;
	int left = fills ? 0 : d->Left, top = fills ? 0 : d->Top;
	unsigned char *row = malloc((size_t)d->Width);

	for (int pass = d->Interlace ? 0 : 3; row && map && pass < 4; pass++) {
		for (int y = d->Interlace ? from[pass] : 0; y < d->Height;
		     y += d->Interlace ? step[pass] : 1) {
			if (DGifGetLine(g, row, d->Width) != GIF_OK)
				goto done;
			if (top + y >= height)
				continue;
			uint32_t *to = target_row(t, (size_t)(top + y));
			for (int x = 0; x < d->Width && left + x < width; x++) {
				if (row[x] == transparent || row[x] >= map->ColorCount)
					continue;
				const GifColorType *c = &map->Colors[row[x]];
				to[left + x] = pixel(c->Red, c->Green, c->Blue, 255);
			}
		}
	}
done:
	free(row);
}

static bool decode_gif(struct str bytes, const struct image_canvas *canvas)
{
	struct png_source source = { bytes, 0 };
	struct target t = { .canvas = canvas };
	int width, height, error = 0, transparent = -1;
	bool known = image_look(bytes, IMAGE_PIXELS, &width, &height) == IMAGE_GIF;
	GifFileType *g = DGifOpen(&source, read_gif, &error);
	GifRecordType type;

	if (!g)
		return false;
	bool drawn = false;
	for (int n = 0; known && n < GIF_BLOCKS && !drawn && DGifGetRecordType(g, &type) == GIF_OK; n++) {
		if (type == EXTENSION_RECORD_TYPE) {
			GifByteType *data = NULL;
			int code;
			if (DGifGetExtension(g, &code, &data) != GIF_OK)
				break;
			GraphicsControlBlock gcb;
			if (data && code == GRAPHICS_EXT_FUNC_CODE &&
			    DGifExtensionToGCB(data[0], data + 1, &gcb) == GIF_OK)
				transparent = gcb.TransparentColor;
			while (data && DGifGetExtensionNext(g, &data) == GIF_OK)
				;
		} else if (type == IMAGE_DESC_RECORD_TYPE) {
			if (DGifGetImageDesc(g) != GIF_OK)
				break;
			const GifImageDesc *d = &g->Image;
			/* The library may come to another picture than look_gif() did. */
			if (d->Width <= 0 || d->Height <= 0 || d->Left < 0 || d->Top < 0 ||
			    d->Width > width || d->Height > height || !target_begin(&t, width, height))
				break;
			gif_picture(g, &t, width, height, transparent);
			drawn = true;
		} else {
			break;
		}
	}
	DGifCloseFile(g, &error);
	return drawn;
}

/* ---- BMP ---- */

static bool decode_bmp(struct str bytes, const struct image_canvas *canvas)
{
	struct target t = { .canvas = canvas };
	struct bmp b;
	int width, height;
	size_t n = 0;

	if (image_look(bytes, IMAGE_PIXELS, &width, &height) != IMAGE_BMP || !bmp_look(bytes, &b) ||
	    b.rows.n < bmp_row_bytes(&b) || !target_begin(&t, width, height))
		return false;
	for (size_t y = 0; y < b.height; y++)
		n += bmp_row(&b, y, target_row(&t, y));
	return n > 0;
}

bool image_decode(struct str bytes, enum image_format format, int width, int height,
		  const struct image_canvas *canvas)
{
	switch (format) {
	case IMAGE_NONE:
		break;
	case IMAGE_PNG:
		return decode_png(bytes, width, height, canvas);
	case IMAGE_JPEG:
		return decode_jpeg(bytes, width, height, canvas);
	case IMAGE_GIF:
		return decode_gif(bytes, canvas);
	case IMAGE_BMP:
		return decode_bmp(bytes, canvas);
	}
	return false;
}
