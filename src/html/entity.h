/*
 * Character references of HTML ("&amp;", "&#8217;", "&#x2019;"), decoded as browsers do (WHATWG HTML
 * §13.2.5.72).
 *
 * Names: those of HTML 4 and the HTML 5 ones that spell ASCII or invisible characters, for these hide words
 * and addresses. Others stay as written.
 */
#ifndef HTML_ENTITY_H
#define HTML_ENTITY_H

#include "base/str.h"

struct arena;

/*
 * The reference at s.p[*at], which is "&": its code point, and *at moves behind it; 0 and no move when it is
 * none. in_attribute: a name without ";" before "=" or a letter stands for itself.
 */
uint32_t html_entity(struct str s, size_t *at, bool in_attribute);

/* An attribute's value with its references decoded; the slice itself when it has none. */
struct str html_decode(struct arena *a, struct str s);

#endif
