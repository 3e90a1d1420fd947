/*
 * The newest policy of each account as JSON, for jobs that are ahead of the zygote's snapshot and for the next
 * snapshot: one line per account. Grows with the accounts that had mail; safe to call from any thread.
 */
#ifndef BROKER_POLICY_CACHE_H
#define BROKER_POLICY_CACHE_H

#include "base/buf.h"

struct policy_cache;

struct policy_cache *policy_cache_new(void);
void policy_cache_free(struct policy_cache **c);

/* Appends the account's policy of at least this revision; false when there is none. */
bool policy_cache_get(struct policy_cache *c, int64_t account, int64_t rev, struct buf *out);
/* Keeps a copy, unless it knows a newer one. */
void policy_cache_put(struct policy_cache *c, int64_t account, int64_t rev, struct str json);
/* Appends all of them, a line each. */
void policy_cache_all(struct policy_cache *c, struct buf *out);

#endif
