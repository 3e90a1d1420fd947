/* Where an account's bad mail is moved to: one object, so there is nothing to tell it apart by. */
#include "model/auto_moves.h"

#include "resource/resource.h"

static void defaults(const struct resource_env *env, void *obj)
{
	(void)env;
	auto_moves_complete(obj);
}

/* Bad mail is not brought back to where it came from. */
static void check(const struct resource_env *env, void *obj, struct faults *faults)
{
	static const size_t destinations[] = { auto_moves_F_malicious, auto_moves_F_suspicious,
					       auto_moves_F_spoof, auto_moves_F_spam, auto_moves_F_bulk };

	for (size_t i = 0; i < ARRAY_LEN(destinations); i++) {
		const struct field *f = &auto_moves_fields.v[destinations[i]];
		const char *at = (const char *)obj + f->offset;
		if (field_has(obj, destinations[i]) && *(const int *)(const void *)at == DESTINATION_INBOX)
			fault_add_further(faults, fault_at_key(env->arena, STR_NONE, str_of(f->name)),
					  "%s must not be Inbox", f->name);
	}
}

const struct resource resource_auto_moves = {
	.table = "auto_moves",
	.noun = "the automatic moves",
	RESOURCE_TAIL(auto_moves),
	.flags = RESOURCE_CLOSED | RESOURCE_CLOSED_CHANGES | RESOURCE_SINGLE,
	.most = 1,
	.defaults = defaults,
	.check = check,
	.key = resource_single_key,
	.key_fields = "account",
};
