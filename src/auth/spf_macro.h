/* SPF macros: the grammar of domain-specs and explanations, and their expansion (RFC 7208 §7). */
#ifndef AUTH_SPF_MACRO_H
#define AUTH_SPF_MACRO_H

#include "auth/spf.h"

#define SPF_EXPANDED_MAX 8192 /* one expansion; a name needs 253, an explanation a few lines */

/* Where the text stands: the letters c, r and t are for explanations only (RFC 7208 §7.2). */
enum spf_macro_place { SPF_IN_DOMAIN, SPF_IN_EXPLANATION };

struct spf_macro_values {
	struct str sender, local, sender_domain;               /* s, l, o */
	struct str domain;                                     /* d: the domain whose record is read */
	struct str helo, receiver;                             /* h, r */
	struct ip ip;                                          /* i, c, v; IPv4-mapped already unmapped */
	int64_t now_s;                                         /* t */
	struct str (*validated)(void *ctx, struct str domain); /* p: asked only when it occurs */
	void *ctx;
};

/* True when text is a macro-string. */
bool spf_macro_string_ok(struct str text);
/* True when text is a domain-spec: a macro-string that ends in a macro or in a top label after a dot. */
bool spf_domain_spec_ok(struct str text);

/*
 * ERR_SYNTAX: not a macro-string, or a letter not allowed in this place. ERR_LIMIT: over SPF_EXPANDED_MAX.
 * The result is in the arena.
 */
MUST_CHECK enum err spf_macro_expand(struct arena *a, struct str text, enum spf_macro_place place,
				     const struct spf_macro_values *values, struct str *out);

/*
 * As above for a domain-spec, made fit to ask: no trailing dot, and labels taken off the left until at most
 * 253 bytes are left (RFC 7208 §7.3).
 */
MUST_CHECK enum err spf_domain_expand(struct arena *a, struct str spec, const struct spf_macro_values *values,
				      struct str *out);

#endif
