/*
 * The header section of a message or part (RFC 5322 §2.2) as found in the wild: fields in order, with their
 * exact bytes and offsets, because DKIM and the stripping of forged fields need them.
 *
 * Lines end with LF or CRLF; a CR alone is content. No field is decoded here (encoded_word.h, address.h).
 */
#ifndef MIME_HEADER_H
#define MIME_HEADER_H

#include "base/str.h"
#include "mime/defect.h"

struct arena;

/* Everything points into the bytes that were parsed. */
struct header {
	struct str name;  /* as written, without the white space some put before the colon */
	struct str value; /* after the colon: still folded and encoded, without the final line end; at most
			     LIMIT_HEADER_LINE bytes of it, of a field of weight LIMIT_HEADER_BYTES */
	size_t start;     /* offset of the name's first byte */
	size_t length;    /* of the whole field, folded lines and final line end included, never cut */
};

struct headers {
	struct header *v;
	size_t n; /* at most LIMIT_HEADER_FIELDS, and LIMIT_HEADER_SAME of each name of weight beyond them */
	size_t start; /* offset of the first field, behind an mbox "From " line */
	size_t end;   /* offset behind the last field's line end */
	size_t body;  /* offset behind the empty line; equals end where there is none */
	/*
	 * Where a stricter reader takes the header to end, and the body to begin: at the first line that is neither
	 * field nor continuation, or that is white space only. SIZE_MAX: there is no doubt.
	 */
	size_t strict_end, strict_body;
	/* What the text of the message is in, once that was read (content.h): so are bytes of its fields that are no
	 * UTF-8. "" = not known. */
	struct str charset;
};

/*
 * Reads the section at raw[from..to). A line that is neither a field nor a continuation ends the header, and
 * the body begins with it, as Postfix and Python's email package read it, unless a field of weight follows: From,
 * Subject, Content-Type and their like, whatever shows the mail in another light. Such fields are kept beyond the
 * ceiling of fields, too. defects may be NULL.
 */
struct headers headers_parse(struct arena *a, struct str raw, size_t from, size_t to,
			     struct mime_defects *defects);

/* Whether the section begins with the line of an mbox, "From " or ">From ", which is no field: no colon follows. */
bool header_is_mbox_from(struct str section);

/* By name, ASCII case ignored; NULL when there is none. next: the one after `at`, of the same name. */
const struct header *headers_first(const struct headers *h, struct str name);
const struct header *headers_next(const struct headers *h, const struct header *at);
const struct header *headers_last(const struct headers *h, struct str name);
size_t headers_count(const struct headers *h, struct str name);

/* Value of the first field of that name, unfolded; empty when there is none. */
struct str headers_value(struct arena *a, const struct headers *h, struct str name);

/* Without line ends, NULs and outer white space (RFC 5322 §2.2.3). The slice itself where there was nothing to take out. */
struct str header_unfold(struct arena *a, struct str value);

#endif
