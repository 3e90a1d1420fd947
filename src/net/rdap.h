/*
 * When a domain was registered, by RDAP (RFC 9082, 9083): which server knows a top-level domain stands in a file that IANA
 * publishes (RFC 9224). Servers are asked as the file names them; no redirect is followed, and no proxy asked.
 */
#ifndef NET_RDAP_H
#define NET_RDAP_H

#include <stdatomic.h>

#include "base/arena.h"
#include "base/clock.h"
#include "net/dns.h"

struct rdap_service {
	struct strs names; /* top-level domains, or what is below some; lower case */
	struct str url;    /* of the server, with a slash at its end */
};

struct rdap_bootstrap {
	struct rdap_service *v;
	size_t n;
};

/* IANA's file for domains. ERR_SYNTAX: it is none. Lives in the arena, and may point into the text. */
MUST_CHECK enum err rdap_bootstrap_read(struct arena *a, struct str text, struct rdap_bootstrap *out,
					struct errbuf *eb);
/* Who knows about a folded domain: the longest name that it lies under. NULL: nobody. */
const struct rdap_service *rdap_service_of(const struct rdap_bootstrap *b, struct str domain);

/* "registration" among the events of an answer. ERR_ABSENT: it does not say; ERR_SYNTAX: it is no RDAP. */
MUST_CHECK enum err rdap_read_registration(struct arena *a, struct str text, int64_t *us_out);

struct rdap_question {
	const struct rdap_service *service;
	struct str domain;
	struct dns *dns; /* for the server's address; NULL = it is written as one */
	deadline_ms until;
	const atomic_bool *ending; /* break off */
};

/*
 * OK: *us_out is when it was registered. ERR_ABSENT: the server knows no such domain, or does not say when. ERR_LIMIT: it has been
 * asked too much. ERR_LATER: no answer. eb says what happened.
 */
MUST_CHECK enum err rdap_ask(const struct rdap_question *q, struct arena *a, int64_t *us_out,
			     struct errbuf *eb);

#endif
