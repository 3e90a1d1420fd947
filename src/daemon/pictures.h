/*
 * The keeper of preview helpers (preview/pool.h): a program of its own, which the supervisor starts, and starts again when it
 * dies. Both ends of its control socket stay here, so whoever asks notices nothing but that it takes a moment longer.
 */
#ifndef DAEMON_PICTURES_H
#define DAEMON_PICTURES_H

#include <sys/types.h>

#include "base/log.h"
#include "daemon/plan.h"

struct pictures {
	int exe;          /* -1: it is not installed, so there are no pictures */
	int asks, serves; /* the control socket */
	pid_t pid;        /* 0 = none runs */
	struct plan plan;
};

/* Opens the program beside ours; logs when it is not there. */
void pictures_open(struct pictures *p, const struct log *log);
/* Starts it when it is due; milliseconds until it may be, at most `most`. */
int pictures_due(struct pictures *p, int64_t now_ms, int most, const struct log *log);
/* Whether that was it, which ended; it is wanted again unless it cannot work here. */
bool pictures_died(struct pictures *p, pid_t pid, int status, const struct log *log);
/* Ends it, and waits for its end. */
void pictures_close(struct pictures *p);

#endif
