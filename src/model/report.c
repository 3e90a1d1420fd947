/* The tables of reports. */
#include "model/report.h"

FIELDS_DEFINE(dmarc_reason, DMARC_REASON);
FIELDS_DEFINE(dmarc_evaluated, DMARC_EVALUATED);
FIELDS_DEFINE(dmarc_row, DMARC_ROW);
FIELDS_DEFINE(dmarc_identifiers, DMARC_IDENTIFIERS);
FIELDS_DEFINE(dmarc_dkim_result, DMARC_DKIM_RESULT);
FIELDS_DEFINE(dmarc_spf_result, DMARC_SPF_RESULT);
FIELDS_DEFINE(dmarc_auth_results, DMARC_AUTH_RESULTS);
FIELDS_DEFINE(dmarc_record_entry, DMARC_RECORD_ENTRY);
FIELDS_DEFINE(dmarc_date_range, DMARC_DATE_RANGE);
FIELDS_DEFINE(dmarc_metadata, DMARC_METADATA);
FIELDS_DEFINE(dmarc_published, DMARC_PUBLISHED);
FIELDS_DEFINE(dmarc_report, DMARC_REPORT);
FIELDS_DEFINE(feedback_report, FEEDBACK_REPORT);
FIELDS_DEFINE(delivery_recipient, DELIVERY_RECIPIENT);
FIELDS_DEFINE(delivery_report, DELIVERY_REPORT);
FIELDS_DEFINE(tls_date_range, TLS_DATE_RANGE);
FIELDS_DEFINE(tls_policy, TLS_POLICY);
FIELDS_DEFINE(tls_summary, TLS_SUMMARY);
FIELDS_DEFINE(tls_failure, TLS_FAILURE);
FIELDS_DEFINE(tls_result, TLS_RESULT);
FIELDS_DEFINE(tls_report, TLS_REPORT);
