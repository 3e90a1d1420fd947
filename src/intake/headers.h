/*
 * The header fields put in front of relayed mail: Received, Authentication-Results and ours.
 * Forged fields of these kinds were found by the scan and are left out while relaying (record.strip).
 */
#ifndef INTAKE_HEADERS_H
#define INTAKE_HEADERS_H

#include "base/buf.h"
#include "smtp/server.h"
#include "store/record.h"

#define HEADERS_MAX 65536 /* 40 attributes of 900 bytes, 4,000 of results, and Received */

struct headers_options {
	const char *hostname, *prefix; /* "X-Postern-" */
	const struct smtp_peer
	    *peer; /* NULL: Received is another's to write, and what follows is not of this text */
	struct str only_recipient; /* "" when there are several */
	bool smtputf8;             /* MAIL said so */
	bool judged;               /* false when all of them are exempt: no disposition is told */
	int64_t now_us;
	struct str content; /* what follows: its first line shall not be taken for a part of ours */
};

void headers_write(struct buf *b, const struct headers_options *o, const struct record *r);

#endif
