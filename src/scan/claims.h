/* Authentication results of another host, where the operator named it as one to believe (RFC 8601 §4.1). */
#ifndef SCAN_CLAIMS_H
#define SCAN_CLAIMS_H

#include "auth/arc.h"
#include "detect/detect.h"

/*
 * Reads the topmost Authentication-Results field that bears one of the ids, and no other: what stands below may be of
 * the same host, or of a stranger who wrote its name, and could supply just what the real one does not mention.
 * from_domain: the one domain in From, folded; "" = none or several. Sets everything in the proof but header_proved,
 * which the caller knows by that domain. False: no such field.
 */
bool claims_believe(struct arena *a, const struct headers *headers, const struct strs *ids,
		    struct str from_domain, struct proof *out);

/*
 * Whether a host among ids sealed the mail on its way and had found DMARC to pass for that domain, and nobody changed what it
 * sealed since. *by_out: its name.
 */
bool claims_vouched(struct arena *a, const struct arc *arc, const struct strs *ids, struct str from_domain,
		    struct str *by_out);

#endif
