/* The pictures of a mail as the page and the bands ask for them. */
#ifndef DRAW_PICTURES_H
#define DRAW_PICTURES_H

#include <cairo.h>

#include "preview/clean.h"
#include "preview/mail.h"

struct pictures;

struct pictures *pictures_new(struct arena *a, const struct preview_mail *mail, const struct clean *clean);
void pictures_free(struct pictures *p);
/* The hooks of a page; ctx is the pictures. */
void pictures_size(void *ctx, size_t image, int *width_out, int *height_out);
cairo_surface_t *pictures_pixels(void *ctx, size_t image, int width, int height);
void pictures_absent(void *ctx, cairo_t *cr, size_t image, double x, double y, double width, double height);
/* Attached, and not to be drawn all the same. */
size_t pictures_failed(const struct pictures *p);
/* Whether a picture of the page is this part. */
bool pictures_use(const struct pictures *p, const struct mime_part *part);

#endif
