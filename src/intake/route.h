/*
 * Where mail for a domain goes next: its transport turned into hosts to try in order, with their addresses.
 * "host" and "host:port" ask for MX records first (RFC 5321 §5.1), "[host]" and addresses do not.
 *
 * Names are asked of our resolver, with its settings and local data. Only a name of a single label, such as localhost,
 * is the system's: the host gets no addresses here.
 */
#ifndef INTAKE_ROUTE_H
#define INTAKE_ROUTE_H

#include "base/arena.h"
#include "base/ip.h"
#include "net/dns.h"

struct ip_list {
	struct ip *v;
	size_t n;
};

struct route_hop {
	struct str host; /* name or address */
	uint16_t port;
	struct ip_list addresses; /* of a name with dots; IPv4 first */
};

struct route {
	struct route_hop *v;
	size_t n;
};

/*
 * ERR_SYNTAX: no transport at all, or not one. ERR_DENIED: the domain accepts no mail (RFC 7505). ERR_ABSENT: no host
 * has an address. ERR_LATER: no answer. dns NULL: names are the system's.
 */
MUST_CHECK enum err route_find(struct arena *a, struct dns *dns, struct str transport, int64_t until_ms,
			       struct route *out);

#endif
