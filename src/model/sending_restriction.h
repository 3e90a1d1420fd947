/* Sending domain restrictions: partners whose mail is taken over TLS only. */
#ifndef MODEL_SENDING_RESTRICTION_H
#define MODEL_SENDING_RESTRICTION_H

#include "base/field.h"

/* clang-format off */
#define SENDING_RESTRICTION(X, T) \
	X(T, ID,    id,            F_READONLY, 0, 0, none, "assigned by the store") \
	X(T, STR,   domain,        F_REQUIRED | F_SEARCH, 1, 253, none, "mail from it and its subdomains is refused without TLS") \
	X(T, STRS,  exclude,       F_REQUIRED, 0, 100, none, "subdomains that are let off") \
	X(T, STR,   comments,      F_NULL | F_SEARCH, 0, 1024, none, "free text") \
	X(T, TIME,  created_at,    F_READONLY, 0, 0, none, "when it was made") \
	X(T, TIME,  modified_at,   F_READONLY, 0, 0, none, "when it last changed") \
	X(T, ALIAS, last_modified, F_READONLY, 0, 0, modified_at, "older name")
FIELDS_DECLARE(sending_restriction, SENDING_RESTRICTION);
/* clang-format on */

#endif
