/* Small lists of facts about the mail world. Names are folded. */
#ifndef DETECT_LISTS_H
#define DETECT_LISTS_H

#include "base/str.h"

/* A registrable domain under which anybody gets a mailbox. */
bool list_is_free_mail(struct str owner);
/* All of them. */
const char *const *list_free_mail(size_t *n_out);
/* A host that gateways put before links to check them on click; the link behind it is not the sender's doing. */
bool list_is_link_wrapper(struct str host);

#endif
