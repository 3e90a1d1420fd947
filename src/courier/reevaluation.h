/*
 * Delivered mail is looked at once more, 5 minutes, 12 hours and 24 hours after it came (store/reevaluation.h,
 * reevaluation_mail.h): in slices, by a thread of its own that rests at least as long as it works.
 */
#ifndef COURIER_REEVALUATION_H
#define COURIER_REEVALUATION_H

#include "courier/reevaluation_mail.h"

struct reevaluation;

/* What the tools hold outlives it. */
struct reevaluation *reevaluation_new(const struct reevaluation_tools *tools);
/* One slice of what is due by that time. ERR_ABSENT: nothing is. ERR_LATER: what was done is noted, the rest is due still. */
MUST_CHECK enum err reevaluation_turn(struct reevaluation *v, int64_t now_us);
void reevaluation_free(struct reevaluation **v);

/* Takes turns by the wall clock, but for its jumps, in a thread of its own; that ends in reevaluation_free. */
MUST_CHECK enum err reevaluation_start(struct reevaluation *v, struct errbuf *eb);

#endif
