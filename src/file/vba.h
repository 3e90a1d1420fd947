/*
 * VBA code in Office documents (MS-OVBA): whether it starts by itself and what of the system it reaches for, by the words
 * of its source.
 */
#ifndef FILE_VBA_H
#define FILE_VBA_H

#include "base/str.h"

struct arena;

/* The source of a module stream, or nothing where it has none; at most max bytes. */
struct str vba_source(struct arena *a, struct str stream, size_t max);

struct vba_words {
	struct str automatic; /* the first procedure whose name makes it run by itself; "" = none */
	struct str system;    /* the first word for programs, downloads, files; "" = none */
};

/* Adds to *out what is not found yet. Linear. */
void vba_read_words(struct str source, struct vba_words *out);

#endif
