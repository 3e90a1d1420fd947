/*
 * Compound files (MS-CFB): the little file system in which older Office documents, Outlook messages and embedded objects
 * keep their streams. What the streams mean is said by others (ole_contents.c).
 *
 * Sector chains that run in circles or out of the file end there; entries that no tree leads to are given as well.
 */
#ifndef FILE_OLE_H
#define FILE_OLE_H

#include "base/str.h"

struct arena;

enum ole_kind { OLE_STORAGE = 1, OLE_STREAM = 2, OLE_ROOT = 5 };

struct ole_entry {
	struct str name; /* UTF-8 */
	enum ole_kind kind;
	size_t parent;    /* index of its storage; that of the root where none leads to it */
	size_t first;     /* of the entries in it, 0 = none */
	size_t beside;    /* the next entry of its storage, 0 = none */
	struct str clsid; /* 16 bytes */
	uint64_t size;    /* of a stream, as said */
	uint32_t start, left, right, child;
};

struct ole {
	struct arena *a;
	struct str s;
	unsigned shift;      /* of a sector: 9 or 12 */
	struct str fat;      /* numbers of the sectors that hold the allocation table, 4 bytes each */
	struct str mini_fat; /* the table of the small streams */
	struct str mini;     /* their sectors of 64 bytes */
	uint32_t cutoff;     /* streams below this size lie there */
	struct {
		struct ole_entry *v; /* v[0] is the root */
		size_t n;
	} entries;
};

/* False: not one, or without a directory. At most max_entries, and max bytes of small streams. */
bool ole_open(struct arena *a, struct str bytes, size_t max_entries, size_t max, struct ole *out);

/* A stream's bytes, at most max; a slice of the file where they lie together. */
struct str ole_stream(const struct ole *o, const struct ole_entry *e, size_t max);

/* UTF-16LE up to its first zero as UTF-8; "\1Ole" stays so. */
struct str ole_text(struct arena *a, struct str utf16);

#endif
