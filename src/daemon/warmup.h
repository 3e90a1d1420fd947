/* Doing everything once in the zygote, so that no worker has to open, map or ask for anything later. */
#ifndef DAEMON_WARMUP_H
#define DAEMON_WARMUP_H

#include "base/log.h"
#include "daemon/worker.h"

/* Scans built-in mails with answers from a table, then uses each library as workers will. ERR_DENIED: one failed. */
MUST_CHECK enum err warmup(scan_fn *scan, struct errbuf *eb);

#endif
