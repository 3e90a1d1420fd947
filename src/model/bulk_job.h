/*
 * Bulk jobs: what is done to every message that a search finds. A job keeps its search and counts its messages; each of
 * them has a row that says how it went (struct bulk_message).
 */
#ifndef MODEL_BULK_JOB_H
#define MODEL_BULK_JOB_H

#include "model/message.h"
#include "model/search_params.h"

#define BULK_JOBS_MAX 1000 /* of an account, those that are over included */
#define BULK_TRIES 5       /* of each message, where it fails for a passing reason */

#define BULK_ACTIONS(X)      \
	X(BULK_MOVE, "MOVE") \
	X(BULK_RELEASE, "RELEASE")
ENUM_DECLARE(bulk_action, BULK_ACTIONS);

/* The last one is taken as a filter, and no job has it. */
#define BULK_STATUSES(X)                   \
	X(BULK_PENDING, "PENDING")         \
	X(BULK_DISCOVERING, "DISCOVERING") \
	X(BULK_PROCESSING, "PROCESSING")   \
	X(BULK_COMPLETED, "COMPLETED")     \
	X(BULK_FAILED, "FAILED")           \
	X(BULK_CANCELLED, "CANCELLED")     \
	X(BULK_SKIPPED, "SKIPPED")
ENUM_DECLARE(bulk_status, BULK_STATUSES);

#define BULK_MESSAGE_STATUSES(X)                 \
	X(BULK_MESSAGE_PENDING, "PENDING")       \
	X(BULK_MESSAGE_PROCESSING, "PROCESSING") \
	X(BULK_MESSAGE_COMPLETED, "COMPLETED")   \
	X(BULK_MESSAGE_FAILED, "FAILED")         \
	X(BULK_MESSAGE_CANCELLED, "CANCELLED")   \
	X(BULK_MESSAGE_SKIPPED, "SKIPPED")
ENUM_DECLARE(bulk_message_status, BULK_MESSAGE_STATUSES);

/* Nothing follows it. */
static inline bool bulk_status_is_final(int status)
{
	return status >= BULK_COMPLETED;
}

/* clang-format off */
#define BULK_PARAMS(X, T) \
	X(T, ENUM, type,                 F_REQUIRED, 0, 0, bulk_action, "what is done") \
	X(T, ENUM, destination,          F_NULL, 0, 0, destination, "of MOVE: the folder") \
	X(T, ENUM, expected_disposition, F_NULL, 0, 0, disposition, "without effect")
FIELDS_DECLARE(bulk_params, BULK_PARAMS);

/* How one is asked for. */
#define BULK_CREATE(X, T) \
	X(T, ENUM, action,               F_REQUIRED, 0, 0, bulk_action, "what is to be done") \
	X(T, OBJ,  search_params,        F_REQUIRED, 0, 0, search_params, "which messages; {} is those of the last 30 days with a detection") \
	X(T, ENUM, destination,          F_NULL, 0, 0, destination, "of MOVE, which takes one: the folder") \
	X(T, STR,  comment,              F_NULL, 0, 1024, none, "free text") \
	X(T, ENUM, expected_disposition, F_NULL, 0, 0, disposition, "without effect")
FIELDS_DECLARE(bulk_create, BULK_CREATE);

#define BULK_JOB(X, T) \
	X(T, STR,  job_id,         F_READONLY | F_UUID, 36, 36, none, "assigned by the store") \
	X(T, ENUM, action_type,    F_READONLY, 0, 0, bulk_action, "what is done") \
	X(T, OBJ,  action_params,  F_READONLY, 0, 0, bulk_params, "and how") \
	X(T, OBJ,  search_params,  F_READONLY, 0, 0, search_params, "which messages; start and end as they were when it was made") \
	X(T, ENUM, status,         F_READONLY, 0, 0, bulk_status, "where it stands") \
	X(T, STR,  status_message, F_READONLY | F_NULL, 0, 400, none, "why it failed, or that it found nothing") \
	X(T, STR,  comment,        F_NULL, 0, 1024, none, "free text") \
	X(T, TIME, created_at,     F_READONLY, 0, 0, none, "when it was asked for") \
	X(T, TIME, started_at,     F_READONLY | F_NULL, 0, 0, none, "when the search began") \
	X(T, TIME, completed_at,   F_READONLY | F_NULL, 0, 0, none, "when it ended") \
	X(T, INT,  total_messages_discovered, F_READONLY, 0, INT64_MAX, none, "messages found: the sum of the next five") \
	X(T, INT,  messages_pending,    F_READONLY, 0, INT64_MAX, none, "that have not ended") \
	X(T, INT,  messages_successful, F_READONLY, 0, INT64_MAX, none, "to which it was done") \
	X(T, INT,  messages_failed,     F_READONLY, 0, INT64_MAX, none, "to which it could not be done") \
	X(T, INT,  messages_skipped,    F_READONLY, 0, INT64_MAX, none, "that are none for it") \
	X(T, INT,  messages_cancelled,  F_READONLY, 0, INT64_MAX, none, "to which it was not done any more")
FIELDS_DECLARE(bulk_job, BULK_JOB);

#define BULK_MESSAGE_PARAMS(X, T) \
	BULK_PARAMS(X, T) \
	X(T, STR,  client_recipient, F_REQUIRED, 0, 1024, none, "the first of its recipients in protected domains; it is done for all of them")
FIELDS_DECLARE(bulk_message_params, BULK_MESSAGE_PARAMS);

#define BULK_MESSAGE(X, T) \
	X(T, STR,  message_id,     F_READONLY | F_UUID, 36, 36, none, "of this row, not the Message-ID") \
	X(T, STR,  postfix_id,     F_READONLY, 1, 64, none, "queue id of the message") \
	X(T, ENUM, action_type,    F_READONLY, 0, 0, bulk_action, "what is done") \
	X(T, OBJ,  action_params,  F_READONLY, 0, 0, bulk_message_params, "and how") \
	X(T, ENUM, status,         F_READONLY, 0, 0, bulk_message_status, "where it stands") \
	X(T, STR,  status_message, F_READONLY | F_NULL, 0, 400, none, "how it went, in a sentence") \
	X(T, INT,  retry_count,    F_READONLY, 0, INT64_MAX, none, "tries that failed for a passing reason, with another behind them") \
	X(T, TIME, retry_after,    F_READONLY | F_NULL, 0, 0, none, "when it is tried again") \
	X(T, TIME, created_at,     F_READONLY, 0, 0, none, "when it was found") \
	X(T, TIME, processed_at,   F_READONLY | F_NULL, 0, 0, none, "when it ended") \
	X(T, STR,  alert_id,       F_READONLY | F_NULL, 0, 100, none, "of the message, if it has a detection") \
	X(T, STR,  email_message_id, F_READONLY | F_NULL, 0, 1024, none, "its Message-ID header") \
	X(T, OBJ,  message,        F_READONLY | F_NULL, 0, 0, message, "as it is now; null: its record is gone")
FIELDS_DECLARE(bulk_message, BULK_MESSAGE);
/* clang-format on */

#endif
