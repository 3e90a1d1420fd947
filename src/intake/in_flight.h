/*
 * Mails being worked on by their digest, so that a resend that comes while the first is still under way waits
 * for its outcome instead of being passed on twice. While a reload lasts there are two processes that work on mail: a
 * lock file shows each what the other has in hand.
 */
#ifndef INTAKE_IN_FLIGHT_H
#define INTAKE_IN_FLIGHT_H

#include "base/str.h"

struct in_flight;

/* lock_fd: the lock file shared by all processes, opened for writing; owned from then on. -1: there is no other one. */
struct in_flight *in_flight_new(int lock_fd);
void in_flight_free(struct in_flight **f);

/* Waits until nobody else works on the digest (hex), then claims it. ERR_LATER: still busy at the deadline. */
MUST_CHECK enum err in_flight_enter(struct in_flight *f, struct str digest, int64_t until_ms);
void in_flight_leave(struct in_flight *f, struct str digest);

#endif
