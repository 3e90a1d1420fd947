/* Where in the raw message that stands which was read out of the decoded text of a part. */
#ifndef MIME_PLACE_H
#define MIME_PLACE_H

#include <stdbool.h>
#include <stddef.h>

#include "mime/content.h"

struct place {
	size_t start, length; /* bytes of the raw message, encoded as they are there */
};

/*
 * The bytes from offset on of a text's source, "length" of them. false: they are not to be found, because the part was not
 * in the raw message as such, its charset has other bytes for them, or they were put together of several pieces.
 */
bool mime_place(struct arena *a, const struct mime_text *t, size_t offset, size_t length, struct place *out);

#endif
