/*
 * The search of a bulk job (store/bulk.h), in slices of time between which others have their turn. What it finds has jobs of
 * its own.
 */
#ifndef COURIER_BULK_H
#define COURIER_BULK_H

#include "courier/tools.h"

/* One slice. */
MUST_CHECK enum err bulk_run(const struct job_tools *tools, const struct job *job, struct job_try *out);

/* It has failed, and says why. */
void bulk_given_up(const struct job_tools *tools, const struct job *job, struct job_try *out);

#endif
