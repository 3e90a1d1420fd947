/*
 * A message as the API shows it, and its parts.
 *
 * A scan fills what it can know from the bytes; intake adds the ids, the envelope and what became of it.
 */
#ifndef MODEL_MESSAGE_H
#define MODEL_MESSAGE_H

#include "base/field.h"
#include "model/enums.h"

/* clang-format off */
#define FINDING(X, T) \
	X(T, STR,    name,       F_NULL, 0, 200,  none, "stable name of the detector or rule") \
	X(T, ENUM,   detection,  F_NULL, 0, 0,    disposition, "what this finding speaks for") \
	X(T, DOUBLE, score,      F_NULL, 0, 0,    none, "weight towards the detection, 0..1; 1 decides alone") \
	X(T, STR,    reason,     F_NULL, 0, 1024, none, "one plain sentence for people") \
	X(T, STR,    detail,     F_NULL, 0, 1024, none, "what exactly was seen, defanged") \
	X(T, STR,    field,      F_NULL, 0, 200,  none, "where: a header name, body, attachment, envelope or connection") \
	X(T, STR,    portion,    F_NULL, 0, 200,  none, "which portion of the field, such as domain or display name") \
	X(T, STR,    value,      F_NULL, 0, 1024, none, "the value found there") \
	X(T, STR,    attachment, F_NULL, 0, 1024, none, "name of the attachment it is about") \
	X(T, INT,    attachment_index, F_NULL | F_INTERNAL, 0, 1000, none, "its place among the attachments, whose names may be equal") \
	X(T, INT,    offset,     F_NULL | F_INTERNAL, 0, INT64_MAX, none, "first byte of the evidence in the message") \
	X(T, INT,    length,     F_NULL | F_INTERNAL, 0, INT64_MAX, none, "bytes of evidence") \
	X(T, INT,    category,   F_NULL | F_INTERNAL, 0, 1000, none, "threat category id (model/category.h)") \
	X(T, INT,    family,     F_NULL | F_INTERNAL, 0, 10, none, "enum family: independent kinds of evidence") \
	X(T, STR,    suppressed_by, F_NULL, 0, 1100, none, "pattern of the allow policy or trusted domain, the correction, the shipped list or the setting for which this finding does not count")
FIELDS_DECLARE(finding, FINDING);

#define VALIDATION(X, T) \
	X(T, STR,  comment, F_NULL, 0, 1024, none, "what the three words leave out, such as softfail") \
	X(T, ENUM, dkim,    F_NULL, 0, 0, auth_result, "DKIM result") \
	X(T, ENUM, dmarc,   F_NULL, 0, 0, auth_result, "DMARC result") \
	X(T, ENUM, spf,     F_NULL, 0, 0, auth_result, "SPF result")
FIELDS_DECLARE(validation, VALIDATION);

#define PROPERTIES(X, T) \
	X(T, STR,   allowlisted_pattern,      F_NULL, 0, 1024, none, "the allow policy's pattern that matched") \
	X(T, ENUM,  allowlisted_pattern_type, F_NULL, 0, 0, allowlist_type, "what kind of permission it was") \
	X(T, BOOL,  blocklisted_message,      F_NULL, 0, 0, none, "a blocked sender's or a content policy's pattern matched") \
	X(T, STR,   blocklisted_pattern,      F_NULL, 0, 1024, none, "that pattern") \
	X(T, ALIAS, whitelisted_pattern_type, F_NULL, 0, 0, allowlisted_pattern_type, "older name")
FIELDS_DECLARE(properties, PROPERTIES);

#define ACTION_PROPERTIES(X, T) \
	X(T, STR, folder,                F_OPTIONAL, 0, 200, none, "mailbox folder moved to") \
	X(T, STR, requested_by,          F_OPTIONAL, 0, 320, none, "who asked for it") \
	X(T, STR, requested_disposition, F_NULL | F_INTERNAL, 0, 40, none, "of a submission") \
	X(T, STR, service,               F_NULL | F_INTERNAL, 0, 40, none, "what carried it out") \
	X(T, STR, submission_id,         F_NULL | F_INTERNAL, 0, 64, none, "of a submission") \
	X(T, STR, submission_type,       F_NULL | F_INTERNAL, 0, 40, none, "of a submission")
FIELDS_DECLARE(action_properties, ACTION_PROPERTIES);

