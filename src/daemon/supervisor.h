/*
 * The supervisor: binds ports, opens what roles need, starts them from the same binary, and starts again what dies.
 * It parses nothing but the configuration, and reads nothing that came from outside.
 *
 * A role never changes under way: on SIGHUP, and for a zygote with newer policies, a successor is started; when it
 * is ready the old one is told to finish what it holds and leave. A configuration that check-config would refuse
 * changes nothing, and a successor that dies leaves the old one at work. Ports, user and DIR stay as they were at the
 * start: changing those takes a restart.
 *
 * A role that dies is started again for ever once it was ready; one that never was is given up after some deaths.
 */
#ifndef DAEMON_SUPERVISOR_H
#define DAEMON_SUPERVISOR_H

#include "config/config.h"

struct supervisor_options {
	const char *config_path;                 /* read again on SIGHUP */
	bool config_must_exist;                  /* false: defaults when there is no such file */
	const struct config_override *overrides; /* live as long as the supervisor runs */
	size_t overrides_n;
};

/* Serves in the foreground until SIGTERM or SIGINT. Gives the exit status; what went wrong is on stderr. */
int supervisor_run(const struct supervisor_options *o);

#endif
