/*
 * Rows of bulk jobs that follow their child jobs: what jobs.c tells of each step, in its transaction. Private to store/.
 */
#ifndef STORE_BULK_CHILD_H
#define STORE_BULK_CHILD_H

#include "store/jobs.h"
#include "store/sql.h"

/* ERR_ABSENT: nobody wants it any more, and it is gone. */
MUST_CHECK enum err bulk_child_begin(struct sql *c, const struct job *j);
MUST_CHECK enum err bulk_child_put_off(struct sql *c, const struct job *j, const struct job_result *r);
MUST_CHECK enum err bulk_child_end(struct sql *c, const struct job *j, const struct job_result *r);

/* A job whose messages are all known: the first of them are begun; without any it is over. */
MUST_CHECK enum err bulk_go_on(struct sql *c, int64_t num, int64_t now_us);

#endif
