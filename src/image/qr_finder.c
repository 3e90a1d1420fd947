/*
 * Each pixel against the middle of the shades around it, so that shadows do not matter; then runs of rows, and where they
 * have the ratio the column through their middle.
 */
#include "image/qr_finder.h"

#include <stdlib.h>

#define CORNERS 3      /* of one code */
#define CORNERS_MAX 32 /* as many are a texture, and none of them is one */
#define INK 0
#define PAPER 255
#define CONTRAST 30  /* shades; with less a place is of one shade */
#define BLOCKS 12    /* along the longer side */
#define BLOCK_MIN 16 /* pixels */
#define CORNER 7     /* modules of one */
#define BORDER 6     /* modules around the middle of a corner's side: half of it, and some quiet */

struct corner {
	size_t x, y;
	double size; /* pixels */
};

struct finder {
	const struct grey *g;
	unsigned char *ink; /* INK, or PAPER */
	struct corner v[CORNERS_MAX];
	size_t n;
};

/* ---- shades ---- */

struct block {
	unsigned char least, most;
};

static void measure(const struct grey *g, struct block *b, size_t columns, size_t side)
{
	for (size_t y = 0; y < g->height; y++)
		for (size_t x = 0; x < g->width; x++) {
			unsigned char v = g->v[y * g->width + x];
			struct block *in = &b[y / side * columns + x / side];
			in->least = v < in->least ? v : in->least;
			in->most = v > in->most ? v : in->most;
		}
}

/* The middle of the shades of a block and those beside it. */
static unsigned middle(const struct block *b, size_t columns, size_t rows, size_t x, size_t y)
{
	unsigned least = 255, most = 0;

	for (size_t j = y ? y - 1 : 0; j <= y + 1 && j < rows; j++)
		for (size_t i = x ? x - 1 : 0; i <= x + 1 && i < columns; i++) {
			const struct block *in = &b[j * columns + i];
			least = in->least < least ? in->least : least;
			most = in->most > most ? in->most : most;
		}
	if (most < least + CONTRAST)
		return least < 128 ? 256 : 0; /* all of it is dark, or all is light */
	return (least + most + 1) / 2;
}

/* False: no memory. */
static bool find_ink(struct finder *f, bool dark, struct grey *ink_out)
{
	const struct grey *g = f->g;
	size_t longer = g->width > g->height ? g->width : g->height;
	size_t side = longer / BLOCKS > BLOCK_MIN ? longer / BLOCKS : BLOCK_MIN;
	size_t columns = g->width / side + 1, rows = g->height / side + 1;
	struct block *b = malloc(columns * rows * sizeof(*b));

	*ink_out = grey_new(g->width, g->height, PAPER);
	f->ink = ink_out->v;
	if (!b || !f->ink) {
		free(b);
		return false;
	}
	for (size_t i = 0; i < columns * rows; i++)
		b[i] = (struct block){ 255, 0 };
	measure(g, b, columns, side);
	for (size_t y = 0; y < rows; y++)
		for (size_t x = 0; x < columns; x++) {
			unsigned mid = middle(b, columns, rows, x, y);
			for (size_t j = y * side; j < (y + 1) * side && j < g->height; j++)
				for (size_t i = x * side; i < (x + 1) * side && i < g->width; i++)
					if ((g->v[j * g->width + i] < mid) == dark)
						f->ink[j * g->width + i] = INK;
		}
	free(b);
	return true;
}

/* ---- corners ---- */

static bool is_near(double run, double want, double module)
{
	double off = run > want ? run - want : want - run;

	return off < module * 0.5 + 0.5; /* the edge of a pixel besides */
}

/* Runs of ink, none, ink, none, ink. */
static bool has_ratio(const size_t run[5])
{
	double module = (double)(run[0] + run[1] + run[2] + run[3] + run[4]) / CORNER;

	return is_near((double)run[2], 3 * module, module * 1.5) && is_near((double)run[0], module, module) &&
	       is_near((double)run[1], module, module) && is_near((double)run[3], module, module) &&
	       is_near((double)run[4], module, module);
}

