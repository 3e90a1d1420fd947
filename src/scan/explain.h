/*
 * What a person asks of a verdict: what would have made it another one. Tried on copies of the findings, and put together by
 * the very code that did so at first (assemble.h).
 */
#ifndef SCAN_EXPLAIN_H
#define SCAN_EXPLAIN_H

#include "model/detection_settings.h"
#include "model/detections.h"
#include "scan/scan.h"

struct arena;

/*
 * The fewest findings, told by name, without which the verdict is another; of several sets the lightest. MALICIOUS and
 * MALICIOUS-BEC are one verdict here. NULL: the findings do not make it what it is (it was corrected, or could not be
 * scanned), or it is NONE. Never more than EXPLAIN_TRIES verdicts are put together.
 */
struct other_verdict *explain_smallest_change(struct arena *a, const struct finding_list *findings,
					      int disposition, const struct detection_settings *settings);

/* What it would be if findings that were set aside counted; NULL: the same. */
struct other_verdict *explain_unsuppressed(struct arena *a, const struct finding_list *findings,
					   int disposition, const struct detection_settings *settings);

#define EXPLAIN_TRIES 1000

/* What a scan keeps for later: the settings that made the verdict, as far as they are not those of everybody. */
struct explanation *explain_settings(struct arena *a, const struct detection_settings *settings);

/* How long it took, which is no part of what follows from bytes, answers and policy. */
void explain_times(struct arena *a, struct detections *d, const struct scan_times *times);

/* Adds what follows from the findings, for whoever is shown it. */
void explain_detections(struct arena *a, struct detections *d);

#endif
