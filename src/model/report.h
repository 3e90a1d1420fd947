/*
 * Machine-readable reports that come as mail: DMARC aggregate reports (RFC 7489 appendix C, RFC 9990), abuse and failure
 * feedback (RFC 5965, RFC 6591), delivery status notifications (RFC 3464) and TLS reports (RFC 8460).
 *
 * Fields are named as in the reports, with "_" for "-". Values are the reporter's words, not checked.
 */
#ifndef MODEL_REPORT_H
#define MODEL_REPORT_H

#include "base/field.h"

/* clang-format off */

/* ---- DMARC aggregate ---- */

#define DMARC_REASON(X, T) \
	X(T, STR, type,    F_NULL, 0, 100, none, "why the policy was not applied") \
	X(T, STR, comment, F_NULL, 0, 1024, none, "in the reporter's words")
FIELDS_DECLARE(dmarc_reason, DMARC_REASON);

#define DMARC_EVALUATED(X, T) \
	X(T, STR,  disposition, F_NULL, 0, 40, none, "what was done: none, quarantine, reject") \
	X(T, STR,  dkim,        F_NULL, 0, 40, none, "pass: an aligned signature held") \
	X(T, STR,  spf,         F_NULL, 0, 40, none, "pass: SPF passed, aligned") \
	X(T, OBJS, reason,      F_OPTIONAL, 0, 100, dmarc_reason, "overrides")
FIELDS_DECLARE(dmarc_evaluated, DMARC_EVALUATED);

#define DMARC_ROW(X, T) \
	X(T, STR, source_ip,        F_NULL, 0, 64, none, "the sending host") \
	X(T, INT, count,            F_OPTIONAL, 0, INT64_MAX, none, "mails of this kind") \
	X(T, OBJ, policy_evaluated, F_NULL, 0, 0, dmarc_evaluated, "what came of it")
FIELDS_DECLARE(dmarc_row, DMARC_ROW);

#define DMARC_IDENTIFIERS(X, T) \
	X(T, STR, envelope_to,   F_NULL, 0, 255, none, "recipient's domain") \
	X(T, STR, envelope_from, F_NULL, 0, 255, none, "MAIL FROM's domain") \
	X(T, STR, header_from,   F_NULL, 0, 255, none, "From's domain")
FIELDS_DECLARE(dmarc_identifiers, DMARC_IDENTIFIERS);

#define DMARC_DKIM_RESULT(X, T) \
	X(T, STR, domain,       F_NULL, 0, 255, none, "d= of the signature") \
	X(T, STR, selector,     F_NULL, 0, 255, none, "s= of the signature") \
	X(T, STR, result,       F_NULL, 0, 40, none, "pass, fail and so on") \
	X(T, STR, human_result, F_NULL, 0, 1024, none, "in the reporter's words")
FIELDS_DECLARE(dmarc_dkim_result, DMARC_DKIM_RESULT);

#define DMARC_SPF_RESULT(X, T) \
	X(T, STR, domain,       F_NULL, 0, 255, none, "the identity's domain") \
	X(T, STR, scope,        F_NULL, 0, 40, none, "mfrom or helo") \
	X(T, STR, result,       F_NULL, 0, 40, none, "pass, fail and so on") \
	X(T, STR, human_result, F_NULL, 0, 1024, none, "in the reporter's words")
FIELDS_DECLARE(dmarc_spf_result, DMARC_SPF_RESULT);

#define DMARC_AUTH_RESULTS(X, T) \
	X(T, OBJS, dkim, F_OPTIONAL, 0, 100, dmarc_dkim_result, "of each signature") \
	X(T, OBJS, spf,  F_OPTIONAL, 0, 100, dmarc_spf_result, "of each identity")
FIELDS_DECLARE(dmarc_auth_results, DMARC_AUTH_RESULTS);

#define DMARC_RECORD_ENTRY(X, T) \
	X(T, OBJ, row,          F_NULL, 0, 0, dmarc_row, "how many mails from where, and what came of them") \
	X(T, OBJ, identifiers,  F_NULL, 0, 0, dmarc_identifiers, "whom they named") \
	X(T, OBJ, auth_results, F_NULL, 0, 0, dmarc_auth_results, "what was checked")
FIELDS_DECLARE(dmarc_record_entry, DMARC_RECORD_ENTRY);

#define DMARC_DATE_RANGE(X, T) \
	X(T, INT, begin, F_OPTIONAL, INT64_MIN, INT64_MAX, none, "seconds since 1970") \
	X(T, INT, end,   F_OPTIONAL, INT64_MIN, INT64_MAX, none, "seconds since 1970")
FIELDS_DECLARE(dmarc_date_range, DMARC_DATE_RANGE);

#define DMARC_METADATA(X, T) \
	X(T, STR,  org_name,           F_NULL, 0, 255, none, "who reports") \
	X(T, STR,  email,              F_NULL, 0, 320, none, "their address") \
	X(T, STR,  extra_contact_info, F_NULL, 0, 1024, none, "more of them") \
	X(T, STR,  report_id,          F_NULL, 0, 255, none, "unique at the reporter") \
	X(T, OBJ,  date_range,         F_NULL, 0, 0, dmarc_date_range, "what time it is about") \
	X(T, STRS, error,              F_OPTIONAL, 0, 100, none, "what went wrong there") \
	X(T, STR,  generator,          F_NULL, 0, 255, none, "program that made it")
