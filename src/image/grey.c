/* Making grey pictures out of others. */
#include "image/grey.h"

#include <stdlib.h>

#include "image/image.h"

struct grey grey_new(size_t width, size_t height, unsigned char shade)
{
	struct grey g = { .width = width, .height = height };

	if (width == 0 || height == 0 || width > IMAGE_PIXELS / height)
		return (struct grey){ 0 };
	g.v = malloc(width * height);
	if (!g.v)
		return (struct grey){ 0 };
	memset(g.v, shade, width * height);
	return g;
}

void grey_free(struct grey *g)
{
	free(g->v);
	*g = (struct grey){ 0 };
}

void grey_shrink_by(struct grey *g, size_t by)
{
	if (by <= 1 || !g->v)
		return;
	size_t width = g->width / by, height = g->height / by;
	/* In place: what is written lies before what is still to be read. */
	for (size_t y = 0; y < height; y++)
		for (size_t x = 0; x < width; x++) {
			const unsigned char *from = g->v + y * by * g->width + x * by;
			size_t sum = 0;
			for (size_t i = 0; i < by; i++, from += g->width)
				for (size_t k = 0; k < by; k++)
					sum += from[k];
			g->v[y * width + x] = (unsigned char)(sum / (by * by));
		}
	g->width = width;
	g->height = height;
}

/* So many times smaller it has not more than max pixels. */
static size_t times_smaller(size_t width, size_t height, size_t max)
{
	size_t by = 1;

	while ((width / by) * (height / by) > max)
		by++;
	return by;
}

void grey_shrink(struct grey *g, size_t max)
{
	grey_shrink_by(g, times_smaller(g->width, g->height, max));
}

bool grey_spread(struct grey *g)
{
	size_t n = g->width * g->height;
	unsigned least = 255, most = 0;

	for (size_t i = 0; i < n; i++) {
		least = g->v[i] < least ? g->v[i] : least;
		most = g->v[i] > most ? g->v[i] : most;
	}
	for (size_t i = 0; most > least && most - least < 255 && i < n; i++)
		g->v[i] = (unsigned char)((g->v[i] - least) * 255u / (most - least));
	return most > least;
}

/* ---- pictures in files ---- */

struct sheet {
	uint32_t *v;
	size_t width, height;
};

static uint32_t *begin(void *ctx, int width, int height, size_t *stride_out)
{
	struct sheet *s = ctx;

	s->width = *stride_out = (size_t)width;
	s->height = (size_t)height;
	return s->v = calloc(s->width * s->height, sizeof(*s->v));
}

/* Over white; the colours are multiplied with their alpha already. */
static unsigned char shade(uint32_t p)
{
	unsigned alpha = p >> 24, r = p >> 16 & 255, g = p >> 8 & 255, b = p & 255;
	unsigned v = (r * 77 + g * 150 + b * 29) / 256 + 255 - alpha;

	return (unsigned char)(v > 255 ? 255 : v);
}

static void shade_all(const uint32_t *restrict p, size_t n, unsigned char *restrict out)
{
	for (size_t i = 0; i < n; i++)
		out[i] = shade(p[i]);
}

/* As large as image_decode() can make it smaller while it reads; others need the memory of all their pixels. */
static enum image_format look(struct str bytes, int *width, int *height)
{
	enum image_format format = image_look(bytes, IMAGE_PIXELS_READ, width, height);
	bool rows = format == IMAGE_JPEG || (format == IMAGE_PNG && !image_is_interlaced(bytes));

	return rows || (size_t)*width * (size_t)*height <= IMAGE_PIXELS ? format : IMAGE_NONE;
}

size_t grey_steps(struct str bytes, size_t max)
{
	int width = 0, height = 0;
	enum image_format format = look(bytes, &width, &height);
	size_t all = (size_t)width * (size_t)height, kept = all < max ? all : max;

	switch (format) {
	case IMAGE_NONE:
		break;
	case IMAGE_PNG:
		return image_png_bytes(bytes) + (image_is_interlaced(bytes) ? all * 8 : all * 2 + kept * 6);
	case IMAGE_JPEG:
		return bytes.n * 8 + all * 2 + kept * 4;
	case IMAGE_GIF:
	case IMAGE_BMP:
		return all * 10;
	}
	return 0;
}

struct grey grey_of_picture(struct str bytes, size_t max)
{
	struct sheet s = { 0 };
	const struct image_canvas canvas = { .begin = begin, .ctx = &s, .grey = true };
	struct grey g = { 0 };
	int width, height;
	enum image_format format = look(bytes, &width, &height);

	if (format == IMAGE_NONE)
		return g;
	int by = (int)times_smaller((size_t)width, (size_t)height, max);
	if (image_decode(bytes, format, width / by, height / by, &canvas))
		g = grey_new(s.width, s.height, 255);
	if (g.v)
		shade_all(s.v, g.width * g.height, g.v);
	free(s.v);
	grey_shrink(&g, max);
	return g;
}

/* ---- samples ---- */

static void grey_row(const unsigned char *restrict from, size_t width, unsigned bits, unsigned components,
		     unsigned char *restrict out)
{
	const unsigned most = (1u << bits) - 1;

	for (size_t x = 0; x < width; x++) {
		unsigned sum = 0;
		for (unsigned c = 0; c < components; c++) {
			size_t bit = (x * components + c) * bits;
			sum += from[bit / 8] >> (8 - bits - bit % 8) & most;
		}
		out[x] = (unsigned char)(sum * 255 / (most * components));
	}
}

/* What most are: a byte each. */
static void grey_row_of_bytes(const unsigned char *restrict from, size_t width, unsigned components,
			      unsigned char *restrict out)
{
	for (size_t x = 0; x < width; x++) {
		unsigned sum = 0;
		for (unsigned c = 0; c < components; c++)
			sum += *from++;
		out[x] = (unsigned char)(sum / components);
	}
}

struct grey grey_of_samples(struct str data, size_t width, size_t height, unsigned bits, unsigned components)
{
	struct grey g = { 0 };

	if (width == 0 || components == 0 || width > IMAGE_PIXELS ||
	    !(bits == 1 || bits == 2 || bits == 4 || bits == 8))
		return g;
	size_t row = (width * components * bits + 7) / 8;
	if (height > data.n / row)
		height = data.n / row; /* what is there */
	g = grey_new(width, height, 255);
	for (size_t y = 0; g.v && y < height; y++) {
		const unsigned char *from = (const unsigned char *)data.p + y * row;
		if (bits == 8)
			grey_row_of_bytes(from, width, components, g.v + y * width);
		else
			grey_row(from, width, bits, components, g.v + y * width);
	}
	return g;
}
