/*
 * Where mail for a domain goes next: its transport turned into hosts to try in order.
 * "host" and "host:port" ask for MX records first (RFC 5321 §5.1), "[host]" and addresses do not.
 */
#ifndef INTAKE_ROUTE_H
#define INTAKE_ROUTE_H

#include "base/arena.h"
#include "net/dns.h"

struct route_hop {
	struct str host; /* name or address */
	uint16_t port;
};

struct route {
	struct route_hop *v;
	size_t n;
};

/*
 * ERR_SYNTAX: no transport at all, or not one. ERR_ABSENT: the domain accepts no mail (RFC 7505).
 * ERR_LATER: no answer.
 */
MUST_CHECK enum err route_find(struct arena *a, struct dns *dns, struct str transport, int64_t until_ms,
			       struct route *out);

#endif
