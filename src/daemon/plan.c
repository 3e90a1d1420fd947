/* Wishes, back-off and giving up. */
#include "daemon/plan.h"

#define BACKOFF_FIRST_MS 100
#define STEADY_MS 5000 /* a role that lived so long is forgiven its earlier deaths */

void plan_want(struct plan *p, int64_t at_ms)
{
	if (!p->wanted || at_ms < p->at_ms)
		p->at_ms = at_ms;
	p->wanted = true;
}

int plan_left_ms(const struct plan *p, int64_t now_ms, int most)
{
	int64_t left = p->at_ms - now_ms;

	if (!p->wanted || left > most)
		return most;
	return left > 0 ? (int)left : 0;
}

void plan_started(struct plan *p, int64_t now_ms)
{
	p->wanted = false;
	p->started_ms = now_ms;
}

void plan_was_ready(struct plan *p)
{
	p->was_ready = true;
}

bool plan_died(struct plan *p, int64_t now_ms)
{
	if (!p->was_ready && ++p->deaths >= PLAN_DEATHS_MOST)
		return false;
	if (now_ms - p->started_ms > STEADY_MS)
		p->backoff_ms = 0;
	p->backoff_ms = p->backoff_ms == 0 ? BACKOFF_FIRST_MS : p->backoff_ms * 2;
	if (p->backoff_ms > PLAN_BACKOFF_MOST_MS)
		p->backoff_ms = PLAN_BACKOFF_MOST_MS;
	plan_want(p, now_ms + p->backoff_ms);
	return true;
}
