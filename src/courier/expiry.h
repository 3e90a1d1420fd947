/* The end of mail that was held until its time was over, and released to nobody. */
#ifndef COURIER_EXPIRY_H
#define COURIER_EXPIRY_H

#include "store/store.h"

/* store_upkeep.expire. ctx: int64_t, the days it was held. */
bool expire_held(struct arena *a, struct record *r, void *ctx);

#endif
