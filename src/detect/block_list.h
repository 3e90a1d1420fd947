/*
 * Lists of bad hosts and domains that are asked by DNS (RFC 5782): which the operator named, and what their answers mean.
 *
 * A list is named in the configuration as ZONE[=CODES][/WEIGHT]; CODES are addresses and ranges divided by commas,
 * "127.0.0.2,127.0.0.4-7". Without them a list that is known (block_list.c) has its own codes, each with its meaning, and of any
 * other every answer in 127.0.0.0/8 is a hit that does not say why it was refused. Asking is the broker's (broker/list_watch.h).
 */
#ifndef DETECT_BLOCK_LIST_H
#define DETECT_BLOCK_LIST_H

#include "base/arena.h"
#include "base/ip.h"
#include "config/config.h"
#include "model/category.h"
#include "model/enums.h"

#define BLOCK_LISTS_MOST 8 /* of addresses, and of domains */

/* What an answer means: from low to high, or, where mask is set, any with one of these bits and otherwise like low. */
struct block_code {
	uint32_t low, high, mask;
	enum disposition says;
	enum category category;
	double weight;
	const char *meaning; /* for people, behind "as" */
};

struct block_list {
	struct str zone;  /* below which it is asked; may hold a customer's key */
	struct str shown; /* as it is told to people */
	bool domains;     /* of domains, else of addresses */
	const struct block_code *codes;
	size_t codes_n;
};

struct block_lists {
	struct block_list *v;
	size_t n;
};

/* As configured; what is wrong is told as of its setting (config_fault). Lives in the arena. */
MUST_CHECK enum err block_lists_of(struct arena *a, const struct config *c, struct block_lists *out,
				   struct errbuf *eb);

/* Whether an answer says that the list does not answer us: a public resolver, too many questions, a zone that is not one. */
bool block_answer_refuses(const uint8_t address[4]);
/* What an answer means; NULL: nothing, or that it refuses. */
const struct block_code *block_list_code(const struct block_list *l, const uint8_t address[4]);

/* The name that is asked for: of a host's address, backwards; of a domain. */
struct str block_list_host_name(struct arena *a, const struct block_list *l, const struct ip *host);
struct str block_list_domain_name(struct arena *a, const struct block_list *l, struct str domain);
/* The name that no list may hold (RFC 5782 §5): one that does answers yes to everything. */
struct str block_list_probe(struct arena *a, const struct block_list *l);
bool block_list_is_probe(const struct block_list *l, struct str name);

/* Whose the name asked for is; NULL: of no list. */
const struct block_list *block_lists_find(const struct block_lists *lists, struct str name);

#endif
