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
	STYLE_AWAY =
	    1 << 10, /* text-indent, a margin or a transform far off, or a clip that leaves nothing */
};

/* Font sizes are absolute pixels, or a share of the parent's where `relative`. */
struct html_style {
	unsigned set, important; /* enum html_style_bit: what is said, and said with !important */
	bool gone, invisible, faint, clips, flat, placed, outside, away;
	bool relative;
	double font;
	struct html_color color, ground;
	bool picture; /* the ground has an image */
};

/* Adds declarations ("display: none; color: #fff !important"): a later one wins unless the earlier is important. */
void html_style_read(struct str declarations, struct html_style *io);

/* Adds what `more` says, by the same rule. */
void html_style_add(struct html_style *io, const struct html_style *more);

#endif
