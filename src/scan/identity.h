/* Who a mail says it is from and for: mailboxes of its header fields, made comparable. */
#ifndef SCAN_IDENTITY_H
#define SCAN_IDENTITY_H

#include "detect/detect.h"

/*
 * The first mailbox with a domain of the first field of that name, else the first; an empty identity where there is
 * none. A mailbox without a domain has that of the address its decoded text shows, as some readers show it.
 */
struct identity identity_of(struct arena *a, const struct headers *headers, struct str field);

/* MAIL FROM as an identity, without idle quotes in its local part. */
struct identity identity_of_envelope(struct arena *a, struct str mail_from);

/* All mailboxes of all From and Reply-To fields, those of From first. */
struct mailboxes identity_mailboxes(struct arena *a, const struct headers *headers);

/* The domains among them that From names. */
struct strs identity_from_domains(struct arena *a, const struct mailboxes *all);

#endif
