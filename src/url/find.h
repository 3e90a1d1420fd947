/*
 * URLs in plain text, as mail programs make them clickable: http, https, ftp and mailto with a scheme, and
 * "www." without. Punctuation that ends a sentence and brackets around a URL are not part of it.
 */
#ifndef URL_FIND_H
#define URL_FIND_H

#include "base/str.h"

/*
 * The next URL at or after *at: *out is the slice of it, *at moves behind it. false: no more. Together linear
 * in the text. A URL longer than URL_MAX is cut.
 */
bool url_find(struct str text, size_t *at, struct str *out);

#endif
