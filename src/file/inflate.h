/* Deflate data (RFC 1951), bare or in zlib's wrapper (RFC 1950), undone up to a ceiling. */
#ifndef FILE_INFLATE_H
#define FILE_INFLATE_H

#include "base/str.h"

struct arena;

enum inflate_form { INFLATE_RAW, INFLATE_ZLIB };
enum inflate_end {
	INFLATE_WHOLE,
	INFLATE_FULL,    /* there is more than max bytes, or no memory for more */
	INFLATE_DAMAGED, /* what came out before the damage or the end of input is given */
};

/* At most max bytes, in the arena. */
struct str inflate_all(struct arena *a, struct str packed, enum inflate_form form, size_t max,
		       enum inflate_end *end_out);

#endif
