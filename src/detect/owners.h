/*
 * Whose the hosts of a mail are (domain_owner). A mail names the same few hosts in many links, and a dozen readers of it ask;
 * the list of public suffixes takes microseconds for each answer.
 */
#ifndef DETECT_OWNERS_H
#define DETECT_OWNERS_H

#include "detect/detect.h"

/* Answers given so far; in the arena of the mail. */
struct owners *owners_new(struct arena *a);

/* domain_owner(host), folded. The answer is a slice of a host that was asked for, which lives as long as the mail. */
struct str owner_of(const struct scan *s, struct str host);

#endif
