/* Every route: method, path under the account, handler, and how it runs. A literal path wins over {…}. */
#include "api/audit.h"
#include "api/bulk.h"
#include "api/click.h"
#include "api/corrections.h"
#include "api/integration_test.h"
#include "api/internal.h"
#include "api/investigate.h"
#include "api/move.h"
#include "api/release.h"
#include "api/reports.h"
#include "api/retro.h"
#include "api/settings.h"
#include "api/submissions.h"
#include "base/limits.h"

/* clang-format off */
/* What every settings collection has; nearly all have the second, too. */
#define COLLECTION(path, res) \
	{ METHOD_GET, "settings/" path, settings_list_reply, &res, ROUTE_SLOW, 0 }, \
	{ METHOD_POST, "settings/" path, settings_create_reply, &res, ROUTE_SLOW | ROUTE_BODY, LIMIT_BODY }, \
	{ METHOD_GET, "settings/" path "/{id}", settings_get_reply, &res, 0, 0 }, \
	{ METHOD_PATCH, "settings/" path "/{id}", settings_patch_reply, &res, ROUTE_SLOW | ROUTE_BODY, LIMIT_BODY }, \
	{ METHOD_DELETE, "settings/" path "/{id}", settings_delete_reply, &res, ROUTE_SLOW, 0 }
#define BATCH(path, res) \
	{ METHOD_POST, "settings/" path "/batch", settings_batch_reply, &res, ROUTE_SLOW | ROUTE_BODY, LIMIT_BODY_BATCH }

/* Who may act in an account, where its copies go, who is told: ours, and for those who may decide it. */
#define OURS (ROUTE_OURS | ROUTE_ADMIN | ROUTE_SLOW)
#define OWN_COLLECTION(path, res) \
	{ METHOD_GET, path, settings_list_reply, &res, OURS, 0 }, \
	{ METHOD_POST, path, settings_create_reply, &res, OURS | ROUTE_BODY, LIMIT_BODY }, \
	{ METHOD_GET, path "/{id}", settings_get_reply, &res, OURS, 0 }, \
	{ METHOD_DELETE, path "/{id}", settings_delete_reply, &res, OURS, 0 }

