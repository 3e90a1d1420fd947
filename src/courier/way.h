/* The ways by which a notification is told: one table row each, a webhook (webhook.c) and syslog (syslog.c). */
#ifndef COURIER_WAY_H
#define COURIER_WAY_H

#include <stdatomic.h>

#include "base/arena.h"
#include "net/dns.h"
#include "net/target.h"
#include "net/tls.h"
#include "store/notices.h"

#define WAY_CONNECT_MS 5000 /* to find and reach it */
#define WAY_TELL_MS 10000   /* to tell one event, answer included */

struct way_tools {
	struct dns *dns;
	struct tls_context *verifier; /* of syslog servers */
	struct str authorities;       /* PEM texts, of webhooks; "" = the system's */
	const char *hostname;
	bool allow_private;        /* notifications.allow_private */
	const atomic_bool *ending; /* set: what is under way is broken off */
};

/* One event, ready to be told. */
struct telling {
	struct str event; /* its id */
	enum event_kind kind;
	int64_t at_us;   /* when it happened */
	struct str text; /* the JSON object, one line */
};

struct way {
	/* Of a text it carries at most so many bytes. */
	size_t (*room)(const struct notification *to);
	/* Reaches the target. *out is closed by close, before the arena ends. ERR_LATER: not reached; why. */
	enum err (*open)(const struct way_tools *tools, struct arena *a, const struct notice_target *t,
			 void **out, struct errbuf *why);
	/* ERR_DENIED: it does not take this one. ERR_LATER: it takes none now. */
	enum err (*tell)(void *w, struct arena *a, const struct telling *t, struct errbuf *why);
	void (*close)(void *w);
};

extern const struct way way_webhook, way_syslog;

/*
 * What signs a text: "v1=" and, in hexadecimal, HMAC-SHA-256 under the secret over the seconds since 1970 in decimals, a
 * dot and the text.
 */
struct str webhook_signature(struct arena *a, struct str secret, int64_t seconds, struct str text);

/* The event as RFC 5424 has it, on one line whatever the text holds; no frame around it. */
struct str syslog_message(struct arena *a, const char *hostname, const struct telling *t);

#endif
