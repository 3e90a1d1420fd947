/* Authentication results of another host, where the operator named it as one to believe (RFC 8601 §4.1). */
#ifndef SCAN_CLAIMS_H
#define SCAN_CLAIMS_H

#include "detect/detect.h"

/*
 * Reads the topmost Authentication-Results field that bears one of the ids, and no other: what stands below may be of
 * the same host, or of a stranger who wrote its name, and could supply just what the real one does not mention.
 * from_domain: the one domain in From, folded; "" = none or several. Sets everything in the proof but header_proved,
 * which the caller knows by that domain. False: no such field.
 */
bool claims_believe(struct arena *a, const struct headers *headers, const struct strs *ids,
		    struct str from_domain, struct proof *out);

#endif
