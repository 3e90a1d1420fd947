/* Bitmaps of Windows (BMP): what their header says, and their rows. Those that are packed are not read. */
#ifndef IMAGE_BMP_H
#define IMAGE_BMP_H

#include <stdint.h>

#include "base/str.h"

struct bmp {
	unsigned width, height;
	unsigned bits;       /* of a pixel: 1, 4, 8, 16, 24 or 32 */
	bool down;           /* the first row is the uppermost */
	struct str colours;  /* of a pixel of up to 8 bits: blue, green, red and a byte, each */
	size_t colour_bytes; /* 3 in the oldest form, else 4 */
	struct str rows;
};

/* false: none, packed, or of a form that is not known. Whether all rows are there is not looked at. */
bool bmp_look(struct str bytes, struct bmp *out);
/* Bytes of a row; they are multiples of four. */
size_t bmp_row_bytes(const struct bmp *b);
/* The colours of the y-th row from above: alpha (which is full), red, green, blue. false: it is not there. */
bool bmp_row(const struct bmp *b, size_t y, uint32_t *to);

#endif
