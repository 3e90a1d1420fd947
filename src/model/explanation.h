/*
 * Why a verdict is what it is and no other: ours, in what the detections call shows. A scan fills what is known to it alone;
 * what follows from the findings is added whenever it is shown (scan/explain.h).
 */
#ifndef MODEL_EXPLANATION_H
#define MODEL_EXPLANATION_H

#include "base/field.h"
#include "model/detector.h"
#include "model/enums.h"

/* What a scan does, in this order. */
enum scan_stage {
	STAGE_PARSE,
	STAGE_TEXT,
	STAGE_SENDER,
	STAGE_POLICIES,
	STAGE_DETECTORS,
	STAGE_ASSEMBLE,
	SCAN_STAGES
};

/* clang-format off */
#define OTHER_VERDICT(X, T) \
	X(T, STRS, without,           F_OPTIONAL, 0, 1000, none, "names of findings, or what set findings aside, that would have to be gone") \
	X(T, ENUM, final_disposition, F_OPTIONAL, 0, 0, disposition, "what the message would be") \
	X(T, STR,  reason,            F_OPTIONAL, 0, 4096, none, "the same as a sentence, defanged")
FIELDS_DECLARE(other_verdict, OTHER_VERDICT);

/* Of each stage. */
#define STAGE_TIMES(X, T) \
	X(T, INT, parse,     F_OPTIONAL, 0, INT64_MAX, none, "reading it as MIME") \
	X(T, INT, text,      F_OPTIONAL, 0, INT64_MAX, none, "its texts, links and files") \
	X(T, INT, sender,    F_OPTIONAL, 0, INT64_MAX, none, "SPF, DKIM, DMARC and history, with waiting for answers") \
	X(T, INT, policies,  F_OPTIONAL, 0, INT64_MAX, none, "what the account decided") \
	X(T, INT, detectors, F_OPTIONAL, 0, INT64_MAX, none, "all detectors but the model") \
	X(T, INT, model,     F_OPTIONAL, 0, INT64_MAX, none, "weighing its words by what was learnt") \
	X(T, INT, assemble,  F_OPTIONAL, 0, INT64_MAX, none, "what was learnt, the verdict, and telling of it")
FIELDS_DECLARE(stage_times, STAGE_TIMES);

#define VERDICT_THRESHOLDS(X, T) \
	X(T, DOUBLE, malicious,  F_OPTIONAL, 0, 0, none, "weight from which it is MALICIOUS") \
	X(T, DOUBLE, suspicious, F_OPTIONAL, 0, 0, none, "SUSPICIOUS") \
	X(T, DOUBLE, spoof,      F_OPTIONAL, 0, 0, none, "SPOOF") \
	X(T, DOUBLE, spam,       F_OPTIONAL, 0, 0, none, "SPAM") \
	X(T, DOUBLE, bulk,       F_OPTIONAL, 0, 0, none, "BULK")
FIELDS_DECLARE(verdict_thresholds, VERDICT_THRESHOLDS);

#define EXPLANATION(X, T) \
	X(T, OBJ,   smallest_change,    F_NULL, 0, 0, other_verdict, "the fewest findings, and of these the lightest, without which the verdict is another; null: it is nobody's sum") \
	X(T, OBJ,   if_nothing_set_aside, F_NULL, 0, 0, other_verdict, "what it would be if findings that were set aside counted; null: the same") \
	X(T, ENUMS, disabled_detectors, F_OPTIONAL, 0, DETECTOR_COUNT, detector, "switched off in the account when it was judged") \
	X(T, OBJ,   thresholds,         F_NULL, 0, 0, verdict_thresholds, "where the levels were when it was judged") \
	X(T, OBJ,   elapsed_us,         F_NULL, 0, 0, stage_times, "how long each stage of the scan took, in microseconds")
FIELDS_DECLARE(explanation, EXPLANATION);
/* clang-format on */

#endif
