/* Making single tokens; for tokens.c and token_query.c. */
#ifndef STORE_TOKEN_LIST_H
#define STORE_TOKEN_LIST_H

#include <stdint.h>

#include "store/words.h"

/*
 * Different tokens in the order they came. A stranger decides how much there is to add, so what is kept is bounded by
 * max alone: repeats take no memory, and what it takes to make a token is scratch, for the caller to reset.
 */
struct token_list {
	struct arena *arena, *scratch;
	size_t max; /* more than that are dropped: none, until token_list_allow */
	struct str *v;
	size_t n;
	uint32_t *slots; /* by hash: index + 1 */
	size_t slots_n;  /* a power of two */
	unsigned char key[16];
};

/* The key of the hash is drawn here. */
struct token_list token_list_new(struct arena *keep, struct arena *scratch);
static inline bool token_list_is_full(const struct token_list *l)
{
	return l->n == l->max;
}
/* What comes next has room for so many of its own, whatever came before. */
static inline void token_list_allow(struct token_list *l, size_t n)
{
	l->max = l->n + n;
}
/* In the order of token_compare, for tokens_has. No more may be added then. */
void token_list_sort(struct token_list *l);
int token_compare(const void *a, const void *b);

/* "tag=value", or the value alone for tag 0; nothing for an empty value. value: folded, or ASCII. */
void token_list_add(struct token_list *l, char tag, struct str value);
/*
 * The host, and its parents down to the registrable domain (public suffix list): of many the TOKEN_PARENTS nearest to
 * that. Hosts of a hundred labels are made by machines, so that each link or sender is another one.
 */
#define TOKEN_PARENTS 4
void token_list_add_hosts(struct token_list *l, char tag, struct str host);
/* Words, and segments that are looked for as a whole. text: folded. */
void token_list_add_text(struct token_list *l, struct str text);

/* A token as it stands in the index: no byte at which the index would divide it, hashed when too long. */
struct str token_make(struct arena *a, char tag, struct str value);
/* Folded and without what surrounds it: <> and white space; of one that is too long the end, where the host is. */
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
