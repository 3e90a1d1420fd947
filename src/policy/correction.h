/*
 * Corrections (model/correction.h): which of them a mail falls under, and what that one may do.
 *
 * Equal is a mail with the same edf_hash; where either has too little text to be told by, it must come from the same
 * address, too, for then the fingerprint says next to nothing. Near is one whose text differs in few bits of its SimHash.
 * Equal goes before near, and the newest decides: who takes a correction back by another one is heard.
 *
 * Everybody can copy a text. So a correction to something better excuses only mail that is equal and whose From is proved
 * to be of the domain that was proved of the corrected mail; and mail that is near and proved in another name may be what
 * the corrected one imitates.
 */
#ifndef POLICY_CORRECTION_H
#define POLICY_CORRECTION_H

#include "model/correction.h"

struct arena;
struct policy;

struct correction_facts {
	struct str edf_hash, simhash; /* "" = none */
	struct str from;              /* address */
	struct str proved;            /* domain of From, folded, where it is proved; "" = it is not */
};

struct correction_match {
	const struct correction *correction; /* NULL = none; into the policy */
	bool equal;                          /* else it is near */
	int bits;                            /* in which the texts differ; -1 = one has too little */
	bool excuses;                        /* what is worse than the correction says need not count */
	bool in_other_name;                  /* near, and proved to be of another domain */
};

/* What the mail falls under. p NULL = nothing. */
void policy_correction_find(const struct policy *p, const struct correction_facts *f,
			    struct correction_match *out);
/* Whether it falls under this one. */
bool correction_compare(const struct correction *c, const struct correction_facts *f,
			struct correction_match *out);

/* Compiled; points into the list. */
struct corrections;
struct corrections *corrections_new(struct arena *a, const struct correction_list *list);

#endif
