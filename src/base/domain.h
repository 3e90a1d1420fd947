/*
 * Domain names as text: their A-label form (RFC 5890 §2.3.2.1) and their registrable part by the public suffix
 * list that libpsl carries. No file is opened, no locale consulted.
 */
#ifndef BASE_DOMAIN_H
#define BASE_DOMAIN_H

#include "base/str.h"

/* The domain of an address, as written; empty where it has none. */
struct str domain_of_address(struct str address);

#define DOMAIN_MAX 253 /* bytes of A-labels with their dots, RFC 1035 §2.3.4 */

/*
 * Lower-case A-labels without a trailing dot, by UTS 46 (non-transitional). ASCII is only lower-cased and
 * checked for length, so names with underscores and other oddities of real mail pass. ERR_SYNTAX for empty
 * labels, labels over 63 bytes, names over 253 and U-labels that IDNA refuses.
 */
MUST_CHECK enum err domain_to_ascii(struct arena *a, struct str name, struct str *out);

/* As above, and the lower-cased name as written where that fails: for comparing what a stranger wrote. */
struct str domain_fold(struct arena *a, struct str name);

/* True for 1 or more labels of letters, digits and inner hyphens, each 1..63 bytes, 253 in all. */
bool domain_is_ldh(struct str name);

/*
 * What of a text can be a domain (RFC 5321 §4.1.2, "_" and RFC 6531), or "[1.2.3.4]": up to the first byte that none has,
 * without dots at the end. Neither folded nor checked.
 */
struct str domain_leading(struct str s);

/*
 * The registrable domain ("example.co.uk" of "a.b.example.co.uk"): the end of the name given, which must be
 * folded. Empty when the name is a public suffix itself or has no dot.
 */
struct str domain_registrable(struct arena *a, struct str name);

/* Whose a folded name is: its registrable domain, or the name where it has none. */
struct str domain_owner(struct arena *a, struct str name);

/* True when the name ends in a suffix that the list names, so that "notes.txt" is none. Folded. */
bool domain_suffix_is_known(struct arena *a, struct str name);

/* True when both have the same registrable domain, or are equal where there is none. Both folded. */
bool domain_same_owner(struct arena *a, struct str x, struct str y);

/* A folded label as people see it: the U-label of an A-label, any other as it is. In the arena. */
struct str domain_label_shown(struct arena *a, struct str label);

/* True when name is domain or lies under it. Both folded. */
bool domain_is_within(struct str name, struct str domain);

#endif
