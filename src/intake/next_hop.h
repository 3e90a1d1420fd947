/*
 * Connections to next hops, kept open for a moment between mails: the next mail for the same place then saves
 * connecting, greeting and TLS. How many threads one hop may keep, and that one out of reach is not tried again at once,
 * is hop_state.h.
 */
#ifndef INTAKE_NEXT_HOP_H
#define INTAKE_NEXT_HOP_H

#include "base/log.h"
#include "net/dns.h"
#include "smtp/relay.h"

#define NEXT_HOP_IDLE_MS 2000 /* shorter than any next hop's patience */

struct next_hop_pool;

struct next_hop_options {
	struct dns *dns;
	struct tls_context *tls; /* client side */
	const char *hostname;
	int idle_ms; /* how long a connection is kept for a next mail */
	unsigned
	    threads; /* of the server: one next hop gets a quarter, and transactions keep as many connections */
	const struct log *log;
};

struct next_hop_pool *next_hop_pool_new(const struct next_hop_options *o);
void next_hop_pool_free(struct next_hop_pool **p);

/* Before anything is said to it, once for each thread: ERR_LIMIT, ERR_ABSENT as in hop_state.h; then leave. */
MUST_CHECK enum err next_hop_enter(struct next_hop_pool *p, struct str transport);
void next_hop_leave(struct next_hop_pool *p, struct str transport, bool reached);

/*
 * A connection ready for MAIL, before until_ms; the hosts to try share the time. *kept_out: it was used before,
 * so the peer may have left meanwhile: ask for a fresh one then. ERR_LATER or ERR_ABSENT: *reply_out says why, in words
 * for any sender, and the log says the rest.
 */
MUST_CHECK enum err next_hop_take(struct next_hop_pool *p, struct str transport, bool tls_must, bool fresh,
				  int64_t until_ms, struct relay **out, bool *kept_out,
				  struct smtp_reply *reply_out);
/* Gives it back after RSET or a finished mail; broken ones are closed. Clears the pointer. */
void next_hop_give(struct next_hop_pool *p, struct str transport, bool tls_must, struct relay **r);
/* Closes it instead. */
void next_hop_drop(struct next_hop_pool *p, struct relay **r);
/* So many are taken that a transaction which need not have one had better give it back. */
bool next_hop_is_crowded(struct next_hop_pool *p);

#endif
