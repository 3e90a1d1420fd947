/* Releasing held messages: jobs for the courier, and an answer that waits for them as long as a client does. */
#ifndef API_RELEASE_H
#define API_RELEASE_H

#include "api/request.h"

/* clang-format off */
#define RELEASE_ITEM(X, T) \
	X(T, STR,  id,          F_REQUIRED, 0, 64, none, "investigate id") \
	X(T, STR,  postfix_id,  F_REQUIRED, 0, 64, none, "queue id") \
	X(T, STRS, delivered,   F_REQUIRED, 0, 1000, none, "recipients whose next hop took it now") \
	X(T, STRS, failed,      F_REQUIRED, 0, 1000, none, "recipients whose next hop refused it, or to whom it cannot be delivered") \
	X(T, STRS, undelivered, F_REQUIRED, 0, 1000, none, "recipients it is still to be delivered to")
FIELDS_DECLARE(release_item, RELEASE_ITEM);
/* clang-format on */

/* POST investigate/release */
void release_reply(struct request *rq);

#endif
