/* Whose the hosts are that links lead to: what is asked about of others. */
#ifndef DETECT_LINKED_H
#define DETECT_LINKED_H

#include "detect/detect.h"

struct linked {
	struct str
	    owner; /* registrable domain, or host where it has none; one that can be asked for by DNS */
	const struct mime_link *link;
};
struct linked_list {
	struct linked *v;
	size_t n;
};

/*
 * The first `most`, each once. Left out are the account's own, that of From, addresses, and mailing services, shorteners and
 * wrappers, which lead elsewhere and are known to everybody.
 */
void linked_find(const struct scan *s, size_t most, struct linked_list *out);

#endif
