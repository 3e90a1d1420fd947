/* The text of an RTF body of a mail (MS-OXRTFEX), and the compression that such bodies have (MS-OXRTFCP). */
#ifndef FILE_RTF_TEXT_H
#define FILE_RTF_TEXT_H

#include "base/str.h"

struct arena;

/* Compressed RTF undone, at most max bytes; nothing where it is none. */
struct str rtf_unpack(struct arena *a, struct str packed, size_t max);

/*
 * UTF-8 without the formatting. A body that was HTML before it became RTF is that HTML again, and *html_out is true.
 * At most max bytes.
 */
struct str rtf_text(struct arena *a, struct str rtf, size_t max, bool *html_out);

#endif
