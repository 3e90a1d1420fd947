/* Base64 of our own making (RFC 4648 §4). Mail bodies are decoded leniently by mime/base64_body instead. */
#ifndef BASE_BASE64_H
#define BASE_BASE64_H

#include "base/str.h"

struct str base64_encode(struct arena *a, struct str bytes);
/* Strict but for white space, which is skipped: alphabet, padding at the end only. */
MUST_CHECK enum err base64_decode(struct arena *a, struct str text, struct str *out);

#endif
