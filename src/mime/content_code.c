/*
 * QR codes outside of documents: in attached pictures and those in data URLs, and drawn with letters that are squares and
 * halves of them, as terminals show codes, or with the cells of a table. A mail without many of either costs a search for their
 * first bytes. All of them, and those in documents, share LIMIT_CODE_STEPS.
 */
#include "mime/content_internal.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/utf8.h"
#include "html/cells.h"
#include "html/entity.h"
#include "image/image.h"
#include "image/qr.h"
#include "url/data.h"

#define ROWS_MIN 21     /* cells and rows of the smallest code */
#define CELLS_MIN 200   /* of a table: runs of one colour may be one cell */
#define LINES_MIN 10    /* of letters: of the smallest code in halves */
#define LINES_MAX 250   /* more are cut */
#define LETTERS_MIN 10  /* of a line */
#define LETTERS_MAX 400 /* likewise */
#define ACROSS 2        /* parts of a letter */
#define DOWN 4

/* ---- letters ---- */

/* Parts of a letter that are dark: a bit each, row by row from the top, left before right. */
#define ALL 0xffu

static const struct {
	uint32_t letter;
	unsigned parts;
} letters[] = {
	{ '#', ALL },     { 0x2580, 0x0f }, /* halves */
	{ 0x2581, 0xc0 }, { 0x2582, 0xc0 }, { 0x2583, 0xf0 }, { 0x2584, 0xf0 }, { 0x2585, 0xf0 },
	{ 0x2586, 0xfc }, { 0x2587, 0xfc }, { 0x2588, ALL },  { 0x2589, ALL },  { 0x258a, ALL },
	{ 0x258b, 0x55 }, { 0x258c, 0x55 }, { 0x258d, 0x55 }, { 0x258e, 0 },    { 0x258f, 0 },
	{ 0x2590, 0xaa }, { 0x2591, 0 },    { 0x2592, 0 },    { 0x2593, ALL },  { 0x2594, 0x03 },
	{ 0x2595, 0 },    { 0x2596, 0x50 }, { 0x2597, 0xa0 }, { 0x2598, 0x05 }, /* quarters */
	{ 0x2599, 0xf5 }, { 0x259a, 0xa5 }, { 0x259b, 0x5f }, { 0x259c, 0xaf }, { 0x259d, 0x0a },
	{ 0x259e, 0x5a }, { 0x259f, 0xfa }, { 0x25a0, ALL },  { 0x25a1, 0 }, /* squares */
	{ 0x25fb, 0 },    { 0x25fc, ALL },  { 0x25fd, 0 },    { 0x25fe, ALL },  { 0x2b1b, ALL },
	{ 0x2b1c, 0 },
};

/* Dots of Braille, by their bits (Unicode 8.0 §21.1). */
static unsigned braille(unsigned bits)
{
	static const unsigned char part[] = { 0, 2, 4, 1, 3, 5, 6, 7 };
	unsigned parts = 0;

	for (unsigned i = 0; i < 8; i++)
		parts |= (bits >> i & 1) << part[i];
	return parts;
}

/* False: no letter to draw with. */
static bool parts_of(uint32_t cp, unsigned *out)
{
	if (cp >= 0x2800 && cp <= 0x28ff) {
		*out = braille(cp & 0xff);
		return true;
	}
	for (size_t i = 0; i < ARRAY_LEN(letters); i++)
		if (letters[i].letter == cp) {
			*out = letters[i].parts;
			return true;
		}
	return false;
}

static bool is_gap(uint32_t cp)
{
	return cp == ' ' || cp == 0xa0 || (cp >= 0x2000 && cp <= 0x200a) || cp == 0x3000;
}

/* Lines of letters to draw with that follow each other. */
struct drawing {
	unsigned char parts[LINES_MAX][LETTERS_MAX];
	size_t lines, width;
};

/* Adds a line; false: it is none of a drawing. */
static bool add_line(struct drawing *d, struct str line)
{
	size_t n = 0, drawn = 0, gaps = 0;
	unsigned parts = 0;

	if (d->lines == LINES_MAX)
		return false;
	memset(d->parts[d->lines], 0, LETTERS_MAX);
	for (size_t at = 0; at < line.n && n < LETTERS_MAX;) {
		uint32_t cp = utf8_next(line, &at);
		if (cp == '\r' || cp == 0x200b || cp == 0xfe0e || cp == 0xfe0f || cp == 0xfeff)
			continue; /* takes no room */
		if (parts_of(cp, &parts))
			drawn++;
		else if (is_gap(cp))
			gaps++, parts = 0;
		else if (n == drawn + gaps && drawn == 0)
			return false;
		else
			break; /* what stands beside it */
		d->parts[d->lines][n++] = (unsigned char)parts;
	}
	if (drawn < LETTERS_MIN)
		return false;
	d->width = n > d->width ? n : d->width;
	d->lines++;
	return true;
}