FIELDS_DECLARE(dmarc_metadata, DMARC_METADATA);

#define DMARC_PUBLISHED(X, T) \
	X(T, STR, version_published, F_NULL, 0, 40, none, "v= of the record") \
	X(T, STR, domain,            F_NULL, 0, 255, none, "where the record was found") \
	X(T, STR, adkim,             F_NULL, 0, 40, none, "r or s") \
	X(T, STR, aspf,              F_NULL, 0, 40, none, "r or s") \
	X(T, STR, p,                 F_NULL, 0, 40, none, "policy") \
	X(T, STR, sp,                F_NULL, 0, 40, none, "of subdomains") \
	X(T, STR, np,                F_NULL, 0, 40, none, "of subdomains that do not exist") \
	X(T, STR, pct,               F_NULL, 0, 40, none, "share of mail it is for") \
	X(T, STR, fo,                F_NULL, 0, 40, none, "which failures are reported") \
	X(T, STR, testing,           F_NULL, 0, 40, none, "y: the owner tries it out") \
	X(T, STR, discovery_method,  F_NULL, 0, 40, none, "psl or treewalk")
FIELDS_DECLARE(dmarc_published, DMARC_PUBLISHED);

#define DMARC_REPORT(X, T) \
	X(T, STR,  version,          F_NULL, 0, 40, none, "of the format") \
	X(T, OBJ,  report_metadata,  F_NULL, 0, 0, dmarc_metadata, "who reports, and on what time") \
	X(T, OBJ,  policy_published, F_NULL, 0, 0, dmarc_published, "what the domain asked for") \
	X(T, OBJS, record,           F_OPTIONAL, 0, INT64_MAX, dmarc_record_entry, "what was seen")
FIELDS_DECLARE(dmarc_report, DMARC_REPORT);

/* ---- feedback ---- */

#define FEEDBACK_REPORT(X, T) \
	X(T, STR,   feedback_type,             F_NULL, 0, 100, none, "abuse, auth-failure, fraud, virus, not-spam, other") \
	X(T, STR,   user_agent,                F_NULL, 0, 255, none, "program that made it") \
	X(T, STR,   version,                   F_NULL, 0, 40, none, "of the format") \
	X(T, TIME,  arrival_date,              F_NULL, 0, 0, none, "when the mail came") \
	X(T, ALIAS, received_date,             F_NULL, 0, 0, arrival_date, "older name") \
	X(T, STRS,  authentication_results,    F_OPTIONAL, 0, 100, none, "of the mail") \
	X(T, INT,   incidents,                 F_NULL, 0, INT64_MAX, none, "mails it speaks for; null = 1") \
	X(T, STR,   original_envelope_id,      F_NULL, 0, 1024, none, "ENVID") \
	X(T, STR,   original_mail_from,        F_NULL, 0, 1024, none, "MAIL FROM") \
	X(T, STR,   original_rcpt_to,          F_NULL, 0, 1024, none, "RCPT TO") \
	X(T, STRS,  reported_domain,           F_OPTIONAL, 0, 100, none, "domains it is about") \
	X(T, STRS,  reported_uri,              F_OPTIONAL, 0, 100, none, "addresses it is about") \
	X(T, STR,   reporting_mta,             F_NULL, 0, 255, none, "server that reports") \
	X(T, STR,   source_ip,                 F_NULL, 0, 64, none, "where the mail came from") \
	X(T, INT,   source_port,               F_NULL, 0, 65535, none, "its port") \
	X(T, STR,   auth_failure,              F_NULL, 0, 40, none, "adsp, bodyhash, dmarc, revoked, signature, spf") \
	X(T, STR,   delivery_result,           F_NULL, 0, 40, none, "delivered, spam, policy, reject, other") \
	X(T, STR,   identity_alignment,        F_NULL, 0, 40, none, "none, spf, dkim, or both") \
	X(T, STR,   dkim_domain,               F_NULL, 0, 255, none, "d=") \
	X(T, STR,   dkim_identity,             F_NULL, 0, 1024, none, "i=") \
	X(T, STR,   dkim_selector,             F_NULL, 0, 255, none, "s=") \
	X(T, STR,   dkim_canonicalized_header, F_NULL, 0, INT64_MAX, none, "base64") \
	X(T, STR,   dkim_canonicalized_body,   F_NULL, 0, INT64_MAX, none, "base64") \
	X(T, STR,   dkim_adsp_dns,             F_NULL, 0, 4096, none, "the record") \
	X(T, STR,   dkim_selector_dns,         F_NULL, 0, 4096, none, "the record") \
	X(T, STR,   spf_dns,                   F_NULL, 0, 4096, none, "the record")
FIELDS_DECLARE(feedback_report, FEEDBACK_REPORT);

