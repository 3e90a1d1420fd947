/*
 * The pictures of a mail: their bytes, their size by their own header, their pixels.
 *
 * What a picture says of its size is read before anything is decoded, and refused when it is too large, or when the mail has
 * had its share. PNG, JPEG and the first frame of GIF, told by their first bytes, never by what they are said to be.
 */
#ifndef DRAW_IMAGE_H
#define DRAW_IMAGE_H

#include <cairo.h>

#include "preview/clean.h"
#include "preview/mail.h"

#define IMAGE_SIDE 8000                  /* pixels of a side */
#define IMAGE_PIXELS (4u << 20)          /* of one picture */
#define IMAGE_PIXELS_OF_MAIL (16u << 20) /* decoded for one mail, each time counted */
#define IMAGE_PIXELS_KEPT (2u << 20)     /* decoded at one time */

enum image_format { IMAGE_NONE, IMAGE_PNG, IMAGE_JPEG, IMAGE_GIF };

/* What the first bytes say: the format and the size; IMAGE_NONE: not known, not whole, or larger than may be. */
enum image_format image_look(struct str bytes, int *width_out, int *height_out);

/*
 * The pixels; NULL when it cannot be decoded, not even in part. width, height: as large as it will be drawn; a JPEG may
 * come smaller than it is, and not smaller than that.
 */
cairo_surface_t *image_decode(struct str bytes, enum image_format format, int width, int height);

/* ---- images of a mail (pictures.c) ---- */

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
