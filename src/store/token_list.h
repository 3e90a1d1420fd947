/* Making single tokens; for tokens.c and token_query.c. */
#ifndef STORE_TOKEN_LIST_H
#define STORE_TOKEN_LIST_H

#include "store/words.h"

struct token_list {
	struct arena *arena;
	struct str *v;
	size_t n, max; /* more than max different ones are dropped */
	bool full;
};

/* Sorts and drops repeats. */
void token_list_sort(struct token_list *l);
int token_compare(const void *a, const void *b);

/* "tag=value", or the value alone for tag 0; nothing for an empty value. value: folded, or ASCII. */
void token_list_add(struct token_list *l, char tag, struct str value);
/* The host and each parent down to the registrable domain (public suffix list). */
void token_list_add_hosts(struct token_list *l, char tag, struct str host);
/* Words, and segments that are looked for as a whole. text: folded. */
void token_list_add_text(struct token_list *l, struct str text);

/* A token as it stands in the index: no byte at which the index would divide it, hashed when too long. */
struct str token_make(struct arena *a, char tag, struct str value);
/* Folded and without what surrounds it: <> and white space. */
struct str token_address(struct arena *a, struct str s);
struct str token_message_id(struct arena *a, struct str s);
/* Folded, A-labels, no dot at the end. */
struct str token_host(struct arena *a, struct str s);
/* The host of a folded address, as token_host; empty when there is none. */
struct str token_host_of(struct arena *a, struct str address);
/* As RFC 5952 writes it; anything else as it is. */
struct str token_ip(struct arena *a, struct str s);
/* A subject as a whole: folded, trimmed, hashed. */
struct str token_exact(struct arena *a, struct str subject);

#endif
