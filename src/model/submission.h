/*
 * A submission: somebody says of a mail that it should be judged otherwise, or reports one. It keeps what was asked, what
 * the mail was judged as before and what came of it; the mail itself is a record of its own (store/submissions.h).
 */
#ifndef MODEL_SUBMISSION_H
#define MODEL_SUBMISSION_H

#include "base/field.h"
#include "model/enums.h"

/* Those of enum disposition that may be asked for. */
#define SUBMISSION_DISPOSITIONS(X)             \
	X(SUBMISSION_NONE, "NONE")             \
	X(SUBMISSION_BULK, "BULK")             \
	X(SUBMISSION_SPAM, "SPAM")             \
	X(SUBMISSION_SPOOF, "SPOOF")           \
	X(SUBMISSION_SUSPICIOUS, "SUSPICIOUS") \
	X(SUBMISSION_MALICIOUS, "MALICIOUS")
ENUM_DECLARE(submission_disposition, SUBMISSION_DISPOSITIONS);

#define SUBMISSION_TYPES(X) X(SUBMISSION_TEAM, "Team") X(SUBMISSION_USER, "User")
ENUM_DECLARE(submission_type, SUBMISSION_TYPES);

/* Whether a person has looked at it. */
#define CUSTOMER_STATUSES(X)                 \
	X(CUSTOMER_UNREVIEWED, "unreviewed") \
	X(CUSTOMER_REVIEWED, "reviewed")     \
	X(CUSTOMER_ESCALATED, "escalated")
ENUM_DECLARE(customer_status, CUSTOMER_STATUSES);

#define SUBMISSION_STATUSES(X)             \
	X(SUBMISSION_OPEN, "Submitted")    \
	X(SUBMISSION_ACCEPTED, "Accepted") \
	X(SUBMISSION_REJECTED, "Rejected") \
	X(SUBMISSION_INVALID, "Invalid")
ENUM_DECLARE(submission_status, SUBMISSION_STATUSES);

/* What came of it; those from the fourth on are why it is invalid. */
#define SUBMISSION_OUTCOMES(X)                                    \
	X(OUTCOME_CONFIRMED, "confirmed")                         \
	X(OUTCOME_UNCONFIRMED, "unconfirmed")                     \
	X(OUTCOME_NOT_ANALYSED, "not_analysed")                   \
	X(OUTCOME_NO_EML, "no_eml")                               \
	X(OUTCOME_WRONG_EXTENSION, "wrong_extension")             \
	X(OUTCOME_WRONG_ALIAS, "wrong_alias")                     \
	X(OUTCOME_DOMAIN_NOT_CONFIGURED, "domain_not_configured") \
	X(OUTCOME_TOO_LARGE, "too_large")                         \
	X(OUTCOME_UNREADABLE, "unreadable")
ENUM_DECLARE(submission_outcome, SUBMISSION_OUTCOMES);

/* Who asks. Only the team's word decides; a user's counts where the analysis says the same; a stranger's never. */
#define SUBMISSION_AUTHORITIES(X)         \
	X(AUTHORITY_STRANGER, "stranger") \
	X(AUTHORITY_USER, "user")         \
	X(AUTHORITY_TEAM, "team")
ENUM_DECLARE(submission_authority, SUBMISSION_AUTHORITIES);

/* clang-format off */
#define SUBMISSION(X, T) \
	X(T, STR,   submission_id,           F_READONLY, 0, 64, none, "queue id of the mail as it was submitted") \
	X(T, TIME,  requested_at,            F_READONLY, 0, 0, none, "when it was asked for") \
	X(T, ALIAS, requested_ts,            F_READONLY, 0, 0, requested_at, "older name") \
	X(T, STR,   requested_by,            F_READONLY | F_NULL, 0, 320, none, "address of who asked, or token:NAME") \
	X(T, ENUM,  type,                    F_READONLY | F_NULL, 0, 0, submission_type, "by those who look after mail, or by a user") \
	X(T, ENUM,  customer_status,         F_NULL, 0, 0, customer_status, "whether a person has looked at it") \
	X(T, ENUM,  original_disposition,    F_READONLY | F_NULL, 0, 0, submission_disposition, "what the mail was judged as when this was asked") \
	X(T, ENUM,  requested_disposition,   F_READONLY | F_NULL, 0, 0, submission_disposition, "what it is said to be") \
	X(T, ENUM,  outcome_disposition,     F_READONLY | F_NULL, 0, 0, submission_disposition, "what it turned out to be: what was confirmed, else what the analysis says") \
	X(T, ENUM,  outcome,                 F_READONLY | F_NULL, 0, 0, submission_outcome, "what came of it; null until it is analysed") \
	X(T, ENUM,  status,                  F_READONLY | F_NULL, 0, 0, submission_status, "where it stands") \
	X(T, STR,   subject,                 F_READONLY | F_NULL, 0, 4096, none, "of the mail") \
	X(T, STR,   original_postfix_id,     F_READONLY | F_NULL, 0, 64, none, "queue id of the mail it is about, where that was found") \
	X(T, STR,   original_edf_hash,       F_READONLY | F_NULL, 0, 128, none, "its fingerprint") \
	X(T, ENUM,  escalated_as,            F_NULL, 0, 0, submission_disposition, "what was asked for when it was escalated") \
	X(T, TIME,  escalated_at,            F_READONLY | F_NULL, 0, 0, none, "when") \
	X(T, STR,   escalated_by,            F_READONLY | F_NULL, 0, 320, none, "by whom") \
	X(T, STR,   escalated_submission_id, F_READONLY | F_NULL, 0, 64, none, "the user's submission that this one escalates, or the team's that it became") \
	X(T, INT,   key,                     F_INTERNAL, 0, INT64_MAX, none, "of its mail's record") \
	X(T, INT,   original_key,            F_NULL | F_INTERNAL, 0, INT64_MAX, none, "of the record it is about") \
	X(T, ENUM,  authority,               F_INTERNAL, 0, 0, submission_authority, "who asks") \
	X(T, ENUM,  machine_disposition,     F_NULL | F_INTERNAL, 0, 0, disposition, "what the analysis alone says") \
	X(T, STR,   who,                     F_NULL | F_INTERNAL, 0, 320, none, "who asks, as in the audit") \
	X(T, BOOL,  from_user,               F_INTERNAL, 0, 0, none, "it escalates a user's submission") \
	X(T, STR,   note,                    F_NULL | F_INTERNAL, 0, 400, none, "why it is not confirmed, or whose word it is not; and what could not be judged")
FIELDS_DECLARE(submission, SUBMISSION);

/* As our own operations show it. */
#define SUBMISSION_VIEW(X, T) \
	SUBMISSION(X, T) \
	X(T, STR,   outcome_reason,          F_READONLY | F_NULL, 0, 400, none, "why it is not confirmed")
FIELDS_DECLARE(submission_view, SUBMISSION_VIEW);
/* clang-format on */

struct submission_view submission_view_of(const struct submission *s);
struct submission submission_of_view(const struct submission_view *v);

/* The one that may be asked for, MALICIOUS for MALICIOUS-BEC; -1 = there is none. */
int submission_disposition_of(int disposition);
/* The other way round. */
enum disposition submission_disposition_meant(int of_submission);
/* It is kept for its reason alone: there is no mail to analyse. */
bool submission_is_invalid(const struct submission *s);

#endif
