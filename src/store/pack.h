/* Bytes made small for the disk, and back (zstd level 1: higher ones shrink mail little more). */
#ifndef STORE_PACK_H
#define STORE_PACK_H

#include "base/buf.h"

/* Appends the packed bytes; over when they do not fit. */
void pack_make(struct buf *out, struct str bytes);
/* ERR_SYNTAX: damaged, or larger than max when unpacked. ERR_LIMIT: larger than the arena holds. */
MUST_CHECK enum err pack_open(struct arena *a, struct str packed, size_t max, struct str *out);

/* Packed bytes of a file, piece by piece; takes a megabyte whatever they unpack to. The descriptor stays the caller's. */
struct pack_reader;
struct pack_reader *pack_reader_new(int fd);
void pack_reader_free(struct pack_reader **r);
/* Up to n bytes into `to`; *got 0: the end. ERR_SYNTAX: damaged. ERR_LATER: unreadable. */
MUST_CHECK enum err pack_read(struct pack_reader *r, char *to, size_t n, size_t *got);

#endif
