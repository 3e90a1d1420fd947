/* Tables open in each other, each with the grid of what was seen of it so far. */
#include "html/cells.h"

#include <stddef.h>

#include "base/arena.h"
#include "html/entity.h"

#define OPEN_MAX 16 /* tables in each other; layouts have six, and a grid is 64 kB */

struct html_cell_table {
	struct html_cell_table *outer;
	struct html_color table, row;   /* grounds */
	size_t width, rows, at;         /* at: column that the next cell gets */
	unsigned char held[CELLS_SIDE]; /* rows for which a cell above takes this column, too */
	unsigned char held_dark[CELLS_SIDE];
	unsigned char dark[CELLS_SIDE][CELLS_SIDE]; /* set as far as there are rows */
};

struct html_cell_reader html_cell_reader_of(struct arena *a, struct str document)
{
	return (
	    struct html_cell_reader){ .a = a, .h = html_of(document), .sheet = html_sheet_read(a, document) };
}

/* What an element says of its ground. */
static struct html_color ground_of(const struct html_cell_reader *r, const struct html_token *t)
{
	struct html_style style = { 0 };
	struct html_maybe maybe;
	struct str old = html_attr(t, STR("bgcolor")), own = html_attr(t, STR("style"));

	if (old.n)
		style.ground = html_color_read(str_trim(html_decode(r->a, old)));
	if (r->sheet)
		html_sheet_apply(r->sheet, t->name, html_attr(t, STR("class")), html_attr(t, STR("id")),
				 &style, &maybe);
	if (own.n)
		html_style_read(html_decode(r->a, own), &style);
	return style.ground;
}

static bool is_dark(struct html_color c)
{
	return c.known && c.alpha > 127 && c.r * 77 + c.g * 150 + c.b * 29 < 128 * 256;
}

static size_t span_of(const struct html_token *t, struct str name)
{
	int64_t n;

	return str_to_i64(str_trim(html_attr(t, name)), &n) == OK && n > 1
		   ? n < CELLS_SIDE ? (size_t)n : CELLS_SIDE
		   : 1;
}

static void begin_row(struct html_cell_table *t, struct html_color ground)
{
	t->row = ground;
	t->at = 0;
	if (t->rows++ < CELLS_SIDE)
		memset(t->dark[t->rows - 1], 0, CELLS_SIDE);
}

static void put(struct html_cell_table *t, bool dark)
{
	if (t->at >= CELLS_SIDE || t->rows > CELLS_SIDE)
		return;
	t->dark[t->rows - 1][t->at++] = dark;
	t->width = t->at > t->width ? t->at : t->width;
}

/* Columns that cells of earlier rows reach into. */
static void put_held(struct html_cell_table *t)
{
	while (t->at < CELLS_SIDE && t->rows <= CELLS_SIDE && t->held[t->at] > 0) {
		t->held[t->at]--;
		put(t, t->held_dark[t->at]);
	}
}

static void add_cell(struct html_cell_reader *r, const struct html_token *token)
{
	struct html_cell_table *t = r->open;
	struct html_color own = ground_of(r, token);
	size_t across = span_of(token, STR("colspan")), down = span_of(token, STR("rowspan"));
	bool dark = is_dark(own.known ? own : t->row.known ? t->row : t->table);

	if (t->rows == 0)
		begin_row(t, (struct html_color){ 0 });
	put_held(t);
	while (across-- > 0 && t->at < CELLS_SIDE && t->rows <= CELLS_SIDE) {
		t->held[t->at] = (unsigned char)(down - 1);
		t->held_dark[t->at] = dark;
		put(t, dark);
	}
}

static void open_table(struct html_cell_reader *r, const struct html_token *token)
{
	struct html_cell_table *t = r->spare;

	if (t)
		r->spare = t->outer;
	else
		t = arena_alloc(r->a, sizeof(*t)); /* the grid is set row by row */
	memset(t, 0, offsetof(struct html_cell_table, dark));
	t->outer = r->open;
	t->table = ground_of(r, token);
	r->open = t;
}

static bool close_table(struct html_cell_reader *r, size_t least, struct html_cells *out)
{
	struct html_cell_table *t = r->open;
	size_t rows = t->rows < CELLS_SIDE ? t->rows : CELLS_SIDE;

	r->open = t->outer;
	t->outer = r->spare;
	r->spare = t; /* read below, before the next one is opened */
	if (rows < least || t->width < least)
		return false;
	*out = (struct html_cells){ arena_alloc(r->a, rows * t->width), t->width, rows };
	for (size_t y = 0; y < rows; y++)
		memcpy(out->dark + y * t->width, t->dark[y], t->width);
	return true;
}

bool html_cells_next(struct html_cell_reader *r, size_t least, struct html_cells *out)
{
	struct html_token t;
	size_t open = 0;

	for (struct html_cell_table *o = r->open; o; o = o->outer)
		open++;
	while (html_next(&r->h, &t)) {
		bool start = t.kind == HTML_START, end = t.kind == HTML_END;
		if (start && t.tag == HTML_TABLE && open < OPEN_MAX) {
			open_table(r, &t);
			open++;
		} else if (end && t.tag == HTML_TABLE && r->open) {
			open--;
			if (close_table(r, least, out))
				return true;
		} else if (start && t.tag == HTML_TR && r->open) {
			begin_row(r->open, ground_of(r, &t));
		} else if (start && (t.tag == HTML_TD || t.tag == HTML_TH) && r->open) {
			add_cell(r, &t);
		}
	}
	while (r->open) /* whose end was left out */
		if (close_table(r, least, out))
			return true;
	return false;
}
