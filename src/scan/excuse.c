/* Taking findings away. */
#include "scan/excuse.h"

#include "base/domain.h"
#include "detect/additional.h"
#include "detect/age.h"
#include "detect/managed_senders.h"
#include "scan/assemble.h"

void excuse_domains(const struct scan *s, struct findings *findings, struct excuses *out)
{
	struct arena *a = s->arena;
	struct policy_trusting *asker = policy_trusting_new(a, s->policy);

	for (size_t i = 0; i < findings->n; i++) {
		struct finding *f = &findings->v[i];
		bool alike = finding_is_by(f, &detect_lookalike_domain);
		bool young = finding_is_by(f, &detect_new_domain) || additional_is_age(f);
		if (!(alike || young) || HAS(f, finding, suppressed_by))
			continue;
		/* All of these judge the owner of a host, so trust in him is trust in all his hosts. */
		const struct str names[] = { f->value, domain_registrable(a, f->value) };
		struct str pattern = STR_NONE;
		for (size_t k = 0; k < ARRAY_LEN(names) && pattern.n == 0; k++) {
			struct policy_trusted trusted;
			policy_trusted_find(asker, names[k], &trusted);
			findings->gave_up += trusted.unfinished;
			pattern = alike ? trusted.similarity : trusted.recent;
		}
		if (pattern.n == 0)
			continue;
		SET(f, finding, suppressed_by, pattern);
		out->domain = pattern;
		out->domain_type = alike ? ALLOWLIST_DOMAIN_SIMILARITY : ALLOWLIST_DOMAIN_RECENCY;
	}
}

static void by_managed(const struct scan *s, struct findings *findings, struct excuses *out)
{
	if (!policy_detection(s->policy)->managed_acceptable_senders || !s->proof.checked ||
	    !s->proof.header_proved || s->from_domains.n != 1 || !managed_sender_is(s->from.owner))
		return;
	out->managed = s->from.owner;
	assemble_suppress(findings->v, findings->n, ARENA_JOIN(s->arena, STR(MANAGED_SENDER), out->managed));
}

/* A bounce of what the account sent is no spam, whatever it quotes; anybody can write one who has got that mail. */
static void by_bounce(const struct scan *s, struct findings *findings, struct excuses *out)
{
	if (s->returned.id.n == 0 || s->past.returned.first_us == 0 || s->job->mail_from.n > 0 ||
	    s->own_domain)
		return;
	out->bounced = s->returned.id;
	assemble_suppress(findings->v, findings->n, ARENA_JOIN(s->arena, STR(BY_OWN_BOUNCE), out->bounced));
}

void excuse_sender(const struct scan *s, const struct policy_decision *d, bool obeyed,
		   struct findings *findings, struct excuses *out)
{
	bool acceptable = d->acceptable.pattern.n > 0;

	if (acceptable)
		assemble_suppress(findings->v, findings->n, d->acceptable.pattern);
	if (obeyed && !acceptable)
		by_managed(s, findings, out);
	if (obeyed)
		by_bounce(s, findings, out);
}

void excuse_tell(const struct excuses *e, const struct policy_decision *d, struct properties *p)
{
	const struct {
		struct str pattern;
		int type;
	} by[] = {
		{ d->trusted.pattern, ALLOWLIST_ALLOWED_SENDER },
		{ d->acceptable.pattern, ALLOWLIST_ACCEPTABLE_SENDER },
		{ d->exempt.n > 0 ? d->exempt.v[0].pattern : STR_NONE, ALLOWLIST_ALLOWED_RECIPIENT },
		{ e->managed, ALLOWLIST_MANAGED },
		{ e->bounced, ALLOWLIST_OUTBOUND_NDR },
		{ e->domain, e->domain_type },
	};

	for (size_t i = 0; i < ARRAY_LEN(by); i++)
		if (by[i].pattern.n > 0) {
			SET(p, properties, allowlisted_pattern, by[i].pattern);
			SET(p, properties, allowlisted_pattern_type, by[i].type);
			return;
		}
}
