/*
 * The REST API over HTTP/1.1 by libmicrohttpd: epoll threads that answer indexed look-ups themselves,
 * and a bounded pool for everything that searches, lists, writes or opens files. TLS 1.2 and later when there is a
 * certificate, else plain HTTP; HTTP/2 is a reverse proxy's.
 */
#ifndef API_SERVER_H
#define API_SERVER_H

#include "base/log.h"
#include "preview/pool.h"
#include "store/store.h"

struct api_options {
	const int *listen_fds; /* bound and listening; stay the caller's */
	size_t n_listen_fds;
	struct store *store;
	const struct log *log;
	unsigned threads;                              /* that answer; 0 = 2 */
	unsigned pool_threads;                         /* for slow work; 0 = 4 */
	unsigned connections, connections_per_address; /* 0 = 1000 and 50; an IPv6 /64 is one address */
	unsigned timeout_s;                            /* of an idle connection; 0 = 75 */
	unsigned request_timeout_s;                    /* until a request is there, its body too; 0 = 30 */
	int64_t rate_requests, rate_window_s;          /* per principal; 0 requests = off */
	int64_t rate_address_requests;                 /* per second and address; 0 = off */
	struct str certificate, key;                   /* PEM texts; both empty = plain HTTP */
	int64_t search_ms;                             /* of one message search; 0 = 30,000 */
	int64_t release_ms; /* that an answer waits for releases; 0 = 25,000: clients give up after 60 s */
	const char *trusted_proxies; /* ADDR or ADDR/BITS, divided by spaces; NULL = none (forwarded.h) */
	const struct preview_pool *pictures; /* NULL = there are none */
	bool integer_ids;                    /* the server's id_form */
	bool allow_private_ip;               /* policies.allow_private_ip */
	bool allow_private_targets;          /* notifications.allow_private */
	bool allow_private_mailboxes;        /* mailboxes.allow_private */
	const char *click_url;               /* http.click_url; NULL or empty: links are not rewritten */
};

/*
 * That answer, by default; what may be slow is the pool's. A second one does no more work: both wait for SQLite's read
 * lock, and each request takes a seventh more CPU.
 */
#define API_THREADS 1

struct api;

MUST_CHECK enum err api_server_start(const struct api_options *o, struct api **out, struct errbuf *eb);
/* Whether the library can serve with these. ERR_DENIED: it was built without TLS. ERR_SYNTAX: it cannot use them. */
MUST_CHECK enum err api_server_check_tls(struct str certificate, struct str key, struct errbuf *eb);
/* Answers what was begun, then ends. Clears the pointer; NULL is fine. */
void api_server_stop(struct api **api);

#endif
