/* What a record says of it: rejected, with the action DROPPED, for nobody will get it any more. */
#include "courier/expiry.h"

#include "intake/settle.h"

bool expire_held(struct arena *a, struct record *r, void *ctx)
{
	const int64_t *days = ctx;
	size_t held = 0;

	for (size_t i = 0; i < r->outcomes.n; i++) {
		struct outcome *o = &r->outcomes.v[i];
		if (o->status != DELIVERY_QUARANTINED)
			continue;
		SET(o, outcome, status, DELIVERY_REJECTED);
		held++;
	}
	if (!held)
		return false;
	record_trace(a, r, false, "held for %lld days and released to nobody: deleted for %zu recipient%s",
		     (long long)*days, held, held == 1 ? "" : "s");
	settle_record(a, r);
	if (str_eq(r->detections->action,
		   STR("REJECTED"))) /* that was its sender's to hear, and he heard nothing of this */
		SET(r->detections, detections, action, STR("DROPPED"));
	return true;
}
