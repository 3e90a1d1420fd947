/*
 * A mail as it goes out: the header fields we put before it, then what came, without what is left out, and with what is
 * changed for those to whom it is told what it is. One list of pieces, so that whoever counts or hashes a mail does it with
 * the bytes that are sent.
 */
#ifndef INTAKE_OUTGOING_H
#define INTAKE_OUTGOING_H

#include "auth/sign.h"
#include "intake/headers.h"

struct outgoing {
	struct strs pieces; /* in order, none empty: they point into the arena and into the mail */
	bool changed;       /* it is not what came: signatures of others may not hold any more */
};

/*
 * The mail of this record. o->content is set here. ERR_LIMIT: the fields take more than HEADERS_MAX, or there is no
 * memory for them.
 */
MUST_CHECK enum err outgoing_make(struct arena *a, const struct headers_options *o, const struct record *r,
				  struct str mail, struct outgoing *out);

/*
 * As a receiver of DATA has it: a bare CR before a dot, and one at the very end, become a line end (smtp/stuff.h). False, and it
 * is as it was: it has zero bytes, of which receivers make this or that, or tens of thousands of such ends.
 */
bool outgoing_complete(struct arena *a, struct outgoing *out);

/* The mail as signers see it. */
struct outgoing_parts {
	struct sign_mail mail; /* the fields; the body's hash is not made */
	struct strs body;      /* its pieces, none empty */
};

/*
 * Fields are in the arena, each in one piece. False: the header is not one that all read alike, for it has a line that is
 * neither a field nor goes on with one, or no end, or it is too long.
 */
bool outgoing_split(struct arena *a, const struct outgoing *out, struct outgoing_parts *parts);

#endif
