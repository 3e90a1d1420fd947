/*
 * Mail that fails what the domain in From says of its own mail (SPF, DMARC), or that claims a protected domain without
 * proof. Our own checks, or those of a host that the operator named.
 *
 * Says nothing where not everything could be checked. A published wish to refuse or set apart decides; its absence is weak
 * evidence, since forwarders and lists break what nobody asked them to keep. Lists that are proved to be one, and senders
 * known from before, weigh half; a protected domain and a domain that asks for refusal get no such discount: who claims them
 * must prove it, unless they come by a list whose mail was harmless before. Mail that a trusted host sealed on its way (ARC),
 * having found the sender proved, fails nothing.
 */
#include "detect/detect.h"

#include "base/domain.h"

#define SOFT_FAIL 0.3 /* "~all": probably not allowed */
#define UNALIGNED 0.15

static double soften(const struct scan *s, double score)
{
	if (sender_is_proved_list(s))
		score *= 0.5;
	return sender_is_known(s) ? score * 0.5 : score;
}

/* Where the claim stands: From, or what stands in for it. */
static struct finding *tell(const struct scan *s, struct findings *out, const char *signal,
			    enum disposition d, double score, enum category category, const char *reason)
{
	struct finding *f = finding_add(out, signal, d, score, category, reason);

	finding_where(f, s->from.header.p, "domain", s->from.domain);
	finding_bytes(f, s->from.offset, s->from.length);
	return f;
}

static void own_domain(const struct scan *s, struct findings *out)
{
	const struct proof *p = &s->proof;
	struct finding *f = tell(s, out, "own_domain", DISP_SPOOF, 1, CAT_DOMAIN_SPOOF,
				 "From claims one of your own domains, but nothing proves that it was sent "
				 "by it.");

	finding_detail(out, f, "%.*s: SPF %.*s, DKIM %.*s", STR_ARG(s->from.address), STR_ARG(p->spf_text),
		       STR_ARG(p->dkim_text));
}

/* The domain in From, or its owner, lists who may send for it, and this host is not among them. */
static bool spf_fails(const struct scan *s)
{
	const struct proof *p = &s->proof;

	return p->spf == AUTH_FAIL && domain_same_owner(s->arena, p->spf_domain, s->from.domain);
}

static bool is_soft(const struct proof *p)
{
	return str_eq(p->spf_text, STR("softfail"));
}

/* Who asks for refusal and says which hosts are his own says so twice. */
static double unproved_score(const struct scan *s, bool reject)
{
	if (spf_fails(s) && !is_soft(&s->proof))
		return 1;
	return reject ? 0.6 : 0.4;
}

static void policy_fails(const struct scan *s, struct findings *out)
{
	const struct proof *p = &s->proof;
	bool reject = str_eq(p->dmarc_policy, STR("reject"));
	struct str domain = p->dmarc_domain.n > 0 ? p->dmarc_domain : s->from.domain;
	/* Of a list that the account has read for long it is known that it breaks what it passes on. */
	struct finding *f =
	    tell(s, out, "dmarc", DISP_SPAM, sender_is_known_list(s) ? 0.5 : 1, CAT_AUTH_FAILURE,
		 reject ? "The domain in From asks that mail it did not send be refused, and "
			  "this mail fails its check."
			: "The domain in From asks that mail it did not send be set apart, "
			  "and this mail fails its check.");

	finding_where(f, s->from.header.p, "domain", domain);
	finding_detail(out, f, "%.*s publishes DMARC p=%.*s", STR_ARG(domain), STR_ARG(p->dmarc_policy));
	f = tell(s, out, "unproved", DISP_SPOOF, soften(s, unproved_score(s, reject)), CAT_DOMAIN_SPOOF,
		 "The domain in From says how its mail is proved, and nothing proves this one.");
	finding_where(f, s->from.header.p, "domain", domain);
	finding_detail(out, f, "SPF %.*s, DKIM %.*s", STR_ARG(p->spf_text), STR_ARG(p->dkim_text));
}

/* No signature says otherwise. */
static void sender_fails(const struct scan *s, struct findings *out)
{
	const struct proof *p = &s->proof;
	struct finding *f =
	    tell(s, out, "spf", DISP_SPOOF, soften(s, is_soft(p) ? SOFT_FAIL : 0.7), CAT_AUTH_FAILURE,
		 "The domain in From does not allow this host to send its mail.");

	finding_detail(out, f, "SPF of %.*s gives %.*s, DKIM %.*s", STR_ARG(p->spf_domain),
		       STR_ARG(p->spf_text), STR_ARG(p->dkim_text));
}

/* Its owner only watches (p=none), and most of what fails is mail that somebody passed on. */
static void watched_fails(const struct scan *s, struct findings *out)
{
	const struct proof *p = &s->proof;
	struct finding *f = tell(s, out, "unaligned", DISP_SPOOF, soften(s, UNALIGNED), CAT_AUTH_FAILURE,
				 "Neither host nor signature of the mail belongs to the domain in From.");

	finding_detail(out, f, "%.*s publishes DMARC p=none; SPF %.*s, DKIM %.*s", STR_ARG(p->dmarc_domain),
		       STR_ARG(p->spf_text), STR_ARG(p->dkim_text));
}

static void run(const struct scan *s, struct findings *out)
{
	const struct proof *p = &s->proof;

	if (!p->complete || p->vouched_by.n > 0)
		return;
	if (s->own_domain && !p->header_proved && (p->dmarc == AUTH_FAIL || !sender_is_unanswered(s)))
		own_domain(s, out);
	if (p->dmarc == AUTH_FAIL &&
	    (str_eq(p->dmarc_policy, STR("reject")) || str_eq(p->dmarc_policy, STR("quarantine"))))
		policy_fails(s, out);
	else if (s->own_domain || p->header_proved)
		return;
	else if (spf_fails(s))
		sender_fails(s, out);
	else if (p->dmarc == AUTH_FAIL && str_eq(p->dmarc_policy, STR("none")))
		watched_fails(s, out);
}

const struct detector detect_auth_failure = {
	.name = "auth_failure",
	.family = FAMILY_SENDER,
	.needs = NEED_FROM,
	.run = run,
};
