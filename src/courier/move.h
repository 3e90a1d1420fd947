/*
 * Moving a mail in the mailboxes of all its recipients (JOB_MOVE, store/moves.h). Each copy is settled for itself. Done
 * again it finds what was done, and does nothing more.
 */
#ifndef COURIER_MOVE_H
#define COURIER_MOVE_H

#include "courier/tools.h"

/* One try; as release_run. */
MUST_CHECK enum err move_run(const struct job_tools *tools, const struct job *job, struct job_try *out);

/* Mailboxes of one account share threads. */
uint64_t move_hop(const struct job_tools *tools, const struct job *job);

/* It ends without those that were still to be tried: the record says so, and why. */
void move_given_up(const struct job_tools *tools, const struct job *job, struct job_try *out);

#endif
