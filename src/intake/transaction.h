/*
 * One mail from its sender to the answer to its end, for whoever brings it: our SMTP server (intake.c), or a mail server
 * that asks us what to do with it and passes it on itself (milter/). What is known of it is the same for both: the host
 * that hands it over, the envelope, the bytes. Answers are SMTP's. Threads: one at a time.
 */
#ifndef INTAKE_TRANSACTION_H
#define INTAKE_TRANSACTION_H

#include "intake/intake.h"
#include "intake/outgoing.h"
#include "smtp/server.h"
#include "store/record.h"

struct transaction;

/*
 * peer: lives as long as the transaction; mail is copied. beside: a mail server asks. Then no next hop is spoken to, and
 * recipients that we protect in no account are that server's business.
 */
struct transaction *transaction_new(struct intake *in, const struct smtp_peer *peer,
				    const struct smtp_mail_params *mail, bool beside);
/* Code 0, beside only: it is nobody's here, and stays out of the transaction. */
struct smtp_reply transaction_rcpt(struct transaction *t, struct str to);
/* The content begins. */
void transaction_begin(struct transaction *t);
/* More of the content. Anything but OK was logged; what comes later may be dropped. */
MUST_CHECK enum err transaction_add(struct transaction *t, struct str bytes);
/*
 * The content is complete; mta_id: the id that the mail server gave it, "" = none. until_ms: when our answer must be out.
 * 2xx: it was taken, and what transaction_filed says is to be done.
 */
struct smtp_reply transaction_end(struct transaction *t, struct str mta_id, int64_t until_ms);
/*
 * What became of it, until transaction_free; NULL: nothing that is for its recipients to have, such as a report or a copy
 * for us.
 */
const struct record *transaction_filed(const struct transaction *t);
/* Whether a recipient of that outcome gets the mail by the mail server that asks. */
bool transaction_leaves(int status);
/*
 * What those get that it is left for: our fields are the first piece, and behind it stands the mail without what is left
 * out and with what is changed. ERR_LATER, ERR_LIMIT: it cannot be put together now.
 */
MUST_CHECK enum err transaction_outgoing(struct transaction *t, struct outgoing *out);
/* The mail as it came; after transaction_end. */
struct str transaction_bytes(struct transaction *t);
/* Leaves the next hop's connection fit for another mail, which may take a moment. */
void transaction_free(struct transaction **t);
/* At once: the peer has not waited for us. */
void transaction_abandon(struct transaction **t);

#endif
