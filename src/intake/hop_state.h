/*
 * What is known of each next hop while it matters: how many of our threads are with it, and whether it could not be
 * reached a moment ago. So one that is slow, or silent, costs mail for others nothing.
 */
#ifndef INTAKE_HOP_STATE_H
#define INTAKE_HOP_STATE_H

#include "base/str.h"

struct hop_states;

/*
 * threads: in all. One transport alone gets a quarter of them, each that comes after it a quarter of what is left, so that
 * several that are silent together leave some for the others.
 */
struct hop_states *hop_states_new(unsigned threads);
void hop_states_free(struct hop_states **s);

/*
 * Before a dialogue with the hop. OK: end it with hop_states_leave. ERR_LIMIT: there are as many already.
 * ERR_ABSENT: it is out of reach, as hop_states_away said.
 */
MUST_CHECK enum err hop_states_enter(struct hop_states *s, struct str transport);
/* reached: it answered, so it is not away. */
void hop_states_leave(struct hop_states *s, struct str transport, bool reached);
/* It need not be tried before until_ms, unless somebody reached it since since_ms (monotonic both). */
void hop_states_away(struct hop_states *s, struct str transport, int64_t since_ms, int64_t until_ms);

#endif