/* ---- delivery status ---- */

#define DELIVERY_RECIPIENT(X, T) \
	X(T, STR,  original_recipient, F_NULL, 0, 1024, none, "as the sender gave it") \
	X(T, STR,  final_recipient,    F_NULL, 0, 1024, none, "as it was tried") \
	X(T, STR,  action,             F_NULL, 0, 40, none, "failed, delayed, delivered, relayed, expanded") \
	X(T, STR,  status,             F_NULL, 0, 255, none, "enhanced status code") \
	X(T, STR,  remote_mta,         F_NULL, 0, 255, none, "the server that said so") \
	X(T, STR,  diagnostic_code,    F_NULL, 0, 4096, none, "its words") \
	X(T, TIME, last_attempt_date,  F_NULL, 0, 0, none, "when") \
	X(T, TIME, will_retry_until,   F_NULL, 0, 0, none, "of a delay")
FIELDS_DECLARE(delivery_recipient, DELIVERY_RECIPIENT);

#define DELIVERY_REPORT(X, T) \
	X(T, STR,  original_envelope_id, F_NULL, 0, 1024, none, "ENVID") \
	X(T, STR,  reporting_mta,        F_NULL, 0, 255, none, "server that reports") \
	X(T, STR,  dsn_gateway,          F_NULL, 0, 255, none, "that translated it") \
	X(T, STR,  received_from_mta,    F_NULL, 0, 255, none, "where it had the mail from") \
	X(T, TIME, arrival_date,         F_NULL, 0, 0, none, "when the mail came") \
	X(T, OBJS, recipients,           F_OPTIONAL, 0, 1000, delivery_recipient, "what became of each")
FIELDS_DECLARE(delivery_report, DELIVERY_REPORT);

/* ---- TLS ---- */

#define TLS_DATE_RANGE(X, T) \
	X(T, STR, start_datetime, F_NULL, 0, 64, none, "RFC 3339") \
	X(T, STR, end_datetime,   F_NULL, 0, 64, none, "RFC 3339")
FIELDS_DECLARE(tls_date_range, TLS_DATE_RANGE);

#define TLS_POLICY(X, T) \
	X(T, STR,  policy_type,   F_NULL, 0, 100, none, "tlsa, sts, no-policy-found") \
	X(T, STRS, policy_string, F_OPTIONAL, 0, 1000, none, "the policy as found") \
	X(T, STR,  policy_domain, F_NULL, 0, 255, none, "whose it is") \
	X(T, STRS, mx_host,       F_OPTIONAL, 0, 1000, none, "patterns of its hosts")
FIELDS_DECLARE(tls_policy, TLS_POLICY);

#define TLS_SUMMARY(X, T) \
	X(T, INT, total_successful_session_count, F_OPTIONAL, 0, INT64_MAX, none, "sessions that were secured") \
	X(T, INT, total_failure_session_count,    F_OPTIONAL, 0, INT64_MAX, none, "sessions that were not")
FIELDS_DECLARE(tls_summary, TLS_SUMMARY);

#define TLS_FAILURE(X, T) \
	X(T, STR, result_type,            F_NULL, 0, 100, none, "what failed") \
	X(T, STR, sending_mta_ip,         F_NULL, 0, 64, none, "who sent") \
	X(T, STR, receiving_ip,           F_NULL, 0, 64, none, "who received") \
	X(T, STR, receiving_mx_hostname,  F_NULL, 0, 255, none, "its name") \
	X(T, STR, receiving_mx_helo,      F_NULL, 0, 255, none, "as it named itself") \
	X(T, INT, failed_session_count,   F_OPTIONAL, 0, INT64_MAX, none, "sessions") \
	X(T, STR, additional_information, F_NULL, 0, 4096, none, "a link or words") \
	X(T, STR, failure_reason_code,    F_NULL, 0, 1024, none, "in the reporter's words")
FIELDS_DECLARE(tls_failure, TLS_FAILURE);

#define TLS_RESULT(X, T) \
	X(T, OBJ,  policy,          F_NULL, 0, 0, tls_policy, "what was to be obeyed") \
	X(T, OBJ,  summary,         F_NULL, 0, 0, tls_summary, "how many sessions") \
	X(T, OBJS, failure_details, F_OPTIONAL, 0, INT64_MAX, tls_failure, "what failed")
FIELDS_DECLARE(tls_result, TLS_RESULT);

#define TLS_REPORT(X, T) \
	X(T, STR,  organization_name, F_NULL, 0, 255, none, "who reports") \
	X(T, OBJ,  date_range,        F_NULL, 0, 0, tls_date_range, "what time it is about") \
	X(T, STR,  contact_info,      F_NULL, 0, 1024, none, "their address") \
	X(T, STR,  report_id,         F_NULL, 0, 255, none, "unique at the reporter") \
	X(T, OBJS, policies,          F_OPTIONAL, 0, INT64_MAX, tls_result, "results by policy")
FIELDS_DECLARE(tls_report, TLS_REPORT);
/* clang-format on */

#endif
