/* The table of watched mailboxes. */
#include "model/mailbox_watch.h"

ENUM_DEFINE(watch_state, WATCH_STATES);
FIELDS_DEFINE(watched_mailbox, WATCHED_MAILBOX);
