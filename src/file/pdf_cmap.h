/* What the codes of a PDF font stand for, by its /ToUnicode (ISO 32000-1 §9.10.3, Adobe's technical note 5411). */
#ifndef FILE_PDF_CMAP_H
#define FILE_PDF_CMAP_H

#include "base/str.h"

struct arena;

/* Codes lo to hi stand for a code point and those behind it, or all for one text. */
struct pdf_range {
	uint32_t lo, hi, first;
	struct str text; /* "" = by first */
};

struct pdf_cmap {
	struct pdf_range *v; /* by lo */
	size_t n;
	size_t code_bytes; /* of the first code space; 0 = it names none */
};

struct pdf_cmap pdf_cmap_read(struct arena *a, struct str cmap);
/* NULL: the code stands for nothing. */
const struct pdf_range *pdf_cmap_find(const struct pdf_cmap *m, uint32_t code);

#endif
