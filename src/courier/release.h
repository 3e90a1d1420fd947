/*
 * Handing a held mail to its recipients after all: its original bytes and envelope, to the next hop that their domain has
 * now. Every recipient is settled for itself. Done again it finds nothing left to do.
 */
#ifndef COURIER_RELEASE_H
#define COURIER_RELEASE_H

#include "courier/tools.h"

/*
 * One try. OK: nothing is left to try; *failed_out tells whether somebody's copy was refused for good or cannot be
 * delivered. ERR_LATER: somebody is to be tried again. `why` says how it stands, in a sentence.
 */
MUST_CHECK enum err release_run(const struct job_tools *tools, const struct job *job, bool *failed_out,
				struct errbuf *why);

/* Which next hop it is for, the first of several; 0: that cannot be told. */
uint64_t release_hop(const struct job_tools *tools, const struct job *job);

/* It ends without: the record gets a line that says so, and why. */
void release_given_up(const struct job_tools *tools, const struct job *job, struct str why);

#endif
