/*
 * The records of a zip archive as they lie there (APPNOTE 6.3 §4.3): local headers, directory records, the end record.
 * What they mean together is zip.c's.
 */
#ifndef FILE_ZIP_RECORD_H
#define FILE_ZIP_RECORD_H

#include "base/buf.h"
#include "base/str.h"

enum { ZIP_EXTRA_AES = 0x9901 }; /* AE-1 and AE-2 of WinZip */
enum { ZIP_FLAG_ENCRYPTED = 1, ZIP_FLAG_DESCRIPTOR = 8, ZIP_FLAG_STRONG = 64 };

/* What local headers and directory records both say; sizes of 64 bits where those are given. */
struct zip_record {
	uint16_t flags, method, time;
	uint32_t crc;
	uint64_t packed, size, offset;
	struct str name, extra;
	size_t end; /* offset behind the record; of a local header: where the data begins */
};

/* The directory as its end record describes it. */
struct zip_directory {
	size_t start, end; /* of its records */
	size_t behind;     /* the end records are over here, comment included */
	size_t before;     /* bytes before the archive: offsets count from behind them */
	uint64_t count;
	bool wide; /* zip64: count is whole */
};

/* The record at an offset; false: there is none, or not all of it. */
bool zip_record_local(struct str s, size_t at, struct zip_record *out);
bool zip_record_central(struct str s, size_t at, struct zip_record *out);

/* The first local header with a name in [from, to), or SIZE_MAX; *out is what it says. */
size_t zip_record_search(struct str s, size_t from, size_t to, struct zip_record *out);

/* The data of an extra field (APPNOTE 4.5); a NULL pointer where there is none. */
struct str zip_record_extra(struct str extra, uint16_t id);

/* Bytes of the data descriptor at an offset (APPNOTE 4.3.9): it repeats the sum; 0 = there is none. */
size_t zip_record_descriptor(struct str s, size_t at, uint32_t crc);

/* Writes a local header as the record says, of a member named "m", with no more of its extra fields than those given. */
void zip_record_write_local(struct buf *b, const struct zip_record *rec);

/* Backwards from the end: the last end record that leads to a directory is the one programs take. */
bool zip_directory_find(struct str s, struct zip_directory *out);

#endif
