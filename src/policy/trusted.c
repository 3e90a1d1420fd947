/* Trusted domains: which of two checks a sender's domain is let off. */
#include "policy/internal.h"

#include "base/arena.h"
#include "base/domain.h"

static void note(struct policy_trusted *out, const struct rule *r)
{
	if ((r->uses & USE_RECENT) && out->recent.n == 0)
		out->recent = r->pattern;
	if ((r->uses & USE_SIMILARITY) && out->similarity.n == 0)
		out->similarity = r->pattern;
}

void policy_trusted_find(struct arena *a, const struct policy *p, struct str domain,
			 struct policy_trusted *out)
{
	struct expressions_steps steps = { STEPS_LIKELY, STEPS_OTHERS };

	*out = (struct policy_trusted){ 0 };
	if (!p || domain.n == 0)
		return;
	struct str key = trusted_key(a, domain_fold(a, domain));
	for (const struct rule *r = rule_find(p, key); r; r = rule_next(r, key))
		note(out, r);
	if (!p->trusted.expressions)
		return;
	struct expressions_asker *k = expressions_asker_new(a, p->trusted.expressions, &steps);
	struct subject s = subject_of(a, domain);
	const struct str forms[] = { s.written, s.folded };
	for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
		struct expressions_answer answer;
		if (forms[i].n == 0)
			continue;
		expressions_ask(k, forms[i], &answer);
		out->unfinished += answer.unfinished;
		for (size_t h = 0; h < answer.hits.n; h++)
			note(out, p->trusted.rules.v[answer.hits.v[h]]);
	}
}
