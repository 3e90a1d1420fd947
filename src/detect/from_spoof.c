/*
 * Mail in a name that is not its sender's, as its own fields show: From names several senders, or the display name shows
 * an address that is not the sender's, or the domain borrows letters of another script. What authentication says is
 * auth_failure.c's.
 */
#include "detect/detect.h"

#include "base/domain.h"
#include "detect/link.h"

/* Where the claim stands: From, or what stands in for it. */
static void point_at_from(const struct scan *s, struct finding *f, const char *portion, struct str value)
{
	finding_where(f, s->from.header.p, portion, value);
	finding_bytes(f, s->from.offset, s->from.length);
}

/* RFC 5322 §3.6.2 allows several authors; one program shows the first of them, another the last. */
static void several_senders(const struct scan *s, struct findings *out)
{
	const struct strs *domains = &s->from_domains;
	size_t i = 1;

	while (i < domains->n && domain_same_owner(s->arena, domains->v[i], domains->v[0]))
		i++;
	if (i >= domains->n)
		return;
	struct finding *f =
	    finding_add(out, "several_senders", DISP_SUSPICIOUS, 1, CAT_DOMAIN_SPOOF,
			"From names senders of different domains, so readers may see different ones.");
	point_at_from(s, f, "domain", domains->v[i]);
	finding_detail(out, f, "%.*s and %.*s", STR_ARG(domains->v[0]), STR_ARG(domains->v[i]));
}

static void borrowed_letters(const struct scan *s, struct findings *out)
{
	struct str shown;

	for (size_t i = 0; i < s->from_domains.n; i++) {
		struct str domain = domain_fold(s->arena, s->from_domains.v[i]);
		if (!link_host_is_homograph(s->arena, domain, &shown))
			continue;
		struct finding *f = finding_add(
		    out, "homograph", DISP_SPOOF, sender_is_known(s) ? 0.4 : 0.8, CAT_HOMOGRAPH,
		    "The sender's domain uses letters of another script that look like Latin ones.");
		point_at_from(s, f, "domain", domain);
		finding_detail(out, f, "reads %.*s, is %.*s", STR_ARG(shown), STR_ARG(domain));
		return;
	}
}

/*
 * Forwarders and lists put the author's address there and say so. Where authentication was checked, they are believed
 * that only under a name of their own.
 */
static bool says_via(const struct scan *s)
{
	return str_find_nocase(s->from.name, STR(" via "), 0) != SIZE_MAX &&
	       (s->proof.header_proved || !s->proof.checked);
}

/* The first address in a text that is on a domain of somebody else, if possible on one of ours. */
static bool find_other_address(const struct scan *s, struct str text, struct str *shown_out, bool *own_out)
{
	struct str shown;

	*shown_out = STR_NONE;
	*own_out = false;
	for (size_t at = 0; !*own_out && sender_shown_address(text, &at, &shown);) {
		struct str domain =
		    domain_fold(s->arena, str_sub(shown, str_rfind_char(shown, '@') + 1, shown.n));
		bool own = sender_is_own_domain(s, domain);
		if ((!own && !domain_suffix_is_known(s->arena, domain)) ||
		    domain_same_owner(s->arena, domain, s->from.domain))
			continue;
		if (own || shown_out->n == 0)
			*shown_out = shown;
		*own_out = own;
	}
	return shown_out->n > 0;
}

static void other_address(const struct scan *s, struct findings *out)
{
	struct str local = str_sub(s->from.address, 0, str_rfind_char(s->from.address, '@')), shown;
	bool own, in_name = find_other_address(s, s->from.name, &shown, &own) && !says_via(s);

	if (!in_name && !find_other_address(s, local, &shown, &own))
		return;
	double score = own ? 1 : sender_is_proved_list(s) ? 0.1 : 0.6;
	struct finding *f = finding_add(
	    out, "shown_address", DISP_SPOOF, score, CAT_NAME_IMPERSONATION,
	    in_name ? "The display name shows an address on another domain than the real one."
		    : "The address of the sender begins with an address on another domain than its own.");
	point_at_from(s, f, in_name ? "display name" : "local part", in_name ? s->from.name : local);
	finding_detail(out, f, "shows %.*s, is %.*s", STR_ARG(shown), STR_ARG(s->from.address));
}

static void run(const struct scan *s, struct findings *out)
{
	several_senders(s, out);
	other_address(s, out);
	borrowed_letters(s, out);
}

const struct detector detect_from_spoof = {
	.name = "from_spoof",
	.family = FAMILY_SENDER,
	.needs = NEED_FROM,
	.run = run,
};
