/*
 * What many share: hosts and domains of large providers, of mailing services, of brands that frauds pretend to be. Mails that
 * have only these in common need not belong together, and who blocks them blocks others.
 */
#ifndef COURIER_SHARED_H
#define COURIER_SHARED_H

#include "base/str.h"

struct arena;

/* A host that a link leads to, folded. A page below a name of its own ("thief.github.io") is not shared. */
bool shared_host(struct arena *a, struct str host);
/* A domain that mail says it is from, folded. */
bool shared_sender(struct arena *a, struct str domain);
/* Where only the address tells whose mail it is. */
bool shared_mailboxes(struct arena *a, struct str domain);

#endif
