/*
 * The text of a notice. What a kind of event is about, and by which table it is shown, is a row here: whoever brings
 * another kind adds one, and notes the event where it is written (store/event.h).
 */
#ifndef COURIER_NOTICE_H
#define COURIER_NOTICE_H

#include "store/notices.h"

/*
 * One line of JSON in the arena, with its lists emptied when it would be longer than room. ERR_ABSENT: what it is about is
 * gone. ERR_LATER: the store.
 */
MUST_CHECK enum err notice_text(struct store *st, struct arena *a, const struct notice *n,
				struct str account_id, size_t room, struct str *out);

#endif
