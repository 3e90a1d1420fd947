/* A look into a compound file under way, and the readers of its streams. */
#ifndef FILE_OLE_CONTENTS_H
#define FILE_OLE_CONTENTS_H

#include "file/internal.h"
#include "file/ole.h"

struct ole_look {
	struct look *l;
	struct ole ole;
};

/* A stream within what the budget allows. */
struct str ole_take(struct ole_look *o, const struct ole_entry *e);

/* word.c: fields of a text stream: links, and those that start programs (DDE). */
void word_read_fields(struct look *l, struct str stream);
/* xls.c: records of a workbook: macro sheets, locks, links. */
void xls_read(struct look *l, struct str stream);
/* ppt.c: records of a presentation: embedded objects and macros, links. */
void ppt_read(struct look *l, struct str stream);
/* msg.c: an Outlook message: its texts and attachments. */
void msg_read(struct ole_look *o);

#endif
