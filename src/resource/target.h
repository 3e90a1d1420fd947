/*
 * Addresses that accounts set and this server connects to: whether such a text may be one. What a name leads to is looked
 * at each time it is connected to (net/).
 */
#ifndef RESOURCE_TARGET_H
#define RESOURCE_TARGET_H

#include "resource/resource.h"

/* Whether private and special addresses may be connected to, and what goes without TLS; which setting says so. */
struct target_rule {
	bool allow_private;
	const char *setting; /* "notifications.allow_private" */
};

/* A sentence without its subject that says why it is none, in env's arena; NULL: it is one. */
const char *target_check_url(const struct resource_env *env, const struct target_rule *rule, struct str text);
/* host:port or [address]:port; port_needed false: the port may be missing. */
const char *target_check_server(const struct resource_env *env, const struct target_rule *rule,
				struct str text, bool port_needed);

#endif
