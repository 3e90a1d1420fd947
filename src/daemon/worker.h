/*
 * The sealed scan worker: takes jobs from its socket, runs the scan, gives verdicts back, until the socket ends.
 * It reads no clock and no file; what it may do at all is seal/sandbox.h.
 */
#ifndef DAEMON_WORKER_H
#define DAEMON_WORKER_H

#include "daemon/snapshot.h"
#include "scan/scan.h"

/* scan_run, or what a test puts in its place. */
typedef void scan_fn(struct arena *a, const struct scan_job *job, const struct policy *policy,
		     struct asker *asker, struct verdict *verdict_out);

/* What all workers of one zygote have. */
struct worker_options {
	scan_fn *scan;
	const struct snapshot *policies;     /* NULL = none */
	const struct classifier *classifier; /* NULL = texts are not weighed */
	const struct outside *outside;       /* NULL = nothing else is known or asked */
};

/* Sealed already; fd is the socket to the broker. Leaves by _exit: 0 at the socket's end, 1 after anything else. */
NORETURN void worker_run(int fd, const struct worker_options *o);

#endif
