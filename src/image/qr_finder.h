/*
 * Where a QR code may be: its three corners are squares in squares, which every line through their middle cuts in the
 * ratio 1:1:3:1:1, however it is turned (ISO/IEC 18004 §6.3.3).
 */
#ifndef IMAGE_QR_FINDER_H
#define IMAGE_QR_FINDER_H

#include "image/grey.h"

struct qr_place {
	size_t corners; /* found; a code has three */
	/* Where all codes and their borders are, or the whole picture where that is not sure; right and bottom are behind. */
	size_t left, top, right, bottom;
	double module; /* pixels of the smallest square, of the finest code */
};

/* dark: the corners are dark on light. *ink_out: the picture in black and white, black where corners would be; grey_free. */
struct qr_place qr_find(const struct grey *g, bool dark, struct grey *ink_out);

#endif
