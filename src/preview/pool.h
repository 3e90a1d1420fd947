/*
 * Pictures from helpers: `postern-preview` keeps some warm, each for one mail. Whoever wants a picture makes a channel, hands
 * one end of it to the keeper, and speaks to the helper that gets it. The mail goes as a descriptor, the picture comes back
 * as bytes, and is checked.
 */
#ifndef PREVIEW_POOL_H
#define PREVIEW_POOL_H

#include <stdint.h>
#include <sys/types.h>

#include "base/buf.h"
#include "preview/answer.h"

struct preview_pool {
	int control; /* to the keeper; any number of processes and threads may send there */
	pid_t pid;   /* 0: somebody else started it */
};

/* The program as it lies beside our own; -1 when it is not there. Close-on-exec. */
MUST_CHECK int preview_program_open(void);

/*
 * The keeper's program as a child, with a control socket. exe: an open descriptor of it, which stays the caller's.
 * ERR_LATER: it cannot be started.
 */
MUST_CHECK enum err preview_pool_start(int exe, struct preview_pool *out);
/* The same with a socket that is there already, which stays the caller's: a keeper after another finds what waits. */
MUST_CHECK enum err preview_keeper_start(int exe, int serves, pid_t *pid_out);
/* Closes the control socket, whose end ends keeper and helpers, and waits for a keeper that is ours. */
void preview_pool_stop(struct preview_pool *p);

/*
 * One picture, by the whole ladder from `first` on: a step whose helper dies, takes too long or gives nothing is followed by
 * the next, in a fresh helper.
 *
 *   mail      the whole mail, to be mapped: a sealed memory file or a spool file nobody else writes to
 *   until_ms  monotonic; LIMIT_PREVIEW_MS from now is what the ladder is made for
 *   png       initialised, any ceiling from PREVIEW_PNG on
 *
 * OK: facts and png are set, and fit each other. ERR_ABSENT: the keeper is gone. ERR_LATER: not even the text was drawn in
 * time.
 */
MUST_CHECK enum err preview_draw(const struct preview_pool *p, int mail, enum preview_step first,
				 int64_t until_ms, struct preview_facts *facts_out, struct buf *png);

/* ---- both ends of the control socket ---- */

/* One record with one descriptor, which stays the caller's. Never waits: ERR_LATER when the socket is full. */
MUST_CHECK enum err preview_channel_send(int socket, int channel);
/* Waits for one. ERR_ABSENT: the other end is gone. ERR_SYNTAX: something else came. */
MUST_CHECK enum err preview_channel_recv(int socket, int *channel_out);

#endif
