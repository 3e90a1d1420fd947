/*
 * The text that the pages of a PDF show (ISO 32000-1 §9.4), in the order in which they paint it: UTF-8, with a space where
 * there is a gap in a line and a line end where the pen goes to another one. Text that stands in pictures, and that of
 * fonts which do not say what their codes mean, is not in it.
 */
#ifndef FILE_PDF_TEXT_H
#define FILE_PDF_TEXT_H

#include "file/internal.h"

/* Of l->bytes, at most max bytes, from the first pages; "" of a locked one. */
struct str pdf_shown_text(struct look *l, size_t max);

#endif
