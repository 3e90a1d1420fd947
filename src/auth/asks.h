/* A growing list of questions, so that a scan can put those of every check into one batch. */
#ifndef AUTH_ASKS_H
#define AUTH_ASKS_H

#include "scan/ask.h"

struct ask_list {
	struct ask *v;
	size_t n;
};

/* Appends one DNS question; a name no resolver could take (empty, over 253 bytes) is left out. */
static inline void ask_list_dns(struct arena *a, struct ask_list *list, struct str name, uint16_t rrtype)
{
	struct ask ask = { ASK_DNS, rrtype, name };

	if (name.n > 0 && name.n <= 253)
		ARENA_PUSH(a, list, ask);
}

#endif
