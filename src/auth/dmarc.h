/*
 * DMARC: does an authenticated domain stand behind the From field, and what does its owner ask for when not?
 * (RFC 7489 discovery by organisational domain, with the tags RFC 9989 kept.) Reports are not made here, and
 * the tree walk of RFC 9989 is not done: the organisational domain comes from the public suffix list.
 */
#ifndef AUTH_DMARC_H
#define AUTH_DMARC_H

#include "auth/dkim.h"
#include "auth/spf.h"

#define DMARC_RESULTS(X)                \
	X(DMARC_NONE, "none")           \
	X(DMARC_PASS, "pass")           \
	X(DMARC_FAIL, "fail")           \
	X(DMARC_TEMPERROR, "temperror") \
	X(DMARC_PERMERROR, "permerror")
ENUM_DECLARE(dmarc_result, DMARC_RESULTS);

#define DMARC_POLICIES(X)                        \
	X(DMARC_POLICY_NONE, "none")             \
	X(DMARC_POLICY_QUARANTINE, "quarantine") \
	X(DMARC_POLICY_REJECT, "reject")
ENUM_DECLARE(dmarc_policy, DMARC_POLICIES);

/* A record as published. */
struct dmarc_record {
	enum dmarc_policy p, sp, np;  /* sp falls back to p, np to sp */
	bool strict_dkim, strict_spf; /* adkim=s, aspf=s */
	bool testing;                 /* t=y: the owner asks for one step less than p (RFC 9989 §4.7) */
	bool reports;                 /* rua= is there */
	unsigned percent;             /* pct=, 0..100; RFC 9989 dropped it */
};

struct dmarc {
	enum dmarc_result result;
	struct str domain;          /* of From, folded */
	struct str record_domain;   /* whose record applies; "" = none was found */
	struct dmarc_record record; /* valid when record_domain is set and the result is no permerror */
	enum dmarc_policy policy;   /* what the record asks for this domain: p or sp, before testing */
	struct str spf_domain;      /* the aligned domain SPF passed for; "" = none */
	struct str dkim_domain;     /* the aligned domain that signed; "" = none */
	struct str reason;          /* one sentence for people */
};

/* ERR_ABSENT: no DMARC record. ERR_SYNTAX: one that cannot be used (RFC 7489 §6.6.3); eb says why. */
MUST_CHECK enum err dmarc_record_parse(struct arena *a, struct str txt, struct dmarc_record *out,
				       struct errbuf *eb);

/*
 * from_domain: of the one address in From, "" when there is none or several (then "none" with a reason).
 * spf, dkim: of the same mail; NULL = not checked. Never fails.
 */
void dmarc_check(struct arena *a, struct asker *q, struct str from_domain, const struct spf *spf,
		 const struct dkim_list *dkim, struct dmarc *out);

/* The questions any check of this domain asks. */
void dmarc_asks(struct arena *a, struct str from_domain, struct ask_list *list);

#endif
