/*
 * A turn at a mailbox (store/mailbox_watch.h): what is new behind its cursor is read and filed, batch by batch, and after
 * each how far that has come is noted. What goes wrong is noted in words, with a pause that grows as long as it goes on;
 * a provider that asks to be left alone is left alone in all its mailboxes.
 */
#ifndef COURIER_LOOK_H
#define COURIER_LOOK_H

#include "courier/finders.h"
#include "courier/mailboxes.h"
#include "store/mailbox_watch.h"

#define LOOK_RETRY_US (INT64_C(15) * 1000000) /* when it is looked into again that cost its process */
#define LOOK_POLL_US (INT64_C(60) * 1000000)  /* how often a mailbox is looked into that nobody waits at */

struct look_tools {
	struct store *store;
	struct mailboxes *mailboxes;
	struct finders *finders;
	const atomic_bool *ending;
	const struct log *log;
};

/*
 * Reads until there is nothing more, or for a while, so that others have their turn. a: of the turn, which keeps its cursor
 * there. due_us: of the next look where all is read, of a watched mailbox. OK: all is read, and the turn may go on. Else it
 * is over.
 */
MUST_CHECK enum err look(const struct look_tools *tools, struct arena *a, struct watch_turn *t,
			 struct mailbox *m, int64_t due_us);
/* The same for what went wrong outside of it: ends the turn. */
void look_failed(const struct look_tools *tools, struct watch_turn *t, enum err e,
		 const struct mailbox_fault *fault);

#endif
