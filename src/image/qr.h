/*
 * QR codes in a picture (ISO/IEC 18004). Looking for their three corners costs a millisecond for a million pixels and is done
 * here; only where they are the library reads what lies between them, dark on light or the other way round.
 */
#ifndef IMAGE_QR_H
#define IMAGE_QR_H

#include "image/grey.h"

struct arena;

/*
 * What looking for codes may still cost, all pictures of a mail together, in steps of about a nanosecond. They are counted
 * from sizes and numbers and not by a clock, so that a mail gets the same verdict on every machine.
 */
struct qr_work {
	size_t left;
	bool unread;  /* a picture was left alone, for its size */
	bool crowded; /* more looks like a code than was tried */
};

/* Takes steps for a picture, or for a code in one; false: so many are not left, which is noted. */
bool qr_take_picture(struct qr_work *w, size_t steps);
bool qr_take_code(struct qr_work *w, size_t steps);

#define QR_MAX 8                  /* codes of one picture */
#define QR_TEXT 4296              /* bytes of the longest text that a code holds */
#define QR_PIXELS (1200u * 1200u) /* more are not needed to read a code that people photograph */

/* The texts of all codes, each once, as UTF-8 in the arena. */
struct strs qr_read(struct arena *a, const struct grey *g, struct qr_work *w);

/* The same of two halves of a picture, one beside or below the other. */
struct strs qr_read_halves(struct arena *a, const struct grey *first, const struct grey *second, bool below,
			   struct qr_work *w);

/*
 * A code drawn in squares, one byte each, 0 = light, in rows of `width`; of any colour, with any border.
 */
struct strs qr_read_squares(struct arena *a, const unsigned char *dark, size_t width, size_t height,
			    struct qr_work *w);

/* Loads what the library would load late, for a process that will open no file any more. False: it is not there. */
bool qr_warm(void);

#endif
