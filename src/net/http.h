/*
 * HTTP as a client, for URLs that people configure: webhooks, registries, mailbox providers. libcurl speaks it, and is told
 * what it may do: TLS 1.2 or later with certificates that are verified, no redirect, no proxy, no look-up of its own. Where
 * a name leads is asked of target.h, pinned for a minute, and each socket is looked at once more. curl_global_init is the
 * process's business.
 */
#ifndef NET_HTTP_H
#define NET_HTTP_H

#include <stdatomic.h>

#include "base/arena.h"
#include "base/clock.h"
#include "net/dns.h"

#define HTTP_CONNECT_MS 5000 /* to find a host and reach it, within what a request may take */

struct http_rules {
	struct dns *dns;           /* NULL: URLs with addresses alone */
	struct str authorities;    /* PEM texts; "" = the system's */
	bool allow_private;        /* addresses of private networks, and http:// */
	const atomic_bool *ending; /* set: what is under way is broken off; NULL: never */
};

struct http; /* one thread at a time; connections are kept between requests */

/* The rules are copied; what they point to outlives it. NULL: HTTP cannot be set up. */
struct http *http_new(const struct http_rules *r);
void http_free(struct http **h);

/* What a request would begin with: looks where its URL leads, so that it may be said before there is one. Errors as there. */
MUST_CHECK enum err http_look_up(struct http *h, struct arena *a, struct str url, deadline_ms until,
				 struct errbuf *why);

struct http_request {
	const char *method; /* NULL: GET, and POST with a body */
	struct str url;
	struct strs headers; /* "Name: value", terminated */
	struct str body;     /* p NULL: none */
	size_t answer_max;   /* bytes of an answer that are read */
	deadline_ms until;
	/* Takes a connection of its own: on a kept one that turns out to be dead libcurl would ask once more by itself. */
	bool once;
};

struct http_answer {
	int status;             /* 0: none came */
	struct str body;        /* until the next request, also of an answer that was cut */
	int64_t retry_after_ms; /* Retry-After (RFC 9110 §10.2.3), seconds or date; 0: not said */
	bool reached;           /* the other side may have heard it: without it nothing was sent */
};

/*
 * OK: an answer came, whatever its status. ERR_LIMIT: it is longer than answer_max. ERR_DENIED: the URL may not be asked: no
 * https, or a private address. ERR_LATER: it was not reached, or what came was no whole answer; also when `ending` is set.
 * why says what happened, without the URL's query.
 */
MUST_CHECK enum err http_ask(struct http *h, struct arena *a, const struct http_request *q,
			     struct http_answer *out, struct errbuf *why);

/* Lets go of the last answer's body before the next request: a handle that waits to be used again holds no mail. */
void http_let_go(struct http *h);

/* The bytes as a part of a path or query: all but unreserved characters as %XX (RFC 3986 §2.3). */
struct str http_escape(struct arena *a, struct str s);

#endif
