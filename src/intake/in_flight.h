/*
 * Mails being worked on by their digest, so that a resend that comes while the first is still under way waits
 * for its outcome instead of being passed on twice.
 */
#ifndef INTAKE_IN_FLIGHT_H
#define INTAKE_IN_FLIGHT_H

#include "base/str.h"

struct in_flight;

struct in_flight *in_flight_new(void);
void in_flight_free(struct in_flight **f);

/* Waits until nobody else works on the digest, then claims it. ERR_LATER: still busy at the deadline. */
MUST_CHECK enum err in_flight_enter(struct in_flight *f, struct str digest, int64_t until_ms);
void in_flight_leave(struct in_flight *f, struct str digest);

#endif
