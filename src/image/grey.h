/* Pictures in one byte a pixel, as codes are looked for in them: 0 is black. On the heap, for they are large and short-lived. */
#ifndef IMAGE_GREY_H
#define IMAGE_GREY_H

#include <stddef.h>

#include "base/str.h"

struct grey {
	unsigned char *v; /* rows without gaps; NULL = none */
	size_t width, height;
};

/* All of one shade; v is NULL when there is no memory. */
struct grey grey_new(size_t width, size_t height, unsigned char shade);
void grey_free(struct grey *g);

/* Made smaller by a whole factor; and by one so that it has not more than max pixels. */
void grey_shrink_by(struct grey *g, size_t by);
void grey_shrink(struct grey *g, size_t max);
/* Shades spread over the whole range; false: there is only one. */
bool grey_spread(struct grey *g);

/* The picture of a file over white, not larger than need be for about max pixels; v is NULL where it cannot be decoded. */
struct grey grey_of_picture(struct str bytes, size_t max);
/* What that takes, in nanoseconds or so, counted from sizes; 0: it cannot be decoded. */
size_t grey_steps(struct str bytes, size_t max);

/* Samples as PDF has them: rows of whole bytes, each pixel so many components of so many bits (1, 2, 4, 8). */
struct grey grey_of_samples(struct str data, size_t width, size_t height, unsigned bits, unsigned components);

#endif
