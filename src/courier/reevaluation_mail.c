/* A second verdict without the mail. */
#include "courier/reevaluation_mail.h"

#include "base/clock.h"
#include "base/domain.h"
#include "courier/learn.h"
#include "model/submission.h"
#include "scan/assemble.h"

static const char *const after[REEVALUATION_STEPS] = {
	[REEVALUATION_MINUTES] = "by a look 5 minutes later",
	[REEVALUATION_HALF_DAY] = "by a look 12 hours later",
	[REEVALUATION_DAY] = "by a look 24 hours later",
};

/* ---- whom it concerns ---- */

static bool came_by_itself(const struct message *m)
{
	return m->delivery_mode < MODE_RETRO_SCAN;
}

static bool was_released(const struct record *r)
{
	const struct message *m = r->message;
	bool released = HAS(m, message, properties) &&
			m->properties->allowlisted_pattern_type == ALLOWLIST_QUARANTINE_RELEASE &&
			m->properties->allowlisted_pattern.n > 0;

	for (size_t i = 0; i < r->outcomes.n; i++)
		released |= r->outcomes.v[i].released;
	for (size_t i = 0; i < m->action_log.n; i++)
		released |= action_is_release(&m->action_log.v[i]);
	return released;
}

static bool was_moved(const struct record *r)
{
	for (size_t i = 0; i < r->outcomes.n; i++) {
		const struct outcome *o = &r->outcomes.v[i];
		if (o->status == DELIVERY_MOVED ||
		    (HAS(o, outcome, mailbox) && HAS(o->mailbox, mailbox_copy, destination)))
			return true;
	}
	return false;
}

/* Somebody has it for whom it was judged. */
static bool arrived(const struct record *r)
{
	for (size_t i = 0; i < r->outcomes.n; i++)
		if (outcome_has_copy(&r->outcomes.v[i]) && !r->outcomes.v[i].exempt)
			return true;
	return false;
}

static bool was_spoken_of(const struct record *r)
{
	const struct action_log *word = record_last_word(r->message);

	return word && action_service(word).n == 0;
}

static bool concerns(const struct record *r)
{
	const struct message *m = r->message;

	return came_by_itself(m) && arrived(r) && !m->is_quarantined && !r->rescan && !was_released(r) &&
	       !was_moved(r) && !was_spoken_of(r) && submission_disposition_of(m->final_disposition) >= 0;
}

/* ---- corrections ---- */

/* Policies of the account go before it, as they do in a scan. */
static bool is_excused(const struct grounds_policies *policies, const struct correction *c)
{
	bool harm = c->disposition == SUBMISSION_SUSPICIOUS || c->disposition == SUBMISSION_MALICIOUS;

	return policies->trusted || (policies->accepted.n > 0 && !harm);
}

static enum err follow(const struct reevaluation_tools *tools, const struct grounds_account *account,
		       const struct grounds_policies *policies, struct arena *a, const struct record *r,
		       bool *changed_out)
{
	const struct message *m = r->message;
	struct correction_facts facts = {
		.edf_hash = m->edf_hash,
		.simhash = r->simhash,
		.from = m->from,
		.proved = domain_fold(a, r->proved_domain),
	};
	struct correction_match match;

	*changed_out = false;
	policy_correction_find(account->policy, &facts, &match);
	if (!match.correction || is_excused(policies, match.correction) ||
	    (HAS(r, record, correction) && r->correction >= match.correction->id.num))
		return OK;
	enum err e = learn_reach(&tools->job, a, r->account, r->key, match.correction->id.num, changed_out);
	return e == ERR_ABSENT ? OK : e; /* it is undone by now */
}

/* ---- the verdict ---- */

struct judging {
	const struct grounds_account *account;
	const struct finding_list *found;
	enum reevaluation_step step;
	bool changed;
};

static bool is_among(const struct finding_list *list, struct str name)
{
	for (size_t i = 0; i < list->n; i++)
		if (str_eq(list->v[i].name, name))
			return true;
	return false;
}

