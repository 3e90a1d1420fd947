/* Telling the service manager how we are (sd_notify(3)), and that we live. Nothing without $NOTIFY_SOCKET. */
#ifndef DAEMON_NOTIFY_H
#define DAEMON_NOTIFY_H

#include <stdint.h>

struct notify {
	int fd;              /* -1 = nobody to tell */
	int64_t watchdog_ms; /* how often to say that we live; 0 = never */
	int64_t told_ms;
};

struct notify notify_open(void);
/* "READY=1", "STOPPING=1", "RELOADING=1\nMONOTONIC_USEC=..." and the like. */
void notify_say(const struct notify *n, const char *what);
/* WATCHDOG=1 when it is time; milliseconds until it is time again, or most_ms. */
int notify_watchdog(struct notify *n, int64_t now_ms, int most_ms);

#endif
