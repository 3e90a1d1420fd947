/*
 * What is kept of a copy of a mail in its recipient's mailbox (struct mailbox_copy): where it lies, how it is put back as it
 * was, and what was begun with it. It is in the record before the copy is touched.
 */
#ifndef COURIER_COPY_NOTE_H
#define COURIER_COPY_NOTE_H

#include "courier/move_copy.h"

/* Where it lies now; what has no name is not kept. */
void copy_set_place(struct copy_move *m, const struct mail_place *place);
/* Where it was found, unless it was moved by us before, and how to put it back as it was: now it is touched. */
void copy_set_origin(struct copy_move *m, const struct mail_place *place, const struct mail_marks *marks);
/* It went well, and this is what the copy is afterwards. words: in the arena of the move. */
void copy_settle(struct copy_move *m, enum copy_end end, struct str words);
/* The same of one that was moved to the folder of its order, or was found there. */
void copy_settle_moved(struct copy_move *m, struct str from, const struct mail_place *to);
void copy_settle_there(struct copy_move *m, const struct mail_place *place);

/* It did not: words as above. */
void copy_fail(struct copy_move *m, enum copy_end end, struct str words);

/* Into the records, in one transaction, before they are touched: what nobody could tell afterwards. noted[i]: it is there. */
void copies_note(struct copy_move *const *v, size_t n, bool *noted);

#endif
