/*
 * QR codes in a picture (ISO/IEC 18004). Looking for their three corners costs a millisecond for a million pixels and is done
 * here; only where they are the library reads what lies between them, dark on light or the other way round.
 */
#ifndef IMAGE_QR_H
#define IMAGE_QR_H

#include "image/grey.h"

struct arena;

#define QR_MAX 8                  /* codes of one picture */
#define QR_TEXT 4296              /* bytes of the longest text that a code holds */
#define QR_PIXELS (1200u * 1200u) /* more are not needed to read a code that people photograph */

/* The texts of all codes, each once, as UTF-8 in the arena. */
struct strs qr_read(struct arena *a, const struct grey *g);

/* The same of two halves of a picture, one beside or below the other. */
struct strs qr_read_halves(struct arena *a, const struct grey *first, const struct grey *second, bool below);

/*
 * A code drawn in squares, one byte each, 0 = light, in rows of `width`; of any colour, with any border. Takes the pixels that
 * it makes of them from *left; where so many are not left it reads nothing.
 */
struct strs qr_read_squares(struct arena *a, const unsigned char *dark, size_t width, size_t height,
			    size_t *left);

/* Loads what the library would load late, for a process that will open no file any more. False: it is not there. */
bool qr_warm(void);

#endif
