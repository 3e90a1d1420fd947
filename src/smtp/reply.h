/* An SMTP reply (RFC 5321 §4.2) with its enhanced status code (RFC 3463): made, written and read. */
#ifndef SMTP_REPLY_H
#define SMTP_REPLY_H

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

#define SMTP_REPLY_TEXT 1024
#define SMTP_REPLY_LINES 128 /* lines of one reply from a next hop; a larger one is broken */

struct smtp_reply {
	int code; /* 200..599; 0 = none yet */
	/* Enhanced code in front where there is one; lines divided by '\n', no CR. */
	char text[SMTP_REPLY_TEXT];
};

/* Text beyond the room is cut. */
struct smtp_reply smtp_reply_make(int code, const char *fmt, ...) PRINTF_LIKE(2, 3);
/*
 * 250 for OK, else what the code means to a client: ERR_LATER and ERR_BUG 451, ERR_LIMIT 552,
 * ERR_DENIED 550, …
 */
struct smtp_reply smtp_reply_of(enum err e, const char *what);

/*
 * A next hop may give no enhanced code where we have promised one (RFC 2034 §4): x.0.0 is put in front when there is
 * none of the reply's class.
 */
struct smtp_reply smtp_reply_complete(const struct smtp_reply *r);

/*
 * Appends the reply as it goes over the wire: "code-line CRLF" … "code line CRLF". An enhanced code in front
 * is repeated on every line (RFC 2034 §4). Control characters and bytes beyond ASCII become '?', and each
 * line is cut to 512 bytes (§4.5.3.1.5).
 */
void smtp_reply_write(const struct smtp_reply *r, struct buf *out);

/*
 * Reads a reply line by line. Start with a zeroed reader; *done_out says whether that line was the last one.
 * ERR_SYNTAX: not a reply line, codes that differ, or too many lines. Text is sanitised as above and cut.
 */
struct smtp_reply_reader {
	struct smtp_reply reply;
	size_t n; /* bytes of text so far */
	unsigned lines;
};
MUST_CHECK enum err smtp_reply_read(struct smtp_reply_reader *r, struct str line, bool *done_out);

static inline bool smtp_reply_is_ok(const struct smtp_reply *r)
{
	return r->code >= 200 && r->code < 300;
}

static inline bool smtp_reply_is_later(const struct smtp_reply *r)
{
	return r->code >= 400 && r->code < 500;
}

#endif
