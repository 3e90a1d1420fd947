/*
 * ARC: what did the hosts that passed this mail on find when it reached them, and did any of them change what another
 * had sealed? (RFC 8617 §5.2)
 *
 * A chain that holds proves who sealed it and what they claim to have seen. Whether a sealer is to be believed is not
 * decided here: anybody can seal, and claim anything. What is added to a chain is in sign.h.
 */
#ifndef AUTH_ARC_H
#define AUTH_ARC_H

#include "auth/dkim_mail.h"

#define ARC_RESULTS(X)      \
	X(ARC_NONE, "none") \
	X(ARC_PASS, "pass") \
	X(ARC_FAIL, "fail")
ENUM_DECLARE(arc_result, ARC_RESULTS);

/* What one hop added. Slices point into the message. */
struct arc_set {
	struct str sealer;   /* d= of its seal, as written */
	struct str selector; /* s= of its seal */
	struct str results;  /* its ARC-Authentication-Results behind "i=1;": for authres_parse */
};

struct arc {
	/*
	 * none: no ARC fields. fail: also where the last hop found it broken, where the chain is not well formed, and
	 * where DNS gave no answer about a key (RFC 8617 §5.2.2).
	 */
	enum arc_result result;
	struct {
		struct arc_set *v;
		size_t n;
	} sets; /* the first hop first; empty where the chain is not well formed */
	/* Of a pass: the oldest hop whose message is still this one; 0 = the first's is (RFC 8617 §5.2, step 5). */
	unsigned oldest_pass;
	struct str reason; /* one sentence for people */
	/* For whoever adds a set: */
	unsigned instances; /* the highest there is, whether they form a chain or not; 0 = none */
	bool
	    closed; /* none is to be added: the last seal says that the chain is broken, or there may be no more */
	struct {
		size_t *v;
		size_t n;
	} fields; /* of a pass: indices of results, message signature and seal of each hop, the first hop first */
};

/* Never fails. now_s: seconds since 1970. */
void arc_verify(struct dkim_mail *m, int64_t now_s, struct arc *out);

/*
 * The questions arc_verify begins with, where they are few. A chain of many hops asks when it is verified, and that
 * should come last: strangers chose the names, and a mail may only ask so many (LIMIT_ASK_NAMES).
 */
void arc_asks(struct dkim_mail *m, struct ask_list *list);

#endif
