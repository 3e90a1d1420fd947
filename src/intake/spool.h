/*
 * The bytes of one mail on their way in: a memory file up to LIMIT_MEMFD, an unlinked file in DIR/spool
 * beyond it, or when the mails under way have filled the memory there is for all. Nothing here looks at them.
 */
#ifndef INTAKE_SPOOL_H
#define INTAKE_SPOOL_H

#include <stdatomic.h>

#include "base/hash.h"

/* What the spools of a process share. */
struct spool_budget {
	const char *dir;      /* where large mail goes */
	uint64_t disk_least;  /* bytes that large mail leaves free there, and small mail half of */
	atomic_size_t memory; /* bytes in memory files */
	size_t memory_max;
};

struct spool {
	struct spool_budget *budget;
	int fd; /* -1 when empty */
	size_t size;
	bool on_disk;
	struct hash_sum *sum;
	void *map;
};

void spool_init(struct spool *s, struct spool_budget *budget);
/* ERR_LATER: no room, or no more descriptors; what was kept is gone then. */
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
