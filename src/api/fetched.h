/*
 * A source that is no longer kept, had from a mailbox that the message lies in: courier fetches it (JOB_MAILBOX_FETCH) while
 * the request waits without a thread.
 */
#ifndef API_FETCHED_H
#define API_FETCHED_H

#include "api/request.h"
#include "store/store.h"

/*
 * Asks for it. OK: the handler returns without an answer, and goes on with fetched_end when it is called again. ERR_ABSENT: no
 * recipient's mailbox can be reached.
 */
MUST_CHECK enum err fetched_begin(struct request *rq, const struct record *r);
/* Whether it was asked for. */
bool fetched_was_asked(const struct request *rq);
/* OK: *out is the record, whose source is there. ERR_ABSENT: it is in no mailbox; ERR_LATER: not now; why, for people. */
MUST_CHECK enum err fetched_end(struct request *rq, struct record *out, struct str *why);

#endif
