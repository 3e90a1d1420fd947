/*
 * What the scan of an account's mail looks for beyond what it always does, which detectors count, and where the levels
 * of the verdict lie. Of each account one, which is there from the beginning: what was never set is as in
 * detection_settings_default. Ours, not part of the vendor's API; under /accounts/{account_id}/postern/detection_settings.
 */
#ifndef MODEL_DETECTION_SETTINGS_H
#define MODEL_DETECTION_SETTINGS_H

#include "base/field.h"
#include "model/detector.h"

/* What a mail is that an additional detection finds. */
#define ADDED_DETECTIONS(X)               \
	X(ADDED_OFF, "OFF")               \
	X(ADDED_SUSPICIOUS, "SUSPICIOUS") \
	X(ADDED_MALICIOUS, "MALICIOUS")
ENUM_DECLARE(added_detection, ADDED_DETECTIONS);

/* clang-format off */
#define DETECTION_SETTINGS(X, T) \
	X(T, ID,    id,                         F_INTERNAL, 0, 0, none, "assigned by the store") \
	X(T, INT,   malicious_domain_age,       F_OPTIONAL, 0, 100, none, "mail of a sender whose domain is younger than so many days is MALICIOUS; 0 = off. An age that is not known is none") \
	X(T, INT,   suspicious_domain_age,      F_OPTIONAL, 0, 100, none, "the same for SUSPICIOUS, for domains that are not young enough to be MALICIOUS") \
	X(T, BOOL,  first_seen_is_age,          F_OPTIONAL, 0, 0, none, "a domain is as old as the account's memory of it: that of a sender never heard of is of today") \
	X(T, ENUM,  blank_email,                F_OPTIONAL, 0, 0, added_detection, "mail without text, picture and attachment") \
	X(T, ENUM,  ach_change_free_mail,       F_OPTIONAL, 0, 0, added_detection, "a request about payroll or direct deposit from a free mailbox") \
	X(T, ENUM,  html_attachment,            F_OPTIONAL, 0, 0, added_detection, "an attached web page, whatever is in it") \
	X(T, BOOL,  managed_acceptable_senders, F_OPTIONAL, 0, 0, none, "well-known senders of bulk and transactional mail are acceptable senders where they are proved") \
	X(T, ENUMS, disabled_detectors,         F_OPTIONAL, 0, DETECTOR_COUNT, detector, "what these find does not count; it is told all the same") \
	X(T, DOUBLE, malicious_threshold,       F_OPTIONAL, 25, 1000, none, "weight of findings from which a mail is MALICIOUS: more = fewer mails. What decides alone, and what the account decided, does so whatever these are") \
	X(T, DOUBLE, suspicious_threshold,      F_OPTIONAL, 25, 1000, none, "the same for SUSPICIOUS") \
	X(T, DOUBLE, spoof_threshold,           F_OPTIONAL, 25, 1000, none, "the same for SPOOF") \
	X(T, DOUBLE, spam_threshold,            F_OPTIONAL, 25, 1000, none, "the same for SPAM") \
	X(T, DOUBLE, bulk_threshold,            F_OPTIONAL, 25, 1000, none, "the same for BULK") \
	X(T, TIME,  created_at,                 F_INTERNAL, 0, 0, none, "when they were first set") \
	X(T, TIME,  modified_at,                F_READONLY | F_NULL, 0, 0, none, "when they last changed; null: they never did")
FIELDS_DECLARE(detection_settings, DETECTION_SETTINGS);
/* clang-format on */

/* Of an account that set none. */
extern const struct detection_settings detection_settings_default;

/* What is not set becomes what it is by default: rows are older than fields. */
void detection_settings_complete(struct detection_settings *s);

/* suppressed_by of what a detector found that is switched off. */
#define DISABLED_DETECTOR "detection_settings.disabled_detectors"

/* Whether a detector (enum detector_id) is among those whose findings do not count. */
bool detection_settings_disables(const struct detection_settings *s, int id);

#endif
