/*
 * Style sheets of a document, as far as they hide or show text: rules whose selector is one element name, class or id.
 *
 * A longer selector may or may not apply to an element of its last part, and a rule inside @media and the like may or may
 * not hold, so these can only make text count as visible, never as hidden.
 */
#ifndef HTML_SHEET_H
#define HTML_SHEET_H

#include "html/style.h"

struct arena;
struct html_sheet;

/* Texts that the sheets put before and behind elements; marks and signs do not count. sheet: or NULL. */
struct strs html_sheet_texts(const struct html_sheet *sheet);

/* Bits (enum html_style_bit) of rules that may apply and show; firm: those that beat a style attribute. */
struct html_maybe {
	unsigned any, firm;
};

/* All style elements of the document; NULL when they say nothing of these properties. */
struct html_sheet *html_sheet_read(struct arena *a, struct str document);

/*
 * Adds what the sheet says of an element: of its name, then its classes, then its id. classes, id: undecoded attributes.
 */
void html_sheet_apply(const struct html_sheet *sheet, struct str name, struct str classes, struct str id,
		      struct html_style *io, struct html_maybe *maybe_out);

#endif
