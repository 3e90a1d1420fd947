/*
 * PhishGuard reports (model/phish_report.h). What is to be reported is noted as a job (JOB_REPORT) in the transaction of
 * what happened; courier writes the report later. Threads: any; memory: the caller's arena.
 */
#ifndef STORE_REPORTS_H
#define STORE_REPORTS_H

#include "model/phish_report.h"
#include "store/store.h"

/*
 * The report about what has one of these names that was written since then, the newest. ERR_ABSENT: there is none; the
 * campaign is over, and what comes is reported anew.
 */
MUST_CHECK enum err store_report_find(struct store *st, struct arena *a, int64_t account,
				      const struct strs *names, int64_t since_us, struct phish_report *out);

/* By its id, into a struct phish_report. ERR_ABSENT. */
MUST_CHECK enum err store_report_get(struct store *st, struct arena *a, int64_t id, void *out);

/*
 * Writes what store_report_find gave by these names, or a new report (id 0) where there was none. It has `names` from then
 * on, besides those it had. Out: id, created_at, updated_at, rev. ERR_CONFLICT: somebody has written it, or another one,
 * meanwhile: find it again. Of a new one those are told who want to be.
 */
MUST_CHECK enum err store_report_write(struct store *st, struct arena *a, int64_t account,
				       const struct strs *found_by, const struct strs *names,
				       int64_t since_us, struct phish_report *r);

/*
 * Reports that may tell of a mail, however old they are: those whose first mail it is, and the newest of each of its names.
 */
MUST_CHECK enum err store_reports_about(struct store *st, struct arena *a, int64_t account, int64_t key,
					const struct strs *names, struct phish_report_list *out);

/* Writes one of them anew. ERR_CONFLICT: somebody else did, or it is gone. */
MUST_CHECK enum err store_report_rewrite(struct store *st, struct arena *a, int64_t account,
					 struct phish_report *r);

struct store_reports {
	int64_t account, start_us, end_us; /* of created_at, both included; STORE_NEWEST */
	size_t skip, n;
};

/* Newest first. What cannot be read is left out, with a line in the log. total_out: all of the account. */
MUST_CHECK enum err store_reports(struct store *st, struct arena *a, const struct store_reports *q,
				  struct phish_report_list *out, size_t *total_out);

/* When a job of this time is due: those of one moment together, so that one of them looks for all. */
int64_t store_report_due(int64_t created_us);

/* Deletes a slice of those that were last written before then; *more_out: call again. */
MUST_CHECK enum err store_reports_forget(struct store *st, int64_t before_us, bool *more_out);

#endif
