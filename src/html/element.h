/*
 * How elements stand to each other: what starts a line, what has no end tag, what ends by itself when another begins, and
 * what an end tag may close (WHATWG HTML §13.2.6, as far as it decides inside which element a text stands).
 */
#ifndef HTML_ELEMENT_H
#define HTML_ELEMENT_H

#include "html/token.h"

enum html_role {
	HTML_ROLE_INLINE,
	HTML_ROLE_BLOCK, /* a line of its own */
	HTML_ROLE_CELL,  /* parted from its neighbours by a space */
	HTML_ROLE_VOID,  /* no end tag, nothing inside */
	HTML_ROLE_BREAK, /* void, and a line ends */
};

enum html_role html_role(enum html_tag tag);

/* Elements whose end tag is not looked for beyond this one: cells, tables, objects and the like. */
bool html_is_scope(enum html_tag tag);

/* Rows and their groups, and the table itself: content makes them as high as it is. */
bool html_is_table_part(enum html_tag tag);

/* Whether the end tag `end` closes elements through an open `between`: "</b>" goes through a <p>, "</span>" does not. */
bool html_closes_through(enum html_tag end, enum html_tag between);

/*
 * Of the ith rule, whether a start tag of `opens` ends an open *closes, looked for up to *within (or any scope when that
 * is HTML_OTHER). false: there is no ith rule for it.
 */
bool html_implied_end(enum html_tag opens, size_t i, enum html_tag *closes, enum html_tag *within);

#endif
