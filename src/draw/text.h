/* Our own text in a picture: bands, notes, text mails. By Pango, in fonts of ours, never through HTML. */
#ifndef DRAW_TEXT_H
#define DRAW_TEXT_H

#include <pango/pangocairo.h>

#include "base/str.h"

struct text_style {
	const char *family;
	double size; /* pixels */
	bool bold;
	double r, g, b;
	int lines; /* at most, the last one with an ellipsis; 0 = all */
};

/* What all text of this process is laid out with. Reads fonts; the first call starts Pango's thread. */
PangoContext *text_context_new(void);

/* A layout of UTF-8 within a width; the caller's. */
PangoLayout *text_layout(PangoContext *fonts, struct str text, const struct text_style *style, double width);
int text_height(PangoLayout *l);
void text_show(cairo_t *cr, PangoLayout *l, const struct text_style *style, double x, double y);

/* Small and grey, as much as fits. */
void text_in_box(cairo_t *cr, struct str text, double x, double y, double width, double height);

#endif
