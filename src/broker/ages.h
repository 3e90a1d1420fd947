/*
 * When domains were registered: out of the store, or by RDAP (net/rdap.h), asked by threads of its own. A mail waits for an answer a
 * moment only; the question goes on without it, and the next mail finds the answer in the store. So many questions a minute, and
 * none for a while to a server that does not answer or has had enough.
 */
#ifndef BROKER_AGES_H
#define BROKER_AGES_H

#include "base/log.h"
#include "config/config.h"
#include "net/dns.h"
#include "scan/ask.h"

struct store; /* store/store.h */

struct ages_options {
	const struct config *config;
	struct str bootstrap; /* IANA's file; empty = only what the store knows is told */
	struct store *store;
	struct dns *dns;
	const struct log *log;
};

struct ages;

/* What the options hold outlives it. */
MUST_CHECK enum err ages_new(const struct ages_options *o, struct ages **out, struct errbuf *eb);
void ages_free(struct ages **g);

/* ANSWER_OK: history.first_us is when it was registered. NXDOMAIN: that cannot be known. TEMPERROR: not yet. */
void ages_ask(struct ages *g, const struct ask *asks, size_t n, int64_t until_ms, struct answer *answers_out);

#endif
