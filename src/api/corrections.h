/* What a correction did; the corrections themselves are a collection like others (api/settings.h). */
#ifndef API_CORRECTIONS_H
#define API_CORRECTIONS_H

#include "api/request.h"

/* GET postern/corrections/{id}/messages */
void corrected_messages_reply(struct request *rq);

#endif
