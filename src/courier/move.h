/*
 * Moving mail in the mailboxes of all its recipients (JOB_MOVE, store/moves.h). Each copy is settled for itself. Done
 * again it finds what was done, and does nothing more. Copies in one mailbox are moved together (move_together.h).
 */
#ifndef COURIER_MOVE_H
#define COURIER_MOVE_H

#include "courier/tools.h"

/* One try each, together. */
void move_run(const struct job_tools *tools, struct job_turn *v, size_t n);

/* The mailbox, the first of several, where its provider moves many at once; else all of the account's, which share threads. */
struct hop move_hop(const struct job_tools *tools, const struct job *job);
/* The latter, of any job that opens one. */
struct hop move_hop_of_account(const struct job_tools *tools, const struct job *job);

/* It ends without those that were still to be tried: the record says so, and why. */
void move_given_up(const struct job_tools *tools, const struct job *job, struct job_try *out);

#endif
