/* The texts of the enumerations. */
#include "model/enums.h"

ENUM_DEFINE(disposition, DISPOSITIONS);
ENUM_DEFINE(pattern_type, PATTERN_TYPES);
ENUM_DEFINE(delivery_mode, DELIVERY_MODES);
const struct enumtab domain_delivery_mode_names = { "domain_delivery_mode", delivery_mode_texts,
						    MODE_RETRO_SCAN + 1 };
ENUM_DEFINE(delivery_status, DELIVERY_STATUSES);
ENUM_DEFINE(auth_result, AUTH_RESULTS);
ENUM_DEFINE(allowlist_type, ALLOWLIST_TYPES);
ENUM_DEFINE(post_delivery_op, POST_DELIVERY_OPS);
ENUM_DEFINE(log_operation, LOG_OPERATIONS);
ENUM_DEFINE(scan_folder, SCAN_FOLDERS);
ENUM_DEFINE(destination, DESTINATIONS);
ENUM_DEFINE(region, REGIONS);
ENUM_DEFINE(inbox_provider, INBOX_PROVIDERS);
ENUM_DEFINE(dmarc_status, DMARC_STATUSES);
ENUM_DEFINE(spf_status, SPF_STATUSES);
ENUM_DEFINE(domain_status, DOMAIN_STATUSES);
ENUM_DEFINE(provenance, PROVENANCES);
ENUM_DEFINE(content_target, CONTENT_TARGETS);
ENUM_DEFINE(id_form, ID_FORMS);
ENUM_DEFINE(scope, SCOPES);

enum post_delivery_op post_delivery_op_of(enum log_operation op)
{
	switch (op) {
	case LOGOP_MOVE:
		return OP_MOVE;
	case LOGOP_RELEASE:
	case LOGOP_QUARANTINE_RELEASE:
		return OP_QUARANTINE_RELEASE;
	case LOGOP_RECLASSIFY:
	case LOGOP_SUBMISSION:
		return OP_SUBMISSION;
	case LOGOP_PREVIEW:
		break;
	}
	return OP_PREVIEW;
}
