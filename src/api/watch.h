/*
 * The connections of the HTTP library, seen from beside it. It has one time-out, of silence, which a byte now and then
 * keeps from coming; and it counts whole addresses, of which one IPv6 subscriber has 2^64. So here each connection
 * has a time by which its request must be there, and an IPv6 /64 is one address. Threads: any.
 */
#ifndef API_WATCH_H
#define API_WATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/ip.h"

struct watch;
struct watched; /* a connection */

/* per_address: connections at once of one address, 0 = as many as it likes. */
struct watch *watch_new(unsigned per_address);
/* After the last connection was removed. NULL is fine. */
void watch_free(struct watch **w);

/* Whether one more of this address may come. */
bool watch_admits(struct watch *w, const struct ip *ip);
/* fd stays the caller's, who calls watch_remove before it closes it. No request is awaited yet. */
struct watched *watch_add(struct watch *w, int fd, const struct ip *ip);
void watch_remove(struct watch *w, struct watched *c);

/* A request must be there within ms, or the connection is shut down; an earlier time that was set stays. */
void watch_await(struct watch *w, struct watched *c, int64_t ms);
/* The same, and one that was set does not count. */
void watch_await_anew(struct watch *w, struct watched *c, int64_t ms);
/* The request is there: its answer may take its time. */
void watch_rest(struct watch *w, struct watched *c);

#endif
