/*
 * Looking after protected domains: the TXT records that prove ownership (resource/domain_proof.h), the health of their
 * SPF and DMARC records daily, and how much mail they had, hourly. In threads of its own, for it waits for DNS.
 *
 * A thread has a batch of one account, whose questions go out together. Whoever has fewest batches under way comes first,
 * and nobody has more than a quarter of the threads: names that nobody answers, however many an account has of them, keep
 * the domains of others waiting for seconds at most.
 */
#ifndef COURIER_DOMAIN_WATCH_H
#define COURIER_DOMAIN_WATCH_H

#include "base/log.h"
#include "net/dns.h"
#include "store/store.h"

struct domain_watch;

struct domain_watch_options {
	struct store *store;
	struct dns *dns;
	const struct log *log;
};

MUST_CHECK enum err domain_watch_start(const struct domain_watch_options *o, struct domain_watch **out,
				       struct errbuf *eb);
/* Ends after the looks under way. *w may be NULL. */
void domain_watch_stop(struct domain_watch **w);

/* All that is due now, one batch behind the other. Errors are the store's. */
MUST_CHECK enum err domain_watch_round(const struct domain_watch_options *o, int64_t now_us);

#endif
