/*
 * A mail as it goes out: the header fields we put before it, then what came, without what is left out, and with what is
 * changed for those to whom it is told what it is. One list of pieces, so that whoever counts or hashes a mail does it with
 * the bytes that are sent.
 */
#ifndef INTAKE_OUTGOING_H
#define INTAKE_OUTGOING_H

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

#endif
