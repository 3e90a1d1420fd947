/*
 * Telling of events: an outbox. What is noted with an event (store/event.h) waits here for each of the notifications that
 * want it, in the order in which it happened, and courier sends it. Every target is worked off by itself, so a dead one
 * keeps nobody else waiting.
 */
#ifndef STORE_NOTICES_H
#define STORE_NOTICES_H

#include "model/notification.h"
#include "store/store.h"

#define NOTICE_NEVER INT64_MAX /* due: nothing waits */
#define NOTICES_MAX 50000      /* that may wait for one target; later events are given up */

/* Who is to be told what. */
struct notice_target {
	int64_t num, account;
	int64_t until_us;  /* it is ours until then, or until somebody changes it */
	int64_t failures;  /* tries in a row so far that reached nobody */
	struct str secret; /* signs what a webhook is sent */
	struct notification to;
};

struct notice_due {
	int64_t num, account;
};

struct notice_due_list {
	struct notice_due *v;
	size_t n;
};

/* At most n targets whose time has come; who waits longest first. */
MUST_CHECK enum err store_notices_due(struct store *st, struct arena *a, int64_t now_us, size_t n,
				      struct notice_due_list *out);
/*
 * Takes one of them, and puts it off until then first, so that no other process takes it and one that costs its process
 * comes again. ERR_ABSENT: it is not due any more.
 */
MUST_CHECK enum err store_notices_take(struct store *st, struct arena *a, int64_t num, int64_t now_us,
				       int64_t until_us, struct notice_target *out);

enum notice_result {
	NOTICE_OPEN,  /* not tried */
	NOTICE_SENT,  /* taken */
	NOTICE_LATER, /* the target is there, but does not take this one */
	NOTICE_GONE,  /* there is nothing left to tell */
};

struct notice {
	int64_t id;
	struct str event; /* its id */
	enum event_kind kind;
	int64_t ref, at_us, tries;
	enum notice_result result; /* yours to set */
	int64_t due_us;            /* NOTICE_LATER: yours to set */
};

struct notice_list {
	struct notice *v;
	size_t n;
};

/* What waits for it and is due, at most n. */
MUST_CHECK enum err store_notices_next(struct store *st, struct arena *a, int64_t num, int64_t now_us,
				       size_t n, struct notice_list *out);

struct notice_settling {
	const struct notice_target *target; /* with its facts as they are to be */
	const struct notice_list *list;
	int64_t now_us;
	int64_t away_us;   /* the target was not reached: nothing is sent before then; 0 = it was */
	int64_t before_us; /* what happened before then is given up; 0 = nothing */
};

/* Writes what came of it and gives the target back. *given_up_out: events that were too old or had nothing to tell. */
MUST_CHECK enum err store_notices_settle(struct store *st, struct arena *a, const struct notice_settling *s,
					 int64_t *given_up_out);

/* Deletes a slice of what waited for one that is gone; *more_out: call again. */
MUST_CHECK enum err store_notices_forget(struct store *st, bool *more_out);

#endif
