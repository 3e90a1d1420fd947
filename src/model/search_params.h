/*
 * What a search of messages asks for: in the query of a search, and in a bulk job, which keeps it. What is a filter and not
 * given is any.
 */
#ifndef MODEL_SEARCH_PARAMS_H
#define MODEL_SEARCH_PARAMS_H

#include "base/field.h"
#include "model/enums.h"

/* Spelled otherwise than the operations of enum post_delivery_op that they mean, whose numbers they have. */
extern const struct enumtab message_action_names;

#define SEARCH_TEXT 4096 /* characters: no subject that is kept is longer */

/* clang-format off */
#define SEARCH_PARAMS(X, T) \
	X(T, TIME, start,             F_OPTIONAL, 0, 0, none, "begin of the range, not in the future; 30 days ago when absent") \
	X(T, TIME, end,               F_OPTIONAL, 0, 0, none, "end of the range; now when absent") \
	X(T, STR,  query,             F_NULL, 0, SEARCH_TEXT, none, "terms that must all be found, in any case; invo* finds words that begin so, by three characters or more") \
	X(T, BOOL, detections_only,   F_OPTIONAL, 0, 0, none, "only messages with a detection; true when absent") \
	X(T, ENUM, final_disposition, F_NULL, 0, 0, disposition, "MALICIOUS finds MALICIOUS-BEC, too; NONE finds what has no detection") \
	X(T, ENUM, message_action,    F_NULL, 0, 0, message_action, "messages on which that was done") \
	X(T, STR,  sender,            F_NULL, 0, SEARCH_TEXT, none, "an address, or a domain with those below it") \
	X(T, STR,  recipient,         F_NULL, 0, SEARCH_TEXT, none, "an address, or a domain with those below it") \
	X(T, STR,  domain,            F_NULL, 0, SEARCH_TEXT, none, "domain of the sender, of a recipient or of a link, or one above it") \
	X(T, STR,  alert_id,          F_NULL, 0, SEARCH_TEXT, none, "id of the alert") \
	X(T, STR,  message_id,        F_NULL, 0, SEARCH_TEXT, none, "Message-ID, with or without its angle brackets") \
	X(T, STR,  subject,           F_NULL, 0, SEARCH_TEXT, none, "words of the subject in any order") \
	X(T, STR,  exact_subject,     F_NULL, 0, SEARCH_TEXT, none, "the whole subject") \
	X(T, STR,  metric,            F_NULL, 0, SEARCH_TEXT, none, "taken and ignored") \
	X(T, ENUM, delivery_status,   F_NULL, 0, 0, delivery_status, "what became of it for at least one recipient") \
	X(T, STR,  smtp_helo_ip,      F_NULL, 0, SEARCH_TEXT, none, "the sending host") \
	X(T, BOOL, action_log,        F_OPTIONAL, 0, 0, none, "fill action_log") \
	X(T, BOOL, submissions,       F_OPTIONAL, 0, 0, none, "search submitted samples instead")
FIELDS_DECLARE(search_params, SEARCH_PARAMS);
/* clang-format on */

/* Sets what goes without saying, except for the range of time. */
void search_params_defaults(struct search_params *p);

#endif
