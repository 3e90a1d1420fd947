/* Messages over HTTP: search, and what is shown of one message. */
#ifndef API_INVESTIGATE_H
#define API_INVESTIGATE_H

#include "api/request.h"
#include "model/message.h"
#include "store/store.h"

/* clang-format off */
#define TRACE_VIEW_LINE(X, T) \
	X(T, INT,   lineno,    F_REQUIRED, 1, INT64_MAX, none, "counts from 1 in each direction") \
	X(T, STR,   message,   F_REQUIRED, 0, 2000, none, "one sentence") \
	X(T, TIME,  logged_at, F_NULL, 0, 0, none, "when") \
	X(T, ALIAS, ts,        F_NULL, 0, 0, logged_at, "older name")
FIELDS_DECLARE(trace_view_line, TRACE_VIEW_LINE);

#define TRACE_VIEW_SIDE(X, T) \
	X(T, OBJS, lines,   F_NULL, 0, 1000, trace_view_line, "in order") \
	X(T, BOOL, pending, F_NULL, 0, 0, none, "lines may still come")
FIELDS_DECLARE(trace_view_side, TRACE_VIEW_SIDE);

#define TRACE_VIEW(X, T) \
	X(T, OBJ, inbound,  F_REQUIRED, 0, 0, trace_view_side, "how it came to us") \
	X(T, OBJ, outbound, F_REQUIRED, 0, 0, trace_view_side, "how it went on")
FIELDS_DECLARE(trace_view, TRACE_VIEW);

#define ENTRY_PROPERTIES(X, T) \
	X(T, STR, folder,                F_NULL, 0, 200, none, "mailbox folder moved to") \
	X(T, STR, requested_by,          F_NULL, 0, 320, none, "who asked for it") \
	X(T, STR, requested_disposition, F_NULL, 0, 40, none, "of a submission") \
	X(T, STR, service,               F_NULL, 0, 40, none, "what carried it out") \
	X(T, STR, submission_id,         F_NULL, 0, 64, none, "of a submission") \
	X(T, STR, submission_type,       F_NULL, 0, 40, none, "of a submission")
FIELDS_DECLARE(entry_properties, ENTRY_PROPERTIES);

#define ACTION_ENTRY(X, T) \
	X(T, ENUM, operation,    F_REQUIRED, 0, 0, post_delivery_op, "what was done") \
	X(T, TIME, started_at,   F_NULL, 0, 0, none, "when it began") \
	X(T, TIME, completed_at, F_NULL, 0, 0, none, "when it ended") \
	X(T, STR,  status,       F_NULL, 0, 200, none, "how it ended") \
	X(T, BOOL, success,      F_NULL, 0, 0, none, "whether it worked") \
	X(T, OBJ,  properties,   F_NULL, 0, 0, entry_properties, "details")
FIELDS_DECLARE(action_entry, ACTION_ENTRY);
/* clang-format on */

/* The account's record of an id in any of its three forms, of mail or of submitted mail. ERR_ABSENT. */
MUST_CHECK enum err investigate_find(struct request *rq, struct str id, enum record_part part,
				     struct record *out);
/* The record of the path's id, when it has a detection; false: answered. */
bool investigate_find_detected(struct request *rq, struct record *out);

void investigate_list_reply(struct request *rq);
void investigate_get_reply(struct request *rq);
void investigate_detections_reply(struct request *rq);
void investigate_raw_reply(struct request *rq);
void investigate_preview_reply(struct request *rq);
void investigate_preview_any_reply(struct request *rq);
void investigate_trace_reply(struct request *rq);
void investigate_action_log_reply(struct request *rq);

#endif
