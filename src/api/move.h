/* Moving messages in mailboxes: jobs for the courier, and an answer that waits for them as long as a client does. */
#ifndef API_MOVE_H
#define API_MOVE_H

#include "api/request.h"
#include "model/enums.h"

#define MOVES_MAX 1000 /* messages of one call */

/* clang-format off */
#define MOVE_BODY(X, T) \
	X(T, ENUM, destination,          F_REQUIRED, 0, 0, destination, "folder to move to") \
	X(T, ENUM, expected_disposition, F_NULL, 0, 0, disposition, "without effect")
FIELDS_DECLARE(move_body, MOVE_BODY);

#define MOVES_BODY(X, T) \
	MOVE_BODY(X, T) \
	X(T, STRS, ids,         F_OPTIONAL, 0, MOVES_MAX, none, "of messages; with postfix_ids at least one") \
	X(T, STRS, postfix_ids, F_OPTIONAL, 0, MOVES_MAX, none, "older way to name them")
FIELDS_DECLARE(moves_body, MOVES_BODY);

#define MOVE_ITEM(X, T) \
	X(T, BOOL, success,             F_REQUIRED, 0, 0, none, "it lies where it was to go") \
	X(T, TIME, completed_at,        F_NULL, 0, 0, none, "when that was so; null: it is not") \
	X(T, TIME, completed_timestamp, F_REQUIRED, 0, 0, none, "older name; else when it was tried") \
	X(T, STR,  destination,         F_NULL, 0, 64, none, "folder to move to") \
	X(T, INT,  item_count,          F_REQUIRED, 0, 1, none, "messages moved") \
	X(T, STR,  message_id,          F_NULL, 0, 1024, none, "Message-ID with its angle brackets") \
	X(T, STR,  operation,           F_NULL, 0, 16, none, "MOVE") \
	X(T, STR,  recipient,           F_NULL, 0, 1024, none, "whose copy it is") \
	X(T, STR,  status,              F_NULL, 0, 400, none, "how it went, in words")
FIELDS_DECLARE(move_item, MOVE_ITEM);
/* clang-format on */

/* POST investigate/{id}/move */
void move_reply(struct request *rq);
/* POST investigate/move */
void moves_reply(struct request *rq);

#endif
