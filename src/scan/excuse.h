/*
 * What takes findings away in a sender's or a domain's name, and is kept beside them: trusted domains, acceptable senders, the
 * shipped list of these, and a bounce of the account's own mail.
 */
#ifndef SCAN_EXCUSE_H
#define SCAN_EXCUSE_H

#include "detect/detect.h"
#include "policy/policy.h"

/* Who excused what; patterns and names, "" = nobody. */
struct excuses {
	struct str domain;  /* pattern of the trusted domain that took a finding away */
	int domain_type;    /* enum allowlist_type of it */
	struct str managed; /* house on the shipped list of acceptable senders */
	struct str bounced; /* Message-ID of our own mail that the mail gives back */
};

/* Trusted domains excuse from likeness and youth, each finding by the domain it is about, and from nothing else. */
void excuse_domains(const struct scan *s, struct findings *findings, struct excuses *out);

/*
 * By an acceptable sender of the account; by the shipped list, where the account wants it and said nothing else of the sender; by
 * a bounce of what it sent. obeyed: policies and detectors have a say in the mail.
 */
void excuse_sender(const struct scan *s, const struct policy_decision *d, bool obeyed,
		   struct findings *findings, struct excuses *out);

/* Sets allowlisted_pattern and its type: of what weighs most, a trusted sender before all others. */
void excuse_tell(const struct excuses *e, const struct policy_decision *d, struct properties *p);

#endif
