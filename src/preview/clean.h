/*
 * The HTML of a mail made fit for a layout engine: a second document, written from the tokens of the first, that holds only
 * what is drawn and never more than the engine can take.
 *
 * One pass over the tokens, linear, nothing recursive. Elements and attributes that draw nothing are left out (scripts,
 * objects, frames, drawings, metadata); form fields become boxes; every image is a number into a list; style sheets and style
 * attributes are written again by rule and declaration (clean_css.c). All elements written are closed in order, so the tree
 * is as deep as is said here. Where a ceiling is reached, tags go and text stays.
 */
#ifndef PREVIEW_CLEAN_H
#define PREVIEW_CLEAN_H

#include "base/buf.h"
#include "base/str.h"

struct arena;

#define CLEAN_DEPTH 80 /* elements in each other; real mail has up to 60 */
#define CLEAN_TABLES \
	7 /* tables in each other: layout takes three times as long with each; 1 % of mail has more */
#define CLEAN_ELEMENTS 6000 /* 99 % of mail has under 1,100 */
#define CLEAN_TEXT (400u << 10)
#define CLEAN_CSS (128u << 10)
#define CLEAN_SELECTORS 3000
#define CLEAN_COUNTING 20 /* :nth-child and such: each counts all children for each child */
#define CLEAN_FLOATS 500  /* their layout is worse than linear */
#define CLEAN_IMAGES 200
#define CLEAN_HTML (2u << 20) /* bytes read of one part */
#define CLEAN_OUT (6u << 20)  /* bytes written */

enum clean_cut {
	CLEAN_CUT_DEPTH = 1 << 0,
	CLEAN_CUT_TABLES = 1 << 1,
	CLEAN_CUT_ELEMENTS = 1 << 2,
	CLEAN_CUT_TEXT = 1 << 3,
	CLEAN_CUT_CSS = 1 << 4,
	CLEAN_CUT_FLOATS = 1 << 5,
	CLEAN_CUT_IMAGES = 1 << 6,
};

enum clean_image_kind {
	CLEAN_IMAGE_REMOTE, /* lies elsewhere, or nobody knows where */
	CLEAN_IMAGE_CID,    /* src: the Content-ID, percent-decoded */
	CLEAN_IMAGE_DATA,   /* src: the whole data URL */
};

/* An image is named by its place in the list, in decimals, wherever the document written names one. */
struct clean_image {
	enum clean_image_kind kind;
	struct str src, alt;
	int width, height; /* attributes in pixels; -1 = none */
	bool ground;       /* it lies behind something */
};

struct clean {
	struct arena *a;
	bool flat; /* the second try: no tables, no style sheets, nothing placed or floating */
	struct buf body, attrs, css;
	struct {
		struct str *v;
		size_t n;
	} sheets;
	struct {
		struct clean_image *v;
		size_t n;
	} images;
	size_t remote; /* images that were not sent along, backgrounds included */
	size_t unseen; /* of them and of others: those of one pixel or none, which are left out */
	unsigned cut;  /* enum clean_cut */
	size_t elements, text_n, css_n, selectors, counting, floats;
	int cell_padding; /* of the table whose cells come now; -1 = it does not say */
	bool middle;      /* blocks that come now are put into the middle, as align=center does */
	bool begun;       /* a part was written */
};

/* Nothing in it yet. The arena holds what the lists say; buffers go with clean_end. */
void clean_begin(struct clean *c, struct arena *a, bool flat);
/* Adds a document, or a text as it stands, both UTF-8; behind others with a line between. */
void clean_add_html(struct clean *c, struct str document);
void clean_add_plain(struct clean *c, struct str text);
/* The whole document; points into the cleaner. */
struct str clean_document(struct clean *c);
void clean_end(struct clean *c);

/* ---- clean_css.c ---- */

/* A style attribute, written as declarations that are drawn. */
void clean_declarations(struct clean *c, struct str text, struct buf *out);
/* Style sheets likewise; what is in @media stays in it. */
void clean_sheet(struct clean *c, struct str css, struct buf *out);
/* A colour as all engines know it. */
struct str clean_color(struct clean *c, struct str value);
/* Adds an image by its src; what it is gets filled in. Gives its number, or SIZE_MAX when it is not to be drawn. */
size_t clean_image(struct clean *c, struct clean_image image);

#endif
