/* The keys that mail of a domain is signed with. */
#ifndef STORE_SIGNING_KEYS_H
#define STORE_SIGNING_KEYS_H

#include "model/signing_key.h"
#include "store/store.h"

/*
 * Of the enabled ones of this account and domain (A-labels, lower case) the newest of each algorithm, RSA first, with their
 * private halves open. ERR_LATER: they cannot be read now; ERR_DENIED: a private half is not what was kept.
 */
MUST_CHECK enum err signing_keys_of(struct store *st, struct arena *a, int64_t account, struct str domain,
				    struct signing_key_list *out);

#endif
