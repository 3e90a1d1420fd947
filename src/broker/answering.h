/*
 * What a worker asks of the world while it has a mail, answered by its broker: block lists and names, what the past said,
 * how old a domain is, what clamd found. What was answered of the past goes into the verdict.
 */
#ifndef BROKER_ANSWERING_H
#define BROKER_ANSWERING_H

#include "base/buf.h"
#include "broker/broker.h"
#include "broker/sources.h"

/* Of one try with one mail. All but what was asked so far is set by who begins it. */
struct answering {
	const struct broker_options *o;
	struct sources *sources;
	const struct broker_mail *mail;
	struct arena *arena;
	int dns_left_ms;
	int64_t
	    patience_ms; /* until when clamd and registries are waited for: the scan goes on without them */

	int64_t until_ms; /* of what is being answered */
	int64_t took_ms;  /* that the worker waited for us, and we for others */
	size_t asked[ASK_KINDS];
	struct past_fact_list past; /* what was answered of keys, in the arena */
	struct virus_scan virus;
};

/* asked, out: as they stand on the wire (wire.h). until_ms: nobody is waited for longer. ERR_SYNTAX; ERR_LIMIT: it asks too much. */
MUST_CHECK enum err answering_give(struct answering *g, struct str asked, int64_t until_ms, struct buf *out);

/* Into a verdict, what was answered of the past, and not what a worker says was: in an arena with so much room. */
#define ANSWERING_PAST_BYTES (LIMIT_ASK_KEYS * (300 + 4 * sizeof(struct past_fact)))
void answering_tell_past(const struct answering *g, struct arena *a, struct verdict *out);

#endif
