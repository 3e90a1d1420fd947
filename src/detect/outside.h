/*
 * What the operator lets a scan know or ask beyond the mail and the account: made once, before workers are forked, and shared
 * by all of them. Whatever is not configured is empty here, and nothing is asked for it.
 */
#ifndef DETECT_OUTSIDE_H
#define DETECT_OUTSIDE_H

#include "config/config.h"
#include "detect/block_list.h"
#include "detect/places.h"
#include "detect/yara_rules.h"

struct outside {
	struct block_lists lists;
	bool ages;                /* when domains were registered may be asked */
	bool virus;               /* a virus scanner may be asked */
	struct places *places;    /* NULL = none are known */
	struct yara_rules *rules; /* NULL = there are none */
	int64_t rules_ms;         /* that they may take for one mail */
};

/* The files that the configuration names, opened; -1 = none. */
struct outside_files {
	int places[PLACES_FILES];
	struct str rules; /* as yara_rules_read gives them; empty = none */
};
#define OUTSIDE_NO_FILES             \
	{                            \
		.places = { -1, -1 } \
	}

/*
 * As configured, with a fault of a file told as of its setting. The files stay the caller's, and are not needed any more. What
 * is not in the arena is given back by outside_free, also after an error.
 */
MUST_CHECK enum err outside_of(struct arena *a, const struct config *c, const struct outside_files *files,
			       struct outside *out, struct errbuf *eb);
void outside_free(struct outside *o);

#endif
