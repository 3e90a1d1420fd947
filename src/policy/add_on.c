/* What becomes of mail that goes on, by the domain of its recipients: its own row, else that of all domains. */
#include "policy/internal.h"

#include "base/arena.h"

struct policy_ignoring {
	struct expressions_steps steps;
	struct expressions_asker *asker;
};

const struct text_add_on *policy_text_add_on(const struct policy *p, struct str domain)
{
	const struct text_add_on *of_all = NULL;

	for (size_t i = 0; p && i < p->text_add_ons.n; i++) {
		const struct text_add_on *t = &p->text_add_ons.v[i];
		if (!HAS(t, text_add_on, domain))
			of_all = t;
		else if (str_eq(t->domain, domain))
			return t;
	}
	return of_all;
}

int policy_link_action(const struct policy *p, struct str domain, int disposition)
{
	int of_all = LINKS_LEFT, asked = submission_disposition_of(disposition);

	for (size_t i = 0; p && i < p->link_actions.n; i++) {
		const struct link_action *l = &p->link_actions.v[i];
		if (l->disposition != asked)
			continue;
		if (!HAS(l, link_action, domain))
			of_all = l->action;
		else if (str_eq(l->domain, domain))
			return l->action;
	}
	return of_all;
}

struct policy_ignoring *policy_ignoring_new(struct arena *a, const struct policy *p)
{
	struct policy_ignoring *g = ARENA_NEW(a, struct policy_ignoring);

	g->steps = (struct expressions_steps){ STEPS_LIKELY, STEPS_OTHERS, 0 };
	g->asker = expressions_asker_new(a, p ? p->ignored_urls : NULL, &g->steps);
	return g;
}

/* What takes too long to compare is not left alone: that is the safer way. */
bool policy_ignores_url(struct policy_ignoring *g, struct str url)
{
	struct expressions_answer answer;

	expressions_ask(g->asker, url, &answer);
	return answer.hits.n > 0;
}
