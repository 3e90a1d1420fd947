/*
 * What the supervisor has and hands to its roles: the configuration, the files it names, ports, the identity.
 *
 * Each file is read once, into memory, and what was read is checked before a role gets it: so all roles of one start
 * see the same bytes, need no right to the files, and find nothing wrong that could have been seen before.
 * `postern check-config` does no more and no less.
 */
#ifndef DAEMON_BELONGINGS_H
#define DAEMON_BELONGINGS_H

#include "daemon/bind.h"
#include "daemon/identity.h"
#include "daemon/supervisor.h"
#include "detect/outside.h"

/* Descriptors are -1 where there is nothing. */
struct belongings {
	int pictures;           /* where pictures are asked for; -1 = nowhere. Belongs to the supervisor */
	int exe;                /* this binary, opened before anything else */
	struct config *config;  /* as the roles will read it; NULL before the first reading */
	struct config *started; /* as it was read first: what is bound and who serves; may be the same */
	int config_text, dns_data, authorities, policies;
	int model;                /* the site's own; -1 = the shipped one is used */
	int places[PLACES_FILES]; /* databases of addresses, likewise none */
	int rules;                /* YARA rules, likewise */
	int rdap;                 /* IANA's file for RDAP, likewise */
	struct belongings_tls {
		int certificate, key;
	} smtp_tls, http_tls;
	struct bound_list smtp, milter, http;
	struct identity identity;
	const struct supervisor_options *options;
};

/* Nothing but the options, which live as long as it. */
struct belongings belongings_of(const struct supervisor_options *o);
/*
 * Reads and checks the configuration, certificates and keys, DNS data and the user; the other members stay. Nothing
 * changes on error. Read again, DIR must be what it was: a store does not move while it is used.
 */
MUST_CHECK enum err belongings_read(struct belongings *b, struct errbuf *eb);
/* For serving: our binary, all that belongings_read does, then DIR, who serves, and the ports. */
MUST_CHECK enum err belongings_open(struct belongings *b, struct errbuf *eb);
void belongings_close(struct belongings *b);

#endif
