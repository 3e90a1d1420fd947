/*
 * One mail as its signers saw it: what DKIM (dkim.h) and ARC (arc.h) share. Hashes of the body and of header fields,
 * keys, and whether a signature holds.
 */
#ifndef AUTH_DKIM_MAIL_H
#define AUTH_DKIM_MAIL_H

#include "auth/dkim_body.h"
#include "auth/dkim_keyring.h"
#include "base/enumtab.h"
#include "mime/header.h"

/* RFC 8601 §2.7.1 */
#define DKIM_RESULTS(X)                \
	X(DKIM_NONE, "none")           \
	X(DKIM_PASS, "pass")           \
	X(DKIM_FAIL, "fail")           \
	X(DKIM_POLICY, "policy")       \
	X(DKIM_NEUTRAL, "neutral")     \
	X(DKIM_TEMPERROR, "temperror") \
	X(DKIM_PERMERROR, "permerror")
ENUM_DECLARE(dkim_result, DKIM_RESULTS);

/* A header field under its name, ASCII case ignored. */
struct dkim_field {
	struct str name;
	size_t index; /* in headers */
};

/* A DKIM-Signature field. */
struct dkim_parsed {
	struct dkim_signature signature;
	struct str wrong; /* why it cannot be read; "" = it can */
	size_t field;     /* in headers */
};

struct dkim_mail {
	struct arena *arena;
	struct asker *asker;
	struct str raw;
	const struct headers *headers;
	struct dkim_field *by_name; /* all fields, by name, then from the top */
	size_t *taken;              /* by the place of a name's last field: how many a signature took of it */
	struct {
		struct dkim_parsed *v;
		size_t n;
	} signatures; /* the first LIMIT_DKIM_SIGNATURES DKIM-Signature fields, once dkim.h has read them */
	bool parsed;
	struct arc_chain *chain; /* once arc.h has read it */
	struct dkim_bodies bodies;
	struct dkim_keyring keys;
};

/* Points to all that is given; raw with LF line ends is taken as if they were CRLF. End with dkim_mail_free. */
struct dkim_mail *dkim_mail_new(struct arena *a, struct asker *q, struct str raw,
				const struct headers *headers);
/* Frees the keys and clears the pointer; the rest is the arena's. */
void dkim_mail_free(struct dkim_mail **m);

/* The i-th header field, whole. */
struct str dkim_mail_field(const struct dkim_mail *m, size_t i);

/* Over the fields that h= names, then the signature's own field without the value of b= (RFC 6376 §3.7). */
struct sha256 dkim_mail_header_hash(struct dkim_mail *m, const struct dkim_signature *s, size_t own);

/* What became of one signature. */
struct dkim_check {
	enum dkim_result result;
	struct str why; /* "does not hold: the body is not what was signed" */
	unsigned key_bits;
	bool testing;                  /* the key says t=y */
	uint64_t covered, body_length; /* 0 until the body was hashed */
};

/*
 * Whether a signature over fields and body holds; field: the index of its own header field. now_s: seconds since
 * 1970. What is cheap comes first: the key, then the body hash, and the public-key operation last.
 */
void dkim_mail_check(struct dkim_mail *m, const struct dkim_signature *s, size_t field, int64_t now_s,
		     struct dkim_check *out);
/* The same for a seal, whose digest the caller made. */
void dkim_mail_check_digest(struct dkim_mail *m, const struct dkim_signature *s, const struct sha256 *digest,
			    int64_t now_s, struct dkim_check *out);

#endif
