/*
 * A bounded set of threads for work that may wait: a queue with a ceiling, and jobs that run to their end. One owner
 * has at most a quarter of the threads and half of the queue, so that others find room beside long searches.
 */
#ifndef API_POOL_H
#define API_POOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pool;

typedef void pool_fn(void *job);

/* threads > 0; waiting: most jobs in the queue. */
struct pool *pool_new(unsigned threads, size_t waiting, pool_fn *fn);
/* False when the queue or the owner's part of it is full, or the pool is closed. */
bool pool_add(struct pool *p, uint64_t owner, void *job);
/* Runs what is in the queue, then ends the threads; from then on nothing is taken. */
void pool_close(struct pool *p);
/* After the last pool_add of anybody. Closes it first unless that was done. NULL is fine. */
void pool_free(struct pool **p);

#endif
