/*
 * How text directly inside an element looks, and whether it is seen: what its attributes, the sheets and its style say, and
 * what it has from the element around it.
 */
#ifndef HTML_FRAME_H
#define HTML_FRAME_H

#include "html/attrs.h"
#include "html/sheet.h"

struct arena;

/* An open element, and how text directly inside it looks. */
struct html_frame {
	enum html_tag tag;
	struct str name;
	bool gone;      /* nothing inside is seen, whatever it says */
	bool invisible; /* visibility: hidden, until an element inside says otherwise */
	bool hidden;    /* what all of it comes to */
	bool flows;     /* a block or cell that was put into the line: it parts no words */
	bool links;     /* a link ends with it */
	bool indented;  /* its first line is off the page */
	bool tinted;    /* its letters differ from their ground, whatever their colour */
	bool rtl;       /* the direction of writing, of whoever turns letters by it */
	bool turned; /* all letters stand from right to left, also those of scripts that are not written so */
	bool turns;  /* the sink was told */
	double font; /* pixels */
	struct html_color color, ground;
};

/* The document itself: black on white. */
struct html_frame html_frame_root(void);

/* The frame of an element inside `outer`. sheet: NULL = none. What only may apply shows text and never hides it. */
struct html_frame html_frame_of(struct arena *a, const struct html_sheet *sheet,
				const struct html_frame *outer, const struct html_token *t,
				const struct html_attrs *at);

/* A line in it ended, and with it the indent. */
void html_frame_end_indent(struct html_frame *f);

#endif