static void read_squares(struct extraction *x, const struct mime_text *t, const unsigned char *dark,
			 size_t width, size_t height)
{
	struct strs found = qr_read_squares(x->a, dark, width, height, &x->unpack.codes);
	content_add_codes(x, t, &found, true);
}

static void read_drawing(struct extraction *x, const struct mime_text *t, struct drawing *d)
{
	if (d->lines >= LINES_MIN && !x->unpack.codes.crowded) {
		size_t width = d->width * ACROSS, height = d->lines * DOWN;
		unsigned char *dark = arena_alloc(x->a, width * height);
		for (size_t y = 0; y < height; y++)
			for (size_t i = 0; i < width; i++)
				dark[y * width + i] =
				    d->parts[y / DOWN][i / ACROSS] >> (y % DOWN * ACROSS + i % ACROSS) & 1;
		read_squares(x, t, dark, width, height);
	}
	d->lines = d->width = 0;
}

/* Whether a text has letters to draw with at all: their first bytes, or how HTML spells them. */
static bool may_be_drawn(struct str s)
{
	static const struct str signs[] = {
		STR_INIT("\xe2\x96"),     STR_INIT("\xe2\x97\xbc"), STR_INIT("\xe2\x97\xbe"),
		STR_INIT("\xe2\xac\x9b"), STR_INIT("\xe2\xa3"),     STR_INIT("##########"),
		STR_INIT("&#96"),         STR_INIT("&#x25"),        STR_INIT("&block;"),
		STR_INIT("hblk;"),        STR_INIT("&#1103"),       STR_INIT("&#x2b1"),
	};

	for (size_t i = 0; i < ARRAY_LEN(signs); i++)
		if (str_find(s, signs[i], 0) != SIZE_MAX)
			return true;
	return false;
}

static void read_lines(struct extraction *x, const struct mime_text *t, struct str text)
{
	struct drawing *d = ARENA_NEW(x->a, struct drawing);

	for (size_t at = 0; at < text.n && !x->unpack.codes.crowded;) {
		size_t lf = str_find_char(text, '\n', at);
		if (!add_line(d, str_sub(text, at, lf)))
			read_drawing(x, t, d);
		at = lf == SIZE_MAX ? text.n : lf + 1;
	}
	read_drawing(x, t, d);
}

/* ---- the text of a page as its letters stand below each other ---- */

static bool begins_line(enum html_tag tag)
{
	return tag == HTML_BR || tag == HTML_DIV || tag == HTML_P || tag == HTML_TR || tag == HTML_PRE ||
	       tag == HTML_LI || tag == HTML_TABLE;
}

/* White space as it is written, but for line ends that are none: those outside of pre. */
static struct str lines_of(struct extraction *x, struct str page)
{
	struct html h = html_of(page);
	struct html_token t;
	char *z = arena_alloc(x->a, page.n + 1);
	size_t n = 0, pre = 0;

	while (html_next(&h, &t)) {
		if (t.kind == HTML_START || t.kind == HTML_END) {
			if (t.tag == HTML_PRE)
				pre = t.kind == HTML_START;
			if (begins_line(t.tag) && n > 0 && z[n - 1] != '\n')
				z[n++] = '\n';
			continue;
		}
		if (t.kind != HTML_TEXT || t.tag != HTML_OTHER)
			continue;
		struct str text = t.references ? html_decode(x->a, t.text) : t.text;
		for (size_t i = 0; i < text.n && n < page.n; i++) {
			bool end = text.p[i] == '\n' || text.p[i] == '\r' || text.p[i] == '\t';
			if (pre || !end)
				z[n++] = text.p[i];
		}
	}
	return str_from(z, n);
}

/* ---- cells ---- */

static size_t count(struct str s, struct str what, size_t most)
{
	size_t n = 0;

	for (size_t at = 0; n < most && (at = str_find_nocase(s, what, at)) != SIZE_MAX; at += what.n)
		n++;
	return n;
}

static void read_tables(struct extraction *x, const struct mime_text *t)
{
	struct html_cell_reader r = html_cell_reader_of(x->a, t->source);
	struct html_cells cells;

	while (!x->unpack.codes.crowded && html_cells_next(&r, ROWS_MIN, &cells))
		read_squares(x, t, cells.dark, cells.width, cells.height);
}

/* ---- pictures in the page itself ---- */

