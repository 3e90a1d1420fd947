/* Signs mail for tests: our own keys, any combination of algorithm, canonical form and body length. */
#ifndef TESTS_AUTH_SIGNER_H
#define TESTS_AUTH_SIGNER_H

#include <openssl/evp.h>

#include "auth/dkim_canon.h"
#include "base/arena.h"

struct signing {
	const char *algorithm; /* a= */
	EVP_PKEY *key;
	enum dkim_canon header, body;
	const char *fields; /* h= */
	const char *more;   /* further tags, such as "l=10; " */
	size_t length;      /* bytes of the canonical body under bh=; SIZE_MAX = all */
};

/* EVP key of a kind: RSA of so many bits, or Ed25519 for 0. To be freed. */
EVP_PKEY *signer_key(unsigned rsa_bits);
/* The TXT record publishing it, with more tags before p=. */
struct str signer_record(struct arena *a, EVP_PKEY *key, const char *more);
/* The message with a DKIM-Signature of d=signer.test, s=sel put in front. */
struct str signer_sign(struct arena *a, struct str message, const struct signing *how);
/*
 * The message with an ARC set of that instance and cv= put in front, sealed over those it has. At most 256
 * fields in all, as for signing.
 */
struct str signer_seal(struct arena *a, struct str message, const struct signing *how, unsigned instance,
		       const char *cv);
/* The same with such results. */
struct str signer_seal_with(struct arena *a, struct str message, const struct signing *how, unsigned instance,
			    const char *cv, struct str results);

#endif
