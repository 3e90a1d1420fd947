/* DNS through libunbound: cached, asynchronous inside, with a deadline; shared by all threads of a process. */
#ifndef NET_DNS_H
#define NET_DNS_H

#include "base/log.h"
#include "scan/ask.h"

struct dns;

struct dns_options {
	struct strs servers; /* forwarders "ADDR" or "ADDR@PORT"; none: /etc/resolv.conf */
	/*
	 * Lines of a file, answered without asking: "name IN TXT ..."; after "zone NAME" all else below it is not there.
	 * Lines that begin with # or ; are comments.
	 */
	struct str local_data;
	bool dnssec; /* validate with the root anchor at its usual place */
	int cache_s; /* seconds that an answer is remembered at most; 0 = as its zone says */
	const struct log *log;
};

/* What dns_new would say of these. ERR_SYNTAX: local_data, by line. ERR_ABSENT: dnssec, without a root anchor. */
MUST_CHECK enum err dns_check(struct str local_data, bool dnssec, struct errbuf *eb);
MUST_CHECK enum err dns_new(const struct dns_options *o, struct dns **out, struct errbuf *eb);
void dns_free(struct dns **d);

/*
 * Asks all at once and waits until each is answered or its own deadline is over (until_ms[i]); the rest are TEMPERROR. DNS and
 * list asks only.
 */
void dns_ask_each(struct dns *d, struct arena *a, const struct ask *asks, size_t n, const int64_t *until_ms,
		  struct answer *answers_out);
/* The same with one deadline for all. */
void dns_ask(struct dns *d, struct arena *a, const struct ask *asks, size_t n, int64_t until_ms,
	     struct answer *answers_out);

#endif
