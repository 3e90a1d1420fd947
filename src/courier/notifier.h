/*
 * Telling of events: takes what waits in the outbox (store/notices.h) and tells it, many targets at once and each in
 * order. A target that is not reached is left alone for ever longer, up to an hour; what is older than a day is given up.
 * One account has at most a quarter of the threads, so its dead targets keep no other account waiting.
 */
#ifndef COURIER_NOTIFIER_H
#define COURIER_NOTIFIER_H

#include "base/log.h"
#include "courier/way.h"

struct notifier;

struct notifier_options {
	struct store *store;
	struct way_tools tools;
	const struct log *log;
};

MUST_CHECK enum err notifier_start(const struct notifier_options *o, struct notifier **out,
				   struct errbuf *eb);
/* Ends after what is being told now. *n may be NULL. */
void notifier_stop(struct notifier **n);

#endif
