/*
 * The bytes of a message whose raw copy is gone, from a mailbox it lies in (JOB_MAILBOX_FETCH, ref = key of its record): put
 * back for a while, for somebody who wants to see it. Only what is the same message (same_mail.h), and more than its sender,
 * date and subject say so.
 */
#ifndef COURIER_FETCH_H
#define COURIER_FETCH_H

#include "courier/tools.h"

enum err fetch_run(const struct job_tools *tools, const struct job *job, struct job_try *out);

#endif
