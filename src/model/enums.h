/* The enumerations of the API, each value with its text on the wire and in the store. */
#ifndef MODEL_ENUMS_H
#define MODEL_ENUMS_H

#include "base/enumtab.h"

/* Ordered from harmless to worst, so that the worst of several is the greatest. */
#define DISPOSITIONS(X)                  \
	X(DISP_NONE, "NONE")             \
	X(DISP_EXTERNAL, "EXTERNAL")     \
	X(DISP_ENCRYPTED, "ENCRYPTED")   \
	X(DISP_UNKNOWN, "UNKNOWN")       \
	X(DISP_BULK, "BULK")             \
	X(DISP_SPAM, "SPAM")             \
	X(DISP_SPOOF, "SPOOF")           \
	X(DISP_SUSPICIOUS, "SUSPICIOUS") \
	X(DISP_MALICIOUS, "MALICIOUS")   \
	X(DISP_BEC, "MALICIOUS-BEC")
ENUM_DECLARE(disposition, DISPOSITIONS);

#define PATTERN_TYPES(X)            \
	X(PATTERN_EMAIL, "EMAIL")   \
	X(PATTERN_DOMAIN, "DOMAIN") \
	X(PATTERN_IP, "IP")         \
	X(PATTERN_UNKNOWN, "UNKNOWN")
ENUM_DECLARE(pattern_type, PATTERN_TYPES);
#define PATTERN_TYPES_SET 3 /* the first three are what a policy may be set to */

#define DELIVERY_MODES(X)                                 \
	X(MODE_DIRECT, "DIRECT")                          \
	X(MODE_BCC, "BCC")                                \
	X(MODE_JOURNAL, "JOURNAL")                        \
	X(MODE_API, "API")                                \
	X(MODE_RETRO_SCAN, "RETRO_SCAN")                  \
	X(MODE_REVIEW_SUBMISSION, "REVIEW_SUBMISSION")    \
	X(MODE_DMARC_UNVERIFIED, "DMARC_UNVERIFIED")      \
	X(MODE_DMARC_FAILURE, "DMARC_FAILURE_REPORT")     \
	X(MODE_DMARC_AGGREGATE, "DMARC_AGGREGATE_REPORT") \
	X(MODE_THREAT_INTEL, "THREAT_INTEL_SUBMISSION")   \
	X(MODE_SIMULATION, "SIMULATION_SUBMISSION")
ENUM_DECLARE(delivery_mode, DELIVERY_MODES);
/* The first five of them, which a domain may be set to. */
extern const struct enumtab domain_delivery_mode_names;

#define DELIVERY_STATUSES(X)                   \
	X(DELIVERY_DELIVERED, "delivered")     \
	X(DELIVERY_MOVED, "moved")             \
	X(DELIVERY_QUARANTINED, "quarantined") \
	X(DELIVERY_REJECTED, "rejected")       \
	X(DELIVERY_DEFERRED, "deferred")       \
	X(DELIVERY_BOUNCED, "bounced")         \
	X(DELIVERY_QUEUED, "queued")           \
	X(DELIVERY_MOVE_FAILED, "move_failed")
ENUM_DECLARE(delivery_status, DELIVERY_STATUSES);

#define AUTH_RESULTS(X)            \
	X(AUTH_NONE, "none")       \
	X(AUTH_PASS, "pass")       \
	X(AUTH_NEUTRAL, "neutral") \
	X(AUTH_FAIL, "fail")       \
	X(AUTH_ERROR, "error")
ENUM_DECLARE(auth_result, AUTH_RESULTS);

#define ALLOWLIST_TYPES(X)                                    \
	X(ALLOWLIST_QUARANTINE_RELEASE, "quarantine_release") \
	X(ALLOWLIST_ACCEPTABLE_SENDER, "acceptable_sender")   \
	X(ALLOWLIST_ALLOWED_SENDER, "allowed_sender")         \
	X(ALLOWLIST_ALLOWED_RECIPIENT, "allowed_recipient")   \
	X(ALLOWLIST_DOMAIN_SIMILARITY, "domain_similarity")   \
	X(ALLOWLIST_DOMAIN_RECENCY, "domain_recency")         \
	X(ALLOWLIST_MANAGED, "managed_acceptable_sender")     \
	X(ALLOWLIST_OUTBOUND_NDR, "outbound_ndr")
ENUM_DECLARE(allowlist_type, ALLOWLIST_TYPES);

