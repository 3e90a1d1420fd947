/*
 * What a document says to its reader: the text of PDF, Word (.docx), OpenDocument and RTF, as it is shown. Nothing is
 * executed or fetched, and nothing fails: what cannot be read says nothing.
 */
#ifndef FILE_DOCUMENT_TEXT_H
#define FILE_DOCUMENT_TEXT_H

#include "file/contents.h"

/* Whether documents of this kind are read here. */
bool document_is_read(enum magic_type type);

/*
 * UTF-8 without zero bytes, at most max bytes of the beginning; "" where there is none. What has to be unpacked for it comes
 * out of the budget, whose passwords are tried on locks.
 */
struct str document_text(struct arena *a, struct str bytes, enum magic_type type, struct file_budget *budget,
			 size_t max);

#endif
