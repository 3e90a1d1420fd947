/* What jobs work with. */
#ifndef COURIER_TOOLS_H
#define COURIER_TOOLS_H

#include "base/log.h"
#include "broker/broker.h"
#include "config/config.h"
#include "courier/lanes.h"
#include "courier/mailboxes.h"
#include "intake/next_hop.h"
#include "store/jobs.h"

struct job_tools {
	struct store *store;
	const struct config *config;
	struct next_hop_pool *next_hops;
	struct broker *broker; /* NULL: no scans */
	struct mailboxes *mailboxes;
	const struct log *log;
};

/* What a try found out, besides its error: OK, nothing is left to try; ERR_LATER, it is to be tried again. */
struct job_try {
	bool failed;       /* with OK: it ended, and not well */
	bool nothing;      /* with OK: there was nothing to do it to, whether that is a failure or not */
	bool goes_on;      /* with OK: it has more to do, behind others */
	struct errbuf why; /* how it stands, in a sentence */
	int64_t pause_us;  /* with ERR_LATER: before the next try; 0 = the longer the more tries there were */
	/* Written together with that by whoever ran it, who frees its arena then. */
	struct job_change change;
};

/* A job of several that are tried together. */
struct job_turn {
	const struct job *job;
	struct job_try try; /* out */
	enum err e;         /* out */
};

#endif
