/* A DNS zone in memory for tests: an ask_fn that answers from a table. */
#ifndef TESTS_AUTH_ZONE_H
#define TESTS_AUTH_ZONE_H

#include "scan/ask.h"

struct zone_row {
	struct str name; /* lower case */
	uint16_t rrtype;
	struct dns_record record;
};

struct zone {
	struct {
		struct zone_row *v;
		size_t n;
	} rows;
	struct strs silent;  /* names whose missing types time out instead of being NODATA */
	size_t asked, calls; /* questions, and batches of them */
};

#define ZONE_CNAME 5

void zone_add(struct arena *a, struct zone *z, struct str name, uint16_t rrtype, struct str data);
void zone_add_mx(struct arena *a, struct zone *z, struct str name, uint16_t preference, struct str host);
/* Address text of either family. */
void zone_add_address(struct arena *a, struct zone *z, struct str name, struct str address);
void zone_silence(struct arena *a, struct zone *z, struct str name);
/* The ask_fn; ctx is the zone. History is never seen. */
void zone_ask(void *ctx, struct arena *a, const struct ask *asks, size_t n, struct answer *answers_out);

#endif
