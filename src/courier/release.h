/*
 * Handing a held mail to its recipients after all: its original bytes and envelope, to the next hop that their domain has
 * now. Every recipient is settled for itself. Done again it finds nothing left to do.
 */
#ifndef COURIER_RELEASE_H
#define COURIER_RELEASE_H

#include "courier/tools.h"

/* One try. It has failed where somebody's copy was refused for good or cannot be delivered. */
MUST_CHECK enum err release_run(const struct job_tools *tools, const struct job *job, struct job_try *out);

/* Which next hop it is for, the first of several; none: that cannot be told. */
struct hop release_hop(const struct job_tools *tools, const struct job *job);

/* What the next hop took is not recorded: it is sent once more at most. As release_run. */
MUST_CHECK enum err release_unwritten(const struct job_tools *tools, const struct job *job,
				      struct job_try *out);

/* It ends without: the record gets a line that says so, and why. */
void release_given_up(const struct job_tools *tools, const struct job *job, struct job_try *out);

#endif
