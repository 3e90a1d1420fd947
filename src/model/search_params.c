/* The table of search parameters. */
#include "model/search_params.h"

#define MESSAGE_ACTIONS(X)                              \
	X(OP_PREVIEW, "PREVIEW")                        \
	X(OP_QUARANTINE_RELEASE, "QUARANTINE_RELEASED") \
	X(OP_SUBMISSION, "SUBMITTED")                   \
	X(OP_MOVE, "MOVED")
ENUM_DEFINE(message_action, MESSAGE_ACTIONS);
FIELDS_DEFINE(search_params, SEARCH_PARAMS);

void search_params_defaults(struct search_params *p)
{
	if (!HAS(p, search_params, detections_only))
		SET(p, search_params, detections_only, true);
	if (!HAS(p, search_params, action_log))
		SET(p, search_params, action_log, false);
	if (!HAS(p, search_params, submissions))
		SET(p, search_params, submissions, false);
}
