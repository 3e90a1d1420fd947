/* Reading who changed what in an account. */
#ifndef API_AUDIT_H
#define API_AUDIT_H

#include "api/request.h"

void audit_list_reply(struct request *rq);

#endif
