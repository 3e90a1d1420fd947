/*
 * Digests and keyed hashes. Cryptography is OpenSSL's; the short keyed hash (SipHash-2-4, by its published
 * description) is ours because a sealed worker calls it per token.
 */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stdint.h>

#include "base/str.h"

#define SHA256_BYTES 32

struct sha256 {
	unsigned char b[SHA256_BYTES];
};

struct sha256 hash_sha256(struct str s);
/* HMAC-SHA-256 (RFC 2104). */
struct sha256 hash_hmac(struct str key, struct str s);

/* Lower-case hexadecimal text in the arena. */
struct str hash_hex(struct arena *a, struct str bytes);
struct str hash_md5_hex(struct arena *a, struct str s);
struct str hash_sha1_hex(struct arena *a, struct str s);
struct str hash_sha256_hex(struct arena *a, struct str s);
/* Bytes of a hexadecimal text of even length; ERR_SYNTAX otherwise. */
MUST_CHECK enum err hash_unhex(struct arena *a, struct str hex, struct str *out);

/* Many slices, one digest: init, add…, end. end also frees. copy: goes on from here on its own. */
struct hash_sum;
struct hash_sum *hash_sum_new(void);
void hash_sum_add(struct hash_sum *h, struct str s);
struct hash_sum *hash_sum_copy(const struct hash_sum *h);
struct sha256 hash_sum_end(struct hash_sum **h);

/* SipHash-2-4 with a 16-byte key. */
uint64_t hash_sip(const unsigned char key[16], struct str s);

/* Equal without telling by time where they differ; lengths are not secret. */
bool hash_same(struct str a, struct str b);

#endif
