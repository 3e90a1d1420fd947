/* Mail of each protected domain by day: counted as it is committed, so that none is counted twice or left out. */
#ifndef STORE_DOMAIN_DAY_H
#define STORE_DOMAIN_DAY_H

#include "store/record.h"
#include "store/sql.h"

#define DOMAIN_DAYS 30 /* in a period */

static inline int64_t domain_day_of(int64_t us)
{
	return us / (INT64_C(86400) * 1000000);
}

/* The domains, folded, that have recipients now and had none among those before. */
struct strs domain_day_names(struct arena *a, const struct outcome_list *before,
			     const struct outcome_list *now);
/* One mail more for each; names that the account does not protect are passed over. */
MUST_CHECK enum err domain_day_add(struct sql *c, int64_t account, int64_t us, const struct strs *names);
/* What is older than two periods. */
MUST_CHECK enum err domain_day_forget(struct sql *c, int64_t num, int64_t now_us);

#endif
