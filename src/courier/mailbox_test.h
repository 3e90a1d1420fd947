/*
 * Whether an integration works: one mailbox is opened on a connection of its own, and its folders are asked for
 * (JOB_MAILBOX_TEST, store/moves.h). Tried once; job.why says how it went, for people.
 */
#ifndef COURIER_MAILBOX_TEST_H
#define COURIER_MAILBOX_TEST_H

#include "courier/tools.h"

MUST_CHECK enum err mailbox_test_run(const struct job_tools *tools, const struct job *job,
				     struct job_try *out);

#endif
