/* Content policies: blocked content of subject and text. */
#ifndef MODEL_CONTENT_POLICY_H
#define MODEL_CONTENT_POLICY_H

#include "base/field.h"
#include "model/enums.h"

/* clang-format off */
#define CONTENT_POLICY(X, T) \
	X(T, ID,    id,          F_READONLY, 0, 0, none, "assigned by the store") \
	X(T, STR,   name,        F_REQUIRED | F_SEARCH, 1, 1024, none, "for people; unique") \
	X(T, STR,   pattern,     F_REQUIRED | F_SEARCH, 1, 1024, none, "regular expression, searched without regard to case") \
	X(T, ENUMS, targets,     F_REQUIRED, 1, 2, content_target, "where it is searched") \
	X(T, BOOL,  enabled,     F_REQUIRED, 0, 0, none, "a mail it is found in is MALICIOUS") \
	X(T, STR,   notes,       F_NULL | F_SEARCH, 0, 1024, none, "free text") \
	X(T, INT,   code_bytes,  F_INTERNAL, 0, INT64_MAX, none, "of the pattern once compiled, for each target") \
	X(T, TIME,  created_at,  F_READONLY, 0, 0, none, "when it was made") \
	X(T, TIME,  modified_at, F_READONLY, 0, 0, none, "when it last changed")
FIELDS_DECLARE(content_policy, CONTENT_POLICY);
/* clang-format on */

#endif
