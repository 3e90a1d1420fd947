/*
 * XML as office documents use it: elements by their local names, attributes with references decoded. Namespaces are
 * dropped: prefixes are whatever the writer likes.
 */
#ifndef FILE_XML_H
#define FILE_XML_H

#include "html/token.h"

struct arena;

/* UTF-8, or UTF-16 with its byte order mark made UTF-8. */
struct str xml_text(struct arena *a, struct str bytes);

/* The next token; no element holds raw text here. false: the end. */
bool xml_next(struct html *h, struct html_token *out);

/* "w:instrText" is instrText. */
bool xml_is(const struct html_token *t, struct str local_name);

/* The value of an attribute of this local name, decoded; "" = none. */
struct str xml_attr(struct arena *a, const struct html_token *t, struct str local_name);

#endif
