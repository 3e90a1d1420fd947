/*
 * The content of DATA as it comes (RFC 5321 §4.5.2): dots unstuffed, the end found.
 *
 * Only CRLF "." CRLF ends it, and only a '.' after CRLF is a stuffed one. Bare CR, bare LF and NUL are content and
 * pass as they are: they never end a line here, so nothing but our peer's own end of data can end it
 * ("SMTP smuggling").
 */
#ifndef SMTP_DATA_H
#define SMTP_DATA_H

#include "base/str.h"

/* Zeroed = at the start of the content, which is the start of a line. */
struct smtp_decoder {
	enum {
		DATA_LINE_START, /* after CRLF */
		DATA_TEXT,
		DATA_CR,
		DATA_DOT,    /* CRLF "." was read */
		DATA_DOT_CR, /* CRLF "." CR was read */
		DATA_END,    /* what follows is the next command */
	} at;
};

/*
 * Takes bytes from the front of `in` and says how many; call again with the rest until it is empty or `at` is
 * DATA_END. *piece_out is the content that they give, possibly empty, pointing into `in` or to a constant.
 */
size_t smtp_decode(struct smtp_decoder *d, struct str in, struct str *piece_out);

#endif
