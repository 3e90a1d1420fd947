/* Blocked senders. */
#ifndef MODEL_BLOCK_SENDER_H
#define MODEL_BLOCK_SENDER_H

#include "base/field.h"
#include "model/enums.h"

/* clang-format off */
#define BLOCK_SENDER(X, T) \
	X(T, ID,    id,            F_READONLY, 0, 0, none, "assigned by the store") \
	X(T, STR,   pattern,       F_REQUIRED | F_SEARCH, 1, 1024, none, "address, domain, IP address or block, or regular expression") \
	X(T, ENUM,  pattern_type,  F_REQUIRED, 0, PATTERN_TYPES_SET, pattern_type, "how pattern is compared") \
	X(T, BOOL,  is_regex,      F_REQUIRED, 0, 0, none, "pattern is a regular expression over the whole value") \
	X(T, STR,   comments,      F_NULL | F_SEARCH, 0, 1024, none, "free text") \
	X(T, INT,   code_bytes,    F_INTERNAL, 0, INT64_MAX, none, "of the pattern once compiled") \
	X(T, TIME,  created_at,    F_READONLY, 0, 0, none, "when it was made") \
	X(T, TIME,  modified_at,   F_READONLY, 0, 0, none, "when it last changed") \
	X(T, ALIAS, last_modified, F_READONLY, 0, 0, modified_at, "older name")
FIELDS_DECLARE(block_sender, BLOCK_SENDER);
/* clang-format on */

#endif
