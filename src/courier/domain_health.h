/* The health of a domain's own SPF and DMARC records. */
#ifndef COURIER_DOMAIN_HEALTH_H
#define COURIER_DOMAIN_HEALTH_H

#include "model/domain.h"
#include "scan/ask.h"

/*
 * Sets spf_status: what a host that the domain knows nothing of would get. open: a pass; neutral: neither this nor that;
 * invalid: the record, or one that it includes, is in error, needs more than ten look-ups, or is one of several; good:
 * fail or softfail. And dmarc_status: of the record that applies, its own or that of its organization; several count as
 * invalid. What DNS gave no answer for stays as it was, and then this is false.
 */
MUST_CHECK bool domain_health_look(struct arena *a, struct asker *q, struct domain *d);

#endif