static struct finding_list with_found(struct arena *a, const struct finding_list *before,
				      const struct finding_list *found)
{
	struct finding_list all = { 0 };

	for (size_t i = 0; i < before->n; i++)
		ARENA_PUSH(a, &all, before->v[i]);
	for (size_t i = 0; i < found->n && all.n < LIMIT_FINDINGS; i++)
		if (!is_among(before, found->v[i].name))
			ARENA_PUSH(a, &all, found->v[i]);
	assemble_sort(all.v, all.n);
	return all;
}

static void note_word(struct arena *a, struct record *r, struct str status)
{
	struct action_properties *p = ARENA_NEW(a, struct action_properties);
	struct action_log e = { 0 };
	int64_t now = clock_now_us();

	SET(p, action_properties, requested_by, STR("courier"));
	SET(p, action_properties, service, STR(SERVICE_REEVALUATION));
	SET(&e, action_log, operation, LOGOP_RECLASSIFY);
	SET(&e, action_log, started_at, now);
	SET(&e, action_log, completed_at, now);
	SET(&e, action_log, success, true);
	SET(&e, action_log, status, status);
	SET(&e, action_log, properties, p);
	record_act(a, r, &e);
	record_trace(a, r, false, "reclassified %.*s", STR_ARG(status));
}

static void tell_reasons(struct arena *a, struct record *r, const struct finding_list *found,
			 const struct finding_list *all)
{
	struct message *m = r->message;
	struct strs reasons = assemble_reasons(a, found->v, found->n), names = { 0 };

	SET(r->detections, detections, threat_categories, assemble_categories(a, all->v, all->n));
	for (size_t i = 0; i < r->detections->threat_categories.n; i++)
		ARENA_PUSH(a, &names, r->detections->threat_categories.v[i].name);
	SET(m, message, threat_categories, names);
	for (size_t i = 0; i < reasons.n; i++)
		ARENA_PUSH(a, &m->detection_reasons, reasons.v[i]);
	m->has |= FIELD_BIT(message, detection_reasons);
}

/* False: it is no worse for that. */
static bool judge(struct arena *a, struct record *r, void *ctx)
{
	struct judging *j = ctx;
	struct message *m = r->message;

	if (!concerns(r) || HAS(r, record, correction))
		return false;
	struct finding_list all = with_found(a, &m->findings, j->found);
	int to = (int)assemble_decide(all.v, all.n, policy_detection(j->account->policy));
	if (submission_disposition_of(to) <= submission_disposition_of(m->final_disposition))
		return false;
	SET(m, message, findings, all);
	struct finding_list shown = with_found(a, &r->detections->findings, j->found);
	SET(r->detections, detections, findings, shown);
	tell_reasons(a, r, j->found, &all);
	note_word(a, r, record_reclassify(a, r, to, str_of(after[j->step])));
	j->changed = true;
	return true;
}

enum err reevaluate(const struct reevaluation_tools *tools, const struct grounds_account *account,
		    struct arena *a, int64_t key, enum reevaluation_step step, bool *changed_out)
{
	struct record *r = ARENA_NEW(a, struct record);
	struct grounds_policies policies;
	struct finding_list found;
	struct judging j = { .account = account, .found = &found, .step = step };
	enum err e = store_record_by_key(tools->job.store, a, key, r);

	*changed_out = false;
	if (e) /* gone, or unreadable, which is told where it is looked for */
		return e == ERR_LATER ? e : OK;
	if (!concerns(r))
		return OK;
	grounds_policies_of(account, a, r, &policies);
	e = follow(tools, account, &policies, a, r, changed_out);
	if (e || *changed_out || HAS(r, record, correction))
		return e;
	e = grounds_find(&tools->grounds, account, &policies, a, r, step, &found);
	if (e || found.n == 0)
		return e;
	e = store_record_change(tools->job.store, a, key, judge, &j, NULL);
	*changed_out = j.changed;
	return e == ERR_ABSENT ? OK : e;
}
