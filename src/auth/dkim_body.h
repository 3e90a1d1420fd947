/*
 * Hashes of the body of one mail (RFC 6376 §3.7). Each canonical form is made once for all signatures that were
 * announced before, whatever lengths they name (l=): a mail that carries dozens of them costs no more than one.
 */
#ifndef AUTH_DKIM_BODY_H
#define AUTH_DKIM_BODY_H

#include "auth/dkim_signature.h"
#include "base/hash.h"

struct dkim_body_hash {
	enum dkim_canon canon;
	uint64_t length; /* wanted: l=, or UINT64_MAX for all */
	uint64_t
	    covered;    /* bytes of the canonical body under it; less than length where the body is shorter */
	uint64_t total; /* of the canonical body */
	struct sha256 digest;
	bool done;
};

/* Zero-initialise and set body. */
struct dkim_bodies {
	struct str body;
	struct {
		struct dkim_body_hash *v;
		size_t n;
	} hashes; /* of one form, the shorter first */
};

/* Announces that the hash for this signature will be wanted. */
void dkim_body_want(struct arena *a, struct dkim_bodies *b, const struct dkim_signature *s);

/* The hash. Valid until the next announcement. */
const struct dkim_body_hash *dkim_body_hash(struct arena *a, struct dkim_bodies *b,
					    const struct dkim_signature *s);

#endif
