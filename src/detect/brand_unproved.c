/*
 * Mail from a well-known brand's very domain that nothing proves, and whose links lead to others only. Brands sign their mail,
 * and lead to themselves; who only writes their address does neither. Services that mail in a brand's name lead through hosts
 * of their own, so mail that went to many and offers to leave is weighed by what was checked alone.
 *
 * Its findings are brand_impersonation's, to people.
 */
#include "detect/detect.h"

#include "base/domain.h"
#include "detect/brands.h"
#include "detect/call.h"
#include "detect/lists.h"
#include "detect/text.h"

#define NAME_LOOKED_AT 200 /* bytes */

/* A signature in the name of From's owner, passing or not: those who only write a brand's address have none. */
static bool is_signed(const struct scan *s)
{
	const struct headers *h = mime_headers(s->mail);

	for (size_t i = 0; i < h->n; i++) {
		if (!str_eq_nocase(h->v[i].name, STR("DKIM-Signature")))
			continue;
		struct str value = header_unfold(s->arena, h->v[i].value);
		for (size_t at = 0; (at = str_find(value, STR("d="), at)) != SIZE_MAX; at++) {
			struct str d = domain_leading(str_sub(value, at + 2, value.n));
			if (domain_same_owner(s->arena, domain_fold(s->arena, d), s->from.domain))
				return true;
		}
	}
	return false;
}

static bool names_brand(const struct scan *s, const struct brand *b)
{
	struct brand_text t = brand_text_of(s->arena, s->from.name, NAME_LOOKED_AT, true);
	struct brand_name n;

	for (size_t at = 0; brand_next(&t, &at, &n);)
		if (&brand_table[n.brand] == b || brand_owns(&brand_table[n.brand], s->from.domain))
			return true;
	return false;
}

/*
 * Where nothing could be checked, an offer to leave may be that of a service that mails for the brand. It costs nothing: of 14
 * phishing mails that went to many and were MALICIOUS, 13 still are, and one is SUSPICIOUS (70 % of the corpora, November 2026).
 */
static double weigh(const struct scan *s, bool claimed)
{
	if (s->proof.complete)
		return 0.8;
	if (s->calls->unsubscribe)
		return claimed ? 0.45 : 0.3;
	return claimed ? 0.6 : 0.4;
}

/* From is in a brand's very domain, nothing proves it, and no link leads to the brand. */
static void run(const struct scan *s, struct findings *out)
{
	const struct brand *b = brand_of_domain(s->from.domain);

	if (!b || sender_is_mail_server(s) || sender_is_own_domain(s, s->from.domain) ||
	    finding_is_said(out, &detect_brand_impersonation, "brand") || s->proof.header_proved ||
	    list_is_free_mail(s->from.owner) || call_is_discussed(s) || is_signed(s))
		return;
	struct leads l = call_leads(s, b);
	if (l.n == 0 || l.theirs > 0)
		return;
	bool claimed = names_brand(s, b) || call_is_urgent(text_fold(s->arena, &s->subject, 1));
	struct finding *f = call_pretence(
	    s, out, "unproved", weigh(s, claimed),
	    "The sender's domain is a well-known brand's, nothing proves it, and no link leads to the "
	    "brand.");
	finding_detail(out, f, "%s, from %.*s, with a link to %.*s", b->name, STR_ARG(s->from.domain),
		       STR_ARG(l.host));
}

const struct detector detect_brand_unproved = {
	.name = "brand_impersonation",
	.family = FAMILY_SENDER,
	.needs = NEED_FROM,
	.run = run,
};
