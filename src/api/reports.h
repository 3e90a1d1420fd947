/* PhishGuard reports. */
#ifndef API_REPORTS_H
#define API_REPORTS_H

#include "api/request.h"

/* GET phishguard/reports */
void reports_list_reply(struct request *rq);

#endif
