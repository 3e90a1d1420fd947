/*
 * One signature field taken apart and checked for sense: DKIM-Signature (RFC 6376 §3.5, §6.1.1), and the two fields of
 * ARC that are made of the same tags (RFC 8617 §4.1.2, §4.1.3). Asks nothing.
 */
#ifndef AUTH_DKIM_SIGNATURE_H
#define AUTH_DKIM_SIGNATURE_H

#include "auth/dkim_canon.h"

#define DKIM_FIELDS_MAX 512 /* names in h=; each costs a search in the header */
#define ARC_INSTANCE_MAX 50 /* RFC 8617 §4.2.1 */

enum dkim_kind { DKIM_SIGNATURE, ARC_MESSAGE_SIGNATURE, ARC_SEAL };

enum dkim_algorithm { DKIM_RSA_SHA256, DKIM_ED25519_SHA256, DKIM_RSA_SHA1 };

/* Slices point into the field or the arena. */
struct dkim_signature {
	enum dkim_algorithm algorithm;
	enum dkim_canon header_canon, body_canon;
	struct str algorithm_text, domain, selector;
	struct str identity;             /* i= of DKIM-Signature, or @d where it is absent */
	bool identity_below;             /* i= is of a subdomain */
	unsigned instance;               /* i= of ARC, 1..ARC_INSTANCE_MAX */
	struct str chain;                /* cv= of ARC-Seal, as written */
	struct strs fields;              /* h=; none in ARC-Seal */
	struct str body_hash, signature; /* bh= and b=, decoded; no body hash in ARC-Seal */
	struct str b;                    /* the text of b= that is left out when the field itself is hashed */
	bool has_length;
	uint64_t length;     /* l=; what is longer than a number holds is UINT64_MAX */
	int64_t expires_s;   /* x=; INT64_MAX = never */
	struct str key_name; /* selector._domainkey.domain, A-labels, lower case */
};

/*
 * value: of the field, folding and all. ERR_SYNTAX or ERR_LIMIT: eb says what is wrong, and what could be
 * read of algorithm_text, domain, selector, identity and instance is set.
 */
MUST_CHECK enum err dkim_signature_parse(struct arena *a, enum dkim_kind kind, struct str value,
					 struct dkim_signature *out, struct errbuf *eb);

#endif
