/*
 * What is told of an event: one JSON object by these tables, with the same head for every kind. The object is as it is
 * when it is sent, which after failed tries may be later than the event.
 */
#ifndef MODEL_EVENT_H
#define MODEL_EVENT_H

#include "model/detections.h"
#include "model/notification.h"

/* clang-format off */
#define EVENT_ATTACHMENT(X, T) \
	X(T, STR,  name,          F_NULL, 0, 1024, none, "file name") \
	X(T, INT,  size,          F_REQUIRED, 0, INT64_MAX, none, "decoded bytes") \
	X(T, STR,  content_type,  F_NULL, 0, 200, none, "as declared") \
	X(T, STR,  computed_type, F_NULL, 0, 200, none, "by content") \
	X(T, ENUM, detection,     F_NULL, 0, 0, disposition, "worst finding about it") \
	X(T, BOOL, encrypted,     F_NULL, 0, 0, none, "could not be read without a password") \
	X(T, STR,  md5,           F_NULL, 0, 32, none, "of the decoded bytes") \
	X(T, STR,  sha1,          F_NULL, 0, 40, none, "of the decoded bytes") \
	X(T, STR,  sha256,        F_NULL, 0, 64, none, "of the decoded bytes")
FIELDS_DECLARE(event_attachment, EVENT_ATTACHMENT);

/* A message of which a verdict is told. */
#define EVENT_MESSAGE(X, T) \
	X(T, STR,   id,                 F_REQUIRED, 0, 64, none, "investigate id") \
	X(T, STR,   alert_id,           F_NULL, 0, 64, none, "null for clean mail") \
	X(T, STR,   postfix_id,         F_REQUIRED, 0, 64, none, "queue id") \
	X(T, TIME,  scanned_at,         F_NULL, 0, 0, none, "when it was scanned") \
	X(T, TIME,  sent_at,            F_NULL, 0, 0, none, "the Date header") \
	X(T, ENUM,  final_disposition,  F_NULL, 0, 0, disposition, "the verdict") \
	X(T, STR,   action,             F_REQUIRED, 0, 40, none, "what was done with it") \
	X(T, ENUM,  delivery_mode,      F_NULL, 0, 0, delivery_mode, "how it reached us") \
	X(T, ENUMS, delivery_status,    F_NULL, 0, 8, delivery_status, "what became of it; recipients may differ") \
	X(T, BOOL,  is_quarantined,     F_REQUIRED, 0, 0, none, "held for at least one recipient") \
	X(T, STR,   envelope_from,      F_NULL, 0, 1024, none, "MAIL FROM") \
	X(T, STR,   from,               F_NULL, 0, 1024, none, "address in From") \
	X(T, STR,   from_name,          F_NULL, 0, 1024, none, "display name in From") \
	X(T, STR,   replyto,            F_NULL, 0, 1024, none, "address in Reply-To") \
	X(T, STR,   subject,            F_NULL, 0, 4096, none, "decoded") \
	X(T, STR,   message_id,         F_NULL, 0, 1024, none, "Message-ID with its angle brackets") \
	X(T, STR,   smtp_helo_server_ip, F_NULL, 0, 64, none, "the sending host after lookback") \
	X(T, STR,   smtp_previous_hop_ip, F_NULL, 0, 64, none, "the host that handed over to us") \
	X(T, OBJ,   sender_info,        F_REQUIRED, 0, 0, sender_info, "who sent it") \
	X(T, OBJ,   validation,         F_REQUIRED, 0, 0, validation, "sender authentication") \
	X(T, OBJ,   properties,         F_REQUIRED, 0, 0, properties, "policies that matched") \
	X(T, STRS,  client_recipients,  F_REQUIRED, 0, 1000, none, "recipients in protected domains") \
	X(T, STRS,  to,                 F_REQUIRED, 0, 1000, none, "addresses in To") \
	X(T, OBJS,  findings,           F_REQUIRED, 0, 1000, finding, "what the verdict rests on") \
	X(T, OBJS,  threat_categories,  F_REQUIRED, 0, 100, threat_category, "of the findings") \
	X(T, OBJS,  attachments,        F_REQUIRED, 0, 1000, event_attachment, "in order") \
	X(T, OBJS,  links,              F_REQUIRED, 0, 100, link, "the first, in order of appearance")
FIELDS_DECLARE(event_message, EVENT_MESSAGE);

#define EVENT_RECIPIENT(X, T) \
	X(T, STR,  address, F_REQUIRED, 1, 1024, none, "as given in RCPT TO") \
	X(T, ENUM, status,  F_REQUIRED, 0, 0, delivery_status, "what became of this recipient's copy") \
	X(T, STR,  reply,   F_NULL, 0, 1024, none, "last reply of the next hop")
FIELDS_DECLARE(event_recipient, EVENT_RECIPIENT);

/* A release that ended. */
#define EVENT_RELEASE(X, T) \
	X(T, STR,  id,                F_REQUIRED, 0, 64, none, "investigate id of the message") \
	X(T, STR,  postfix_id,        F_REQUIRED, 0, 64, none, "queue id of the message") \
	X(T, STR,  subject,           F_NULL, 0, 4096, none, "decoded") \
	X(T, ENUM, final_disposition, F_NULL, 0, 0, disposition, "the verdict") \
	X(T, STR,  requested_by,      F_NULL, 0, 400, none, "who asked for it") \
	X(T, TIME, requested_at,      F_REQUIRED, 0, 0, none, "when") \
	X(T, BOOL, success,           F_REQUIRED, 0, 0, none, "every recipient has it") \
	X(T, STR,  status,            F_NULL, 0, 1024, none, "how it ended, as a sentence") \
	X(T, OBJS, recipients,        F_REQUIRED, 0, 1000, event_recipient, "of the message")
FIELDS_DECLARE(event_release, EVENT_RELEASE);

#define EVENT_HEAD(X, T) \
	X(T, STR,  id,         F_REQUIRED, 36, 36, none, "of the event: the same in every try and for everybody told") \
	X(T, ENUM, type,       F_REQUIRED, 0, 0, event_kind, "what happened") \
	X(T, TIME, created_at, F_REQUIRED, 0, 0, none, "when it happened") \
	X(T, STR,  account_id, F_REQUIRED, 32, 32, none, "in whose account") \
	X(T, BOOL, shortened,  F_REQUIRED, 0, 0, none, "lists of the object were emptied, for the way carries no more")
FIELDS_DECLARE(event_head, EVENT_HEAD);
/* clang-format on */

#endif
