/*
 * Pictures: their size by their own header, their pixels.
 *
 * What a picture says of its size is read before anything is decoded, and refused when it is too large. PNG, JPEG,
 * BMP and the first frame of GIF, told by their first bytes, never by what they are said to be. Whoever wants pixels gives a canvas.
 */
#ifndef IMAGE_IMAGE_H
#define IMAGE_IMAGE_H

#include <stdint.h>

#include "base/str.h"

#define IMAGE_SIDE 8000               /* pixels of a side */
#define IMAGE_PIXELS (4u << 20)       /* of one picture */
#define IMAGE_PIXELS_READ (24u << 20) /* of one that is made smaller while it is read: a camera's */

enum image_format { IMAGE_NONE, IMAGE_PNG, IMAGE_JPEG, IMAGE_GIF, IMAGE_BMP };

/* What the first bytes say: the format and the size; IMAGE_NONE: not known, not whole, or of more than so many pixels. */
enum image_format image_look(struct str bytes, size_t pixels_max, int *width_out, int *height_out);
/* Whether the rows of a PNG come several times; and the bytes that all of it is packed from. */
bool image_is_interlaced(struct str png);
size_t image_png_bytes(struct str png);

/* Where pixels go: alpha, red, green, blue from the highest byte down, colours multiplied with alpha. */
struct image_canvas {
	/* Rows, one behind the other with *stride_out pixels between their beginnings; NULL = no memory. Called once at most. */
	uint32_t *(*begin)(void *ctx, int width, int height, size_t *stride_out);
	void *ctx;
	bool grey; /* colours are not needed */
};

/*
 * Fills the canvas; false when nothing can be decoded, not even in part. width, height: as large as it will be drawn; a JPEG,
 * or on a grey canvas a PNG that is not interlaced, may come smaller than it is, and not smaller than that.
 */
bool image_decode(struct str bytes, enum image_format format, int width, int height,
		  const struct image_canvas *canvas);

#endif
