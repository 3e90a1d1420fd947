/*
 * Signing mail: DKIM-Signature fields (RFC 6376, RFC 8463) and sets of ARC (RFC 8617 §5.1). Algorithms are rsa-sha256 and
 * ed25519-sha256, the canonical form is relaxed/relaxed, tags are in the order of their names.
 *
 * Which fields are signed is the caller's choice, and so is what the mail is: what is hashed here must be what is sent.
 */
#ifndef AUTH_SIGN_H
#define AUTH_SIGN_H

#include <openssl/evp.h>

#include "auth/arc.h"
#include "base/hash.h"

#define SIGN_NAMES_MAX 100 /* in h=; verifiers search the header for each */

/* Who signs. */
struct sign_key {
	struct str domain, selector; /* d= and s=, in A-labels */
	EVP_PKEY *key;               /* private; RSA, else Ed25519 */
};

struct sign_field {
	struct str name;  /* as written */
	struct str whole; /* "Name: value" with its folding and its line end */
};

/* What is signed. */
struct sign_mail {
	struct {
		struct sign_field *v;
		size_t n;
	} fields;           /* from the top */
	struct sha256 body; /* sign_body */
};

/* Hash of a body in its relaxed form. */
struct sha256 sign_body(struct str body);

/*
 * One DKIM-Signature field, with its line end. names: for h=, in that order, each as often as it is to be signed: the
 * lowest field of a name first; one that is named more often than it is there is signed as absent (RFC 6376 §5.4.2).
 * ERR_BUG: OpenSSL would not sign with this key.
 */
MUST_CHECK enum err sign_dkim(struct arena *a, const struct sign_mail *mail, const struct strs *names,
			      const struct sign_key *key, int64_t now_s, struct str *field_out);

/* The set that is added. */
struct sign_set {
	unsigned instance;     /* one more than there are */
	enum arc_result chain; /* what we found those to be */
	struct strs before; /* of a pass: results, message signature and seal of each hop, whole, in order */
	struct str results; /* behind "i=N; ": our id and what we found, folded */
};

/* ARC-Seal, ARC-Message-Signature and ARC-Authentication-Results, in this order, each with its line end. ERR_BUG: as above. */
MUST_CHECK enum err sign_arc(struct arena *a, const struct sign_mail *mail, const struct strs *names,
			     const struct sign_key *key, const struct sign_set *set, int64_t now_s,
			     struct str *fields_out);

#endif
