/* Lists of messages, put in the order in which they are given out. */
#ifndef MAILBOX_ITEMS_H
#define MAILBOX_ITEMS_H

#include "mailbox/mailbox.h"

/* By time of arrival, the oldest first; what came before since_us is left out. Those without one come first; equal ones stay in order. */
void items_oldest_first(struct mail_items *items, int64_t since_us);
/* Those of the folder before all others. */
void items_folder_first(struct arena *a, struct mail_items *items, struct str folder);

#endif
