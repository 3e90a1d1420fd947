/*
 * A PhishGuard report: what the server writes for people when there is something to be done about mail. One report is
 * about one campaign or one mail, and is written anew as long as that goes on.
 */
#ifndef MODEL_PHISH_REPORT_H
#define MODEL_PHISH_REPORT_H

#include "base/field.h"
#include "model/enums.h"

/*
 * Why it is written; the first of several gives the title. The last is none of a report: a mail that one may tell of is
 * judged otherwise than before.
 */
#define REPORT_CAUSES(X)                                 \
	X(REPORT_BEC, "business_email_compromise")       \
	X(REPORT_CAMPAIGN, "campaign")                   \
	X(REPORT_AFTER_DELIVERY, "found_after_delivery") \
	X(REPORT_AFTER_RELEASE, "found_after_release")   \
	X(REPORT_SUBMISSION, "confirmed_submission")     \
	X(REPORT_ANEW, "judged_anew")
ENUM_DECLARE(report_cause, REPORT_CAUSES);
#define REPORT_CAUSES_N 6

#define REPORT_PRIORITIES(X)         \
	X(PRIORITY_LOW, "LOW")       \
	X(PRIORITY_MEDIUM, "MEDIUM") \
	X(PRIORITY_HIGH, "HIGH")     \
	X(PRIORITY_CRITICAL, "CRITICAL")
ENUM_DECLARE(report_priority, REPORT_PRIORITIES);

/* clang-format off */
#define PHISH_MAIL(X, T) \
	X(T, STRS,  to,          F_REQUIRED, 0, 1000, none, "who was to get the mails, the first of them") \
	X(T, STR,   from,        F_NULL, 0, 1024, none, "address in From of the first mail") \
	X(T, STR,   postfix_id,  F_NULL, 0, 64, none, "queue id of the first mail") \
	X(T, TIME,  occurred_at, F_OPTIONAL, 0, 0, none, "when the first mail came") \
	X(T, ALIAS, ts,          F_OPTIONAL, 0, 0, occurred_at, "older name")
FIELDS_DECLARE(phish_mail, PHISH_MAIL);

#define PHISH_TAG(X, T) \
	X(T, STR, category, F_REQUIRED, 0, 100, none, "what is said of it") \
	X(T, STR, value,    F_REQUIRED, 0, 1024, none, "the value")
FIELDS_DECLARE(phish_tag, PHISH_TAG);

#define PHISH_REPORT(X, T) \
	X(T, INT,   id,          F_READONLY, 0, INT64_MAX, none, "assigned by the store") \
	X(T, STR,   title,       F_READONLY, 0, 400, none, "one line") \
	X(T, STR,   content,     F_READONLY, 0, 65536, none, "Markdown; no address in it is a link") \
	X(T, ENUM,  priority,    F_READONLY, 0, 0, report_priority, "how soon it is to be read") \
	X(T, ENUM,  disposition, F_READONLY, 0, 0, disposition, "the worst of its mails") \
	X(T, OBJ,   fields,      F_READONLY, 0, 0, phish_mail, "the first of its mails") \
	X(T, OBJS,  tags,        F_READONLY | F_NULL, 0, 100, phish_tag, "to sort reports by") \
	X(T, TIME,  created_at,  F_READONLY, 0, 0, none, "when it was written first") \
	X(T, TIME,  updated_at,  F_READONLY, 0, 0, none, "when it was written last") \
	X(T, ALIAS, ts,          F_READONLY, 0, 0, created_at, "older name") \
	X(T, ENUMS, causes,      F_INTERNAL, 0, REPORT_CAUSES_N, report_cause, "why it was written") \
	X(T, INT,   key,         F_INTERNAL, 0, INT64_MAX, none, "of the record of the first mail") \
	X(T, INT,   last_key,    F_INTERNAL, 0, INT64_MAX, none, "of the newest mail that was looked at") \
	X(T, TIME,  looked_at,   F_INTERNAL, 0, 0, none, "when its mails were looked for last") \
	X(T, INT,   rev,         F_INTERNAL, 0, INT64_MAX, none, "how often it was written")
FIELDS_DECLARE(phish_report, PHISH_REPORT);

/* What a job is to look at (store/jobs.h). */
#define REPORT_LEAD(X, T) \
	X(T, INT,  key,   F_REQUIRED, 0, INT64_MAX, none, "of the mail's record") \
	X(T, ENUM, cause, F_REQUIRED, 0, 0, report_cause, "what is to be reported of it")
FIELDS_DECLARE(report_lead, REPORT_LEAD);
/* clang-format on */

/* Mail of these is told of: what is unwanted only is not. */
#define REPORT_FROM DISP_SPOOF

#endif
