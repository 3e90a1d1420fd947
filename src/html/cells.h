/*
 * Tables as pictures: which cells are dark, for codes can be drawn with nothing but cells. A cell has the colour of its ground,
 * else that of its row or table; one that has none is light.
 */
#ifndef HTML_CELLS_H
#define HTML_CELLS_H

#include "html/sheet.h"
#include "html/token.h"

#define CELLS_SIDE 256 /* cells of a row, rows of a table; more are cut */

struct html_cells {
	unsigned char *dark; /* height rows of `width`, 1 = dark */
	size_t width, height;
};

struct html_cell_reader {
	struct arena *a;
	struct html h;
	const struct html_sheet *sheet; /* or NULL */
	struct html_cell_table *open;   /* the innermost one */
	struct html_cell_table *spare;  /* those that ended */
};

struct html_cell_reader html_cell_reader_of(struct arena *a, struct str document);

/* The next table that ends, inner ones first, of at least `least` rows and cells in one; false: no more. */
bool html_cells_next(struct html_cell_reader *r, size_t least, struct html_cells *out);

#endif
