/* Looking for the correction of a mail's campaign, and telling it. */
#include "scan/learnt.h"

#include "policy/policy.h"
#include "scan/assemble.h"
#include "scan/fingerprint.h"

/*
 * The campaign's finding weighs so much. One that is near, and proved in another name, may be what the corrected mail
 * imitates: it is not enough alone, and nothing against a sender who wrote before.
 */
#define CORRECTED 1.0
#define CORRECTED_NEAR 0.6

static void look_for(const struct scan *s, struct learnt *l, struct correction_match *m)
{
	struct correction_facts facts;

	l->edf_hash = fingerprint_edf(s);
	l->simhash = fingerprint_simhash(s);
	if (s->proof.checked && s->proof.header_proved && s->from_domains.n == 1)
		l->proved = s->from_domains.v[0];
	facts = (struct correction_facts){ l->edf_hash, l->simhash, s->from.address, l->proved };
	policy_correction_find(s->policy, &facts, m);
}

/* The text of a harmless mail may have been put into another one. */
static bool says_something(const struct scan *s, const struct correction_match *m)
{
	return m->correction && (m->correction->disposition != SUBMISSION_NONE || m->excuses) &&
	       !(m->in_other_name && sender_is_known(s));
}

static const char *reason(const struct correction *c)
{
	static const char *const reasons[] = {
		[SUBMISSION_NONE] = "Mail of this campaign and sender was confirmed to be harmless.",
		[SUBMISSION_BULK] = "Mail of this campaign was confirmed to be bulk mail.",
		[SUBMISSION_SPAM] = "Mail of this campaign was confirmed to be spam.",
		[SUBMISSION_SPOOF] = "Mail of this campaign was confirmed to be in a false name.",
		[SUBMISSION_SUSPICIOUS] = "Mail of this campaign was confirmed to be suspicious.",
		[SUBMISSION_MALICIOUS] = "Mail of this campaign was confirmed to be malicious.",
	};

	return reasons[c->disposition];
}

static void tell(const struct learnt *l, const struct correction_match *m, enum disposition to,
		 struct findings *findings)
{
	static const struct detector by_campaign = { .name = CAMPAIGN, .family = FAMILY_CONTENT };

	findings->by = &by_campaign;
	struct finding *f =
	    finding_add(findings, "confirmed", to,
			to == DISP_NONE    ? 0
			: m->in_other_name ? CORRECTED_NEAR
					   : CORRECTED,
			to > DISP_BULK ? CAT_CAMPAIGN_MATCH : CAT_NONE, reason(m->correction));
	finding_where(f, "message", m->equal ? "fingerprint" : "text", m->equal ? l->edf_hash : l->simhash);
	if (m->equal)
		finding_detail(findings, f, "correction %s: the fingerprint is the same",
			       m->correction->id.uuid);
	else
		finding_detail(findings, f, "correction %s: %d of 64 bits of the text differ",
			       m->correction->id.uuid, m->bits);
}

struct learnt learnt_apply(const struct scan *s, bool obeyed, bool excuses, struct findings *findings)
{
	struct learnt l = { .without = DISP_NONE };
	struct correction_match m;

	look_for(s, &l, &m);
	if (!obeyed || !says_something(s, &m))
		return l;
	l.by = m.correction;
	l.without = assemble_decide(findings->v, findings->n, policy_detection(s->policy));
	enum disposition to = submission_disposition_meant(m.correction->disposition);
	if (m.excuses && excuses)
		assemble_excuse(findings->v, findings->n, to,
				arena_printf(s->arena, BY_CORRECTION "%s", m.correction->id.uuid));
	tell(&l, &m, to, findings);
	return l;
}
