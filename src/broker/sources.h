/*
 * What the broker asks of the network for a mail besides names: as configured, one for all scanning threads of a process.
 * Whatever is not configured, or does not answer, is ANSWER_TEMPERROR: no mail waits longer for it than its own time.
 */
#ifndef BROKER_SOURCES_H
#define BROKER_SOURCES_H

#include "base/log.h"
#include "config/config.h"
#include "broker/ages.h"
#include "broker/virus.h"
#include "net/dns.h"

struct sources;

/*
 * ERR_SYNTAX: a setting is wrong, which was seen before. What the options hold outlives it; config NULL: names alone, store NULL:
 * no ages.
 */
MUST_CHECK enum err sources_new(const struct ages_options *o, struct sources **out, struct errbuf *eb);
void sources_free(struct sources **s);

/* As ages_ask. */
void sources_ask_ages(struct sources *s, const struct ask *asks, size_t n, int64_t until_ms,
		      struct answer *answers_out);

/* Who looks for viruses; NULL = nobody. */
struct virus_asker *sources_virus(struct sources *s);

/* DNS asks and list asks, all at once: names until the deadline, lists with a patience of their own within it. */
void sources_ask_dns(struct sources *s, struct dns *dns, struct arena *a, const struct ask *asks, size_t n,
		     int64_t until_ms, struct answer *answers_out);

#endif
