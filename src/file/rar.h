/*
 * The names in a RAR archive (versions 1.5 to 5) by its headers. libarchive unpacks what it can; of solid and locked
 * archives it gives nothing, though their names may be read.
 */
#ifndef FILE_RAR_H
#define FILE_RAR_H

#include "base/str.h"

struct rar_entry {
	struct str name; /* as written, mostly UTF-8 */
	uint64_t size;   /* unpacked */
	bool encrypted;
};

struct rar {
	struct str s;
	size_t at;
	bool locked; /* the names are encrypted, too */
	bool fifth;  /* format of version 5 */
};

/* bytes: of type MAGIC_RAR. */
struct rar rar_of(struct str bytes);
/* The next file, folders left out; false: no more, or what follows makes no sense. */
bool rar_next(struct rar *r, struct rar_entry *out);

#endif
