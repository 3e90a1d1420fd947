/*
 * The members of a zip archive (APPNOTE 6.3), by both of its records: the central directory at its end, which most
 * programs obey, and the local header before each member, which others do. Honest archives agree with themselves; where
 * the two differ in any way the archive was made so that a scanner sees another one than the reader, and then the
 * members of both are given.
 */
#ifndef FILE_ZIP_H
#define FILE_ZIP_H

#include "base/str.h"
#include "file/inflate.h"

enum zip_method { ZIP_STORED = 0, ZIP_DEFLATED = 8 };

struct zip_entry {
	struct str name; /* as written, mostly UTF-8 */
	uint16_t method; /* APPNOTE 4.4.5 */
	uint16_t time;   /* of the day, as MS-DOS has it */
	struct str lock; /* the extra field of AES (AE-1, AE-2), whole; "" = none */
	uint32_t crc;
	uint64_t size;     /* unpacked, as said */
	size_t header;     /* offset of the local header */
	struct str packed; /* the data; cut where the archive ends before it does */
	bool encrypted;
	bool later;  /* sum and sizes stand behind the data */
	bool hidden; /* only the local header knows of it */
};

struct zip {
	struct {
		struct zip_entry *v;
		size_t n;
	} entries;       /* those of the directory in its order, then the hidden ones; folders left out */
	struct str rest; /* directory records beyond max_entries: see zip_next_name */
	struct str disagreement; /* what differs first, and where; "" = nothing */
	size_t before;           /* bytes that stand before the archive and that its offsets do not count */
	bool no_directory;       /* cut or damaged: entries are those of the local headers */
};

/* Reads at most max_entries of each record. Linear, but for sorting. */
struct zip zip_survey(struct arena *a, struct str bytes, size_t max_entries);

/* The names of directory records one by one; false: no more. */
bool zip_next_name(struct str *rest, struct str *name_out);

/* The first entry of this name (ASCII case ignored, as office programs do), or NULL. */
const struct zip_entry *zip_find(const struct zip *z, struct str name);

/*
 * A stored or deflated entry's data, at most max bytes of it; a slice of the archive where it is stored. Other methods
 * give INFLATE_DAMAGED and nothing (archive.h knows more of them).
 */
struct str zip_entry_data(struct arena *a, const struct zip_entry *e, size_t max, enum inflate_end *end_out);

/* Whether an archive's end record stands at the end of these bytes, whatever they begin with. */
bool zip_ends(struct str bytes);

#endif
