/* Authentication results of another host, where the operator named it as one to believe (RFC 8601 §4.1). */
#ifndef SCAN_CLAIMS_H
#define SCAN_CLAIMS_H

#include "detect/detect.h"

/*
 * Reads the topmost Authentication-Results field that bears one of the ids, and those of the same host below it
 * up to the next Received field: filters for SPF, DKIM and DMARC write one each. What a field above told of a
 * method stands, and what earlier hops wrote is not read, since it may be forged. Sets everything in the proof
 * but header_proved, which the caller knows by the domain in From. False: no such field.
 */
bool claims_believe(struct arena *a, const struct headers *headers, const struct strs *ids,
		    struct proof *out);

#endif
