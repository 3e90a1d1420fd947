/*
 * Watching mailboxes: which ones, and when each is looked into (look.h). Threads of its own, for each waits for providers:
 * some for what is new, who stay at an inbox whose provider tells of new mail as long as nobody else needs them, and a few
 * for retro scans, so that neither holds up the other. Mailboxes that nobody waits at are looked into again and again.
 */
#ifndef COURIER_WATCH_H
#define COURIER_WATCH_H

#include "courier/found.h"
#include "courier/mailboxes.h"

#define WATCH_THREADS 16
#define WATCH_WAITERS 12 /* of them at most that stay at one inbox */
#define WATCH_SCANNERS 4 /* threads for retro scans */

struct watch;

struct watch_options {
	struct found_tools tools; /* broker NULL: nothing is looked into */
	struct mailboxes *mailboxes;
};

/* What it is given must outlive it. *out NULL: there is nothing it could do. */
MUST_CHECK enum err watch_start(const struct watch_options *o, struct watch **out, struct errbuf *eb);
/* Ends behind what is under way; what waits must be broken off by mailbox_tools.ending. NULL is fine. */
void watch_stop(struct watch **w);

#endif
