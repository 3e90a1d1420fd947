/*
 * DKIM: who signed this mail, and does the signature hold? (RFC 6376, with RFC 8301 and RFC 8463)
 *
 * rsa-sha256 and ed25519-sha256 are verified. rsa-sha1 and RSA keys under 1024 bits are looked at, told of,
 * and never pass (RFC 8301 §3). What the verified domain is worth is not decided here.
 */
#ifndef AUTH_DKIM_H
#define AUTH_DKIM_H

#include "auth/dkim_mail.h"

/* One DKIM-Signature field. Slices point into the message, the arena or static text. */
struct dkim {
	/*
	 * policy: verifiable, but too weak to count. neutral: expired. permerror: no signature that can be
	 * verified (syntax, no key, key revoked). temperror: the key could not be fetched now.
	 */
	enum dkim_result result;
	struct str domain;    /* d=, as written; "" where the field is beyond reading */
	struct str selector;  /* s= */
	struct str identity;  /* i=, or @d where it is absent */
	struct str algorithm; /* a=, as written */
	struct str reason;    /* one sentence for people */
	struct str signature; /* b=, decoded; its text form starts header.b of RFC 6008 */
	struct strs fields;   /* h=, names as written */
	bool testing;         /* the key says t=y: the domain only tries DKIM out */
	bool partial_body;    /* l= left the end of the body unsigned */
	uint64_t
	    body_covered; /* bytes of the canonical body under the signature; 0 until the body was hashed */
	uint64_t body_length; /* of the canonical body; 0 until the body was hashed */
	unsigned key_bits;    /* 0 until the key was read */
	size_t field;         /* index into the headers */
};

struct dkim_list {
	struct dkim *v;
	size_t n;
};

/*
 * Judges the first LIMIT_DKIM_SIGNATURES signatures, in the order of their fields; none found leaves the list
 * empty. now_s: seconds since 1970. Never fails.
 */
void dkim_verify(struct dkim_mail *m, int64_t now_s, struct dkim_list *out);

/* The questions dkim_verify will ask. */
void dkim_asks(struct dkim_mail *m, struct ask_list *list);

/* The domains that claim to have signed, whether they did or not. */
struct strs dkim_claimed(struct dkim_mail *m);

/* Best first: pass, temperror, policy, neutral, fail, permerror; NULL when there is none. */
const struct dkim *dkim_best(const struct dkim_list *list);

#endif
