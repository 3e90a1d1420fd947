/* The attributes of a tag that anything here goes by. */
#ifndef HTML_ATTRS_H
#define HTML_ATTRS_H

#include "html/token.h"

/* Undecoded; of two with one name the first, as browsers take it. A NULL pointer: absent. */
struct html_attrs {
	struct str size, dir, href, xlink, src, srcdoc, action, formaction, data, alt, type, style, content,
	    http_equiv, width, height, id, classes, color, text, bgcolor, background, value, placeholder, to;
	bool hidden, handler;
};

/* All in one pass. */
struct html_attrs html_attrs_of(const struct html_token *t);

#endif
