/* What a correction did; the corrections themselves are a collection like others (api/settings.h). */
#ifndef API_CORRECTIONS_H
#define API_CORRECTIONS_H

#include "api/request.h"

/* What contradicts a correction is found out when it is shown. */
void corrections_list_reply(struct request *rq);
void correction_get_reply(struct request *rq);
/* Undoing one tells what that comes to. */
void correction_delete_reply(struct request *rq);
/* GET postern/corrections/{id}/messages */
void corrected_messages_reply(struct request *rq);

#endif
