/*
 * Moving one copy of a mail in its recipient's mailbox: found, confirmed to be that mail, moved. What could not be found out
 * afterwards is noted in the record before anything is done, so a try that was killed is understood by the next one:
 * nothing is moved twice, and nothing is lost.
 */
#ifndef COURIER_MOVE_COPY_H
#define COURIER_MOVE_COPY_H

#include "courier/tools.h"
#include "store/moves.h"

enum copy_end {
	COPY_OPEN,    /* nothing has come of it yet */
	COPY_MOVED,   /* it lies where it was to go */
	COPY_LEFT,    /* it is not to be brought back any more: its owner has put it elsewhere */
	COPY_PENDING, /* to be tried again */
	COPY_FAILED,
};

struct copy_move {
	const struct job_tools *tools;
	const struct move_order *order;
	const struct record *record;
	struct str address;
	struct arena *arena;
	deadline_ms until;

	struct mailbox_copy copy; /* as it is: in and out */

	/* Out, in the arena: */
	enum copy_end end;
	struct str words; /* how it went: "moved to JunkEmail, which is Junk there" */
	int64_t pause_us; /* COPY_PENDING: not before; 0 = as ever */
	enum mailbox_trouble trouble;
};

void copy_move(struct copy_move *m);

#endif
