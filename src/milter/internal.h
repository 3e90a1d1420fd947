/* What milter.c and session.c share. Private to milter/. */
#ifndef MILTER_INTERNAL_H
#define MILTER_INTERNAL_H

#include <pthread.h>

#include <libmilter/mfapi.h>

#include "milter/milter.h"

struct milter {
	struct milter_options o;
	pthread_t listener;
	int fd;               /* libmilter's own number for what it listens on */
	int nothing;          /* listens where nobody can come; for it when we stop */
	pthread_mutex_t lock; /* guards what follows */
	pthread_cond_t fewer; /* of what is counted */
	unsigned sessions;    /* clients of mail servers */
	unsigned mails;       /* under way */
	unsigned at_work;     /* threads inside intake */
	bool stopping;
	bool last_call; /* no other mail begins */
	bool ended;     /* intake is not to be used any more */
};

void milter_session_begins(struct milter *m);
void milter_session_ends(struct milter *m);
/* A mail begins; false: none does now. */
MUST_CHECK bool milter_mail_begins(struct milter *m);
void milter_mail_ends(struct milter *m);
/* Around all that uses intake, in which an answer is waited for; false: it is over. */
MUST_CHECK bool milter_enter(struct milter *m);
void milter_leave(struct milter *m);

/* The callbacks. What they are called for is known by the context; the milter is the only one of the process. */
void session_register(struct milter *m, struct smfiDesc *out);

#endif
