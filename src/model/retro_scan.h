/*
 * Retro scans: mail that lies in mailboxes already is judged and reported, and left where it is. Ours; under
 * /accounts/{account_id}/postern/retro_scans.
 */
#ifndef MODEL_RETRO_SCAN_H
#define MODEL_RETRO_SCAN_H

#include "base/field.h"
#include "model/enums.h"

#define RETRO_DAYS_MAX 3650
#define RETRO_MAILBOXES 1000 /* that are named */
#define RETRO_MAX 200 /* of an account, each with up to a megabyte: a page of them all is held in memory */
#define RETRO_OPEN_MAX 10 /* of these, that have not ended */
#define RETRO_TOP 20      /* values of each list of a report */

#define RETRO_STATES(X)                                                    \
	X(RETRO_PENDING, "PENDING")                                        \
	X(RETRO_DISCOVERING, "DISCOVERING") /* mailboxes are looked for */ \
	X(RETRO_PROCESSING, "PROCESSING")                                  \
	X(RETRO_COMPLETED, "COMPLETED")                                    \
	X(RETRO_FAILED, "FAILED") /* nothing could be scanned */           \
	X(RETRO_CANCELLED, "CANCELLED")
ENUM_DECLARE(retro_state, RETRO_STATES);

static inline bool retro_has_ended(int state)
{
	return state >= RETRO_COMPLETED;
}

/* clang-format off */
#define RETRO_COUNT(X, T) \
	X(T, STR, value, F_READONLY, 0, 1024, none, "what is counted") \
	X(T, INT, count, F_READONLY, 0, INT64_MAX, none, "messages")
FIELDS_DECLARE(retro_count, RETRO_COUNT);

#define RETRO_SCAN(X, T) \
	X(T, STR,  id,                 F_READONLY, 0, 36, none, "assigned by the store") \
	X(T, STR,  integration_id,     F_NULL | F_UUID, 36, 36, none, "whose mailboxes are scanned; or domain") \
	X(T, STR,  domain,             F_NULL, 1, 253, none, "a protected domain, whose mailboxes are scanned by its integration") \
	X(T, INT,  days,               F_REQUIRED, 1, RETRO_DAYS_MAX, none, "how far back") \
	X(T, ENUM, folder,             F_OPTIONAL, 0, 0, scan_folder, "what of the mailboxes is scanned; AllItems where nothing is given") \
	X(T, STRS, mailboxes,          F_OPTIONAL, 0, RETRO_MAILBOXES, none, "only these addresses; without them all") \
	X(T, ENUM, state,              F_READONLY, 0, 0, retro_state, "how it stands") \
	X(T, STR,  status,             F_READONLY | F_NULL, 0, 600, none, "for people, where there is more to say") \
	X(T, INT,  mailboxes_total,    F_READONLY, 0, INT64_MAX, none, "that are scanned") \
	X(T, INT,  mailboxes_done,     F_READONLY, 0, INT64_MAX, none, "of them those that were read to their end") \
	X(T, INT,  mailboxes_failed,   F_READONLY, 0, INT64_MAX, none, "of them those that were given up") \
	X(T, INT,  messages_seen,      F_READONLY, 0, INT64_MAX, none, "found in mailboxes; one in two of them is seen twice") \
	X(T, INT,  messages_failed,    F_READONLY, 0, INT64_MAX, none, "of them those that could not be read") \
	X(T, INT,  messages_scanned,   F_READONLY, 0, INT64_MAX, none, "different ones, with a verdict") \
	X(T, OBJS, dispositions,       F_READONLY, 0, 20, retro_count, "how many of each verdict") \
	X(T, STR,  requested_by,       F_READONLY | F_NULL, 0, 320, none, "who asked for it") \
	X(T, TIME, since,              F_READONLY, 0, 0, none, "mail received before is left out") \
	X(T, TIME, created_at,         F_READONLY, 0, 0, none, "when it was asked for") \
	X(T, TIME, completed_at,       F_READONLY | F_NULL, 0, 0, none, "when it ended")
FIELDS_DECLARE(retro_scan, RETRO_SCAN);

#define RETRO_REPORT(X, T) \
	X(T, OBJ,  scan,              F_READONLY, 0, 0, retro_scan, "what was scanned, and how far that has come") \
	X(T, OBJS, dispositions,      F_READONLY, 0, 20, retro_count, "messages by verdict") \
	X(T, OBJS, threat_categories, F_READONLY, 0, RETRO_TOP, retro_count, "of messages with a detection, the most frequent") \
	X(T, OBJS, targets,           F_READONLY, 0, RETRO_TOP, retro_count, "mailboxes that most of them lay in") \
	X(T, OBJS, sender_domains,    F_READONLY, 0, RETRO_TOP, retro_count, "domains of From that most of them came from") \
	X(T, OBJS, origins,           F_READONLY, 0, RETRO_TOP, retro_count, "countries, else hosts, that most of them came from") \
	X(T, INT,  detections,        F_READONLY, 0, INT64_MAX, none, "messages with one")
FIELDS_DECLARE(retro_report, RETRO_REPORT);
/* clang-format on */

#endif
