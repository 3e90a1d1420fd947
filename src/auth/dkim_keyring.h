/*
 * The keys that the signatures of one mail name: each name is asked once, each record read once, each key opened
 * once, however many signatures were made with it.
 */
#ifndef AUTH_DKIM_KEYRING_H
#define AUTH_DKIM_KEYRING_H

#include "auth/asks.h"
#include "auth/dkim_key.h"

struct dkim_ring_key {
	struct dkim_key key;
	EVP_PKEY *open; /* NULL until it was opened, or when it is damaged */
	unsigned bits;
	bool tried;
};

struct dkim_ring_name {
	struct str name;
	struct {
		struct dkim_ring_key *v;
		size_t n;
	} keys;         /* of all its records that are keys */
	bool silent;    /* DNS gave no answer */
	struct str why; /* there is no key: what is wrong */
};

/* Zero-initialise; end with dkim_keyring_free. */
struct dkim_keyring {
	struct {
		struct dkim_ring_name *v;
		size_t n;
	} names;
};

void dkim_keyring_free(struct dkim_keyring *ring);

/*
 * The key for an algorithm under that name: the first record that fits (RFC 6376 §3.6.2.2 leaves open what several
 * mean; a domain in transition publishes one of each kind). ERR_LATER: DNS gave no answer. ERR_ABSENT, ERR_SYNTAX:
 * there is none; *why_out says what is wrong. The key is open, or damaged where open is NULL.
 */
MUST_CHECK enum err dkim_keyring_get(struct arena *a, struct asker *q, struct dkim_keyring *ring,
				     struct str name, enum dkim_algorithm algorithm,
				     const struct dkim_ring_key **out, struct str *why_out);

#endif
