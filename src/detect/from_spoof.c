/*
 * Mail in a name that is not its sender's: From claims a protected domain without proof, or a domain whose own
 * rules (SPF -all, DMARC) this mail fails, or the display name shows an address that is not the sender's.
 *
 * Says nothing of authentication where none could be checked. Mailing lists break signatures and keep From, so
 * for them it weighs half.
 */
#include "detect/detect.h"

#include "base/abnf.h"
#include "base/domain.h"

static bool is_list(const struct scan *s)
{
	return headers_first(mime_headers(s->mail), STR("List-Id")) != NULL;
}

static double soften(const struct scan *s, double score)
{
	if (is_list(s))
		score *= 0.5;
	return scan_knows_sender(s) ? score * 0.5 : score;
}

static void own_domain(const struct scan *s, struct findings *out)
{
	const struct proof *p = &s->proof;
	struct finding *f =
	    finding_add(out, "own_domain", DISP_SPOOF, is_list(s) ? 0.5 : 1, CAT_DOMAIN_SPOOF,
			"From claims one of your own domains, but nothing proves that it was sent "
			"by it.");

	finding_where(f, "From", "domain", s->from.domain);
	finding_bytes(f, s->from.offset, s->from.length);
	finding_detail(out, f, "%.*s: SPF %.*s, DKIM %.*s", STR_ARG(s->from.address), STR_ARG(p->spf_text),
		       STR_ARG(p->dkim_text));
}

static void policy_fails(const struct scan *s, struct findings *out)
{
	const struct proof *p = &s->proof;
	bool reject = str_eq(p->dmarc_policy, STR("reject"));

	if (p->dmarc != AUTH_FAIL || (!reject && !str_eq(p->dmarc_policy, STR("quarantine"))))
		return;
	struct finding *f =
	    finding_add(out, "dmarc", DISP_SPAM, soften(s, 1), CAT_AUTH_FAILURE,
			"The domain in From asks that mail it did not send be refused, and this mail "
			"fails its check.");
	finding_where(f, "From", "domain", s->from.domain);
	finding_bytes(f, s->from.offset, s->from.length);
	finding_detail(out, f, "%.*s publishes DMARC p=%.*s", STR_ARG(s->from.domain),
		       STR_ARG(p->dmarc_policy));
	f = finding_add(out, "unproved", DISP_SPOOF, soften(s, reject ? 0.6 : 0.4), CAT_DOMAIN_SPOOF,
			"The sender's name is not proved although its domain could prove it.");
	finding_where(f, "From", "domain", s->from.domain);
	finding_detail(out, f, "SPF %.*s, DKIM %.*s", STR_ARG(p->spf_text), STR_ARG(p->dkim_text));
}

/* The domain itself lists who may send for it, this host is not among them, and no signature says otherwise. */
static void sender_fails(const struct scan *s, struct findings *out)
{
	const struct proof *p = &s->proof;
	bool soft = str_eq(p->spf_text, STR("softfail"));

	if (p->spf != AUTH_FAIL || p->dkim == AUTH_PASS || p->dmarc == AUTH_FAIL)
		return;
	if (!domain_same_owner(s->arena, p->spf_domain, s->from.domain))
		return;
	struct finding *f = finding_add(out, "spf", DISP_SPOOF, soften(s, soft ? 0.3 : 0.7), CAT_AUTH_FAILURE,
					"The domain in From does not allow this host to send its mail.");
	finding_where(f, "From", "domain", s->from.domain);
	finding_bytes(f, s->from.offset, s->from.length);
	finding_detail(out, f, "SPF of %.*s gives %.*s, no signature", STR_ARG(p->spf_domain),
		       STR_ARG(p->spf_text));
}

/* An address inside a display name: the run of its bytes around '@'. */
static struct str address_in(struct str name)
{
	size_t at = str_find_char(name, '@', 0);

	if (at == SIZE_MAX || at == 0)
		return STR_NONE;
	size_t from = at, to = at + 1;
	while (from > 0 &&
	       (abnf_is_alnum((unsigned char)name.p[from - 1]) || strchr("._+-", name.p[from - 1])))
		from--;
	while (to < name.n && (abnf_is_ldh((unsigned char)name.p[to]) || name.p[to] == '.'))
		to++;
	while (to > at && name.p[to - 1] == '.')
		to--;
	return from == at ? STR_NONE : str_sub(name, from, to);
}

static void other_address(const struct scan *s, struct findings *out)
{
	struct str shown = address_in(s->from.name);

	if (shown.n == 0 || str_find_nocase(s->from.name, STR(" via "), 0) != SIZE_MAX)
		return;
	struct str domain = domain_fold(s->arena, str_sub(shown, str_rfind_char(shown, '@') + 1, shown.n));
	if (!domain_suffix_is_known(s->arena, domain) || domain_same_owner(s->arena, domain, s->from.domain))
		return;
	/* Forwarders and lists put the author's address there and say so. */
	double score = strs_has(&s->job->protected_domains, domain) ? 1 : is_list(s) ? 0.1 : 0.6;
	struct finding *f =
	    finding_add(out, "shown_address", DISP_SPOOF, score, CAT_NAME_IMPERSONATION,
			"The display name shows an address on another domain than the real one.");
	finding_where(f, "From", "display name", s->from.name);
	finding_bytes(f, s->from.offset, s->from.length);
	finding_detail(out, f, "shows %.*s, is %.*s", STR_ARG(shown), STR_ARG(s->from.address));
}

static void run(const struct scan *s, struct findings *out)
{
	other_address(s, out);
	if (!s->proof.checked)
		return;
	if (s->own_domain && !s->proof.header_proved)
		own_domain(s, out);
	policy_fails(s, out);
	if (!s->own_domain)
		sender_fails(s, out);
}

const struct detector detect_from_spoof = {
	.name = "from_spoof",
	.summary = "From claims a domain or shows an address that is not the sender's",
	.family = FAMILY_SENDER,
	.needs = NEED_FROM,
	.run = run,
};
