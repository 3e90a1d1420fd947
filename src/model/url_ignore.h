/* URL ignore patterns: links that are never rewritten. */
#ifndef MODEL_URL_IGNORE_H
#define MODEL_URL_IGNORE_H

#include "base/field.h"

/* clang-format off */
#define URL_IGNORE(X, T) \
	X(T, ID,    id,            F_READONLY, 0, 0, none, "assigned by the store") \
	X(T, STR,   pattern,       F_REQUIRED | F_SEARCH, 1, 1024, none, "regular expression over the whole URL") \
	X(T, STR,   comments,      F_NULL | F_SEARCH, 0, 1024, none, "free text") \
	X(T, INT,   code_bytes,    F_INTERNAL, 0, INT64_MAX, none, "of the pattern once compiled") \
	X(T, TIME,  created_at,    F_READONLY, 0, 0, none, "when it was made") \
	X(T, TIME,  modified_at,   F_READONLY, 0, 0, none, "when it last changed") \
	X(T, ALIAS, last_modified, F_READONLY, 0, 0, modified_at, "older name")
FIELDS_DECLARE(url_ignore, URL_IGNORE);
/* clang-format on */

#endif
