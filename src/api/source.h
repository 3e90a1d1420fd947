/*
 * The source of a message as an answer that is made while it is sent: as JSON a source may be six times as long as it
 * is, and many may be asked for at once.
 */
#ifndef API_SOURCE_H
#define API_SOURCE_H

#include <pthread.h>

#include "api/request.h"

#define SOURCES_MAX 32 /* on their way at once, of a megabyte each; one principal has SOURCES_OWN of them */
#define SOURCES_OWN 8

/* Who has a source on its way. */
struct source_slots {
	pthread_mutex_t mutex; /* guards owners */
	uint64_t owners[SOURCES_MAX];
	bool taken[SOURCES_MAX];
};

/* The answer: the source, 503 when too many are on their way, 404 when it is gone. */
void source_reply(struct request *rq, struct str sha256_hex);

#endif
