/*
 * Signing keys: what mail that is passed on is sealed with (ARC), and mail of one's own that was changed is signed with
 * (DKIM). Ours, not part of the vendor's API; under /accounts/{account_id}/postern/signing_keys. A domain without one is
 * neither sealed nor signed for.
 *
 * The private half is made by the server or given, encrypted in the store, and never shown.
 */
#ifndef MODEL_SIGNING_KEY_H
#define MODEL_SIGNING_KEY_H

#include "base/field.h"
#include "model/enums.h"

#define SIGNING_KEYS_MAX 1000 /* of an account */

#define SIGNING_ALGORITHMS(X)        \
	X(SIGNING_RSA, "rsa-sha256") \
	X(SIGNING_ED25519, "ed25519-sha256")
ENUM_DECLARE(signing_algorithm, SIGNING_ALGORITHMS);

/* clang-format off */
#define SIGNING_KEY(X, T) \
	X(T, ID,    id,           F_READONLY, 0, 0, none, "assigned by the store") \
	X(T, STR,   domain,       F_REQUIRED | F_FIXED | F_SEARCH, 1, 255, none, "that signs: the recipients' for seals, that of From for signatures") \
	X(T, STR,   selector,     F_OPTIONAL | F_FIXED, 1, 63, none, "under which the public half is published; made where none is given") \
	X(T, ENUM,  algorithm,    F_OPTIONAL | F_FIXED, 0, 0, signing_algorithm, "rsa-sha256 where none is given") \
	X(T, BOOL,  enabled,      F_OPTIONAL, 0, 0, none, "it signs: to be set when the record is published; false where it is not given") \
	X(T, BOOL,  sign_changed, F_OPTIONAL, 0, 0, none, "proved mail of this domain gets a DKIM-Signature, too, where we changed its body") \
	X(T, STR,   private_key,  F_NULL | F_WRITEONLY, 1, 8000, none, "PEM without password, to go on with a key that there is; made where none is given; never shown") \
	X(T, STR,   record_name,  F_READONLY, 0, 400, none, "name of the TXT record to publish") \
	X(T, STR,   record_value, F_READONLY, 0, 1000, none, "its text") \
	X(T, TIME,  created_at,   F_READONLY, 0, 0, none, "when it was made") \
	X(T, TIME,  modified_at,  F_READONLY, 0, 0, none, "when it last changed")
FIELDS_DECLARE(signing_key, SIGNING_KEY);
/* clang-format on */

#endif
