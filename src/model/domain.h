/* Protected domains. */
#ifndef MODEL_DOMAIN_H
#define MODEL_DOMAIN_H

#include "base/field.h"
#include "model/enums.h"

/* clang-format off */
#define AUTHORIZATION(X, T) \
	X(T, BOOL, authorized,     F_REQUIRED, 0, 0, none, "ownership is proved, or the operator vouched for it") \
	X(T, TIME, timestamp,      F_REQUIRED, 0, 0, none, "when that was decided") \
	X(T, STR,  status_message, F_NULL, 0, 400, none, "for people")
FIELDS_DECLARE(authorization, AUTHORIZATION);

#define EMAILS_PROCESSED(X, T) \
	X(T, TIME, timestamp,                       F_REQUIRED, 0, 0, none, "end of the current period") \
	X(T, INT,  total_emails_processed,          F_REQUIRED, 0, INT64_MAX, none, "last 30 days") \
	X(T, INT,  total_emails_processed_previous, F_REQUIRED, 0, INT64_MAX, none, "the 30 days before")
FIELDS_DECLARE(emails_processed, EMAILS_PROCESSED);

#define DOMAIN(X, T) \
	X(T, ID,    id,                     F_READONLY, 0, 0, none, "assigned by the store") \
	X(T, STR,   domain,                 F_REQUIRED | F_FIXED | F_SEARCH, 1, 253, none, "protected recipient domain") \
	X(T, ENUMS, allowed_delivery_modes, F_REQUIRED, 1, 10, domain_delivery_mode, "how its mail may reach us") \
	X(T, ENUMS, drop_dispositions,      F_REQUIRED, 0, 10, disposition, "held in quarantine instead of delivered") \
	X(T, STRS,  ip_restrictions,        F_REQUIRED, 0, 100, none, "only these peers may deliver; empty = anyone") \
	X(T, INT,   lookback_hops,          F_KEEP_NULL, 1, 20, none, "Received headers to trace back; 1 = our peer") \
	X(T, ENUMS, regions,                F_REQUIRED, 1, 10, region, "where it may be processed; a label on one node") \
	X(T, STR,   transport,              F_KEEP_NULL | F_SEARCH, 0, 300, none, "next hop: host, host:port, [host] = no MX look-up") \
	X(T, ENUM,  folder,                 F_NULL, 0, 0, scan_folder, "mailbox folder to scan (API mode)") \
	X(T, STR,   integration_id,         F_NULL | F_UUID, 36, 36, none, "mailbox integration") \
	X(T, BOOL,  require_tls_inbound,    F_NULL | F_KEEP_NULL, 0, 0, none, "refuse mail that comes without TLS") \
	X(T, BOOL,  require_tls_outbound,   F_NULL | F_KEEP_NULL, 0, 0, none, "never pass mail on without TLS") \
	X(T, ENUM,  inbox_provider,         F_NULL | F_READONLY, 0, 0, inbox_provider, "of the integration") \
	X(T, STR,   o365_tenant_id,         F_NULL | F_READONLY, 0, 64, none, "of the integration") \
	X(T, ENUM,  dmarc_status,           F_NULL | F_READONLY | F_FACT, 0, 0, dmarc_status, "health of its DMARC record") \
	X(T, ENUM,  spf_status,             F_NULL | F_READONLY | F_FACT, 0, 0, spf_status, "health of its SPF record") \
	X(T, ENUM,  status,                 F_NULL | F_READONLY, 0, 0, domain_status, "of the proof of ownership") \
	X(T, OBJ,   authorization,          F_NULL | F_READONLY, 0, 0, authorization, "may mail be accepted for it") \
	X(T, BOOL,  proved,                 F_INTERNAL, 0, 0, none, "authorized by its TXT record, not by the operator") \
	X(T, OBJ,   emails_processed,       F_NULL | F_READONLY | F_FACT, 0, 0, emails_processed, "how many mails, counted every hour") \
	X(T, TIME,  checked_at,             F_NULL | F_INTERNAL | F_FACT, 0, 0, none, "when its TXT record was last asked for") \
	X(T, TIME,  missing_since,          F_NULL | F_INTERNAL | F_FACT, 0, 0, none, "the first look in a row that did not find it") \
	X(T, INT,   misses,                 F_INTERNAL | F_FACT, 0, INT64_MAX, none, "looks since then with a definite answer") \
	X(T, TIME,  created_at,             F_READONLY, 0, 0, none, "when it was made") \
	X(T, TIME,  modified_at,            F_READONLY, 0, 0, none, "when it last changed") \
	X(T, ALIAS, last_modified,          F_READONLY, 0, 0, modified_at, "older name")
FIELDS_DECLARE(domain, DOMAIN);

#define DOMAIN_VERIFICATION(X, T) \
	X(T, ENUM, status,           F_REQUIRED | F_NULL, 0, 0, domain_status, "of the proof of ownership") \
	X(T, STR,  txt_record_name,  F_REQUIRED, 1, 300, none, "where to publish a TXT record") \
	X(T, STR,  txt_record_value, F_REQUIRED, 1, 100, none, "what is to stand in it") \
	X(T, TIME, last_checked_at,  F_REQUIRED | F_NULL, 0, 0, none, "when it was last asked for")
FIELDS_DECLARE(domain_verification, DOMAIN_VERIFICATION);
/* clang-format on */

#endif
