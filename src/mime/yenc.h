/*
 * yEnc (yenc-draft 1.3): binary data in eight-bit lines between "=ybegin" and "=yend", as blocks in the text of a mail
 * and as transfer encoding. Parts of a file in several mails are each taken for a file.
 */
#ifndef MIME_YENC_H
#define MIME_YENC_H

#include "base/str.h"

struct arena;

struct yenc_block {
	size_t start, end;     /* offsets in the text, "=ybegin" and "=yend" lines included */
	size_t body, body_end; /* of the lines of data */
	struct str name;       /* a slice of the "=ybegin" line */
	bool ended;
};

/* The next block that begins at or after `at`. */
bool yenc_find(struct str text, size_t at, struct yenc_block *out);

/* What the first block holds, at most max bytes; of a text without "=ybegin" all of it is data. bad_at_out: as uuencode_decode. */
struct str yenc_decode(struct arena *a, struct str text, size_t max, size_t *bad_at_out);

#endif
