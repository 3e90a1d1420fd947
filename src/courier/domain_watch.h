/*
 * Looking after protected domains: the TXT records that prove ownership (resource/domain_proof.h), the health of their
 * SPF and DMARC records daily, and how much mail they had, hourly. In a thread of its own, for it waits for DNS.
 *
 * The looks at proofs go out together, and those at health are few at a time: names that nobody answers, however many an
 * account has of them, keep the domains of others waiting for seconds only.
 */
#ifndef COURIER_DOMAIN_WATCH_H
#define COURIER_DOMAIN_WATCH_H

#include <stdatomic.h>

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
/* Ends after the look under way. *w may be NULL. */
void domain_watch_stop(struct domain_watch **w);

/*
 * What is due now, or a part of it: *more_out. ending (may be NULL): set when it shall come to an end. Errors are the
 * store's.
 */
MUST_CHECK enum err domain_watch_round(const struct domain_watch_options *o, int64_t now_us,
				       const atomic_bool *ending, bool *more_out);

#endif
