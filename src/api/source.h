/*
 * The source of a message as an answer that is made while it is sent: as JSON a source may be six times as long as it
 * is, and many may be asked for at once.
 */
#ifndef API_SOURCE_H
#define API_SOURCE_H

#include "api/request.h"

#define SOURCES_OWN 8 /* of the slots for sources on their way, of a megabyte each, that one principal has */

/* The answer: the source, 503 when too many are on their way, 404 when it is gone. */
void source_reply(struct request *rq, struct str sha256_hex);

#endif
