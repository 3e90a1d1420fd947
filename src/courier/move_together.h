/*
 * Moving many copies in one mailbox, where its provider does many at once: found by one search, read by one command, noted
 * in one transaction, moved by one command. What is not plain (nobody knows what came of an earlier try, several have its
 * Message-ID, it is large, the provider says no) stays COPY_OPEN for copy_move, which understands it as it would after a
 * kill.
 */
#ifndef COURIER_MOVE_TOGETHER_H
#define COURIER_MOVE_TOGETHER_H

#include "courier/move_copy.h"

/* Of one address and one account, at most MAILBOX_MANY, all asked for in the same words. */
void move_together(struct copy_move *const *v, size_t n);

#endif
