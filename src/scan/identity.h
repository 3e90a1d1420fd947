/* Who a mail says it is from and for: mailboxes of its header fields, made comparable. */
#ifndef SCAN_IDENTITY_H
#define SCAN_IDENTITY_H

#include "detect/detect.h"

/* The first mailbox of the first field of that name; an empty identity where there is none. */
struct identity identity_of(struct arena *a, const struct headers *headers, struct str field);

/* MAIL FROM as an identity. */
struct identity identity_of_envelope(struct arena *a, struct str mail_from);

/* True when From names one sender: one field, and mailboxes of one domain only. */
bool identity_from_is_single(struct arena *a, const struct headers *headers);

#endif
