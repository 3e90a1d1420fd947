/* Trusted domains: which of two checks a sender's domain is let off. */
#include "policy/internal.h"

#include "base/arena.h"
#include "base/domain.h"

struct policy_trusting {
	struct arena *arena;
	const struct policy *policy;
	struct expressions_steps steps;
	struct expressions_asker *asker;
};

struct policy_trusting *policy_trusting_new(struct arena *a, const struct policy *p)
{
	struct policy_trusting *t = ARENA_NEW(a, struct policy_trusting);

	*t = (struct policy_trusting){ a, p, { STEPS_LIKELY, STEPS_OTHERS, 0 }, NULL };
	t->asker = expressions_asker_new(a, p ? p->trusted.expressions : NULL, &t->steps);
	return t;
}

static void note(struct policy_trusted *out, const struct rule *r)
{
	if ((r->uses & USE_RECENT) && out->recent.n == 0)
		out->recent = r->pattern;
	if ((r->uses & USE_SIMILARITY) && out->similarity.n == 0)
		out->similarity = r->pattern;
}

void policy_trusted_find(struct policy_trusting *t, struct str domain, struct policy_trusted *out)
{
	const struct policy *p = t->policy;

	*out = (struct policy_trusted){ 0 };
	if (!p || domain.n == 0)
		return;
	struct str key = trusted_key(t->arena, domain_fold(t->arena, domain));
	for (const struct rule *r = rule_find(p, key); r; r = rule_next(r, key))
		note(out, r);
	struct subject s = subject_of(t->arena, domain);
	const struct str forms[] = { s.written, s.folded };
	for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
		struct expressions_answer answer;
		if (forms[i].n == 0)
			continue;
		expressions_ask(t->asker, forms[i], &answer);
		out->unfinished += answer.unfinished;
		for (size_t h = 0; h < answer.hits.n; h++)
			note(out, p->trusted.rules.v[answer.hits.v[h]]);
	}
}
