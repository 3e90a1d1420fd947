/*
 * Address lists of From, To and their like (RFC 5322 §3.4, with §4.4 and RFC 6532), as found in the wild:
 * names, comments, groups, routes, quoted local parts, missing brackets, ";" between addresses.
 *
 * Never fails: what looks like no address at all has an empty domain. Two <addresses> without a comma give
 * two addresses, so that no reading is lost. Words before a comma that are no address become part of the name of an
 * <address> behind it: "Doe, John <john@example.com>" is one mailbox.
 */
#ifndef MIME_ADDRESS_H
#define MIME_ADDRESS_H

#include "base/str.h"

struct arena;

/* All in UTF-8, in the arena or in the value. */
struct address {
	struct str name;  /* display name, decoded; the comment where that is all there is; "" = none */
	struct str local; /* without quotes where they were not needed */
	struct str
	    domain; /* ASCII lower case, no final dot, nothing no domain has; "[1.2.3.4]" for a literal; "" = none */
	struct str addr;  /* local@domain, or local alone */
	struct str group; /* name of the group it stands in; "" = none */
};

struct addresses {
	struct address *v;
	size_t n; /* at most LIMIT_ADDRESSES */
};

/* value: a field's value, folded or not. */
struct addresses address_parse(struct arena *a, struct str value);

/* The same where names that are no UTF-8 are probably of this charset (encoded_word_decode_in). */
struct addresses address_parse_in(struct arena *a, struct str value, struct str charset);

/* The first address with a domain, else the first; NULL when there is none. What "the sender" means of a From. */
const struct address *address_main(const struct addresses *list);

/* Splits an SMTP path or bare address at its last "@": local part as written, domain in lower case. */
struct address address_split(struct arena *a, struct str addr);

#endif
