/*
 * Connections to next hops, kept open for a moment between mails: the next mail for the same place then saves
 * connecting, greeting and TLS.
 */
#ifndef INTAKE_NEXT_HOP_H
#define INTAKE_NEXT_HOP_H

#include "net/dns.h"
#include "smtp/relay.h"

struct next_hop_pool;

struct next_hop_options {
	struct dns *dns;
	struct tls_context *tls; /* client side */
	const char *hostname;
	int idle_ms; /* how long a connection is kept for a next mail */
};

struct next_hop_pool *next_hop_pool_new(const struct next_hop_options *o);
void next_hop_pool_free(struct next_hop_pool **p);

/*
 * A connection ready for MAIL, before until_ms; the hosts to try share the time. *kept_out: it was used before,
 * so the peer may have left meanwhile: ask for a fresh one then. ERR_LATER or ERR_ABSENT: *reply_out says why.
 */
MUST_CHECK enum err next_hop_take(struct next_hop_pool *p, struct str transport, bool tls_must, bool fresh,
				  int64_t until_ms, struct relay **out, bool *kept_out,
				  struct smtp_reply *reply_out);
/* Gives it back after RSET or a finished mail; broken ones are closed. Clears the pointer. */
void next_hop_give(struct next_hop_pool *p, struct str transport, bool tls_must, struct relay **r);

#endif
