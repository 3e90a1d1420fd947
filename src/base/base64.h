/* Base64 of keys, signatures and our own texts (RFC 4648 §4). Mail bodies: leniently, by mime/base64_body. */
#ifndef BASE_BASE64_H
#define BASE_BASE64_H

#include "base/str.h"

struct str base64_encode(struct arena *a, struct str bytes);
/* The same in lines of 76 characters, each of which ends with eol, but for the last one. */
struct str base64_encode_lines(struct arena *a, struct str bytes, struct str eol);
/*
 * Strict but for white space, which is skipped: alphabet, padding at the end only, and either all of it or, as the
 * grammar of RFC 6376 §2.10 has it, none.
 */
MUST_CHECK enum err base64_decode(struct arena *a, struct str text, struct str *out);

/* The alphabet for URLs (§5): written without padding, read with or without. */
struct str base64url_encode(struct arena *a, struct str bytes);
MUST_CHECK enum err base64url_decode(struct arena *a, struct str text, struct str *out);

#endif
