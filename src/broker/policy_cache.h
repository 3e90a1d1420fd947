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

/*
 * Appends the account's policy of at least this revision.
 *
 *   ERR_ABSENT  it is the caller's to read it, and nobody else reads one meanwhile: end that with policy_cache_put or
 *               policy_cache_give_up
 *   ERR_LIMIT   this very revision was given up as too large
 *   ERR_LATER   others were reading until the time was over
 */
MUST_CHECK enum err policy_cache_get(struct policy_cache *c, int64_t account, int64_t rev, int64_t until_ms,
				     struct buf *out);
/* Keeps a copy, unless it knows a newer one. */
void policy_cache_put(struct policy_cache *c, int64_t account, int64_t rev, struct str json);
/* why: ERR_LIMIT is remembered, for the next try would cost as much. */
void policy_cache_give_up(struct policy_cache *c, int64_t account, int64_t rev, enum err why);
/* Appends all of them, a line each. */
void policy_cache_all(struct policy_cache *c, struct buf *out);

#endif
