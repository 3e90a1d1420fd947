/* The ARC sets of a mail, and whether they form a chain (RFC 8617 §4.2, §5.2 steps 1 to 3). Asks nothing. */
#ifndef AUTH_ARC_CHAIN_H
#define AUTH_ARC_CHAIN_H

#include "auth/dkim_mail.h"

/* One ARC field; absent while field is SIZE_MAX. */
struct arc_field {
	size_t field; /* in headers */
	struct dkim_signature signature;
	struct str wrong; /* why the signature cannot be read; "" = it can */
};

/* The set of one instance. */
struct arc_hop {
	struct arc_field message, seal; /* ARC-Message-Signature, ARC-Seal */
	size_t results_field;           /* ARC-Authentication-Results */
	struct str results;             /* behind its instance */
};

struct arc_chain {
	struct arc_hop hops[ARC_INSTANCE_MAX]; /* instance - 1 */
	size_t n;                              /* the highest instance, whether they form a chain or not */
	bool any;                              /* there are ARC fields */
	struct str wrong;                      /* why it is no chain; "" = it is one */
};

/* Reads the fields once; what comes back lives as long as the mail's arena. */
const struct arc_chain *arc_chain_of(struct dkim_mail *m);

#endif
