/*
 * What is to be reported of a change, noted in its own transaction. Private to store/. Clean mail costs one comparison.
 */
#ifndef STORE_REPORT_NOTE_H
#define STORE_REPORT_NOTE_H

#include "model/submission.h"
#include "store/sql.h"
#include "store/store.h"

/* What counts of a record. */
struct report_view {
	int disposition;
	bool bec;
	bool delivered, released; /* to somebody: on arrival; out of the quarantine */
};

struct report_view report_view_of(const struct record *r);
/* Bits of enum report_cause. before: all zero for a new mail. */
unsigned report_causes(const struct report_view *before, const struct report_view *after);
/* Of a mail that was judged before: what reports say of it changes, too. */
unsigned report_causes_of_change(const struct report_view *before, const struct report_view *after);
/* The same of a submission. */
unsigned report_causes_of_submission(const struct submission *before, const struct submission *after);

/* A job for each of the causes, about the mail of that key; nothing for submitted mail but what its submission says. */
MUST_CHECK enum err report_note(struct sql *c, int64_t account, int64_t key, unsigned causes);

#endif
