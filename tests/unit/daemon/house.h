/*
 * A small house to live in for tests: a zygote process, the broker in front of it, and the test in the
 * supervisor's place. What a worker does with a mail is said by the scan function given.
 */
#ifndef TESTS_HOUSE_H
#define TESTS_HOUSE_H

#include "broker/broker.h"
#include "broker/ipc.h"
#include "daemon/worker.h"

struct house {
	pid_t zygote;
	struct ipc control; /* the supervisor's end of the broker's control socket */
	struct broker *broker;
	struct arena *arena; /* of the mail in hand */
	struct log log;
	scan_fn *scan;
};

/* Broker options left at 0 get what a test can wait for. */
void house_start(struct house *h, scan_fn *scan, const struct broker_options *options);
/* Another generation; policies "" = none. Gives its pid and leaves the older one alone. */
pid_t house_new_zygote(struct house *h, struct str policies);
/* Frees the broker and sees its zygote leave: with status 0 and no child left. */
void house_end(struct house *h);

/* Scans one text as the mail; errbuf says what came of it. */
enum err house_scan(struct house *h, const char *text, struct verdict *out, struct errbuf *eb);
enum err house_scan_job(struct house *h, struct arena *a, struct scan_job *job, struct str text,
			struct verdict *out, struct errbuf *eb);

/* A zygote alone; *fd_out is a broker's end of its control socket. */
pid_t house_zygote(scan_fn *scan, struct str policies, const struct log *log, int *fd_out);
/* Children of a process that are dead and still not reaped after a second. */
size_t house_zombies(pid_t parent);

/* A verdict that passes all checks; the subject says what a test wants to know. */
void house_verdict(struct arena *a, struct str subject, struct verdict *out);

#endif
