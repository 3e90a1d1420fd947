/*
 * Bytes made small for the disk, and back, by zstd. Level 1 is for mail, which higher ones shrink little more. Rows are
 * read again and again: without entropy coding one of 3 kB takes 1.5 kB instead of 1.2, and is read in 2.4 us instead of 6.
 */
#ifndef STORE_PACK_H
#define STORE_PACK_H

#include "base/buf.h"

enum pack_level { PACK_ROW = -1, PACK_MAIL = 1 };

/* Appends the packed bytes; over when they do not fit. */
void pack_make(struct buf *out, struct str bytes, enum pack_level level);
/* ERR_SYNTAX: damaged, or larger than max when unpacked. ERR_LIMIT: larger than the arena holds. */
MUST_CHECK enum err pack_open(struct arena *a, struct str packed, size_t max, struct str *out);

/* Packed bytes of a file, piece by piece; takes a megabyte whatever they unpack to. The descriptor stays the caller's. */
struct pack_reader;
struct pack_reader *pack_reader_new(int fd);
void pack_reader_free(struct pack_reader **r);
/* Up to n bytes into `to`; *got 0: the end. ERR_SYNTAX: damaged. ERR_LATER: unreadable. */
MUST_CHECK enum err pack_read(struct pack_reader *r, char *to, size_t n, size_t *got);

#endif
