/* Where a text wants its reader to write to. */
#ifndef DETECT_CONTACT_H
#define DETECT_CONTACT_H

#include "base/str.h"

struct scan;

/*
 * The first free mailbox that a text names and that is not the sender's, nor like it, nor of those it is for. Not in lines that
 * are quoted, nor in angle brackets, as programs write them. "" = there is none.
 */
struct str contact_elsewhere(const struct scan *s);

/* Whether a text of the mail names a large sum. */
bool contact_promises_money(const struct scan *s);

#endif
