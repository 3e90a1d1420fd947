/* Retro scans over HTTP, and the mailboxes of an integration that are watched. Ours. */
#ifndef API_RETRO_H
#define API_RETRO_H

#include "api/request.h"

void retro_create_reply(struct request *rq);
void retro_list_reply(struct request *rq);
void retro_get_reply(struct request *rq);
void retro_cancel_reply(struct request *rq);
void retro_delete_reply(struct request *rq);
void retro_report_reply(struct request *rq);
void retro_messages_reply(struct request *rq);
void retro_mailboxes_reply(struct request *rq);

/* GET integrations/{id}/mailboxes */
void watched_mailboxes_reply(struct request *rq);

#endif
