/* Blocked senders. */
#include "model/block_sender.h"

#include "resource/resource.h"

static void check(const struct resource_env *env, void *obj, struct faults *faults)
{
	struct block_sender *s = obj;

	s->pattern = str_trim(s->pattern);
	SET(s, block_sender, code_bytes,
	    resource_check_pattern(env, faults, "pattern", s->pattern, s->pattern_type, s->is_regex));
}

static struct str key(const struct resource_env *env, const void *obj)
{
	const struct block_sender *s = obj;

	return resource_pattern_key(env, s->pattern, s->pattern_type, s->is_regex);
}

static const struct resource_filter filters[] = {
	{ "pattern", block_sender_F_pattern, FILTER_DOMAIN, false },
	{ "pattern_type", block_sender_F_pattern_type, FILTER_EQUAL, false },
};
static const size_t orders[] = { block_sender_F_pattern };

const struct resource resource_block_senders = {
	.table = "block_sender",
	.noun = "a blocked sender",
	RESOURCE_TAIL(block_sender),
	.code = block_sender_F_code_bytes,
	.filters = filters,
	.n_filters = ARRAY_LEN(filters),
	.orders = orders,
	.n_orders = ARRAY_LEN(orders),
	.check = check,
	.key = key,
	.key_fields = "pattern, pattern_type and is_regex",
};
