/*
 * Base64 bodies (RFC 2045 §6.8) as mail programs read them: line ends and white space are skipped, so is any
 * other byte outside the alphabet, padding in the middle begins anew, missing padding is no matter.
 */
#ifndef MIME_BASE64_BODY_H
#define MIME_BASE64_BODY_H

#include "base/str.h"

struct arena;

/*
 * At most max bytes of result. bad_at_out: offset of the first byte that is neither alphabet, white space nor
 * padding at the end (data behind padding counts), or SIZE_MAX; text.n where only the length is wrong.
 */
struct str base64_body_decode(struct arena *a, struct str text, size_t max, size_t *bad_at_out);

#endif
