/* A growing list of questions, so that a scan can put those of every check into one batch. */
#ifndef AUTH_ASKS_H
#define AUTH_ASKS_H

#include "scan/ask.h"

struct ask_list {
	struct ask *v;
	size_t n;
};

/*
 * True when a resolver can be asked about the name as it stands: labels of 1..63 bytes, 253 in all, printable ASCII
 * without backslash, which resolvers read as an escape. A domain that others show in another form than DNS would
 * look it up (a NUL in it, say) is none.
 */
bool ask_name_ok(struct str name);

/* Appends one DNS question; a name that cannot be asked is left out. */
void ask_list_dns(struct arena *a, struct ask_list *list, struct str name, uint16_t rrtype);

/* The answer, or ANSWER_NXDOMAIN for a name that cannot be asked: nothing can be published there. */
const struct answer *ask_dns(struct asker *q, struct str name, uint16_t rrtype);

#endif
