/*
 * The threads that work off durable jobs (store/jobs.h): a table of kinds, retries with growing pauses, and an end. Mail
 * never waits for them. Nor do jobs of others for those whose next hop is silent (lanes.h).
 */
#ifndef COURIER_JOBS_H
#define COURIER_JOBS_H

#include "courier/tools.h"

#define JOB_THREADS 16 /* jobs at once: they wait for others nearly all the time */

struct job_threads;

/* Starts them. What tools point to must outlive them. */
MUST_CHECK enum err job_threads_start(const struct job_tools *tools, struct job_threads **out,
				      struct errbuf *eb);
/* Ends each behind the job it is at. */
void job_threads_stop(struct job_threads **t);

#endif
