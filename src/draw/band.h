/*
 * What we say of a mail above and below its own part. Drawn with its own clip from texts that were made plain
 * (preview/mail.h), so nothing the mail holds can paint over it or look like it there.
 */
#ifndef DRAW_BAND_H
#define DRAW_BAND_H

#include <pango/pangocairo.h>

#include "draw/pictures.h"
#include "preview/answer.h"

struct band;

/* Lays it out for a width; band_free. notes: lines to be said, each ended by "\n". */
struct band *band_head(PangoContext *fonts, const struct preview_mail *mail, struct str notes, int width);
struct band *band_foot(PangoContext *fonts, struct arena *a, const struct preview_mail *mail,
		       const struct pictures *pictures, int width);
int band_height(const struct band *b);
void band_draw(const struct band *b, cairo_t *cr, double y);
void band_free(struct band *b);

#endif
