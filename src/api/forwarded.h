/*
 * Who asks when a reverse proxy stands between: X-Forwarded-For is a list to which each proxy adds the address it was
 * asked by. What anybody may have written is believed only as far as proxies of ours passed it on.
 */
#ifndef API_FORWARDED_H
#define API_FORWARDED_H

#include "base/arena.h"
#include "base/ip.h"

struct proxies {
	struct ip_block *v;
	size_t n;
};

/* From ADDR or ADDR/BITS divided by spaces; what is neither is left out. */
void proxies_read(struct arena *a, struct str text, struct proxies *out);
/*
 * The last address of peer's way that is no proxy of ours, or the one nearest to us whose place in the header cannot
 * be read. fields: in the order they came.
 */
struct ip proxies_client(const struct proxies *p, struct ip peer, struct strs fields);

#endif
