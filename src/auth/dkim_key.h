/* Key records and the public keys in them (RFC 6376 §3.6.1, RFC 8463 §4). */
#ifndef AUTH_DKIM_KEY_H
#define AUTH_DKIM_KEY_H

#include <openssl/evp.h>

#include "auth/dkim_signature.h"

#define DKIM_RSA_BITS_MIN 1024 /* RFC 8301 §3.2 */
#define DKIM_RSA_BITS_MAX 8192 /* larger ones cost milliseconds a signature; none are published */

struct dkim_key {
	bool ed25519;      /* k=ed25519; else rsa */
	struct str public; /* p=, decoded; points into the arena */
	bool testing;      /* t=y */
	bool strict;       /* t=s: i= must be of the very domain */
};

/* ERR_ABSENT: the key is revoked (empty p=). ERR_SYNTAX: no key for SHA-256 mail signatures; eb says why. */
MUST_CHECK enum err dkim_key_parse(struct arena *a, struct str txt, struct dkim_key *out, struct errbuf *eb);

/*
 * The key in OpenSSL's form, to be freed by the caller, and its size. Reads the bytes itself (RFC 8017 A.1.1,
 * RFC 5280 §4.1): OpenSSL's decoders cost more than the verification. ERR_SYNTAX: not a usable key of its
 * kind.
 */
MUST_CHECK enum err dkim_key_open(const struct dkim_key *key, EVP_PKEY **out, unsigned *bits_out);

#endif
