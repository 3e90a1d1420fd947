/* The broker's one thread of its own: control sockets to the supervisor and to the zygotes. */
#ifndef BROKER_KEEPER_H
#define BROKER_KEEPER_H

#include "broker/policy_cache.h"
#include "broker/pool.h"

struct keeper {
	struct pool *pool;
	struct policy_cache *policies;
	struct ipc supervisor;
	bool never_renews;
	const struct log *log;
	pthread_t thread;
	bool stopping; /* guarded by pool->lock */
	/* the thread's own */
	bool renewing;         /* asked, not answered yet */
	int64_t renewed_ms;    /* when it was asked last */
	int64_t fork_after_ms; /* not before, after a fork that failed */
	struct buf in;
};

MUST_CHECK enum err keeper_start(struct keeper *k);
/* Ends the thread and closes the supervisor's socket. */
void keeper_stop(struct keeper *k);

#endif
