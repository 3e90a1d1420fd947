/*
 * Where mail is moved to that was delivered and is bad, by what it is. Of each account one object, which is there from the
 * beginning: nothing is moved until somebody says where to. Ours, not part of the vendor's API; under
 * /accounts/{account_id}/postern/auto_moves.
 */
#ifndef MODEL_AUTO_MOVES_H
#define MODEL_AUTO_MOVES_H

#include "base/field.h"
#include "model/enums.h"

/* clang-format off */
#define AUTO_MOVES(X, T) \
	X(T, ID,   id,          F_INTERNAL, 0, 0, none, "assigned by the store") \
	X(T, ENUM, malicious,   F_NULL, 0, 0, destination, "where mail goes that is MALICIOUS or MALICIOUS-BEC; null: it stays. Not Inbox") \
	X(T, ENUM, suspicious,  F_NULL, 0, 0, destination, "the same for SUSPICIOUS") \
	X(T, ENUM, spoof,       F_NULL, 0, 0, destination, "the same for SPOOF") \
	X(T, ENUM, spam,        F_NULL, 0, 0, destination, "the same for SPAM") \
	X(T, ENUM, bulk,        F_NULL, 0, 0, destination, "the same for BULK") \
	X(T, BOOL, post_delivery_response,    F_OPTIONAL, 0, 0, none, "delivered mail is looked at again after 5 minutes, 12 hours and 24 hours, and moved where it turns out to be bad") \
	X(T, BOOL, phish_submission_response, F_OPTIONAL, 0, 0, none, "mail that a user reported and that turns out to be bad is moved, with all that is like it") \
	X(T, TIME, created_at,  F_INTERNAL, 0, 0, none, "when they were first set") \
	X(T, TIME, modified_at, F_READONLY | F_NULL, 0, 0, none, "when they last changed; null: they never did")
FIELDS_DECLARE(auto_moves, AUTO_MOVES);
/* clang-format on */

/* What is not set becomes what it is by default: rows are older than fields. */
void auto_moves_complete(struct auto_moves *m);

/* Where mail of this disposition (enum disposition) goes. False: it stays where it is. */
bool auto_moves_find(const struct auto_moves *m, int disposition, enum destination *out);

#endif
