/* Whether a scan that is over its time was kept from working, and gets more. */
#ifndef BROKER_PATIENCE_H
#define BROKER_PATIENCE_H

#include <stdbool.h>
#include <stdint.h>

struct patience {
	int64_t scan_ms; /* what one try may take */
	int64_t took_ms; /* by the wall */
	int64_t used_ms; /* of processor time, by the worker */
	int64_t dns_ms;  /* of took_ms, in which DNS was asked: a mail may name hosts that do not answer */
	int64_t answering_ms; /* of took_ms, in which it waited for us: DNS, registries, a virus scanner */
};

/*
 * A worker that used its time, or made us wait for DNS, is given no more, and neither is one that did next to nothing while
 * nobody kept it: it hangs. That a registry or a virus scanner took long is not the mail's doing.
 */
bool patience_is_left(const struct patience *p);

#endif
