/*
 * What a record and the account's history say of a mail as a whole: the same for a new mail, a copy, a copy scanned again
 * and one that was passed on.
 */
#ifndef INTAKE_SETTLE_H
#define INTAKE_SETTLE_H

#include "model/verdict.h"
#include "store/store.h"

/* message.delivery_status, is_quarantined and detections.action from the outcomes. */
void settle_record(struct arena *a, struct record *r);
/* The account's history has seen this mail. */
void settle_history(struct store *st, int64_t account, const struct verdict *v, int64_t now_us);

#endif
