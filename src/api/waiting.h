/*
 * Requests that wait for what happens elsewhere, without a thread each: one thread looks at all of them, and gives those
 * that are ready to the pool. One owner has at most half of the places.
 */
#ifndef API_WAITING_H
#define API_WAITING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "api/pool.h"

struct waiting;

/* Whether it is to be given to the pool now. Quick, for all others wait meanwhile. */
typedef bool waiting_ready_fn(void *job);

/* places > 0. What is ready goes to `pool`, once there is room in its queue. */
struct waiting *waiting_new(size_t places, unsigned look_ms, waiting_ready_fn *ready, struct pool *pool);
/* False when there is no place for it, or none any more. From then on it is not the caller's. */
bool waiting_add(struct waiting *w, uint64_t owner, void *job);
/* Gives all to the pool, ready or not; from then on nothing is taken. Before pool_close. */
void waiting_close(struct waiting *w);
/* After the last waiting_add of anybody. NULL is fine. */
void waiting_free(struct waiting **w);

#endif