static void read_pictures(struct extraction *x, const struct mime_text *t)
{
	for (size_t i = 0; i < t->html->images.n && x->unpack.codes.left > 0; i++) {
		struct str type, bytes;
		if (!url_is_data(t->html->images.v[i].src) ||
		    !url_data_read(x->a, t->html->images.v[i].src, &type, &bytes))
			continue;
		struct strs found = file_picture_codes(x->a, bytes, &x->unpack);
		content_add_codes(x, t, &found, false);
	}
}

void content_collect_drawn_codes(struct extraction *x, const struct mime_text *t)
{
	if (t->html)
		read_pictures(x, t);
	if (may_be_drawn(t->source))
		read_lines(x, t, t->html ? lines_of(x, t->source) : t->source);
	if (t->html && count(t->source, STR("<tr"), ROWS_MIN) == ROWS_MIN &&
	    count(t->source, STR("<td"), CELLS_MIN) == CELLS_MIN)
		read_tables(x, t);
}

/* ---- pictures as files ---- */

#define SQUARE 1.25         /* how much longer than wide a picture is that is a code and little else */
#define PHOTOGRAPH_BITS 0.5 /* a pixel: a JPEG of as many shows things, and one of a code has less */

struct picture {
	size_t index;  /* of the attachment */
	unsigned rank; /* lower ones first */
	size_t pixels;
};

/* Codes first, then other drawings, then photographs; in each what fills the eye. */
static int by_rank(const void *a, const void *b)
{
	const struct picture *x = a, *y = b;

	if (x->rank != y->rank)
		return x->rank < y->rank ? -1 : 1;
	if (x->pixels != y->pixels)
		return x->pixels > y->pixels ? -1 : 1;
	return x->index < y->index ? -1 : x->index > y->index;
}

static struct picture picture_of(struct str bytes, size_t index)
{
	int width = 1, height = 1;
	enum image_format format = image_look(bytes, SIZE_MAX, &width, &height);
	double w = width, h = height;
	bool photograph = format == IMAGE_JPEG && (double)bytes.n * 8 > w * h * PHOTOGRAPH_BITS;
	bool square = w < h * SQUARE && h < w * SQUARE;

	return (struct picture){ index, photograph * 2u + !square, (size_t)width * (size_t)height };
}

static void read_whole_pictures(struct extraction *x)
{
	struct picture *v = arena_alloc(x->a, x->out->attachments.n * sizeof(*v) + 1);
	size_t n = 0;

	for (size_t i = 0; i < x->out->attachments.n; i++)
		if (magic_kind(x->out->attachments.v[i].magic) == NAME_PICTURE)
			v[n++] = picture_of(x->out->attachments.v[i].data, i);
	qsort(v, n, sizeof(*v), by_rank);
	for (size_t i = 0; i < n; i++) {
		const struct mime_attachment *at = &x->out->attachments.v[v[i].index];
		const struct mime_text t = { .part = at->part, .nested = at->nested };
		at->inside->codes = file_picture_codes(x->a, at->data, &x->unpack);
		x->container = v[i].index + 1;
		content_add_codes(x, &t, &at->inside->codes, false);
		x->container = 0;
	}
}

/* ---- halves ---- */

/* In either order: which stands first is for the page to say. */
static void read_halves(struct extraction *x, size_t first, size_t second)
{
	const struct mime_attachment *one = &x->out->attachments.v[first],
				     *two = &x->out->attachments.v[second];
	const struct mime_text t = { .part = one->part, .nested = one->nested };
	struct strs found = file_halves_codes(x->a, one->data, two->data, &x->unpack);

	if (found.n == 0)
		found = file_halves_codes(x->a, two->data, one->data, &x->unpack);
	x->container = first + 1;
	content_add_codes(x, &t, &found, false);
	x->container = 0;
}

static void read_split_pictures(struct extraction *x)
{
	size_t last = SIZE_MAX;

	for (size_t i = 0; i < x->out->attachments.n; i++) {
		const struct mime_attachment *a = &x->out->attachments.v[i];
		if (magic_kind(a->magic) != NAME_PICTURE || a->inside->codes.n > 0)
			continue;
		if (last != SIZE_MAX)
			read_halves(x, last, i);
		last = i;
	}
}

void content_collect_picture_codes(struct extraction *x)
{
	read_whole_pictures(x);
	read_split_pictures(x);
	if (x->unpack.codes.unread)
		defect_add(&x->tree->defects, DEFECT_PICTURES_CUT, 0);
	if (x->unpack.codes.crowded)
		defect_add(&x->tree->defects, DEFECT_CODES_CUT, 0);
}
