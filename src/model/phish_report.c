/* The tables of PhishGuard reports. */
#include "model/phish_report.h"

ENUM_DEFINE(report_cause, REPORT_CAUSES);
ENUM_DEFINE(report_priority, REPORT_PRIORITIES);
FIELDS_DEFINE(phish_mail, PHISH_MAIL);
FIELDS_DEFINE(phish_tag, PHISH_TAG);
FIELDS_DEFINE(phish_report, PHISH_REPORT);
FIELDS_DEFINE(report_lead, REPORT_LEAD);
