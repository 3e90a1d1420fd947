/* What jobs work with. */
#ifndef COURIER_TOOLS_H
#define COURIER_TOOLS_H

#include "base/log.h"
#include "broker/broker.h"
#include "config/config.h"
#include "intake/next_hop.h"
#include "store/jobs.h"

struct job_tools {
	struct store *store;
	const struct config *config;
	struct next_hop_pool *next_hops;
	struct broker *broker; /* NULL: no scans */
	const struct log *log;
};

#endif
