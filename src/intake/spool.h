/*
 * The bytes of one mail on their way in: a memory file up to LIMIT_MEMFD, an unlinked file in DIR/spool
 * beyond it. Nothing here looks at them.
 */
#ifndef INTAKE_SPOOL_H
#define INTAKE_SPOOL_H

#include "base/hash.h"

struct spool {
	const char *dir; /* where large mail goes */
	int fd;          /* -1 when empty */
	size_t size;
	bool on_disk;
	struct hash_sum *sum;
	void *map;
};

void spool_init(struct spool *s, const char *dir);
/* ERR_LATER: no room, or no more descriptors. */
MUST_CHECK enum err spool_append(struct spool *s, struct str bytes);
/*
 * Ends writing: afterwards fd is read-only and unchangeable, so that it may be handed to a scan worker.
 * *sha256_out is the digest of all bytes.
 */
MUST_CHECK enum err spool_seal(struct spool *s, struct sha256 *sha256_out);
/* The bytes, mapped; after spool_seal, until spool_free. */
MUST_CHECK enum err spool_bytes(struct spool *s, struct str *out);
void spool_free(struct spool *s);

#endif
