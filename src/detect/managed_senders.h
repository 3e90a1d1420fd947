/* The shipped list of acceptable senders, which an account may switch on (model/detection_settings.h). */
#ifndef DETECT_MANAGED_SENDERS_H
#define DETECT_MANAGED_SENDERS_H

#include "base/str.h"

/* suppressed_by of what counts against none of them, with the house behind it. */
#define MANAGED_SENDER "managed_acceptable_sender "

/* Whether a registrable domain, folded, is on it. Counts only where the domain of From is proved. */
bool managed_sender_is(struct str owner);

/* All of them, in order of name. */
const char *const *managed_senders(size_t *n_out);

#endif
