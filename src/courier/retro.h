/* Beginning a retro scan (JOB_RETRO): whose mailboxes are scanned. Reading them is work of the threads of watch.h. */
#ifndef COURIER_RETRO_H
#define COURIER_RETRO_H

#include "courier/tools.h"

/* A row of the table in jobs.c. */
enum err retro_run(const struct job_tools *tools, const struct job *job, struct job_try *out);
void retro_given_up(const struct job_tools *tools, const struct job *job, struct job_try *out);

#endif
