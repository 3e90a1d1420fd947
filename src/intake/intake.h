/*
 * Intake: mail comes in, over SMTP or shown by a mail server (milter/), is judged by a scan worker, and is passed on, held or filed (ARCHITECTURE,
 * "One message's way"). There is no queue: what was answered 250 is at the next hop or durable in quarantine.
 *
 *	intake.c       start, stop, and the SMTP handler: which room a command goes to
 *	transaction.c  MAIL and RCPT: whose mail, which class, the next hop's word; content.c what follows
 *	directory.c    protected domains, and who must use TLS: what is asked of the store
 *	next_hop.c     connections to next hops; route.c their addresses, hop_state.c how they are
 *	spool.c        the bytes as they arrive
 *	trace.c        how often they were passed on before
 *	direct.c       a mail to people at its final dot: new, or one that comes again
 *	in_flight.c    what is under way: a resend waits
 *	judge.c        the bytes to a scan worker, a verdict back
 *	filing.c       verdict and envelope become a record; each recipient's fate
 *	settle.c       what record and history say of all recipients together
 *	deliver.c      the record's relayed part to the next hop; headers.c the fields put in front
 *	copy.c         mail to service addresses: copies of what was delivered elsewhere; copy_record.c whose they are
 *	submitted.c    mail to service addresses: reports of mail, samples, DMARC reports
 *	queue_id.c     the ids of stored mails
 *	unheard.c      answers that may not have been heard
 *	tell.c         the log lines
 */
#ifndef INTAKE_INTAKE_H
#define INTAKE_INTAKE_H

#include "base/log.h"
#include "broker/broker.h"
#include "config/config.h"
#include "net/dns.h"
#include "net/tls.h"
#include "store/store.h"

struct intake;

struct intake_options {
	const struct config *config;
	struct store *store; /* opened with STORE_WRITER */
	struct dns *dns;
	struct str rdap;                /* likewise */
	int broker_control_fd;          /* see broker_options; owned from then on */
	struct tls_context *tls_server; /* NULL: no STARTTLS */
	struct tls_context *tls_client;
	const int *listeners; /* of SMTP */
	size_t listeners_n;   /* 0: mail comes by transaction.h alone */
	const struct log *log;
};

MUST_CHECK enum err intake_start(const struct intake_options *o, struct intake **out, struct errbuf *eb);
/* No new mail; what is under way is finished or cut at the deadline. */
void intake_stop(struct intake **in, int64_t until_ms);

#endif
