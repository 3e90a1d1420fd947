/* A mailbox that is looked into for new mail, as it is shown beside its integration. */
#ifndef MODEL_MAILBOX_WATCH_H
#define MODEL_MAILBOX_WATCH_H

#include "base/field.h"
#include "model/enums.h"

#define WATCH_STATES(X)             \
	X(WATCH_NEW, "new")         \
	X(WATCH_WATCHED, "watched") \
	X(WATCH_FAULTY, "faulty")   \
	X(WATCH_DONE, "done")       \
	X(WATCH_GIVEN_UP, "given up")
ENUM_DECLARE(watch_state, WATCH_STATES);

/* clang-format off */
#define WATCHED_MAILBOX(X, T) \
	X(T, STR,  address,   F_READONLY, 0, 320, none, "whose it is") \
	X(T, ENUM, folder,    F_READONLY, 0, 0, scan_folder, "what of it is looked into") \
	X(T, ENUM, state,     F_READONLY, 0, 0, watch_state, "how it stands") \
	X(T, STR,  fault,     F_READONLY | F_NULL, 0, 600, none, "what went wrong when it was last looked into, with the provider's words") \
	X(T, TIME, looked_at, F_READONLY | F_NULL, 0, 0, none, "when that was") \
	X(T, TIME, next_at,   F_READONLY | F_NULL, 0, 0, none, "when it will be at the latest") \
	X(T, INT,  found,     F_READONLY, 0, INT64_MAX, none, "messages that were found so far") \
	X(T, INT,  failed,    F_READONLY, 0, INT64_MAX, none, "of them those that could not be read")
FIELDS_DECLARE(watched_mailbox, WATCHED_MAILBOX);
/* clang-format on */

#endif
