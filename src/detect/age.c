/* Asking for ages, and days out of them. */
#include "detect/age.h"

#include "detect/linked.h"
#include "detect/lists.h"
#include "detect/outside.h"

#define DAY_US (INT64_C(86400) * 1000000)

static bool may_ask(const struct scan *s)
{
	return s->job->outside && s->job->outside->ages && !s->job->released;
}

/* What everybody uses, or we ourselves, is asked about by nobody. */
static bool counts(const struct scan *s, struct str domain)
{
	return domain.n > 0 && str_find_char(domain, '.', 0) != SIZE_MAX && !list_is_free_mail(domain) &&
	       !sender_is_own_domain(s, domain) && ask_name_ok(domain);
}

static void ask(const struct scan *s, struct ask_list *list, struct str domain)
{
	struct ask one = { ASK_AGE, 0, domain };

	if (counts(s, domain))
		ARENA_PUSH(s->arena, list, one);
}

void age_asks(const struct scan *s, struct ask_list *list)
{
	struct linked_list linked = { 0 };

	if (!may_ask(s))
		return;
	ask(s, list, s->from.owner);
	ask(s, list, s->reply_to.owner);
	linked_find(s, AGE_LINKS_MOST, &linked);
	for (size_t i = 0; i < linked.n; i++)
		ask(s, list, linked.v[i].owner);
}

bool age_days(const struct scan *s, struct str domain, int64_t *days_out)
{
	if (!may_ask(s) || !counts(s, domain))
		return false;
	const struct answer *answer = asker_age(s->asker, domain);
	/* One that was registered after the mail came is another's now. */
	if (answer->status != ANSWER_OK || answer->history.first_us > s->job->received_us)
		return false;
	*days_out = (s->job->received_us - answer->history.first_us) / DAY_US;
	return true;
}

/* By days since it was registered; set by judgement, November 2026. */
static const struct {
	int64_t days; /* less than */
	double score;
} youth[] = { { 3, 0.6 }, { 14, 0.45 }, { 45, 0.3 }, { 90, 0.15 } };

double age_score(int64_t days)
{
	for (size_t i = 0; i < ARRAY_LEN(youth); i++)
		if (days < youth[i].days)
			return youth[i].score;
	return 0;
}
