/* Content policies: expressions searched in the subject and in the texts of the body. */
#include "policy/internal.h"

#include "base/arena.h"

/* Of one mail, in steps (expressions.h): a millisecond, and half of one. */
#define TEXT_STEPS_LIKELY 400000
#define TEXT_STEPS_OTHERS 200000
#define TEXT_STEPS_ALONE 200000

/* False when nothing was found. */
static bool search(struct expressions_asker *k, const struct policy *p, struct str text, int target,
		   struct policy_content *out)
{
	struct expressions_answer answer;

	expressions_ask(k, text, &answer);
	out->unfinished += answer.unfinished;
	if (answer.hits.n == 0)
		return false;
	const struct content_policy *c = &p->content.v[answer.hits.v[0]];
	for (size_t i = 1; i < answer.hits.n; i++)
		if (&p->content.v[answer.hits.v[i]] < c)
			c = &p->content.v[answer.hits.v[i]];
	out->name = c->name;
	out->pattern = c->pattern;
	out->target = target;
	out->seen = answer.seen;
	return true;
}

void policy_content_find(struct arena *a, const struct policy *p, const struct strs *subjects,
			 const struct strs *bodies, struct policy_content *out)
{
	struct expressions_steps steps = { TEXT_STEPS_LIKELY, TEXT_STEPS_OTHERS, TEXT_STEPS_ALONE };

	*out = (struct policy_content){ 0 };
	if (!p)
		return;
	struct expressions_asker *k = expressions_asker_new(a, p->content_in[TARGET_SUBJECT], &steps);
	for (size_t i = 0; i < subjects->n; i++)
		if (search(k, p, subjects->v[i], TARGET_SUBJECT, out))
			return;
	k = expressions_asker_new(a, p->content_in[TARGET_BODY], &steps);
	for (size_t i = 0; i < bodies->n; i++)
		if (search(k, p, bodies->v[i], TARGET_BODY, out))
			return;
}
