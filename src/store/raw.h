/*
 * Raw mail: DIR/raw/ab/<sha256>.zst, named by the digest of the bytes, so equal mails share a file and damage
 * shows. A file is written and synced before the row that names it; it is removed only when it was not put
 * for an hour, so a row on its way finds it.
 */
#ifndef STORE_RAW_H
#define STORE_RAW_H

#include <dirent.h>

#include "store/store.h"

#define RAW_SHARDS 256
#define RAW_SETTLE_S 3600 /* longest way from raw to row, with much to spare */

/* Bytes on the disk; 0 when there is none. digest: 32 bytes. */
int64_t raw_size(const struct store *st, struct str digest);
enum raw_removal {
	RAW_REMOVED,
	RAW_ABSENT,
	RAW_YOUNG, /* put within RAW_SETTLE_S */
	RAW_BUSY,  /* a backup is being made, or the disk refuses: later */
};
enum raw_removal raw_remove(const struct store *st, struct str digest);

/* The files of one shard. digest is 32 bytes, or empty for what is left of a crash. */
typedef void raw_file_fn(void *ctx, struct str digest, const char *name, int dir_fd);
void raw_each(const struct store *st, unsigned shard, raw_file_fn *fn, void *ctx);
/* Bytes of all files. */
int64_t raw_total(const struct store *st);

#endif
