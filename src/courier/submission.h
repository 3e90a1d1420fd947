/*
 * The analysis of a submission: finds the mail it is about, judges its bytes by what is known today, and decides what comes
 * of it. Only what it did not do yet is done when it is tried again.
 *
 * Confirmed is what who may decide asked for (AUTHORITY_TEAM), and what a proved user says where the analysis says the
 * same. The record is then corrected (store/submissions.h: submission_correct) and its campaign is learnt (courier/learn.h);
 * all else waits for a person.
 */
#ifndef COURIER_SUBMISSION_H
#define COURIER_SUBMISSION_H

#include "courier/tools.h"

/* One try, as release_run. */
MUST_CHECK enum err submission_run(const struct job_tools *tools, const struct job *job, struct job_try *out);

/* It ends without an analysis, and the submission says why. What the team asked for is confirmed all the same. */
void submission_given_up(const struct job_tools *tools, const struct job *job, struct job_try *out);

#endif
