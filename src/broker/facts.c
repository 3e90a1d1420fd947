/* History and policy out of the store. */
#include "broker/facts.h"

#include "store/settings.h"

static void history_of(void *ctx, int64_t account, const struct str *keys, size_t n, int64_t when_us,
		       struct history *out)
{
	/* A past that cannot be read is no past: the mail is judged without it. */
	if (store_history_get(ctx, account, keys, n, when_us, out))
		memset(out, 0, n * sizeof(*out));
}

static enum err policy_of(void *ctx, struct arena *a, int64_t account, struct policy_source *out)
{
	return settings_policy_source(ctx, a, account, out);
}

static enum err policy_rev_of(void *ctx, int64_t account, int64_t *rev_out)
{
	return settings_policy_rev(ctx, account, rev_out);
}

static struct str account_id_of(void *ctx, struct arena *a, int64_t account)
{
	return settings_account_id(ctx, a, account);
}

void broker_facts_from_store(struct broker_options *o, struct store *st)
{
	o->history = history_of;
	o->policy = policy_of;
	o->policy_rev = policy_rev_of;
	o->account_id = account_id_of;
	o->ctx = st;
	o->ages = st;
}
