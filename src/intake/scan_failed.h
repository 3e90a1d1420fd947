/* What is said of a mail that no worker survives: UNKNOWN, by the finding scan_failed. */
#ifndef INTAKE_SCAN_FAILED_H
#define INTAKE_SCAN_FAILED_H

#include "model/verdict.h"

/* why: what happened, for people. */
void scan_failed(struct arena *a, const char *why, struct verdict *out);

#endif
