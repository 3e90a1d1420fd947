/*
 * Journal reports of Exchange: a mail with the field X-MS-Journal-Report, whose first text says for whom another mail was,
 * and which has that one attached. Who sent a mail and for whom is taken from there, and that is all it is believed in.
 */
#ifndef SCAN_JOURNAL_H
#define SCAN_JOURNAL_H

#include "mime/tree.h"
#include "model/verdict.h"

/*
 * NULL: the mail is no journal report. *why_out: a sentence for people where there is not exactly one mail in it that can
 * be taken out, else NULL. In the arena.
 */
struct journaled *journal_find(struct arena *a, const struct mime_tree *mail, const char **why_out);

#endif
