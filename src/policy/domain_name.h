/*
 * Names of domains taken apart, so that many can be compared with one. Those that an account protects lie ready in its policy: ten
 * thousand skeletons take 7 ms, which a mail must not pay.
 */
#ifndef POLICY_DOMAIN_NAME_H
#define POLICY_DOMAIN_NAME_H

#include "base/arena.h"

struct policy;

struct domain_name {
	struct str host, owner;  /* folded */
	struct str label, shape; /* the owner's first label as people see it, and its skeleton */
	struct str ending;       /* the owner behind it */
	size_t letters;          /* of the shape */
	uint64_t set, owner_set; /* alike_set of the shape, and of the owner */
};

struct domain_names {
	const struct domain_name *v;
	size_t n;
};

/* host: folded. Memory: arena. */
struct domain_name domain_name_of(struct arena *a, struct str host);

/* Of several that have one owner and stand side by side only the first. Memory: arena. */
struct domain_names domain_names_of(struct arena *a, const struct strs *hosts);

/*
 * The same as domain_names_of, without work where the policy was compiled with these domains in this order. p NULL = it was not.
 */
struct domain_names policy_domain_names(struct arena *a, const struct policy *p, const struct strs *hosts);

#endif
