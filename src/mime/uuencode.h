/*
 * uuencode as POSIX.1-2017 describes it, also with base64 inside ("begin-base64"), as transfer encoding and as
 * blocks in the text of a mail. Read leniently: "`" and " " are both zero, line ends may have lost their spaces, a
 * missing "end" is no matter.
 */
#ifndef MIME_UUENCODE_H
#define MIME_UUENCODE_H

#include "base/str.h"

struct arena;

struct uuencode_block {
	size_t start, end; /* offsets of the block in the text, "begin" and "end" lines included */
	size_t body;       /* of the first line behind "begin" */
	size_t body_end;   /* behind the last line of data */
	struct str name;   /* a slice of the "begin" line */
	bool base64;
	bool ended; /* an "end" (or "====") line was there */
};

/* The next block that begins at or after `at` with a line of data. */
bool uuencode_find(struct str text, size_t at, struct uuencode_block *out);

/*
 * What the first block of the text holds; of a text without a "begin" line all of it is data. At most max bytes.
 * bad_at_out: offset of the first line that is none of uuencode, text.n where the end is missing, or SIZE_MAX.
 */
struct str uuencode_decode(struct arena *a, struct str text, size_t max, size_t *bad_at_out);

#endif
