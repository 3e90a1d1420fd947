/*
 * Noting an event for those who are to be told of it, in the transaction of what it tells of. Private to store/: what
 * happens is noted where it is written.
 */
#ifndef STORE_EVENT_H
#define STORE_EVENT_H

#include "model/notification.h"
#include "store/sql.h"

struct event {
	enum event_kind kind;
	int64_t account;
	int64_t ref;     /* what it is about: the key of a message, the id of a job … (courier/notice.c) */
	int disposition; /* of a verdict: enum disposition */
	int64_t at_us;
};

/* In an account that nobody is told of, one look into an index. */
MUST_CHECK enum err event_note(struct sql *c, const struct event *e);

#endif
