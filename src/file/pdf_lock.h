/* The encryption dictionary of a PDF, and whether the document opens without a password. */
#ifndef FILE_PDF_LOCK_H
#define FILE_PDF_LOCK_H

#include "file/pdf_crypt.h"
#include "file/pdf_object.h"

/* Where the document names no such dictionary, `present` is false. */
struct pdf_crypt pdf_lock_read(struct look *l, const struct pdf_objects *objects);

#endif
