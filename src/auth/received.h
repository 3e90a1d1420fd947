/*
 * Received fields (RFC 5321 §4.4), and the sending host found by walking them back.
 *
 * Each field is only as true as the host that wrote it: whoever trusts the n-th from the top trusts all
 * above.
 */
#ifndef AUTH_RECEIVED_H
#define AUTH_RECEIVED_H

#include "base/ip.h"
#include "mime/header.h"

/* Slices point into the field's value or the arena. */
struct received {
	struct str helo; /* as the client named itself */
	struct str rdns; /* the name the writer found for the address; "" = none */
	struct ip ip;    /* of the client; IPv4-mapped unmapped */
	struct str by;   /* the host that wrote the field; "" = not said */
};

/* value may be folded. ERR_ABSENT: it tells no client address. The forms of common servers are known. */
MUST_CHECK enum err received_parse(struct arena *a, struct str value, struct received *out);

struct sending_host {
	struct ip ip;       /* family 0 = not known */
	struct str helo;    /* "" = not known */
	struct str rdns;    /* as a Received field claims; "" for our own peer */
	bool is_guess;      /* the walk failed: no more than a hint, SPF must not be checked against it */
	struct str comment; /* what went wrong with the walk; "" = nothing */
};

/*
 * hops: 1 = our SMTP peer, n = the client in the (n-1)-th Received field from the top, of those in headers
 * (ours is not among them yet). Too few fields, or that one without an address: the oldest public address in
 * any of them, as a guess.
 */
void received_sending_host(struct arena *a, const struct headers *headers, int hops, const struct ip *peer,
			   struct str peer_helo, struct sending_host *out);

#endif
