/* Names of domains taken apart (TR39 skeletons, the Public Suffix List). */
#include "policy/domain_name.h"

#include "base/alike.h"
#include "base/domain.h"
#include "base/utf8.h"
#include "policy/internal.h"

struct domain_name domain_name_of(struct arena *a, struct str host)
{
	struct domain_name n = { .host = host, .owner = domain_owner(a, host) };
	size_t dot = str_find_char(n.owner, '.', 0);
	n.label = domain_label_shown(a, str_sub(n.owner, 0, dot));
	n.ending = dot == SIZE_MAX ? STR_NONE : str_sub(n.owner, dot, n.owner.n);
	n.shape = alike_skeleton(a, n.label);
	n.letters = utf8_length(n.shape);
	n.set = alike_set(n.shape);
	n.owner_set = alike_set(n.owner);
	return n;
}

struct domain_names domain_names_of(struct arena *a, const struct strs *hosts)
{
	struct domain_name *v = ARENA_ARRAY(a, hosts->n, struct domain_name);
	size_t n = 0;

	for (size_t i = 0; i < hosts->n; i++) {
		v[n] = domain_name_of(a, hosts->v[i]);
		n += n == 0 || !str_eq(v[n - 1].owner, v[n].owner);
	}
	return (struct domain_names){ v, n };
}

static bool same(const struct strs *x, const struct strs *y)
{
	if (x->n != y->n)
		return false;
	for (size_t i = 0; i < x->n; i++)
		if (!str_eq(x->v[i], y->v[i]))
			return false;
	return true;
}

/* A name may be somebody else's meanwhile, without a change to this policy; then the mail pays. */
struct domain_names policy_domain_names(struct arena *a, const struct policy *p, const struct strs *hosts)
{
	return p && same(&p->domains, hosts) ? p->domain_names : domain_names_of(a, hosts);
}
