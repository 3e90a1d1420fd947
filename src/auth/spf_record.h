/* An SPF record taken apart into terms (RFC 7208 §4.6.1, §5, §6, §12). Syntax only: asks nothing. */
#ifndef AUTH_SPF_RECORD_H
#define AUTH_SPF_RECORD_H

#include "auth/spf.h"

enum spf_mechanism { SPF_ALL, SPF_INCLUDE, SPF_A, SPF_MX, SPF_PTR, SPF_IP4, SPF_IP6, SPF_EXISTS };

struct spf_term {
	enum spf_mechanism mechanism;
	enum spf_result qualifier; /* the result when it matches */
	struct str domain;         /* domain-spec with its macros; "" = the current domain */
	struct ip_block block;     /* ip4, ip6 */
	uint8_t bits4, bits6;      /* a, mx: prefix lengths */
	struct str text;           /* as published */
};

/* Slices point into the text parsed. */
struct spf_record {
	struct {
		struct spf_term *v;
		size_t n;
	} terms;
	struct str redirect, exp; /* domain-spec; "" = absent */
};

/* True when a TXT record is an SPF version 1 record, good or bad (RFC 7208 §4.5). */
bool spf_record_is(struct str txt);

/* The whole record is checked before any of it counts (RFC 7208 §4.6). ERR_SYNTAX: eb says what is wrong. */
MUST_CHECK enum err spf_record_parse(struct arena *a, struct str text, struct spf_record *out,
				     struct errbuf *eb);

#endif
