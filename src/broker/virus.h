/*
 * Asking clamd about mails: one for all scanning threads of a process. One that is gone or too slow is told in the log, once in a
 * while, and is not asked again at once: no mail waits for it that others have waited for in vain.
 */
#ifndef BROKER_VIRUS_H
#define BROKER_VIRUS_H

#include "base/log.h"
#include "config/config.h"
#include "net/clamd.h"
#include "scan/ask.h"

struct virus_asker;

/* NULL: none is configured. Config and log outlive it. */
struct virus_asker *virus_asker_new(const struct config *c, const struct log *log);
void virus_asker_free(struct virus_asker **v);

/* One mail under way. */
struct virus_scan {
	struct stream *stream; /* NULL: nothing will be heard */
	int64_t until_ms;
};

/* Sends the mail; its answer is heard by virus_hear, which has to be called, too. asker NULL: nothing. */
void virus_send(struct virus_asker *v, int fd, size_t size, int64_t until_ms, struct virus_scan *out);
/* ANSWER_OK with a record for what was found, NODATA for nothing, TEMPERROR where clamd said nothing. */
void virus_hear(struct virus_asker *v, struct virus_scan *scan, struct arena *a, struct answer *out);

#endif
