/* The policies of all accounts, compiled once in the zygote and shared by the workers it forks. */
#ifndef DAEMON_SNAPSHOT_H
#define DAEMON_SNAPSHOT_H

#include "base/buf.h"
#include "base/log.h"
#include "policy/policy.h"

struct snapshot;

/* One policy_source as JSON per line (broker/policy_cache.h). A line that cannot be read is logged and left out. */
struct snapshot *snapshot_new(struct str lines, const struct log *log);
void snapshot_free(struct snapshot **s);

/* NULL when the account is not in it; s may be NULL. */
const struct policy *snapshot_find(const struct snapshot *s, int64_t account);
/* Appends a struct wire_rev for each account. */
void snapshot_revs(const struct snapshot *s, struct buf *out);

#endif
