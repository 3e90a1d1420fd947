/*
 * What was learnt of a mail's campaign when people corrected a verdict (policy/correction.h), and what it changes: it takes away
 * what speaks for worse, and is a finding itself.
 */
#ifndef SCAN_LEARNT_H
#define SCAN_LEARNT_H

#include "detect/detect.h"
#include "policy/correction.h"

struct learnt {
	/* By which the campaign is known; of every mail, for corrections to come. */
	struct str edf_hash, simhash;
	struct str proved;           /* the domain of From where it is proved; "" = it is not */
	const struct correction *by; /* that counts; NULL = none does */
	enum disposition without;    /* what the mail is without it */
};

/*
 * obeyed: policies and detectors have a say in the mail; else only its fingerprints are told. excuses: a correction may take
 * findings away. What the account allows is taken off after this, for its policies go before it.
 */
struct learnt learnt_apply(const struct scan *s, bool obeyed, bool excuses, struct findings *findings);

#endif
