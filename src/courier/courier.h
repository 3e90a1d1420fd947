/*
 * The courier works off what need not happen while a sender waits: indexing, checkpoints, retention, scanning again the
 * copies that could not be scanned, jobs (courier/jobs.h) and mailboxes (courier/watch.h).
 */
#ifndef COURIER_COURIER_H
#define COURIER_COURIER_H

#include "base/log.h"
#include "config/config.h"
#include "net/dns.h"
#include "net/tls.h"
#include "store/store.h"

struct courier;

struct courier_options {
	const struct config *config;
	struct store *store;
	struct dns *dns;
	struct tls_context *tls_client;
	struct tls_context *verifier; /* of mailbox providers */
	struct str authorities;       /* PEM texts; "" = the system's */
	int broker_control_fd;        /* as for intake; -1: no scans */
	const struct log *log;
};

/* Starts its thread. */
MUST_CHECK enum err courier_start(const struct courier_options *o, struct courier **out, struct errbuf *eb);
/* Ends after the step under way. */
void courier_stop(struct courier **c);

#endif
