/*
 * Notifications: who is told of verdicts and of what was done, by a webhook or over syslog. Ours, not part of the vendor's
 * API; under /accounts/{account_id}/postern/notifications.
 *
 * The secret that signs a webhook follows from `seed` under the server's secret (store/settings.h), so it is not kept.
 */
#ifndef MODEL_NOTIFICATION_H
#define MODEL_NOTIFICATION_H

#include "base/field.h"
#include "model/enums.h"

#define NOTIFICATIONS_MAX 20 /* of an account: every event is looked at for each of them */

#define NOTIFICATION_KINDS(X)        \
	X(NOTIFY_WEBHOOK, "webhook") \
	X(NOTIFY_SYSLOG, "syslog")
ENUM_DECLARE(notification_kind, NOTIFICATION_KINDS);

#define SYSLOG_TRANSPORTS(X) \
	X(SYSLOG_UDP, "UDP") \
	X(SYSLOG_TCP, "TCP") \
	X(SYSLOG_TLS, "TLS")
ENUM_DECLARE(syslog_transport, SYSLOG_TRANSPORTS);

#define EVENT_KINDS(X)                    \
	X(EVENT_VERDICT, "verdict")       \
	X(EVENT_RELEASE, "release")       \
	X(EVENT_SUBMISSION, "submission") \
	X(EVENT_REPORT, "report")
ENUM_DECLARE(event_kind, EVENT_KINDS);
#define EVENT_KINDS_N 4

/* clang-format off */
#define NOTIFICATION(X, T) \
	X(T, ID,    id,           F_READONLY, 0, 0, none, "assigned by the store") \
	X(T, ENUM,  kind,         F_REQUIRED | F_FIXED, 0, 0, notification_kind, "how it is told") \
	X(T, STR,   url,          F_NULL | F_SEARCH, 1, 2000, none, "of a webhook: where events are posted, https://…") \
	X(T, STR,   server,       F_NULL | F_SEARCH, 1, 300, none, "of syslog: host, host:port or [address]:port") \
	X(T, ENUM,  transport,    F_NULL, 0, 0, syslog_transport, "of syslog; TLS where none is given") \
	X(T, ENUMS, events,       F_OPTIONAL, 1, EVENT_KINDS_N, event_kind, "which are told; all where none are given") \
	X(T, ENUMS, dispositions, F_OPTIONAL, 1, 10, disposition, "verdicts that are told; all but NONE where none are given") \
	X(T, BOOL,  enabled,      F_OPTIONAL, 0, 0, none, "false: nothing is told, and events are not kept for it") \
	X(T, STR,   comments,     F_NULL | F_SEARCH, 0, 1024, none, "free text") \
	X(T, STR,   secret,       F_NULL | F_READONLY | F_ONCE, 0, 200, none, "of a webhook, signs what it is sent; shown only when it is made") \
	X(T, STR,   seed,         F_NULL | F_INTERNAL, 0, 200, none, "what the secret follows from") \
	X(T, INT,   account,      F_REQUIRED | F_INTERNAL, 1, 131071, none, "account.num") \
	X(T, TIME,  rotated_at,   F_NULL | F_READONLY, 0, 0, none, "when the secret was last replaced") \
	X(T, INT,   pending,      F_READONLY | F_FACT, 0, INT64_MAX, none, "events that wait") \
	X(T, INT,   given_up,     F_READONLY | F_FACT, 0, INT64_MAX, none, "events that were never told: too old, too many, or gone") \
	X(T, TIME,  last_success_at,     F_NULL | F_READONLY | F_FACT, 0, 0, none, "when an event was last taken") \
	X(T, TIME,  last_failure_at,     F_NULL | F_READONLY | F_FACT, 0, 0, none, "when one last was not") \
	X(T, STR,   last_failure_reason, F_NULL | F_READONLY | F_FACT, 0, 512, none, "why") \
	X(T, TIME,  created_at,   F_READONLY, 0, 0, none, "when it was made") \
	X(T, TIME,  modified_at,  F_READONLY, 0, 0, none, "when it last changed")
FIELDS_DECLARE(notification, NOTIFICATION);
/* clang-format on */

#endif
