/*
 * The private keys that mail is signed with: making them, reading them as PEM, and the TXT record of their public half
 * (RFC 6376 §3.6.1, RFC 8463 §4).
 */
#ifndef AUTH_SIGN_KEY_H
#define AUTH_SIGN_KEY_H

#include <openssl/evp.h>

#include "base/str.h"

struct arena;

#define SIGN_RSA_BITS 2048 /* of those we make: what every verifier takes, and every DNS server publishes */
#define SIGN_RSA_BITS_MIN 1024 /* of those we are given (RFC 8301 §3.2) */
#define SIGN_RSA_BITS_MAX 4096 /* a signature takes eight times as long as with one of ours */

/* A new key, to be freed by the caller; never fails, or the process ends. RSA takes some 100 ms. */
EVP_PKEY *sign_key_make(bool ed25519);
/* Its PEM (PKCS #8), in the arena. */
struct str sign_key_pem(struct arena *a, EVP_PKEY *key);
/* The key of a PEM without a password, to be freed by the caller; NULL: it is none, or of another kind or size. */
EVP_PKEY *sign_key_read(struct str pem);
bool sign_key_is_ed25519(EVP_PKEY *key);
/* "v=DKIM1; k=rsa; p=..." */
struct str sign_key_record(struct arena *a, EVP_PKEY *key);

#endif
