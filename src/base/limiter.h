/* Fixed-window rate limits over any number of keys in bounded memory; the key unused for longest gives way. */
#ifndef BASE_LIMITER_H
#define BASE_LIMITER_H

#include <stdbool.h>
#include <stdint.h>

struct limiter;

struct limiter_state {
	int64_t left;    /* requests left in this window */
	int64_t reset_s; /* seconds until the next, at least 1 */
};

/* quota requests in window_s seconds. */
struct limiter *limiter_new(int64_t quota, int64_t window_s);
void limiter_free(struct limiter **l);
/* Counts one request of the key; false when its quota is used up. Thread-safe. */
bool limiter_take(struct limiter *l, uint64_t key, int64_t now_us, struct limiter_state *out);

#endif
