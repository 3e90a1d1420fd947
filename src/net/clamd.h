/*
 * The client's side of clamd's protocol (clamd(8), INSTREAM): one connection for one stream of bytes, over a socket of this
 * machine or TCP. Sending and hearing are two steps, so that something else can be done while clamd looks.
 */
#ifndef NET_CLAMD_H
#define NET_CLAMD_H

#include "base/clock.h"
#include "base/ip.h"
#include "net/stream.h"

#define CLAMD_NAME_MAX 200 /* bytes of what it found */

struct clamd_address {
	const char *path; /* absolute; NULL = by TCP */
	struct ip ip;
	uint16_t port;
};

/* "/PATH" or ADDR:PORT. The path stays the text's. ERR_SYNTAX: neither, or a path longer than sockets may have. */
MUST_CHECK enum err clamd_address_parse(const char *text, struct clamd_address *out);

/*
 * Connects and sends the first size bytes of the file. ERR_ABSENT: nobody is there; ERR_LATER: over the time. *out is set where
 * something may be heard: also where clamd hung up before it had all, for then it says why.
 */
MUST_CHECK enum err clamd_send(const struct clamd_address *to, int fd, size_t size, deadline_ms until,
			       struct stream **out, struct errbuf *eb);

/*
 * What it says. OK: *found_out is what was found, in the arena; "" = nothing. ERR_DENIED: it refused, and eb has its words;
 * ERR_ABSENT, ERR_LATER, ERR_SYNTAX: it was gone, too slow, or no clamd. Closes the connection in any case.
 */
MUST_CHECK enum err clamd_hear(struct stream **s, struct arena *a, deadline_ms until, struct str *found_out,
			       struct errbuf *eb);

#endif
