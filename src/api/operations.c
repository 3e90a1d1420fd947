/* The table of operations. */
#include "api/answers.h"
#include "api/audit.h"
#include "api/bulk.h"
#include "api/corrections.h"
#include "api/integration_test.h"
#include "api/internal.h"
#include "api/investigate.h"
#include "api/move.h"
#include "api/operation.h"
#include "api/openapi.h"
#include "api/release.h"
#include "api/reports.h"
#include "api/retro.h"
#include "api/settings.h"
#include "api/submissions.h"
#include "model/bulk_job.h"
#include "model/correction.h"
#include "model/detections.h"
#include "model/domain.h"
#include "model/phish_report.h"
#include "model/retro_scan.h"
#include "model/mailbox_watch.h"

/* clang-format off */
static const struct operation table[] = {
	{ health_reply, "get_health", "Tell whether the server can reach its store", false, NULL, BODY_NONE, RESULT_OBJECT, &health_fields, 200, NULL },
	{ openapi_reply, "get_document", "Get this document", false, NULL, BODY_NONE, RESULT_DOCUMENT, NULL, 200, NULL },

	{ investigate_list_reply, "search_messages", "Search messages", true, &search_queries, BODY_NONE, RESULT_CURSOR, &message_fields, 200, NULL },
	{ investigate_get_reply, "get_message", "Get a message", false, &message_queries, BODY_NONE, RESULT_OBJECT, &message_fields, 200, NULL },
	{ investigate_detections_reply, "get_message_detections", "Get what was detected in a message", false, NULL, BODY_NONE, RESULT_OBJECT, &detections_fields, 200, NULL },
	{ investigate_preview_reply, "get_message_preview", "Get a picture of a message with a detection", false, NULL, BODY_NONE, RESULT_OBJECT, &preview_view_fields, 200, NULL },
	{ investigate_preview_any_reply, "draw_message", "Get a picture of any message whose source is kept", true, NULL, BODY_MESSAGE, RESULT_OBJECT, &preview_view_fields, 200, NULL },
	{ investigate_raw_reply, "get_message_raw", "Get the source of a message with a detection", false, NULL, BODY_NONE, RESULT_OBJECT, &source_view_fields, 200, NULL },
	{ investigate_trace_reply, "get_message_trace", "Get the way of a message", false, NULL, BODY_NONE, RESULT_OBJECT, &trace_view_fields, 200, NULL },
	{ investigate_action_log_reply, "get_message_action_log", "Get what was done with a message", false, NULL, BODY_NONE, RESULT_LIST, &action_entry_fields, 200, NULL },
	{ release_reply, "release_messages", "Deliver held messages after all", true, NULL, BODY_MESSAGES, RESULT_LIST, &release_item_fields, 200, NULL },
	{ move_reply, "move_message", "Move a message in its recipients' mailboxes", false, NULL, BODY_MOVE, RESULT_LIST, &move_item_fields, 200, NULL },
	{ moves_reply, "move_messages", "Move messages in their recipients' mailboxes", true, NULL, BODY_MOVES, RESULT_LIST, &move_item_fields, 200, NULL },
	{ reclassify_reply, "reclassify_message", "Say that a message should be judged otherwise", false, NULL, BODY_CREATE, RESULT_NOTHING, &reclassification_fields, 202, NULL },
	{ bulk_create_reply, "create_bulk_job", "Do something to all messages that a search finds", true, NULL, BODY_BULK, RESULT_OBJECT, &bulk_job_fields, 201, NULL },
	{ bulk_list_reply, "list_bulk_jobs", "List bulk jobs", true, &bulk_queries, BODY_NONE, RESULT_PAGE_CURSOR, &bulk_job_fields, 200, NULL },
	{ bulk_get_reply, "get_bulk_job", "Get a bulk job", false, NULL, BODY_NONE, RESULT_OBJECT, &bulk_job_fields, 200, NULL },
	{ bulk_delete_reply, "delete_bulk_job", "Delete a bulk job that is over", false, NULL, BODY_NONE, RESULT_ID, NULL, 200, NULL },
	{ bulk_cancel_reply, "cancel_bulk_job", "Begin nothing more of a bulk job", false, NULL, BODY_NONE, RESULT_OBJECT, &bulk_job_fields, 200, NULL },
	{ bulk_messages_reply, "list_bulk_messages", "List the messages of a bulk job", true, &bulk_messages_queries, BODY_NONE, RESULT_PAGE_CURSOR, &bulk_message_fields, 200, NULL },
	{ reports_list_reply, "list_reports", "List PhishGuard reports", true, &reports_queries, BODY_NONE, RESULT_PAGE, &phish_report_fields, 200, NULL },
	{ submissions_list_reply, "list_submissions", "List submissions", true, &submissions_queries, BODY_NONE, RESULT_PAGE, &submission_fields, 200, NULL },
	{ submission_get_reply, "get_submission", "Get a submission", false, NULL, BODY_NONE, RESULT_OBJECT, &submission_view_fields, 200, NULL },
	{ submission_triage_reply, "edit_submission", "Say whether a submission was looked at, or escalate it", false, NULL, BODY_CHANGE, RESULT_OBJECT, &submission_view_fields, 200, NULL },

	{ settings_list_reply, "list", "List", true, &list_queries, BODY_NONE, RESULT_PAGE, NULL, 200, NULL },
	{ settings_create_reply, "create", "Create", false, NULL, BODY_CREATE, RESULT_MADE, NULL, 201, NULL },
	{ settings_get_reply, "get", "Get", false, NULL, BODY_NONE, RESULT_OBJECT, NULL, 200, NULL },
	{ settings_patch_reply, "edit", "Change", false, NULL, BODY_CHANGE, RESULT_OBJECT, NULL, 200, NULL },
	{ settings_put_reply, "replace", "Replace", false, NULL, BODY_REPLACE, RESULT_OBJECT, NULL, 200, NULL },
	{ settings_delete_reply, "delete", "Delete", false, NULL, BODY_NONE, RESULT_ID, NULL, 200, NULL },
	{ settings_batch_reply, "batch", "Change many", true, NULL, BODY_BATCH, RESULT_BATCH, NULL, 200, NULL },
	{ settings_rotate_reply, "rotate", "Replace the secret of", false, NULL, BODY_NONE, RESULT_MADE, NULL, 200, NULL },
	{ settings_single_get_reply, "get", "Get", false, NULL, BODY_NONE, RESULT_OBJECT, NULL, 200, NULL },
	{ settings_single_patch_reply, "edit", "Change", false, NULL, BODY_CHANGE, RESULT_OBJECT, NULL, 200, NULL },
	{ settings_single_put_reply, "replace", "Replace", false, NULL, BODY_REPLACE, RESULT_OBJECT, NULL, 200, NULL },
	{ domain_verification_reply, "get_domain_verification", "Get what proves a domain", false, NULL, BODY_NONE, RESULT_OBJECT, &domain_verification_fields, 200, "The operator vouches for the domain." },
	{ corrections_list_reply, "list", "List", true, &list_queries, BODY_NONE, RESULT_PAGE, NULL, 200, NULL },
	{ correction_get_reply, "get", "Get", false, NULL, BODY_NONE, RESULT_OBJECT, NULL, 200, NULL },
	{ correction_delete_reply, "delete", "Undo", false, NULL, BODY_NONE, RESULT_OBJECT, &correction_undone_fields, 200, NULL },
	{ corrected_messages_reply, "list_corrected_messages", "List the messages that a correction judged", true, &page_queries, BODY_NONE, RESULT_PAGE, &corrected_message_fields, 200, NULL },
	{ settings_bulk_delete_reply, "delete", "Delete selected", true, &selection_queries, BODY_SELECTION, RESULT_IDS, NULL, 200, NULL },

	{ retro_list_reply, "list_retro_scans", "List retro scans", true, &page_queries, BODY_NONE, RESULT_PAGE, &retro_scan_fields, 200, NULL },
	{ retro_create_reply, "create_retro_scan", "Scan what lies in mailboxes", false, NULL, BODY_CREATE, RESULT_OBJECT, &retro_scan_fields, 201, NULL },
	{ retro_get_reply, "get_retro_scan", "Get a retro scan and how far it is", false, NULL, BODY_NONE, RESULT_OBJECT, &retro_scan_fields, 200, NULL },
	{ retro_cancel_reply, "cancel_retro_scan", "End a retro scan; what it found stays", false, NULL, BODY_NONE, RESULT_OBJECT, &retro_scan_fields, 200, NULL },
	{ retro_delete_reply, "delete_retro_scan", "Delete a retro scan that has ended", false, NULL, BODY_NONE, RESULT_ID, &retro_scan_fields, 200, NULL },
	{ retro_report_reply, "get_retro_report", "Get what a retro scan found", false, NULL, BODY_NONE, RESULT_OBJECT, &retro_report_fields, 200, NULL },
	{ retro_messages_reply, "list_retro_messages", "List the messages with a detection that a retro scan found", true, &page_queries, BODY_NONE, RESULT_PAGE, &message_fields, 200, NULL },
	{ retro_mailboxes_reply, "list_retro_mailboxes", "List the mailboxes of a retro scan", true, &page_queries, BODY_NONE, RESULT_PAGE, &watched_mailbox_fields, 200, NULL },
	{ watched_mailboxes_reply, "list_watched_mailboxes", "List the mailboxes of an integration that are watched", true, &page_queries, BODY_NONE, RESULT_PAGE, &watched_mailbox_fields, 200, NULL },
	{ integration_test_reply, "test_integration", "Open a mailbox by an integration", false, NULL, BODY_CREATE, RESULT_OBJECT, &integration_test_fields, 200, NULL },

	{ audit_list_reply, "list_audit", "List who changed what", true, &audit_queries, BODY_NONE, RESULT_PAGE, &audit_row_fields, 200, NULL },
};
/* clang-format on */

const struct operation *operation_of(const struct route *r)
{
	for (size_t i = 0; i < ARRAY_LEN(table); i++)
		if (table[i].handler == r->handler)
			return &table[i];
	return NULL;
}
