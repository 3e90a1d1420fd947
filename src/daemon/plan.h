/*
 * When a role is to be started: at a wish, and again after a death, the later the more often it died. Only decides;
 * starting is the supervisor's. Times are monotonic milliseconds.
 */
#ifndef DAEMON_PLAN_H
#define DAEMON_PLAN_H

#include <stdbool.h>
#include <stdint.h>

#define PLAN_BACKOFF_MOST_MS 2000 /* mail waits meanwhile; a role that cannot start costs little so seldom */
#define PLAN_DEATHS_MOST 5        /* of a role that was never ready: it will not be, whatever we try */

/* All zero = nothing wanted, never started. */
struct plan {
	bool wanted;
	int64_t at_ms;      /* wanted: not before */
	int64_t started_ms; /* last time */
	int64_t backoff_ms;
	bool was_ready; /* at least once */
	int deaths;     /* before that */
};

/* Wished for at that time; the earliest of several wishes counts. */
void plan_want(struct plan *p, int64_t at_ms);
/* Milliseconds until it is to be started, 0 = now; `most` when that is longer, or nothing is wanted. */
int plan_left_ms(const struct plan *p, int64_t now_ms, int most);
/* The wish is met, whatever comes of it. */
void plan_started(struct plan *p, int64_t now_ms);
void plan_was_ready(struct plan *p);
/* It died and is wanted again after a while. False: given up, it was never ready. */
bool plan_died(struct plan *p, int64_t now_ms);

#endif
