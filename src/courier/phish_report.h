/*
 * The job that writes PhishGuard reports: it looks at one mail of which something is to be reported, finds those that
 * belong to it, and writes a report about all of them, or writes anew the one that there is.
 */
#ifndef COURIER_PHISH_REPORT_H
#define COURIER_PHISH_REPORT_H

#include "courier/tools.h"

/*
 * As many bad mails that belong together within an hour are a campaign: fewer come by chance where many mails are judged,
 * and a mail to a handful of people is not yet worth a reader's time by being one of several.
 */
#define CAMPAIGN_MAILS 5

/* One try at a job of JOB_REPORT. Done again, it writes the same. */
MUST_CHECK enum err phish_report_run(const struct job_tools *tools, const struct job *job,
				     struct job_try *out);

#endif
