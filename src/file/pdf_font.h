/*
 * Fonts of a PDF as far as reading goes (ISO 32000-1 §9.5 to §9.10): which letters the codes of a string stand for, and how
 * far each moves the pen. Shapes are not looked at; a font that hides what its codes mean cannot be read.
 */
#ifndef FILE_PDF_FONT_H
#define FILE_PDF_FONT_H

#include "base/buf.h"
#include "file/pdf_cmap.h"
#include "file/pdf_document.h"
#include "file/pdf_encoding.h"

struct pdf_width {
	uint32_t lo, hi;
	double width;
};

struct pdf_font {
	size_t code_bytes;        /* 1 or 2 */
	bool unicode;             /* codes of two bytes are UTF-16 */
	struct pdf_cmap cmap;     /* goes before all else */
	struct pdf_letter v[256]; /* of fonts of one byte */
	double width;             /* of those that have none of their own; below 0 = by the letter */
	struct {
		struct pdf_width *v;
		size_t n;
	} widths; /* by lo; in thousandths of the size */
};

/* dict: the font's dictionary. */
const struct pdf_font *pdf_font_read(struct pdf_document *d, struct str dict);

/* The next code of a string: its letters are added, and *width_out and whether it is the one byte 32 are told. */
void pdf_font_next(const struct pdf_font *f, struct str bytes, size_t *at, struct buf *out, double *width_out,
		   bool *space_out);

#endif
