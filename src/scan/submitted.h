/*
 * What a mail submits: the mails that are attached to it, by any of the ways in which mail programs forward as attachment,
 * and the domains that a DMARC report is about. Intake takes out of the message what is told here, and looks no further.
 */
#ifndef SCAN_SUBMITTED_H
#define SCAN_SUBMITTED_H

#include "detect/detect.h"
#include "model/verdict.h"
#include "report/report.h"

/* report: of the mail. In the scan's arena. */
struct submitted *submitted_find(const struct scan *s, const struct report *report);

#endif
