/* What mail processing asks of the settings: revisions, the policy of an account, protected domains. */
#include "store/settings.h"

#include <stdlib.h>

#include "base/domain.h"
#include "json/read.h"
#include "store/internal.h"
#include "store/settings_internal.h"

enum err settings_policy_rev(struct store *st, int64_t account, int64_t *rev_out)
{
	struct sql *c;
	enum err err = sql_read_one(st->messages, &c);

	if (err)
		return err;
	struct sql_stmt *s = sql_prepare(c, "SELECT rev FROM policy_rev WHERE account = $1");
	sql_bind_int(s, 1, account);
	err = sql_step(s);
	*rev_out = err ? 0 : sql_int(s, 0);
	sql_read_end(&c);
	return err == ERR_ABSENT ? OK : err;
}

enum err settings_policy_source(struct store *st, struct arena *a, int64_t account, struct policy_source *out)
{
	struct settings_list allow, block;
	int64_t rev;

	/* The revision first: a change that comes between makes the source newer than it says, never older. */
	enum err err = settings_policy_rev(st, account, &rev);
	if (!err)
		err = settings_list(st, a, &resource_allow_policies, account, &allow);
	if (!err)
		err = settings_list(st, a, &resource_block_senders, account, &block);
	if (err)
		return err;
	*out = (struct policy_source){ 0 };
	SET(out, policy_source, account, account);
	SET(out, policy_source, rev, rev);
	SET(out, policy_source, allow, ((struct allow_policy_list){ allow.v, allow.n }));
	SET(out, policy_source, block, ((struct block_sender_list){ block.v, block.n }));
	return OK;
}

static enum err read_domain(struct arena *a, struct str body, int64_t account, struct settings_domain *out)
{
	*out = (struct settings_domain){ .account = account };
	if (json_text_read(a, &domain_fields, body, JSON_STORED, &out->domain, NULL) != OK)
		return ERR_BUG;
	out->folded = domain_fold(a, out->domain.domain);
	return OK;
}

struct domains {
	struct settings_domain *v;
	size_t n;
};

/* What a statement gives whose columns are account and body; gives the connection back. */
static enum err read_domains(struct sql *c, struct sql_stmt *s, struct arena *a, struct domains *out)
{
	enum err err;

	*out = (struct domains){ 0 };
	while ((err = sql_step(s)) == OK) {
		struct settings_domain d;
		err = read_domain(a, sql_str_copy(s, 1, a), sql_int(s, 0), &d);
		if (err)
			break;
		ARENA_PUSH(a, out, d);
	}
	sql_read_end(&c);
	return err == ERR_ABSENT ? OK : err;
}

/* By name; of one name the authorized one first, then the oldest. */
static int by_owner(const void *a, const void *b)
{
	const struct settings_domain *x = a, *y = b;
	int c = str_cmp(x->folded, y->folded);

	if (c == 0)
		c = resource_domains.owns(&y->domain) - resource_domains.owns(&x->domain);
	if (c == 0)
		c = (x->domain.id.num > y->domain.id.num) - (x->domain.id.num < y->domain.id.num);
	return c;
}

/* Sorts, and keeps the first of each name: a name written down by somebody must not hide its owner's. */
static void keep_owners(struct domains *d)
{
	size_t n = 0;

	if (d->n)
		qsort(d->v, d->n, sizeof(*d->v), by_owner);
	for (size_t i = 0; i < d->n; i++)
		if (n == 0 || !str_eq(d->v[n - 1].folded, d->v[i].folded))
			d->v[n++] = d->v[i];
	d->n = n;
}

enum err settings_domains(struct store *st, struct arena *a, int64_t account, struct settings_domain **v_out,
			  size_t *n_out)
{
	struct domains all;
	struct sql *c;
	enum err err = sql_read_one(st->messages, &c);

	if (err)
		return err;
	struct sql_stmt *s =
	    sql_prepare(c, account ? "SELECT account, body FROM domain WHERE account = $1 ORDER BY num"
				   : "SELECT account, body FROM domain ORDER BY num");
	if (account)
		sql_bind_int(s, 1, account);
	err = read_domains(c, s, a, &all);
	if (err)
		return err;
	*v_out = all.v;
	*n_out = all.n;
	return OK;
}

enum err settings_domain_owners(struct store *st, struct arena *a, struct settings_domain **v_out,
				size_t *n_out)
{
	struct domains all;
	enum err err = settings_domains(st, a, 0, &all.v, &all.n);

	if (err)
		return err;
	keep_owners(&all);
	*v_out = all.v;
	*n_out = all.n;
	return OK;
}

enum err settings_domain_find(struct store *st, struct arena *a, struct str name, struct settings_domain *out)
{
	struct domains all;
	struct sql *c;
	enum err err = sql_read_one(st->messages, &c);

	if (err)
		return err;
	struct sql_stmt *s = sql_prepare(c, "SELECT account, body FROM domain WHERE ukey = $1");
	sql_bind_str(s, 1, domain_fold(a, name));
	err = read_domains(c, s, a, &all);
	if (err)
		return err;
	keep_owners(&all);
	if (all.n)
		*out = all.v[0];
	return all.n ? OK : ERR_ABSENT;
}
