/* From outcomes to the words for all of them. */
#include "intake/settle.h"

/* The words for what was done, the one that matters most first: `status` of any outcome gives it. */
static const struct {
	enum delivery_status status;
	struct str action;
} actions[] = {
	{ DELIVERY_QUARANTINED, STR_INIT("QUARANTINED") }, { DELIVERY_DELIVERED, STR_INIT("DELIVERED") },
	{ DELIVERY_QUEUED, STR_INIT("DEFERRED") },         { DELIVERY_DEFERRED, STR_INIT("DEFERRED") },
	{ DELIVERY_BOUNCED, STR_INIT("REJECTED") },        { DELIVERY_REJECTED, STR_INIT("REJECTED") },
};

/* A copy for nobody here was delivered all the same, before it came to us. */
static struct str action_of(const bool *seen, size_t outcomes)
{
	for (size_t i = 0; outcomes > 0 && i < ARRAY_LEN(actions); i++)
		if (seen[actions[i].status])
			return actions[i].action;
	return STR("DELIVERED");
}

void settle_record(struct arena *a, struct record *r)
{
	bool seen[16] = { false };
	struct ints statuses = { 0 };

	_Static_assert(DELIVERY_MOVE_FAILED < ARRAY_LEN(seen), "one flag per status");
	for (size_t i = 0; i < r->outcomes.n; i++) {
		int status = r->outcomes.v[i].status;
		if (!seen[status])
			ARENA_PUSH(a, &statuses, status);
		seen[status] = true;
	}
	SET(r->message, message, delivery_status, statuses);
	SET(r->message, message, is_quarantined, seen[DELIVERY_QUARANTINED]);
	SET(r->detections, detections, action, action_of(seen, r->outcomes.n));
}

void settle_history(struct store *st, int64_t account, const struct verdict *v, int64_t now_us)
{
	if (v->history.n)
		store_history_add(st, account, v->history.v, v->history.n,
				  v->message->final_disposition > DISP_BULK, now_us);
}