#define POST_DELIVERY_OPS(X)                           \
	X(OP_PREVIEW, "PREVIEW")                       \
	X(OP_QUARANTINE_RELEASE, "QUARANTINE_RELEASE") \
	X(OP_SUBMISSION, "SUBMISSION")                 \
	X(OP_MOVE, "MOVE")
ENUM_DECLARE(post_delivery_op, POST_DELIVERY_OPS);

#define LOG_OPERATIONS(X)                                 \
	X(LOGOP_MOVE, "MOVE")                             \
	X(LOGOP_RELEASE, "RELEASE")                       \
	X(LOGOP_RECLASSIFY, "RECLASSIFY")                 \
	X(LOGOP_SUBMISSION, "SUBMISSION")                 \
	X(LOGOP_QUARANTINE_RELEASE, "QUARANTINE_RELEASE") \
	X(LOGOP_PREVIEW, "PREVIEW")
ENUM_DECLARE(log_operation, LOG_OPERATIONS);
/* The log has more names for what was done than messages are found by. */
enum post_delivery_op post_delivery_op_of(enum log_operation op);

#define SCAN_FOLDERS(X)                 \
	X(FOLDER_ALL_ITEMS, "AllItems") \
	X(FOLDER_INBOX, "Inbox")
ENUM_DECLARE(scan_folder, SCAN_FOLDERS);

/* Folders of a mailbox that a message may be moved to. */
#define DESTINATIONS(X)                                       \
	X(DESTINATION_INBOX, "Inbox")                         \
	X(DESTINATION_JUNK, "JunkEmail")                      \
	X(DESTINATION_TRASH, "DeletedItems")                  \
	X(DESTINATION_DELETIONS, "RecoverableItemsDeletions") \
	X(DESTINATION_PURGES, "RecoverableItemsPurges")
ENUM_DECLARE(destination, DESTINATIONS);

#define REGIONS(X)                 \
	X(REGION_GLOBAL, "GLOBAL") \
	X(REGION_AU, "AU")         \
	X(REGION_DE, "DE")         \
	X(REGION_IN, "IN")         \
	X(REGION_US, "US")
ENUM_DECLARE(region, REGIONS);

#define INBOX_PROVIDERS(X)                 \
	X(PROVIDER_MICROSOFT, "Microsoft") \
	X(PROVIDER_GOOGLE, "Google")
ENUM_DECLARE(inbox_provider, INBOX_PROVIDERS);

#define DMARC_STATUSES(X)            \
	X(DMARC_STATUS_NONE, "none") \
	X(DMARC_STATUS_GOOD, "good") \
	X(DMARC_STATUS_INVALID, "invalid")
ENUM_DECLARE(dmarc_status, DMARC_STATUSES);

#define SPF_STATUSES(X)                  \
	X(SPF_STATUS_NONE, "none")       \
	X(SPF_STATUS_GOOD, "good")       \
	X(SPF_STATUS_NEUTRAL, "neutral") \
	X(SPF_STATUS_OPEN, "open")       \
	X(SPF_STATUS_INVALID, "invalid")
ENUM_DECLARE(spf_status, SPF_STATUSES);

#define DOMAIN_STATUSES(X)           \
	X(DOMAIN_PENDING, "PENDING") \
	X(DOMAIN_ACTIVE, "ACTIVE")   \
	X(DOMAIN_FAILED, "FAILED")   \
	X(DOMAIN_TIMEOUT, "TIMEOUT")
ENUM_DECLARE(domain_status, DOMAIN_STATUSES);

#define PROVENANCES(X)                                          \
	X(PROVENANCE_INTERNAL, "A1S_INTERNAL")                  \
	X(PROVENANCE_CASB_OFFICE_365, "SNOOPY-CASB_OFFICE_365") \
	X(PROVENANCE_OFFICE_365, "SNOOPY-OFFICE_365")           \
	X(PROVENANCE_GOOGLE_DIRECTORY, "SNOOPY-GOOGLE_DIRECTORY")
ENUM_DECLARE(provenance, PROVENANCES);

#define CONTENT_TARGETS(X)           \
	X(TARGET_SUBJECT, "SUBJECT") \
	X(TARGET_BODY, "BODY")
ENUM_DECLARE(content_target, CONTENT_TARGETS);

#define ID_FORMS(X)        \
	X(ID_UUID, "uuid") \
	X(ID_INTEGER, "integer")
ENUM_DECLARE(id_form, ID_FORMS);

#define SCOPES(X)               \
	X(SCOPE_READ, "read")   \
	X(SCOPE_WRITE, "write") \
	X(SCOPE_ADMIN, "admin")
ENUM_DECLARE(scope, SCOPES);

#endif