const struct route route_table[] = {
	{ METHOD_GET, "healthz", health_reply, NULL, ROUTE_OPEN, 0 },
	{ METHOD_GET, "openapi.json", openapi_reply, NULL, ROUTE_OPEN, 0 },
	{ METHOD_GET, "v1/{token}", click_reply, NULL, ROUTE_OPEN | ROUTE_PAGE | ROUTE_SLOW, 0 },
	{ METHOD_POST, "v1/{token}/report", click_report_reply, NULL, ROUTE_OPEN | ROUTE_PAGE | ROUTE_SLOW, 0 },

	{ METHOD_GET, "investigate", investigate_list_reply, NULL, ROUTE_SLOW | ROUTE_BRIEF, 0 },
	{ METHOD_POST, "investigate/bulk", bulk_create_reply, NULL, ROUTE_SLOW | ROUTE_BODY, LIMIT_BODY },
	{ METHOD_GET, "investigate/bulk", bulk_list_reply, NULL, ROUTE_SLOW, 0 },
	{ METHOD_GET, "investigate/bulk/{id}", bulk_get_reply, NULL, 0, 0 },
	{ METHOD_DELETE, "investigate/bulk/{id}", bulk_delete_reply, NULL, ROUTE_SLOW, 0 },
	{ METHOD_POST, "investigate/bulk/{id}/cancel", bulk_cancel_reply, NULL, ROUTE_SLOW, 0 },
	{ METHOD_GET, "investigate/bulk/{id}/messages", bulk_messages_reply, NULL, ROUTE_SLOW, 0 },
	{ METHOD_POST, "investigate/move", moves_reply, NULL, ROUTE_SLOW | ROUTE_BODY, LIMIT_BODY },
	{ METHOD_POST, "investigate/preview", investigate_preview_any_reply, NULL, ROUTE_SLOW | ROUTE_BODY, LIMIT_BODY },
	{ METHOD_POST, "investigate/release", release_reply, NULL, ROUTE_SLOW | ROUTE_BODY, LIMIT_BODY },
	{ METHOD_GET, "investigate/{id}", investigate_get_reply, NULL, 0, 0 },
	{ METHOD_GET, "investigate/{id}/detections", investigate_detections_reply, NULL, 0, 0 },
	{ METHOD_GET, "investigate/{id}/preview", investigate_preview_reply, NULL, ROUTE_SLOW, 0 },
	{ METHOD_GET, "investigate/{id}/raw", investigate_raw_reply, NULL, ROUTE_SLOW, 0 },
	{ METHOD_GET, "investigate/{id}/trace", investigate_trace_reply, NULL, 0, 0 },
	{ METHOD_GET, "investigate/{id}/action_log", investigate_action_log_reply, NULL, 0, 0 },
	{ METHOD_POST, "investigate/{id}/move", move_reply, NULL, ROUTE_SLOW | ROUTE_BODY, LIMIT_BODY },
	{ METHOD_POST, "investigate/{id}/reclassify", reclassify_reply, NULL, ROUTE_SLOW | ROUTE_BODY, LIMIT_BODY_MAIL },
	{ METHOD_GET, "phishguard/reports", reports_list_reply, NULL, ROUTE_SLOW, 0 },
	{ METHOD_GET, "submissions", submissions_list_reply, NULL, ROUTE_SLOW, 0 },
	{ METHOD_GET, "submissions/{id}", submission_get_reply, NULL, ROUTE_OURS, 0 },
	{ METHOD_PATCH, "submissions/{id}", submission_triage_reply, NULL, ROUTE_OURS | ROUTE_SLOW | ROUTE_BODY, LIMIT_BODY },

	COLLECTION("allow_policies", resource_allow_policies),
	BATCH("allow_policies", resource_allow_policies),
	COLLECTION("block_senders", resource_block_senders),
	BATCH("block_senders", resource_block_senders),
	COLLECTION("content_policies", resource_content_policies),
	BATCH("content_policies", resource_content_policies),
	COLLECTION("impersonation_registry", resource_impersonations),
	COLLECTION("sending_domain_restrictions", resource_sending_restrictions),
	BATCH("sending_domain_restrictions", resource_sending_restrictions),
	COLLECTION("trusted_domains", resource_trusted_domains),
	BATCH("trusted_domains", resource_trusted_domains),
	COLLECTION("url_ignore_patterns", resource_url_ignores),
	BATCH("url_ignore_patterns", resource_url_ignores),
	COLLECTION("domains", resource_domains),
	BATCH("domains", resource_domains),
	{ METHOD_GET, "settings/domains/{id}/verification", domain_verification_reply, &resource_domains, ROUTE_SLOW, 0 },
	{ METHOD_PUT, "settings/domains/{id}", settings_put_reply, &resource_domains, ROUTE_SLOW | ROUTE_BODY, LIMIT_BODY },
	{ METHOD_DELETE, "settings/domains", settings_bulk_delete_reply, &resource_domains, ROUTE_SLOW | ROUTE_MAYBE, LIMIT_BODY },

	OWN_COLLECTION("tokens", resource_tokens),
	{ METHOD_PATCH, "tokens/{id}", settings_patch_reply, &resource_tokens, OURS | ROUTE_BODY, LIMIT_BODY },
	{ METHOD_POST, "tokens/{id}/rotate", settings_rotate_reply, &resource_tokens, OURS, 0 },
	OWN_COLLECTION("users", resource_users),
	{ METHOD_POST, "users/{id}/rotate", settings_rotate_reply, &resource_users, OURS, 0 },
	OWN_COLLECTION("service_addresses", resource_service_addresses),
	OWN_COLLECTION("notifications", resource_notifications),
	{ METHOD_PATCH, "notifications/{id}", settings_patch_reply, &resource_notifications, OURS | ROUTE_BODY, LIMIT_BODY },
	{ METHOD_POST, "notifications/{id}/rotate", settings_rotate_reply, &resource_notifications, OURS, 0 },
	OWN_COLLECTION("text_add_ons", resource_text_add_ons),
	{ METHOD_PATCH, "text_add_ons/{id}", settings_patch_reply, &resource_text_add_ons, OURS | ROUTE_BODY, LIMIT_BODY },
	OWN_COLLECTION("link_actions", resource_link_actions),
	{ METHOD_PATCH, "link_actions/{id}", settings_patch_reply, &resource_link_actions, OURS | ROUTE_BODY, LIMIT_BODY },
	{ METHOD_GET, "corrections", corrections_list_reply, &resource_corrections, ROUTE_OURS | ROUTE_SLOW, 0 },
	{ METHOD_GET, "corrections/{id}", correction_get_reply, &resource_corrections, ROUTE_OURS | ROUTE_SLOW, 0 },
	{ METHOD_DELETE, "corrections/{id}", correction_delete_reply, &resource_corrections, ROUTE_OURS | ROUTE_SLOW, 0 },
	{ METHOD_GET, "corrections/{id}/messages", corrected_messages_reply, &resource_corrections, ROUTE_OURS | ROUTE_SLOW, 0 },
	{ METHOD_GET, "detection_settings", settings_single_get_reply, &resource_detection_settings, ROUTE_OURS, 0 },
	{ METHOD_PATCH, "detection_settings", settings_single_patch_reply, &resource_detection_settings, ROUTE_OURS | ROUTE_SLOW | ROUTE_BODY, LIMIT_BODY },
	{ METHOD_PUT, "detection_settings", settings_single_put_reply, &resource_detection_settings, ROUTE_OURS | ROUTE_SLOW | ROUTE_BODY, LIMIT_BODY },
	{ METHOD_GET, "auto_moves", settings_single_get_reply, &resource_auto_moves, ROUTE_OURS, 0 },
	{ METHOD_PATCH, "auto_moves", settings_single_patch_reply, &resource_auto_moves, ROUTE_OURS | ROUTE_SLOW | ROUTE_BODY, LIMIT_BODY },
	{ METHOD_PUT, "auto_moves", settings_single_put_reply, &resource_auto_moves, ROUTE_OURS | ROUTE_SLOW | ROUTE_BODY, LIMIT_BODY },
	OWN_COLLECTION("integrations", resource_integrations),
	{ METHOD_PATCH, "integrations/{id}", settings_patch_reply, &resource_integrations, OURS | ROUTE_BODY, LIMIT_BODY },
	{ METHOD_PUT, "integrations/{id}", settings_put_reply, &resource_integrations, OURS | ROUTE_BODY, LIMIT_BODY },
	{ METHOD_GET, "retro_scans", retro_list_reply, NULL, ROUTE_OURS | ROUTE_SLOW, 0 },
	{ METHOD_POST, "retro_scans", retro_create_reply, NULL, ROUTE_OURS | ROUTE_SLOW | ROUTE_BODY, LIMIT_BODY },
	{ METHOD_GET, "retro_scans/{id}", retro_get_reply, NULL, ROUTE_OURS | ROUTE_SLOW, 0 },
	{ METHOD_DELETE, "retro_scans/{id}", retro_delete_reply, NULL, ROUTE_OURS | ROUTE_SLOW, 0 },
	{ METHOD_POST, "retro_scans/{id}/cancel", retro_cancel_reply, NULL, ROUTE_OURS | ROUTE_SLOW, 0 },
	{ METHOD_GET, "retro_scans/{id}/report", retro_report_reply, NULL, ROUTE_OURS | ROUTE_SLOW, 0 },
	{ METHOD_GET, "retro_scans/{id}/messages", retro_messages_reply, NULL, ROUTE_OURS | ROUTE_SLOW, 0 },
	{ METHOD_GET, "retro_scans/{id}/mailboxes", retro_mailboxes_reply, NULL, ROUTE_OURS | ROUTE_SLOW, 0 },
	{ METHOD_GET, "integrations/{id}/mailboxes", watched_mailboxes_reply, &resource_integrations, OURS, 0 },
	OWN_COLLECTION("signing_keys", resource_signing_keys),
	{ METHOD_PATCH, "signing_keys/{id}", settings_patch_reply, &resource_signing_keys, OURS | ROUTE_BODY, LIMIT_BODY },
	{ METHOD_POST, "integrations/{id}/test", integration_test_reply, &resource_integrations, OURS | ROUTE_MAYBE, LIMIT_BODY },
	{ METHOD_GET, "audit", audit_list_reply, NULL, OURS, 0 },
};
/* clang-format on */
const size_t route_count = ARRAY_LEN(route_table);

struct str route_collection(const struct route *r)
{
	struct str rest = str_of(r->path), name = STR("");

	while (rest.n && rest.p[0] != '{') {
		size_t slash = str_find_char(rest, '/', 0);
		struct str word = str_sub(rest, 0, slash);
		if (!str_eq(word, STR("batch")))
			name = word;
		rest = slash == SIZE_MAX ? STR_NONE : str_sub(rest, slash + 1, rest.n);
	}
	return name;
}
