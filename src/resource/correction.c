/* Corrections: made by the server alone, so there is nothing to check. */
#include "model/correction.h"

#include "resource/resource.h"

static struct str key(const struct resource_env *env, const void *obj)
{
	(void)env;
	return ((const struct correction *)obj)->submission_id;
}

static const struct resource_filter filters[] = {
	{ "submission_id", correction_F_submission_id, FILTER_EQUAL, false },
	{ "disposition", correction_F_disposition, FILTER_EQUAL, false },
};
static const size_t orders[] = { correction_F_subject };

const struct resource resource_corrections = {
	.table = "correction",
	.noun = "a correction",
	.job = "correction",
	RESOURCE_TAIL(correction),
	.filters = filters,
	.n_filters = ARRAY_LEN(filters),
	.orders = orders,
	.n_orders = ARRAY_LEN(orders),
	.key = key,
	.key_fields = "submission_id",
};
