/* Whose a mailbox may be, by the name before the "@". */
#ifndef DETECT_MAILBOX_H
#define DETECT_MAILBOX_H

#include "base/str.h"

struct arena;

/*
 * Two addresses that one person may have: "ann.smith@…" and "asmith77+home@…". Those that say nothing, such as numbers, are
 * taken to be alike.
 */
bool mailbox_is_alike(struct str a, struct str b);

/* A word of the display name, or its beginning, stands in the address. */
bool mailbox_has_name(struct arena *a, struct str address, struct str name);

/* Nothing can be said of a name of other scripts, or without words. */
bool mailbox_name_is_readable(struct arena *a, struct str name);

#endif
