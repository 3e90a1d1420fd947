/* From what was found to what is changed. */
#include "scan/editing.h"

#include "base/hash.h"
#include "edit/edit.h"
#include "policy/policy.h"

/* From anybody but a domain of the account that is proved to be it. */
static bool is_external(const struct scan *s)
{
	return !(s->own_domain && s->proof.checked && s->proof.header_proved);
}

/* What the mail is; and, where that is not nothing, also what it was found to be a little of. */
static unsigned labels_of(const struct scan *s, const struct editing *e)
{
	unsigned bits =
	    (is_external(s) ? 1u << LABEL_EXTERNAL : 0) | (e->encrypted ? 1u << LABEL_ENCRYPTED : 0);
	int label = add_on_label_of((int)e->final);

	if (label < 0)
		return bits;
	bits |= 1u << label;
	for (size_t i = 0; i < e->findings->n; i++) {
		const struct finding *f = &e->findings->v[i];
		label = add_on_label_of(f->detection);
		if (label >= 0 && f->score > 0 && !HAS(f, finding, suppressed_by))
			bits |= 1u << label;
	}
	return bits;
}

void editing_tell(const struct scan *s, const struct editing *e, struct verdict *v)
{
	struct str domain = s->job->edits_for;
	struct edits out;

	if (domain.n == 0 || s->job->released)
		return;
	struct edit_job job = {
		.mail = s->mail,
		.policy = s->policy,
		.texts = policy_text_add_on(s->policy, domain),
		.links = e->trusted ? LINKS_LEFT : policy_link_action(s->policy, domain, (int)e->final),
	};
	if (!job.texts && job.links == LINKS_LEFT)
		return;
	job.labels = labels_of(s, e);
	job.final = add_on_label_of((int)e->final);
	job.reasons = e->reasons;
	job.threats = e->threats;
	if (hash_unhex(s->arena, s->job->click_key, &job.click_key) == OK && job.click_key.n > 0)
		job.click_url = s->job->click_url;
	job.account = s->job->account;
	job.id = s->job->id;
	edit_mail(s->arena, &job, &out);
	if (out.list.n > 0)
		SET(v, verdict, edits, out.list);
	if (out.notes.n > 0)
		SET(v, verdict, edit_notes, out.notes);
}
