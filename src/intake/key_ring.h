/*
 * Private keys in OpenSSL's form, each read once: that takes as long as a third of a signature of RSA, and of Ed25519 many times
 * as long. What a key is follows from its id for ever (model/signing_key.h); whether it is used is asked of the store for each
 * mail.
 */
#ifndef INTAKE_KEY_RING_H
#define INTAKE_KEY_RING_H

#include <openssl/evp.h>

#include "base/str.h"

#define KEY_RING_KEYS 128 /* kept; beyond that the one that came first goes */

struct key_ring;

struct key_ring *key_ring_new(void);
void key_ring_free(struct key_ring **ring);
/* To be freed by the caller; NULL: the PEM is no key to sign with. uuid: of 36 characters. Thread: any. */
EVP_PKEY *key_ring_take(struct key_ring *ring, const char *uuid, struct str pem);

#endif
