/*
 * Content made fit for DATA (RFC 5321 §4.5.2): a dot more in front of a line that starts with one, and the
 * end.
 *
 * Only CRLF ends a line for us, but not for every receiver ("SMTP smuggling"): so a '.' that follows a bare
 * CR or bare LF gets that line end completed to CRLF first and is then doubled like any other. Nor does every
 * receiver keep NULs: a '.' is doubled too when only NULs stand between it and the line end. The last line
 * gets its CRLF when it has none; a bare CR or LF at the very end is completed. All other bytes pass as they
 * are.
 */
#ifndef SMTP_STUFF_H
#define SMTP_STUFF_H

#include "base/str.h"

#define SMTP_STUFF_ROOM 4 /* the least room with which a call makes progress */
#define SMTP_STUFF_END 5  /* the most bytes of smtp_stuff_end */

/* Zeroed = at the start of the content. */
struct smtp_stuffer {
	enum {
		STUFF_LINE_START,
		STUFF_TEXT,
		STUFF_NUL, /* in a line of NULs only */
		STUFF_CR,
		STUFF_LF
	} at; /* CR and LF are held until the next byte */
};

/* Encodes from *in, which moves, until it is empty or fewer than SMTP_STUFF_ROOM bytes of room are left. */
size_t smtp_stuff(struct smtp_stuffer *s, struct str *in, char *out, size_t room);
/* The rest of the last line and the final dot. */
size_t smtp_stuff_end(struct smtp_stuffer *s, char out[SMTP_STUFF_END]);

#endif
