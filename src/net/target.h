/*
 * Where a name that somebody set leads, and whether that may be connected to: what people configure must not lead this
 * program to what only this host reaches.
 *
 * A name is looked at each time, and what is connected to is exactly what was looked at: one that changes its address in
 * between reaches nothing that is not allowed.
 */
#ifndef NET_TARGET_H
#define NET_TARGET_H

#include "base/clock.h"
#include "base/ip.h"
#include "net/dns.h"

#define TARGET_ADDRESSES 8 /* of a name; more are not tried */

struct target_addresses {
	struct ip v[TARGET_ADDRESSES];
	size_t n;
};

/* allow_private: those of private networks as well. */
bool target_allows(bool allow_private, const struct ip *ip);
/*
 * The addresses of a host, a name or an address, that may be connected to. ERR_LATER: none is known, or DNS does not
 * tell; ERR_DENIED: all of them are private; why. dns may be NULL for an address.
 */
MUST_CHECK enum err target_find(struct dns *dns, bool allow_private, struct arena *a, struct str host,
				deadline_ms until, struct target_addresses *out, struct errbuf *why);

#endif
