/*
 * The DNS tree walk (RFC 9989 §4.10): from a domain up to the top-level domain, at most eight names, to find the
 * records that apply to it and the organizational domain that it belongs to. The names are known before the first
 * answer comes, so they are asked together: what a later record makes superfluous costs less than waiting for each.
 */
#ifndef AUTH_DMARC_WALK_H
#define AUTH_DMARC_WALK_H

#include "auth/asks.h"
#include "auth/dmarc_record.h"

#define DMARC_WALK_MAX 8 /* RFC 9989 §4.10 */

enum dmarc_found {
	DMARC_NO_RECORD, /* none, or several: RFC 9989 §4.10, step 2 */
	DMARC_RECORD,
	DMARC_BROKEN_RECORD, /* its policy cannot be used */
	DMARC_NO_ANSWER,
};

/* One name asked. */
struct dmarc_step {
	struct str domain; /* the end of the domain the walk began with */
	enum dmarc_found found;
	struct dmarc_record record; /* of a broken one only psd */
	struct str wrong;           /* what is broken */
};

struct dmarc_walk {
	struct str domain;
	struct dmarc_step steps[DMARC_WALK_MAX]; /* from the domain itself up */
	size_t n;       /* 0: the domain cannot be asked about; ends with the record that ends the walk */
	struct str org; /* the organizational domain; "" = not known, an answer did not come */
};

/* The domain must be folded. Asks what is not known yet, in one batch. */
void dmarc_walk(struct arena *a, struct asker *q, struct str domain, struct dmarc_walk *out);

/* The questions of a walk. */
void dmarc_walk_asks(struct arena *a, struct str domain, struct ask_list *list);

/* The step for that domain, or NULL. */
const struct dmarc_step *dmarc_walk_step(const struct dmarc_walk *w, struct str domain);

#endif
