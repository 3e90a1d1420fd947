/* Filters of PDF streams that hold no picture (ISO 32000-1 §7.4): Flate, LZW, RunLength, ASCIIHex, ASCII85. */
#ifndef FILE_PDF_FILTER_H
#define FILE_PDF_FILTER_H

#include "file/internal.h"

/*
 * What is packed, at most max bytes of it; *full_out: there is more. Damage ends it. late: codes of LZW become longer one
 * code later (EarlyChange 0), of the others it says nothing.
 */
typedef struct str pdf_decode_fn(struct look *l, struct str packed, size_t max, bool late, bool *full_out);

/* NULL: a filter that is not known here. */
pdf_decode_fn *pdf_filter_of(struct str name);

#endif
