/* Two shares. */
#include "broker/patience.h"

#define BUSY_PARTS 2   /* a scan that had not even half of its time was kept from it */
#define IDLE_PARTS 100 /* but one that had next to nothing waits for something that does not come */

bool patience_is_left(const struct patience *p)
{
	return (p->used_ms + p->dns_ms) * BUSY_PARTS < p->scan_ms &&
	       p->used_ms * IDLE_PARTS > p->took_ms - p->answering_ms;
}
