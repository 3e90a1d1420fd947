/*
 * Signing what goes out, with the keys of the account: a set of ARC (RFC 8617) in the name of a recipient's domain, and
 * DKIM-Signature fields (RFC 6376) in that of the sender's, where it is proved and the body was changed here.
 *
 * Only the lines of the header are told apart here. A mail whose header is not one that all read alike (a line that is
 * neither a field nor goes on with one) goes out without a signature.
 */
#ifndef INTAKE_SIGNING_H
#define INTAKE_SIGNING_H

#include "base/log.h"
#include "intake/key_ring.h"
#include "intake/outgoing.h"

#define SIGNING_MAX 16384 /* bytes that are put in front: three fields of ARC and two of DKIM */

struct signing {
	struct store *store;
	struct key_ring *keys;
	const struct log *log;
	int64_t account;
	struct strs recipients;
	const char *hostname; /* our authserv-id */
	const char *prefix;   /* of our fields: they are under the signature of ARC */
	int64_t now_us;
	bool by_smtp; /* it goes out by DATA; else a mail server has it as it is */
};

/*
 * Puts the signatures in front of the mail, once nothing else of it changes; *told_out: a sentence for the trace, "" =
 * there is nothing to tell. ERR_LATER: the keys cannot be read now.
 */
MUST_CHECK enum err signing_add(struct arena *a, const struct signing *s, const struct record *r,
				struct str mail, struct outgoing *out, struct str *told_out);

#endif
