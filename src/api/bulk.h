/* Bulk jobs (store/bulk.h). */
#ifndef API_BULK_H
#define API_BULK_H

#include "api/request.h"

/* POST investigate/bulk */
void bulk_create_reply(struct request *rq);
/* GET investigate/bulk */
void bulk_list_reply(struct request *rq);
/* GET investigate/bulk/{id} */
void bulk_get_reply(struct request *rq);
/* DELETE investigate/bulk/{id} */
void bulk_delete_reply(struct request *rq);
/* POST investigate/bulk/{id}/cancel */
void bulk_cancel_reply(struct request *rq);
/* GET investigate/bulk/{id}/messages */
void bulk_messages_reply(struct request *rq);

#endif
