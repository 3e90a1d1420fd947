/* The impersonation registry: whose address an address is. Which names are alike says name_index.h. */
#include "policy/internal.h"

#include "base/arena.h"
#include "expression/internal.h"

const struct impersonation_list *policy_impersonation_list(const struct policy *p)
{
	static const struct impersonation_list none;

	return p ? &p->registry : &none;
}

const struct name_index *policy_impersonation_names(const struct policy *p)
{
	return p ? p->names : NULL;
}

static bool is_listed(struct arena *a, const struct impersonation *e, struct str key)
{
	struct str rest = e->email;

	while (rest.n > 0)
		if (str_eq(email_key(a, policy_impersonation_address(&rest)), key))
			return true;
	return false;
}

static void by_list(struct arena *a, const struct policy *p, struct str address,
		    struct policy_impersonation_owners *out)
{
	struct str key = email_key(a, address);
	uint32_t hash = owned_hash(key);

	for (uint32_t i = p->owned_slots[hash & (p->n_owned_slots - 1)]; i; i = p->owned.v[i - 1].next) {
		const struct owned *o = &p->owned.v[i - 1];
		if (o->hash == hash && is_listed(a, &p->registry.v[o->entry], key))
			ARENA_PUSH(a, out, o->entry);
	}
}

static void by_expression(struct arena *a, const struct policy *p, struct str address,
			  struct policy_impersonation_owners *out)
{
	struct expressions_steps steps = { STEPS_LIKELY, STEPS_OTHERS, 0 };
	struct expressions_asker *k = expressions_asker_new(a, p->owners, &steps);
	struct subject s = subject_of(a, address);
	const struct str forms[] = { s.written, s.folded };

	for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
		struct expressions_answer answer;
		if (forms[i].n == 0)
			continue;
		expressions_ask(k, forms[i], &answer);
		out->unfinished += answer.unfinished;
		for (size_t h = 0; h < answer.hits.n; h++)
			ARENA_PUSH(a, out, answer.hits.v[h]);
	}
}

void policy_impersonation_owners(struct arena *a, const struct policy *p, struct str address,
				 struct policy_impersonation_owners *out)
{
	*out = (struct policy_impersonation_owners){ 0 };
	if (!p || address.n == 0)
		return;
	by_list(a, p, address, out);
	by_expression(a, p, address, out);
	out->n = sort_once(out->v, out->n);
}
