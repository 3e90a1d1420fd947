/*
 * A domain's transport as people write it: where its mail goes next. "host", "host:port", "[host]" and "[host]:port";
 * brackets say that no MX records are asked for. An IPv6 address needs them, for its end would look like a port.
 */
#ifndef NET_TRANSPORT_H
#define NET_TRANSPORT_H

#include <stdint.h>

#include "base/str.h"

struct transport {
	struct str host; /* name or address, no brackets; whether such a name may be is not looked at */
	uint16_t port;   /* 25 where none is said */
	bool ported;     /* one is said */
	bool exact;      /* an address, or in brackets */
};

MUST_CHECK enum err transport_parse(struct str text, struct transport *out);

#endif
