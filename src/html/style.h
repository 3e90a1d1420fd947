/*
 * What style sheets and style attributes say about being seen: the few properties that can hide text (CSS 2.2, with
 * opacity and clipping). Escapes, comments, case and spacing are read as browsers read them.
 */
#ifndef HTML_STYLE_H
#define HTML_STYLE_H

#include "html/color.h"

enum html_style_bit {
	STYLE_GONE = 1 << 0,      /* display: none, or visible again */
	STYLE_INVISIBLE = 1 << 1, /* visibility */
	STYLE_FONT = 1 << 2,      /* font-size, or the size in font */
	STYLE_COLOR = 1 << 3,
	STYLE_GROUND = 1 << 4,  /* background, background-color */
	STYLE_FAINT = 1 << 5,   /* opacity */
	STYLE_CLIPS = 1 << 6,   /* overflow */
	STYLE_FLAT = 1 << 7,    /* height or width, as such or at most */
	STYLE_PLACED = 1 << 8,  /* position */
	STYLE_OUTSIDE = 1 << 9, /* left or top, far off; counts where the element is placed */
	STYLE_AWAY = 1 << 10,   /* a margin or a transform far off, or a path that leaves nothing */
	STYLE_CUT = 1 << 11,    /* a clip that leaves nothing; counts where the element is lifted */
	STYLE_INDENT = 1 << 12, /* text-indent far off: of the first line */
	STYLE_TINT =
	    1 << 13, /* shadows, filters and the like, which make text differ from its ground after all */
	STYLE_DIRECTION = 1 << 14, /* direction */
	STYLE_BIDI = 1 << 15,      /* unicode-bidi */
};

/* What holds an element flat; a least size holds it open. */
enum html_flat { FLAT_HEIGHT = 1, FLAT_WIDTH = 2, FLAT_MAX_HEIGHT = 4, FLAT_MAX_WIDTH = 8, FLAT_NOT = 16 };

#define STYLE_SEEN_PX 4.0 /* letters smaller than this are not read */

/* Font sizes are absolute pixels, or a share of the parent's where `relative`. */
struct html_style {
	unsigned set, important; /* enum html_style_bit: what is said, and said with !important */
	bool gone, invisible, faint, clips, placed, outside, away, cut, indent, tinted;
	bool rtl;      /* direction: rtl */
	bool turns;    /* unicode-bidi: an override of the order of letters */
	bool box;      /* with gone: display gives it a height and a width of its own */
	bool flows;    /* with gone: display puts it into the line, whatever the element is */
	bool lifted;   /* with placed: out of the flow */
	unsigned flat; /* enum html_flat */
	bool relative;
	double font;
	struct html_color color, ground;
	bool picture; /* the ground has an image */
};

/* Adds declarations ("display: none; color: #fff !important"): a later one wins unless the earlier is important. */
void html_style_read(struct str declarations, struct html_style *io);

/* Adds what `more` says, by the same rule. */
void html_style_add(struct html_style *io, const struct html_style *more);

/* The bits of it that show what would be hidden; of font and colours only where `sure`, else all that are set. */
unsigned html_style_shows(const struct html_style *s, bool sure);
/* Takes back what hides, of the bits given; firm: also what was said with !important, or comes later. */
void html_style_show(struct html_style *io, unsigned bits, bool firm);

#endif
