/* Rows of pixels, from the top down, into a PNG. */
#ifndef DRAW_ROWS_H
#define DRAW_ROWS_H

#include <cairo.h>

#include "base/buf.h"

struct rows;

/* Starts a picture anew in the buffer. NULL: no memory. */
struct rows *rows_new(struct buf *out, uint32_t width, uint32_t height);
/* The first n of a surface (CAIRO_FORMAT_RGB24) as wide as the picture. false: there is no room for them. */
MUST_CHECK bool rows_add(struct rows *r, cairo_surface_t *from, uint32_t n);
/* Behind the last one. false: likewise. */
MUST_CHECK bool rows_end(struct rows *r);
void rows_free(struct rows *r);

#endif
