/* The impersonation registry: people whose names are likely to be borrowed. */
#ifndef MODEL_IMPERSONATION_H
#define MODEL_IMPERSONATION_H

#include "base/field.h"
#include "model/enums.h"

/* clang-format off */
#define IMPERSONATION(X, T) \
	X(T, ID,    id,                         F_READONLY, 0, 0, none, "assigned by the store") \
	X(T, STR,   name,                       F_REQUIRED | F_SEARCH, 1, 1024, none, "display name to protect") \
	X(T, STR,   email,                      F_REQUIRED | F_SEARCH, 1, 1024, none, "address, addresses with commas between, or regular expression") \
	X(T, BOOL,  is_email_regex,             F_REQUIRED, 0, 0, none, "email is a regular expression over the whole address") \
	X(T, STR,   comments,                   F_NULL | F_SEARCH, 0, 1024, none, "free text") \
	X(T, INT,   directory_id,               F_NULL, 0, INT64_MAX, none, "directory it was synchronised from") \
	X(T, INT,   directory_node_id,          F_NULL, 0, INT64_MAX, none, "its entry there") \
	X(T, STR,   external_directory_node_id, F_NULL, 0, 1024, none, "the entry as the directory names it") \
	X(T, ENUM,  provenance,                 F_NULL | F_KEEP_NULL, 0, 0, provenance, "A1S_INTERNAL = entered here; others are kept by a directory") \
	X(T, INT,   code_bytes,                 F_INTERNAL, 0, INT64_MAX, none, "of the expression once compiled") \
	X(T, TIME,  created_at,                 F_READONLY, 0, 0, none, "when it was made") \
	X(T, TIME,  modified_at,                F_READONLY, 0, 0, none, "when it last changed") \
	X(T, ALIAS, last_modified,              F_READONLY, 0, 0, modified_at, "older name")
FIELDS_DECLARE(impersonation, IMPERSONATION);
/* clang-format on */

#endif
