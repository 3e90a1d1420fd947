/*
 * URLs that hold what they lead to (RFC 2397), of any length: a page, a picture or a file inside a link.
 */
#ifndef URL_DATA_H
#define URL_DATA_H

#include "base/str.h"

struct arena;

/* Whether an href is one; white space in front does not count. */
bool url_is_data(struct str href);

/*
 * Its bytes and its media type: lower case, without parameters, "text/plain" where none is given. Base64 is read as
 * browsers do, without padding or with white space; of a broken end what stands before it. false: not a data URL.
 */
bool url_data_read(struct arena *a, struct str href, struct str *type_out, struct str *bytes_out);

/* Base64, or its form for URLs, with or without padding; a digit that is left over at the end is dropped. "" = none. */
struct str url_base64(struct arena *a, struct str text);

#endif
