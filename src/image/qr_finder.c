/*
 * Each pixel against the middle of the shades around it, so that shadows do not matter; then runs of rows, and where they
 * have the ratio the column through their middle. Three such corners that stand as those of a code do are a place; whatever
 * else lies there, only that part of the picture is read.
 */
#include "image/qr_finder.h"

#include <math.h>
#include <stdlib.h>

#define CORNERS 3      /* of one code */
#define CORNERS_MAX 64 /* kept: those that most lines go through, which are the large ones */
#define SIZE_TINY 14 /* pixels of a corner: what is smaller is the grain of a texture, and may be left out */
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
	size_t hits; /* lines that go through it */
};

struct finder {
	const struct grey *g;
	unsigned char *ink; /* INK, or PAPER */
	struct corner v[CORNERS_MAX];
	size_t n;
	bool more; /* were left out */
};

/* ---- shades ---- */

struct block {
	unsigned char least, most;
};

/* Of one row of a block. */
static void measure_row(const unsigned char *v, size_t n, struct block *b)
{
	unsigned char least = b->least, most = b->most;

	for (size_t i = 0; i < n; i++) {
		least = v[i] < least ? v[i] : least;
		most = v[i] > most ? v[i] : most;
	}
	*b = (struct block){ least, most };
}

static void measure(const struct grey *g, struct block *b, size_t columns, size_t side)
{
	for (size_t y = 0; y < g->height; y++) {
		const unsigned char *row = g->v + y * g->width;
		struct block *in = &b[y / side * columns];
		for (size_t x = 0; x < g->width; x += side)
			measure_row(row + x, g->width - x < side ? g->width - x : side, in++);
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

static void ink_row(const unsigned char *restrict v, size_t n, unsigned mid, bool dark,
		    unsigned char *restrict ink)
{
	for (size_t i = 0; i < n; i++)
		ink[i] = (v[i] < mid) == dark ? INK : PAPER;
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
			size_t at = x * side, n = g->width - at < side ? g->width - at : side;
			for (size_t j = y * side; j < (y + 1) * side && j < g->height; j++)
				ink_row(g->v + j * g->width + at, n, mid, dark, f->ink + j * g->width + at);
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
	struct corner *weakest = &f->v[0];

	for (size_t i = 0; i < f->n; i++) {
		struct corner *c = &f->v[i];
		double dx = (double)c->x - (double)x, dy = (double)c->y - (double)y;
		if (dx * dx + dy * dy < c->size * c->size / 4) {
			c->hits++;
			return;
		}
		weakest = c->hits < weakest->hits ? c : weakest;
	}
	if (f->n < CORNERS_MAX) {
		weakest = &f->v[f->n++];
	} else {
		f->more |= weakest->size >= SIZE_TINY && size >= SIZE_TINY;
		if ((double)size < weakest->size)
			return;
	}
	*weakest = (struct corner){ x, y, (double)size, 1 };
}

static void look_at_row(struct finder *f, size_t y)
{
	const unsigned char *row = f->ink + y * f->g->width, *other;
	size_t run[5] = { 0 };

	for (size_t from = 0, x; from < f->g->width; from = x) {
		other = memchr(row + from, row[from] == INK ? PAPER : INK, f->g->width - from);
		x = other ? (size_t)(other - row) : f->g->width;
		memmove(run, run + 1, 4 * sizeof(run[0]));
		run[4] = x - from;
		size_t size = run[0] + run[1] + run[2] + run[3] + run[4];
		if (row[from] == INK && run[0] && size >= CORNER && has_ratio(run)) {
			size_t middle_x = x - run[4] - run[3] - (run[2] + 1) / 2;
			size_t middle_y = check_column(f, middle_x, y, size);
			if (middle_y != SIZE_MAX)
				note(f, middle_x, middle_y, size);
		}
	}
}

/* ---- places ---- */

#define SIZES 1.5      /* how much larger one corner of a code may look than another */
#define ARMS 1.4       /* the same of the ways between them */
#define ANGLE 0.35     /* the cosine of the angle between these, seen from aside */
#define ARM_LEAST 10.0 /* modules from corner to corner: 14 of the smallest code, seen from aside */
#define ARM_MOST 240.0 /* 170 of the largest; a corner turned by 45 degrees looks 1.4 times as large */
#define CORNERS_FEW 6  /* so few may be a code whose corners do not look like it */

static void surround(struct qr_place *p, const struct grey *g, double x, double y, double module)
{
	double off = module * BORDER + 1, left = x - off, top = y - off, right = x + off, bottom = y + off;

	p->left = left < (double)p->left ? (size_t)(left < 0 ? 0 : left) : p->left;
	p->top = top < (double)p->top ? (size_t)(top < 0 ? 0 : top) : p->top;
	p->right = right > (double)p->right ? (size_t)right : p->right;
	p->bottom = bottom > (double)p->bottom ? (size_t)bottom : p->bottom;
	p->right = p->right < g->width ? p->right : g->width;
	p->bottom = p->bottom < g->height ? p->bottom : g->height;
	p->module = p->module == 0 || module < p->module ? module : p->module;
}

static struct qr_place nowhere(const struct grey *g)
{
	return (struct qr_place){ .left = g->width, .top = g->height };
}

static struct qr_place place_of(const struct finder *f, const size_t of[CORNERS])
{
	struct qr_place p = nowhere(f->g);
	const struct corner *a = &f->v[of[0]], *b = &f->v[of[1]], *c = &f->v[of[2]];

	for (size_t i = 0; i < CORNERS; i++) {
		surround(&p, f->g, (double)f->v[of[i]].x, (double)f->v[of[i]].y, f->v[of[i]].size / CORNER);
		p.of[i] = (unsigned char)of[i];
	}
	/* Opposite of the corner between the other two there is none. */
	double x = (double)b->x + (double)c->x - (double)a->x, y = (double)b->y + (double)c->y - (double)a->y;
	x = x < 0 ? 0 : x > (double)f->g->width ? (double)f->g->width : x;
	y = y < 0 ? 0 : y > (double)f->g->height ? (double)f->g->height : y;
	surround(&p, f->g, x, y, p.module);
	for (size_t i = 0; i < f->n; i++)
		p.corners +=
		    f->v[i].x >= p.left && f->v[i].x < p.right && f->v[i].y >= p.top && f->v[i].y < p.bottom;
	return p;
}

/* How far three corners are from those of a code, the first between the others; negative: too far. */
static double stray(const struct corner *a, const struct corner *b, const struct corner *c)
{
	double least = fmin(a->size, fmin(b->size, c->size)), most = fmax(a->size, fmax(b->size, c->size));

	if (most > least * SIZES)
		return -1;
	double bx = (double)b->x - (double)a->x, by = (double)b->y - (double)a->y;
	double cx = (double)c->x - (double)a->x, cy = (double)c->y - (double)a->y;
	double b2 = bx * bx + by * by, c2 = cx * cx + cy * cy, dot = bx * cx + by * cy;
	double module = (a->size + b->size + c->size) / (CORNERS * CORNER);
	double near = module * ARM_LEAST, far = module * ARM_MOST;
	if (b2 > c2 * ARMS * ARMS || c2 > b2 * ARMS * ARMS || dot * dot > ANGLE * ANGLE * b2 * c2 ||
	    fmin(b2, c2) < near * near || fmax(b2, c2) > far * far)
		return -1;
	return fabs(dot) / sqrt(b2 * c2) + 1 - sqrt(fmin(b2, c2) / fmax(b2, c2)) + 1 - least / most;
}

struct trio {
	size_t of[CORNERS];
	double stray;
};

/* The likeliest trios, in order; gives how many, and notes where there are more. */
static size_t find_trios(const struct finder *f, struct trio v[QR_PLACES], bool *more)
{
	size_t n = 0;

	for (size_t i = 0; i < f->n; i++)
		for (size_t j = 0; j < f->n; j++)
			for (size_t k = j + 1; j != i && k < f->n; k++) {
				double off = k == i ? -1 : stray(&f->v[i], &f->v[j], &f->v[k]);
				if (off < 0)
					continue;
				*more |= n == QR_PLACES && f->v[i].size >= SIZE_TINY;
				if (n == QR_PLACES && off >= v[n - 1].stray)
					continue;
				size_t at = n < QR_PLACES ? n++ : n - 1;
				for (; at > 0 && v[at - 1].stray > off; at--)
					v[at] = v[at - 1];
				v[at] = (struct trio){ { i, j, k }, off };
			}
	return n;
}

static void find_places(const struct finder *f, struct qr_places *out)
{
	struct trio trios[QR_PLACES];

	out->corners = f->n;
	out->more = f->more;
	out->n = find_trios(f, trios, &out->more);
	for (size_t i = 0; i < out->n; i++)
		out->v[i] = place_of(f, trios[i].of);
	if (out->n > 0 || f->n < CORNERS || f->n > CORNERS_FEW)
		return;
	struct qr_place *p = &out->v[out->n++];
	*p = nowhere(f->g);
	for (size_t i = 0; i < f->n; i++)
		surround(p, f->g, (double)f->v[i].x, (double)f->v[i].y, f->v[i].size / CORNER);
	if (f->n > CORNERS) /* some are none, and others may have been missed */
		*p = (struct qr_place){ 0, 0, f->g->width, f->g->height, p->module, 0, { 0 } };
	p->corners = f->n;
}

void qr_find(const struct grey *g, bool dark, struct qr_places *out, struct grey *ink_out)
{
	struct finder *f = calloc(1, sizeof(*f));

	*out = (struct qr_places){ 0 };
	*ink_out = (struct grey){ 0 };
	if (!f)
		return;
	f->g = g;
	size_t step = g->height > 400 ? 2 : 1;
	if (find_ink(f, dark, ink_out))
		for (size_t y = 0; y < g->height; y += step)
			look_at_row(f, y);
	find_places(f, out);
	free(f);
}
