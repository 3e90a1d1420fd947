/*
 * What the operator lets a scan know or ask beyond the mail and the account: made once, before workers are forked, and shared
 * by all of them. Whatever is not configured is empty here, and nothing is asked for it.
 */
#ifndef DETECT_OUTSIDE_H
#define DETECT_OUTSIDE_H

#include "config/config.h"
#include "detect/block_list.h"

struct outside {
	struct block_lists lists;
	bool virus; /* a virus scanner may be asked */
};

/* As configured. Lives in the arena. */
MUST_CHECK enum err outside_of(struct arena *a, const struct config *c, struct outside *out,
			       struct errbuf *eb);

#endif
