/*
 * Group commit without a timer: the first thread that wants to write commits at once; those that come
 * meanwhile wait, and one of them commits for all of them when it is over.
 */
#ifndef STORE_COMMIT_H
#define STORE_COMMIT_H

#include <pthread.h>

#include "store/sql.h"

struct commit_job {
	/*
	 * Writes; called by whichever thread commits. ERR_CONFLICT and ERR_ABSENT concern this job alone and
	 * must leave nothing written; any other error ends the whole transaction.
	 */
	enum err (*run)(struct sql *c, struct commit_job *job);

	enum err err; /* out */

	/* commit.c only */
	bool done, leads;
	pthread_cond_t wake;
	struct commit_job *next;
};

struct commit_group;

struct commit_group *commit_group_new(struct sql_db *db);
void commit_group_free(struct commit_group **g);

/* Runs the job in a transaction; OK: it is committed. */
MUST_CHECK enum err commit_group_run(struct commit_group *g, struct commit_job *job);
/* The same of several in one transaction: each has its err afterwards. n = 0 is fine. */
void commit_group_run_all(struct commit_group *g, struct commit_job *const *v, size_t n);

#endif
