/* Which letters the codes and the names of glyphs in fonts of a PDF stand for (ISO 32000-1, annex D; Adobe Glyph List). */
#ifndef FILE_PDF_ENCODING_H
#define FILE_PDF_ENCODING_H

#include "base/str.h"

enum pdf_encoding { PDF_STANDARD, PDF_WIN_ANSI, PDF_MAC_ROMAN, PDF_ENCODINGS };

/* 0: none. */
uint32_t pdf_encoding_letter(enum pdf_encoding e, unsigned char code);

struct pdf_letter {
	uint32_t letter; /* 0 = the name is not known here */
	uint32_t accent; /* to be set behind it; 0 = none */
};
struct pdf_letter pdf_letter_named(struct str name);

/* How wide a letter is in a face that does not say it, in thousandths of its size. */
double pdf_letter_width(uint32_t letter);

#endif