#define ACTION_LOG(X, T) \
	X(T, ENUM,  operation,           F_REQUIRED, 0, 0, log_operation, "what was done") \
	X(T, TIME,  completed_at,        F_READONLY, 0, 0, none, "when it ended") \
	X(T, ALIAS, completed_timestamp, F_READONLY, 0, 0, completed_at, "older name") \
	X(T, STR,   status,              F_NULL, 0, 200, none, "how it ended") \
	X(T, OBJ,   properties,          F_NULL, 0, 0, action_properties, "details") \
	X(T, TIME,  started_at,          F_NULL | F_INTERNAL, 0, 0, none, "when it began") \
	X(T, BOOL,  success,             F_NULL | F_INTERNAL, 0, 0, none, "whether it worked")
FIELDS_DECLARE(action_log, ACTION_LOG);

#define MESSAGE(X, T) \
	X(T, STR,   id,                      F_READONLY, 0, 64, none, "investigate id") \
	X(T, STR,   postfix_id,              F_READONLY, 0, 64, none, "queue id of this copy") \
	X(T, STR,   alert_id,                F_NULL, 0, 64, none, "id of the alert; null for clean mail") \
	X(T, TIME,  scanned_at,              F_NULL, 0, 0, none, "when it was scanned") \
	X(T, ALIAS, ts,                      F_ZONELESS, 0, 0, scanned_at, "older form of scanned_at") \
	X(T, TIME,  sent_at,                 F_NULL, 0, 0, none, "the Date header") \
	X(T, ALIAS, sent_date,               F_NULL | F_ZONELESS, 0, 0, sent_at, "older form of sent_at") \
	X(T, OBJS,  action_log,              F_OPTIONAL, 0, 1000, action_log, "what was done after delivery") \
	X(T, STRS,  client_recipients,       F_OPTIONAL, 0, 1000, none, "recipients in protected domains") \
	X(T, STRS,  detection_reasons,       F_OPTIONAL, 0, 1000, none, "sentences saying why, defanged") \
	X(T, BOOL,  is_phish_submission,     F_OPTIONAL, 0, 0, none, "a reported sample") \
	X(T, BOOL,  is_quarantined,          F_OPTIONAL, 0, 0, none, "held for at least one recipient") \
	X(T, OBJ,   properties,              F_OPTIONAL, 0, 0, properties, "policies that matched") \
	X(T, ENUM,  delivery_mode,           F_NULL, 0, 0, delivery_mode, "how it reached us") \
	X(T, ENUMS, delivery_status,         F_NULL, 0, 8, delivery_status, "what became of it; recipients may differ") \
	X(T, STR,   edf_hash,                F_NULL, 0, 128, none, "equal for near-identical mails") \
	X(T, STR,   htmltext_structure_hash, F_NULL, 0, 128, none, "hash of the HTML tag skeleton") \
	X(T, STR,   envelope_from,           F_NULL, 0, 1024, none, "MAIL FROM") \
	X(T, STRS,  envelope_to,             F_NULL, 0, 1000, none, "RCPT TO") \
	X(T, STR,   from,                    F_NULL, 0, 1024, none, "address in From") \
	X(T, STR,   from_name,               F_NULL, 0, 1024, none, "display name in From") \
	X(T, STR,   replyto,                 F_NULL, 0, 1024, none, "address in Reply-To") \
	X(T, STRS,  to,                      F_NULL, 0, 1000, none, "addresses in To") \
	X(T, STRS,  to_name,                 F_NULL, 0, 1000, none, "display names in To") \
	X(T, STRS,  cc,                      F_NULL | F_INTERNAL, 0, 1000, none, "addresses in Cc") \
	X(T, STR,   subject,                 F_NULL, 0, 4096, none, "decoded") \
	X(T, STR,   message_id,              F_NULL, 0, 1024, none, "Message-ID with its angle brackets") \
	X(T, ENUM,  final_disposition,       F_NULL, 0, 0, disposition, "the verdict") \
	X(T, OBJS,  findings,                F_NULL, 0, 1000, finding, "what the verdict rests on") \
	X(T, ENUMS, post_delivery_operations, F_NULL, 0, 8, post_delivery_op, "kinds of actions taken since") \
	X(T, STR,   postfix_id_outbound,     F_NULL, 0, 64, none, "queue id at the next hop") \
	X(T, STRS,  threat_categories,       F_NULL, 0, 100, none, "names of threat categories") \
	X(T, OBJ,   validation,              F_NULL, 0, 0, validation, "sender authentication") \
	X(T, STR,   smtp_helo_server_ip,     F_NULL, 0, 64, none, "the sending host after lookback") \
	X(T, STR,   smtp_previous_hop_ip,    F_NULL, 0, 64, none, "the host that handed over to us") \
	X(T, STR,   x_originating_ip,        F_NULL, 0, 64, none, "X-Originating-IP header, untrusted")
FIELDS_DECLARE(message, MESSAGE);
/* clang-format on */

#endif
