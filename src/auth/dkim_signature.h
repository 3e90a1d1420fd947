/* One DKIM-Signature field taken apart and checked for sense (RFC 6376 §3.5, §6.1.1). Asks nothing. */
#ifndef AUTH_DKIM_SIGNATURE_H
#define AUTH_DKIM_SIGNATURE_H

#include "auth/dkim_canon.h"

#define DKIM_FIELDS_MAX 512 /* names in h=; each costs a walk over the header */

enum dkim_algorithm { DKIM_RSA_SHA256, DKIM_ED25519_SHA256, DKIM_RSA_SHA1 };

/* Slices point into the field or the arena. */
struct dkim_signature {
	enum dkim_algorithm algorithm;
	enum dkim_canon header_canon, body_canon;
	struct str algorithm_text, domain, selector, identity;
	bool identity_below;             /* i= is of a subdomain */
	struct strs fields;              /* h= */
	struct str body_hash, signature; /* bh= and b=, decoded */
	struct str b;                    /* the text of b= that is left out when the field itself is hashed */
	bool has_length;
	uint64_t length;     /* l= */
	int64_t expires_s;   /* x=; INT64_MAX = never */
	struct str key_name; /* selector._domainkey.domain, A-labels, lower case */
};

/*
 * value: of the field, folding and all. ERR_SYNTAX or ERR_LIMIT: eb says what is wrong, and what could be
 * read of algorithm_text, domain, selector and identity is set.
 */
MUST_CHECK enum err dkim_signature_parse(struct arena *a, struct str value, struct dkim_signature *out,
					 struct errbuf *eb);

#endif
