/* Bytes made small for the disk, and back (zstd level 1: higher ones shrink mail little more). */
#ifndef STORE_ZIP_H
#define STORE_ZIP_H

#include "base/buf.h"

/* Appends the packed bytes; over when they do not fit. */
void zip_pack(struct buf *out, struct str bytes);
/* ERR_SYNTAX: damaged, or larger than max when unpacked. ERR_LIMIT: larger than the arena holds. */
MUST_CHECK enum err zip_unpack(struct arena *a, struct str packed, size_t max, struct str *out);

#endif
