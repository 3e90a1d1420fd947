/*
 * The milter: Postfix or Sendmail shows us each mail, asks what to do with it, and passes it on itself. It is judged and
 * filed as any other (intake/transaction.h); what is answered instead of relaying it:
 *
 *	nobody is held     our header fields are put in front, forged ones taken out
 *	some are held      the same, and they are taken off its recipients
 *	all are held       the mail server drops its copy: we have one, durable before we say so
 *	trouble            the mail server tells its client to come again
 *
 * Recipients that no account here protects are the mail server's business, and so is all mail of its own users: who has
 * authenticated himself to it sends out, and what it says of him is not ours to check.
 *
 *	milter.c   libmilter, start and stop
 *	session.c  its callbacks: a client of the mail server, and one mail after the other
 *	edits.c    what is changed in a mail, worked out of its record
 *
 * libmilter has one milter in a process, threads of its own, and its own idea of sockets and signals; so the role is a
 * process of its own.
 */
#ifndef MILTER_MILTER_H
#define MILTER_MILTER_H

#include "intake/intake.h"

struct milter;

struct milter_options {
	struct intake *intake; /* without listeners; outlives the milter */
	const struct config *config;
	int listener; /* bound, listening and non-blocking; the caller's */
	const struct log *log;
};

/* Once in a process. */
MUST_CHECK enum err milter_start(const struct milter_options *o, struct milter **out, struct errbuf *eb);
/*
 * No new mail; what is under way is answered, or cut at the deadline, which mail servers answer with "come again". Afterwards
 * nothing uses intake, but threads of libmilter may be left: the process is to end.
 */
void milter_stop(struct milter **m, int64_t until_ms);

#endif
