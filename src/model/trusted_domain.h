/* Trusted domains: not taken for new or for lookalikes. No allow list, everything else still applies. */
#ifndef MODEL_TRUSTED_DOMAIN_H
#define MODEL_TRUSTED_DOMAIN_H

#include "base/field.h"

/* clang-format off */
#define TRUSTED_DOMAIN(X, T) \
	X(T, ID,    id,            F_READONLY, 0, 0, none, "assigned by the store") \
	X(T, STR,   pattern,       F_REQUIRED | F_SEARCH, 1, 1024, none, "domain, or regular expression over the whole domain of the sender") \
	X(T, BOOL,  is_regex,      F_REQUIRED, 0, 0, none, "pattern is a regular expression") \
	X(T, BOOL,  is_recent,     F_REQUIRED, 0, 0, none, "not SUSPICIOUS or MALICIOUS for being new") \
	X(T, BOOL,  is_similarity, F_REQUIRED, 0, 0, none, "not SPOOF for looking like a protected domain") \
	X(T, STR,   comments,      F_NULL | F_SEARCH, 0, 1024, none, "free text") \
	X(T, INT,   code_bytes,    F_INTERNAL, 0, INT64_MAX, none, "of the pattern once compiled") \
	X(T, TIME,  created_at,    F_READONLY, 0, 0, none, "when it was made") \
	X(T, TIME,  modified_at,   F_READONLY, 0, 0, none, "when it last changed") \
	X(T, ALIAS, last_modified, F_READONLY, 0, 0, modified_at, "older name")
FIELDS_DECLARE(trusted_domain, TRUSTED_DOMAIN);
/* clang-format on */

#endif
