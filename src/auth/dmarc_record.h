/*
 * A DMARC record taken apart (RFC 9989 §4.7). Records written by RFC 7489 are read as they stand: unknown tags are
 * passed over, of pct= only the 0 that asks for a trial is kept.
 */
#ifndef AUTH_DMARC_RECORD_H
#define AUTH_DMARC_RECORD_H

#include "base/arena.h"
#include "base/enumtab.h"

#define DMARC_POLICIES(X)                        \
	X(DMARC_POLICY_NONE, "none")             \
	X(DMARC_POLICY_QUARANTINE, "quarantine") \
	X(DMARC_POLICY_REJECT, "reject")
ENUM_DECLARE(dmarc_policy, DMARC_POLICIES);

/* psd=: is the domain one under which others register theirs? u: it does not say. */
enum dmarc_psd { DMARC_PSD_U, DMARC_PSD_Y, DMARC_PSD_N };

struct dmarc_record {
	enum dmarc_policy p, sp, np;  /* sp falls back to p, np to sp */
	bool strict_dkim, strict_spf; /* adkim=s, aspf=s */
	bool testing; /* t=y, or pct=0 where there is no t=: the owner asks for one step less */
	enum dmarc_psd psd;
};

/*
 * ERR_ABSENT: no DMARC record. ERR_SYNTAX: one whose policy cannot be used (RFC 9989 §4.10.1); eb says why, and psd is
 * set where it could be read.
 */
MUST_CHECK enum err dmarc_record_parse(struct arena *a, struct str txt, struct dmarc_record *out,
				       struct errbuf *eb);

#endif
