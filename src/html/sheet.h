/*
 * Style sheets of a document, as far as they hide or show text: rules whose selector is one element name, class or id.
 *
 * A longer selector may or may not apply to an element of its last part, so it can only make text count as visible,
 * never as hidden. Rules inside @media and other blocks are passed over.
 */
#ifndef HTML_SHEET_H
#define HTML_SHEET_H

#include "html/style.h"

struct arena;
struct html_sheet;

/* All style elements of the document; NULL when they say nothing of these properties. */
struct html_sheet *html_sheet_read(struct arena *a, struct str document);

/*
 * Adds what the sheet says of an element: of its name, then its classes, then its id. classes, id: undecoded attributes.
 * maybe_out: bits that a longer selector sets, so that nobody knows the value.
 */
void html_sheet_apply(const struct html_sheet *sheet, struct str name, struct str classes, struct str id,
		      struct html_style *io, unsigned *maybe_out);

#endif
