/*
 * What the supervisor gives to a role over its channel, descriptor 3: IPC_GIVE records, each a name, a NUL and a
 * text, often with a descriptor, until "start". After SIGHUP a successor is given all of it anew.
 *
 *	name         text                  descriptor
 *	config       path, for messages    its text
 *	override     key=value             -
 *	smtp, http   ADDR:PORT             listening socket
 *	milter       path or ADDR:PORT     listening socket
 *	certificate  path                  PEM text
 *	key          path                  PEM text
 *	dns_data     path                  zone lines
 *	rdap         -                     IANA's file for domains, for intake and milter (net/rdap.h)
 *	authorities  -                     PEM texts, for the courier
 *	broker       -                     the broker's control socket (broker/broker.h)
 *	pictures     -                     where pictures are asked for (preview/pool.h)
 *	policies     -                     snapshot for a zygote
 *	model        -                     the site's own, for a zygote (site_model.h)
 *	asn, country path                  databases of addresses, for a zygote (detect/places.h)
 *	yara         -                     rules, likewise (detect/yara_rules.h)
 *	client       -                     to a zygote: a broker's control socket, also after "start"
 *	user         UID:GID               -
 *	start        -                     -
 */
#ifndef DAEMON_HANDOVER_H
#define DAEMON_HANDOVER_H

#include "broker/ipc.h"

/* Name and text of a GIVE payload; without a NUL all is name. */
struct str handover_name(struct str payload);
struct str handover_text(struct str payload);

/* fd -1 = none; it stays the caller's. */
MUST_CHECK enum err handover_give(struct ipc *to, const char *name, const char *text, int fd,
				  int64_t until_ms);

#endif
