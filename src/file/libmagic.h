/*
 * Types that magic.h does not know, by libmagic's database. Asked only for those, because it takes its time; the database
 * is loaded once, before a process is sealed, and read from then on.
 */
#ifndef FILE_LIBMAGIC_H
#define FILE_LIBMAGIC_H

#include "base/str.h"

struct arena;

/* Not thread-safe, and to be called before the first thread. False: no database; then nothing is known here. */
bool libmagic_load(void);

/* "audio/mpeg"; "" = not known, or nothing is loaded. One thread only. */
struct str libmagic_type(struct arena *a, struct str bytes);

#endif
