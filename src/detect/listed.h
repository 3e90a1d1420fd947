/* What is asked of block lists about a mail; the finding is detect_listed's. */
#ifndef DETECT_LISTED_H
#define DETECT_LISTED_H

#include "auth/asks.h"
#include "detect/block_list.h"
#include "detect/detect.h"

/* Its host, the domain of its From, and those of its links, of each list that the operator named. */
void listed_asks(const struct scan *s, struct ask_list *list);

/* What all lists together say of one name, in whatever order they are asked. */
struct listing {
	const struct block_code *worst; /* NULL = nothing */
	double heaviest;                /* weight of one */
	double left;   /* of what that one leaves open, the share that the others leave open, too */
	struct str by; /* "LIST 127.0.0.2, LIST 127.0.0.4" */
};

/* The questions about a domain, folded. */
void listed_domain_asks(struct arena *a, const struct block_lists *lists, struct str domain,
			struct ask_list *list);
struct listing listed_domain(struct arena *a, const struct block_lists *lists, struct asker *asker,
			     struct str domain);
/* What it weighs. */
double listing_score(const struct listing *l);

#endif
