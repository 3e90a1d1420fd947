/* What relay.c and relay_open.c share. */
#ifndef SMTP_RELAY_INTERNAL_H
#define SMTP_RELAY_INTERNAL_H

#include "net/stream.h"
#include "smtp/relay.h"
#include "smtp/stuff.h"

#define RELAY_BUFFER 32768     /* content gathered for one write */
#define RELAY_RESERVE 8        /* kept free for the end of the content */
#define RELAY_ADDRESS_MAX 1024 /* far above RFC 5321 §4.5.3.1.3, so the hop decides; far below the buffer */
#define RELAY_AHEAD_MAX 16     /* recipients said at once: they fit the buffer, and every window */

/* What the hop offers. */
struct relay_features {
	bool size, eight_bit, smtputf8, tls, pipelining;
	uint64_t size_max; /* 0 = not said */
};

struct relay {
	struct stream *stream;
	struct relay_features features;
	struct smtp_stuffer stuffer;
	bool broken;
	bool in_data; /* between 354 and the final dot */
	size_t ahead; /* commands that were said and whose replies are still to be read */
	size_t n;     /* bytes gathered in out */
	char out[RELAY_BUFFER];
};

typedef void relay_line_fn(struct relay *r, struct str text);

/* Gathers text to send. The caller bounds it. */
void relay_put(struct relay *r, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* Reads one reply; `each` sees the text of every line but the first. */
struct smtp_reply relay_read(struct relay *r, relay_line_fn *each, int64_t until_ms);
/* Sends what was gathered and reads the reply. */
struct smtp_reply relay_exchange(struct relay *r, relay_line_fn *each, int64_t until_ms);

#endif
