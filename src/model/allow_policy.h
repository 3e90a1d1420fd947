/* Allow policies. */
#ifndef MODEL_ALLOW_POLICY_H
#define MODEL_ALLOW_POLICY_H

#include "base/field.h"
#include "model/enums.h"

/* clang-format off */
#define ALLOW_POLICY(X, T) \
	X(T, ID,    id,                   F_READONLY, 0, 0, none, "assigned by the store") \
	X(T, STR,   pattern,              F_REQUIRED | F_SEARCH, 1, 1024, none, "address, domain, IP address or block, or regular expression") \
	X(T, ENUM,  pattern_type,         F_REQUIRED, 0, PATTERN_TYPES_SET, pattern_type, "how pattern is compared") \
	X(T, BOOL,  is_regex,             F_REQUIRED, 0, 0, none, "pattern is a regular expression over the whole value") \
	X(T, BOOL,  is_trusted_sender,    F_REQUIRED, 0, 0, none, "mail from it bypasses all detections and link following") \
	X(T, BOOL,  is_acceptable_sender, F_REQUIRED, 0, 0, none, "exempt from SPAM, SPOOF and BULK only") \
	X(T, BOOL,  is_exempt_recipient,  F_REQUIRED, 0, 0, none, "mail to this address, or to what an expression over addresses or their domains matches, bypasses all detections") \
	X(T, BOOL,  verify_sender,        F_REQUIRED, 0, 0, none, "counts only for an authenticated sender") \
	X(T, STR,   comments,             F_NULL | F_SEARCH, 0, 1024, none, "free text") \
	X(T, ALIAS, is_recipient,         F_OPTIONAL, 0, 0, is_exempt_recipient, "older name") \
	X(T, ALIAS, is_sender,            F_OPTIONAL, 0, 0, is_trusted_sender, "older name") \
	X(T, ALIAS, is_spoof,             F_OPTIONAL, 0, 0, is_acceptable_sender, "older name") \
	X(T, INT,   code_bytes,           F_INTERNAL, 0, INT64_MAX, none, "of the pattern once compiled") \
	X(T, TIME,  created_at,           F_READONLY, 0, 0, none, "when it was made") \
	X(T, TIME,  modified_at,          F_READONLY, 0, 0, none, "when it last changed") \
	X(T, ALIAS, last_modified,        F_READONLY, 0, 0, modified_at, "older name")
FIELDS_DECLARE(allow_policy, ALLOW_POLICY);
/* clang-format on */

#endif
