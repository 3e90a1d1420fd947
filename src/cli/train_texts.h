/*
 * Mails that were written to be learnt from, many in one file of UTF-8:
 *
 *	@ LABEL LANG
 *	Subject: text
 *	From: Name <address>
 *
 *	The text, until the next line that begins with "@ ".
 *
 * From may be missing; what stands before the first "@ " is passed over.
 */
#ifndef CLI_TRAIN_TEXTS_H
#define CLI_TRAIN_TEXTS_H

#include "base/arena.h"
#include "classifier/train.h"

struct train_text {
	enum lesson_label label;
	struct str raw; /* as a mail: in the arena */
};

/*
 * The next mail. *at begins at 0; false: there is none any more. A label that is none is an error: text says so, and the
 * answer is false.
 */
bool train_text_next(struct arena *a, struct str file, size_t *at, struct train_text *out, struct errbuf *eb);

#endif