/* Pixels of one kind from a place on, at most so many; *at ends behind them. */
static size_t run_from(const unsigned char *ink, size_t stride, long *at, long end, long step, unsigned kind,
		       size_t most)
{
	size_t n = 0;

	while (*at != end && n < most && ink[(size_t)*at * stride] == kind) {
		n++;
		*at += step;
	}
	return n;
}

/* The column through (x, y); gives its middle, or SIZE_MAX. */
static size_t check_column(const struct finder *f, size_t x, size_t y, size_t size)
{
	const unsigned char *column = f->ink + x;
	size_t stride = f->g->width, run[5];
	long up = (long)y, down = (long)y + 1, end = (long)f->g->height;

	size_t above = run_from(column, stride, &up, -1, -1, INK, size);
	run[1] = run_from(column, stride, &up, -1, -1, PAPER, size);
	run[0] = run_from(column, stride, &up, -1, -1, INK, size);
	size_t below = run_from(column, stride, &down, end, 1, INK, size);
	run[3] = run_from(column, stride, &down, end, 1, PAPER, size);
	run[4] = run_from(column, stride, &down, end, 1, INK, size);
	run[2] = above + below;
	size_t all = run[0] + run[1] + run[2] + run[3] + run[4];
	if (!has_ratio(run) || all * 2 < size || all > size * 2)
		return SIZE_MAX;
	return y + below - run[2] / 2;
}

static void note(struct finder *f, size_t x, size_t y, size_t size)
{
	for (size_t i = 0; i < f->n; i++) {
		struct corner *c = &f->v[i];
		double dx = (double)c->x - (double)x, dy = (double)c->y - (double)y;
		if (dx * dx + dy * dy < c->size * c->size / 4)
			return;
	}
	if (f->n < CORNERS_MAX)
		f->v[f->n++] = (struct corner){ x, y, (double)size };
}

static void look_at_row(struct finder *f, size_t y)
{
	const unsigned char *row = f->ink + y * f->g->width;
	size_t run[5] = { 0 }, from = 0;

	for (size_t x = 1; x <= f->g->width; x++) {
		if (x < f->g->width && row[x] == row[from])
			continue;
		memmove(run, run + 1, 4 * sizeof(run[0]));
		run[4] = x - from;
		size_t size = run[0] + run[1] + run[2] + run[3] + run[4];
		if (row[from] == INK && run[0] && size >= CORNER && has_ratio(run)) {
			size_t middle_x = x - run[4] - run[3] - (run[2] + 1) / 2;
			size_t middle_y = check_column(f, middle_x, y, size);
			if (middle_y != SIZE_MAX)
				note(f, middle_x, middle_y, size);
		}
		from = x;
	}
}

struct qr_place qr_find(const struct grey *g, bool dark, struct grey *ink_out)
{
	struct finder *f = calloc(1, sizeof(*f));
	struct qr_place p = { .left = g->width, .top = g->height };

	*ink_out = (struct grey){ 0 };
	if (!f)
		return (struct qr_place){ 0 };
	f->g = g;
	size_t step = g->height > 400 ? 2 : 1;
	if (find_ink(f, dark, ink_out))
		for (size_t y = 0; y < g->height; y += step)
			look_at_row(f, y);
	p.corners = f->n < CORNERS_MAX ? f->n : 0;
	for (size_t i = 0; i < f->n; i++) {
		const struct corner *c = &f->v[i];
		double module = c->size / CORNER;
		size_t off = (size_t)(module * BORDER) + 1;
		size_t left = c->x > off ? c->x - off : 0, top = c->y > off ? c->y - off : 0;
		p.left = left < p.left ? left : p.left;
		p.top = top < p.top ? top : p.top;
		p.right = c->x + off > p.right ? c->x + off : p.right;
		p.bottom = c->y + off > p.bottom ? c->y + off : p.bottom;
		p.module = p.module == 0 || module < p.module ? module : p.module;
	}
	p.right = p.right < g->width ? p.right : g->width;
	p.bottom = p.bottom < g->height ? p.bottom : g->height;
	if (f->n > CORNERS) { /* some are none, and others may have been missed */
		p.left = p.top = 0;
		p.right = g->width;
		p.bottom = g->height;
	}
	free(f);
	return p;
}
