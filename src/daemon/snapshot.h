/* The policies of all accounts, compiled once in the zygote and shared by the workers it forks. */
#ifndef DAEMON_SNAPSHOT_H
#define DAEMON_SNAPSHOT_H

#include "base/buf.h"
#include "base/log.h"
#include "policy/policy.h"

struct snapshot;

/* What one takes at most, beside compiled code, which has a ceiling for each account. */
#define SNAPSHOT_BYTES ((size_t)1 << 30)

/*
 * One policy_source as JSON per line (broker/policy_cache.h). A line that cannot be read, or for which there is no room,
 * is logged and left out: that policy travels with each mail instead.
 */
struct snapshot *snapshot_new(struct str lines, size_t max_bytes, const struct log *log);
void snapshot_free(struct snapshot **s);

/* NULL when the account is not in it; s may be NULL. */
const struct policy *snapshot_find(const struct snapshot *s, int64_t account);
/* Appends a struct wire_rev for each account. */
void snapshot_revs(const struct snapshot *s, struct buf *out);

#endif
