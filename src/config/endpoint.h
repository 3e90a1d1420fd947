/* ADDR:PORT as people write it in settings and options: 127.0.0.1:25, [::1]:25, *:25. */
#ifndef CONFIG_ENDPOINT_H
#define CONFIG_ENDPOINT_H

#include "base/ip.h"

struct endpoint {
	struct ip ip;  /* family 0 for "*": all addresses of the machine */
	uint16_t port; /* 0 = any free one; for tests */
};

/* The whole slice. ERR_SYNTAX when it is anything else. */
MUST_CHECK enum err endpoint_parse(struct str s, struct endpoint *out);

/*
 * Where a mail server finds a milter, as libmilter and Sendmail write it: unix:/path, inet:PORT@ADDR, inet6:PORT@ADDR.
 */
struct milter_endpoint {
	struct str path; /* "" = by TCP */
	struct endpoint tcp;
};

#define MILTER_PATH_MAX 107 /* what sockaddr_un holds, terminated */

/* The whole slice. ERR_SYNTAX when it is anything else; ADDR is an address of this machine or "*". */
MUST_CHECK enum err milter_endpoint_parse(struct str s, struct milter_endpoint *out);

#define ENDPOINTS_MAX 16 /* addresses of one service */

/* Whether the second could not be bound beside the first. Port 0 is always another one. */
bool endpoint_clashes(const struct endpoint *a, const struct endpoint *b);

/* The next word of a list divided by spaces; false at its end. *rest moves on. */
bool endpoint_next(struct str *rest, struct str *word_out);

#endif
