/*
 * Which mailboxes are watched: those of domains that are authorized, take mail by API and have an integration
 * (people.h). Who is asked for them is asked again now and then, and where the domain or its integration have changed; only
 * what is another than before is written.
 */
#ifndef COURIER_WATCH_LIST_H
#define COURIER_WATCH_LIST_H

#include "base/log.h"
#include "courier/mailboxes.h"

struct watch_list;

struct watch_list *watch_list_new(struct store *st, struct mailboxes *mailboxes, const struct log *log);
void watch_list_free(struct watch_list **l);

/* Brings the rows of mailbox_watch up to what is to be watched now. One thread. ERR_LATER: the store. */
MUST_CHECK enum err watch_list_refresh(struct watch_list *l, int64_t now_us);

#endif
