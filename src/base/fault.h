/*
 * What is wrong with an input, all of it at once: each fault names its place by a JSON pointer (RFC 6901) and
 * says in one short sentence what the place must hold. The API shows them one error each.
 */
#ifndef BASE_FAULT_H
#define BASE_FAULT_H

#include "base/attr.h"
#include "base/str.h"

struct fault {
	struct str pointer; /* "/posts/3/pattern", "query/page"; "" = the whole body */
	struct str message; /* "pattern must be a string" */
};

/* Start with { .arena = a }. */
struct faults {
	struct arena *arena; /* owns pointers and messages */
	struct str at;       /* put in front of every pointer added */
	struct fault *v;
	size_t n; /* at most LIMIT_FAULTS; what comes after is dropped */
};

/* Adds a fault at f->at followed by pointer. */
void fault_add(struct faults *f, struct str pointer, const char *fmt, ...) PRINTF_LIKE(3, 4);
/* Whether there is one at f->at followed by pointer, above it or below it. */
bool fault_is_at(const struct faults *f, struct str pointer);
/* fault_add for what can only be looked at when the place itself is fine: not where there is one already. */
void fault_add_further(struct faults *f, struct str pointer, const char *fmt, ...) PRINTF_LIKE(3, 4);
/* The pointer `at` with one more token, ~ and / escaped. */
struct str fault_at_key(struct arena *a, struct str at, struct str key);
struct str fault_at_index(struct arena *a, struct str at, size_t index);

#endif
