/*
 * What the processes started by the supervisor have in common: receiving what they work with, giving up rights,
 * saying when they are ready, and hearing when to leave.
 *
 * A role obeys its channel only: SIGINT, SIGTERM and SIGHUP are for the supervisor. A change of configuration does
 * not reach a running role: the supervisor starts a successor, and lets this one drain.
 */
#ifndef DAEMON_ROLE_H
#define DAEMON_ROLE_H

#include "base/arena.h"
#include "base/limits.h"
#include "base/log.h"
#include "broker/ipc.h"
#include "config/config.h"
#include "daemon/bind.h"
#include "detect/outside.h"
#include "seal/sandbox.h"
#include "net/dns.h"

#define ROLE_CHANNEL 3       /* the descriptor a role is started with */
#define ROLE_EXIT_REFUSED 78 /* cannot work here at all: starting it again is of no use (EX_CONFIG) */
#define ROLE_DRAIN_MS 30000  /* from the word to leave until the supervisor kills */
/* The same for intake: a mail under way is answered first, for its sender would send what was cut once more. */
#define ROLE_DRAIN_MAIL_MS (LIMIT_SMTP_ANSWER_MS + ROLE_CLOSE_MS)
#define ROLE_CLOSE_MS 5000 /* of both: to close down what drained */

struct role {
	const char *name;
	struct ipc channel;
	struct log log;
	struct arena *arena; /* lives as long as the role */
	struct config *config;
	int smtp[BIND_MAX], http[BIND_MAX];
	size_t smtp_n, http_n;
	struct str certificate, key;  /* PEM texts, for what it listens on; empty = none given */
	struct str dns_data;          /* zone lines */
	struct str rdap;              /* IANA's file for domains */
	struct str authorities;       /* PEM texts; empty = the system's */
	int broker_fd;                /* -1 = none */
	int milter_fd;                /* where mail servers ask; likewise */
	int pictures_fd;              /* likewise */
	struct str policies;          /* the zygote's snapshot */
	struct str model;             /* likewise (classifier/classifier.h); empty = the shipped one */
	struct outside_files outside; /* likewise */
	struct sandbox_user user;
};

/* The process of one role: `postern role NAME`. Gives the exit status. */
int role_main(const char *name);

/* Gives up rights as the sandbox's role says. False: it was logged; leave with ROLE_EXIT_REFUSED. */
MUST_CHECK bool role_confine(struct role *r, enum sandbox_role as);
/* The resolver as configured; cache_s as in dns_options. */
MUST_CHECK enum err role_dns(struct role *r, int cache_s, struct dns **out, struct errbuf *eb);
/* Everything is up, and those who listen have their own copies of the listening sockets. */
void role_ready(struct role *r);
/* Until the supervisor says leave, or is gone; milliseconds for what is under way. */
int64_t role_wait(struct role *r);

/* The roles; each gives the exit status. */
int role_zygote(struct role *r);
int role_intake(struct role *r);
int role_milter(struct role *r);
int role_api(struct role *r);
int role_courier(struct role *r);

#endif
