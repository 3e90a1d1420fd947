/*
 * Where a QR code may be: its three corners are squares in squares, which every line through their middle cuts in the
 * ratio 1:1:3:1:1, however it is turned (ISO/IEC 18004 §6.3.3).
 */
#ifndef IMAGE_QR_FINDER_H
#define IMAGE_QR_FINDER_H

#include "image/grey.h"

#define QR_PLACES 64 /* tried of one picture */

/* Where a code and its border may be. */
struct qr_place {
	size_t left, top, right, bottom; /* right and bottom are behind it */
	double module;                   /* pixels of the smallest square */
	size_t corners;                  /* that lie there, of codes or not: reading takes the cube of it */
	unsigned char of[3];             /* its own corners, by their numbers */
};

struct qr_places {
	struct qr_place v[QR_PLACES]; /* the likeliest first */
	size_t n;
	size_t corners; /* found in all; a code has three */
	bool more;      /* that might have been one were left out */
};

/* dark: the corners are dark on light. *ink_out: the picture in black and white, black where corners would be; grey_free. */
void qr_find(const struct grey *g, bool dark, struct qr_places *out, struct grey *ink_out);

#endif
