/* Reading what another host found. */
#include "scan/claims.h"

#include "auth/authres.h"
#include "base/domain.h"

static bool bears_any(const struct authres *r, const struct strs *ids)
{
	for (size_t i = 0; i < ids->n; i++)
		if (str_eq_nocase(r->authserv_id, ids->v[i]))
			return true;
	return false;
}

/* The results of RFC 8601 §2.7 in the words of the API. */
static enum auth_result result_of(struct str text)
{
	static const struct {
		const char *text;
		enum auth_result result;
	} words[] = {
		{ "pass", AUTH_PASS },       { "fail", AUTH_FAIL },       { "softfail", AUTH_FAIL },
		{ "hardfail", AUTH_FAIL },   { "policy", AUTH_FAIL },     { "neutral", AUTH_NEUTRAL },
		{ "temperror", AUTH_ERROR }, { "permerror", AUTH_ERROR }, { "bestguesspass", AUTH_NONE },
	};

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (str_eq(text, str_of(words[i].text)))
			return words[i].result;
	return AUTH_NONE;
}

/* "p=REJECT sp=NONE dis=NONE" in the comment of dmarc=…, as OpenDMARC and Google write it. */
static struct str policy_in(struct arena *a, struct str comment)
{
	for (size_t at = 0; (at = str_find_nocase(comment, STR("p="), at)) != SIZE_MAX; at += 2) {
		if (at > 0 && comment.p[at - 1] != ' ' && comment.p[at - 1] != '(')
			continue; /* the end of "sp=" or "np=" */
		struct str word = str_sub(comment, at + 2, comment.n);
		return arena_lower(a, str_sub(word, 0, str_find_char(word, ' ', 0)));
	}
	return STR_NONE;
}

/* What the domain asks for, in the ways of OpenDMARC and Google, of Exchange ("oreject": overridden), and of others. */
static struct str policy_of(struct arena *a, const struct authres_method *m)
{
	static const struct {
		const char *action, *policy;
	} actions[] = { { "reject", "reject" },
			{ "oreject", "reject" },
			{ "quarantine", "quarantine" },
			{ "oquarantine", "quarantine" } };
	struct str policy = policy_in(a, m->comment), action = authres_property(m, STR(""), STR("action"));

	if (policy.n == 0)
		policy = arena_lower(a, authres_property(m, STR("policy"), STR("published-domain-policy")));
	for (size_t i = 0; i < ARRAY_LEN(actions) && policy.n == 0; i++)
		if (str_eq_nocase(action, str_of(actions[i].action)))
			policy = str_of(actions[i].policy);
	return policy;
}

static struct str domain_of(struct arena *a, struct str address)
{
	size_t at = str_rfind_char(address, '@');

	return domain_fold(a, at == SIZE_MAX ? address : str_sub(address, at + 1, address.n));
}

/* The best of several signatures counts: none < error < fail < neutral < pass. */
static int worth(enum auth_result r)
{
	static const int worths[] = {
		[AUTH_NONE] = 0, [AUTH_ERROR] = 1, [AUTH_FAIL] = 2, [AUTH_NEUTRAL] = 3, [AUTH_PASS] = 4,
	};

	return worths[r];
}

static void take_spf(struct arena *a, const struct authres_method *m, struct proof *out)
{
	out->spf = result_of(m->result);
	out->spf_text = m->result;
	out->spf_domain = domain_of(a, authres_property(m, STR("smtp"), STR("mailfrom")));
	out->envelope_proved = out->spf == AUTH_PASS && out->spf_domain.n > 0;
	if (str_eq(m->result, STR("temperror")))
		ARENA_PUSH(a, &out->unanswered, out->spf_domain);
}

static void take_dkim(struct arena *a, const struct authres_method *m, struct proof *out)
{
	enum auth_result r = result_of(m->result);
	struct str domain = authres_property(m, STR("header"), STR("d"));

	if (domain.n == 0)
		domain = authres_property(m, STR("header"), STR("i"));
	if (r == AUTH_PASS && domain.n > 0)
		ARENA_PUSH(a, &out->dkim_domains, domain_of(a, domain));
	else if (str_eq(m->result, STR("temperror")))
		ARENA_PUSH(a, &out->unanswered, domain_of(a, domain));
	if (out->dkim_text.n == 0 || worth(r) > worth(out->dkim)) {
		out->dkim = r;
		out->dkim_text = m->result;
	}
}

/*
 * A pass is for the domain it names: where that is not the one we read in From, it speaks of another sender than the
 * recipient will see, and says nothing here.
 */
static void take_dmarc(struct arena *a, const struct authres_method *m, struct str from_domain,
		       struct proof *out)
{
	struct str domain = domain_of(a, authres_property(m, STR("header"), STR("from")));
	enum auth_result r = result_of(m->result);

	if (r == AUTH_PASS && (domain.n == 0 || !str_eq(domain, from_domain)))
		return;
	out->dmarc = r;
	out->dmarc_text = m->result;
	out->dmarc_domain = domain;
	out->dmarc_policy = policy_of(a, m);
}

/* The first result of a method counts; of DKIM, whose signatures are several, the best. */
static void take_field(struct arena *a, const struct authres *field, struct str from_domain,
		       struct proof *out)
{
	for (size_t i = 0; i < field->methods.n; i++) {
		const struct authres_method *m = &field->methods.v[i];
		if (str_eq(m->method, STR("spf")) && out->spf_text.n == 0)
			take_spf(a, m, out);
		else if (str_eq(m->method, STR("dkim")))
			take_dkim(a, m, out);
		else if (str_eq(m->method, STR("dmarc")) && out->dmarc_text.n == 0)
			take_dmarc(a, m, from_domain, out);
	}
	out->checked = out->complete = field->methods.n > 0;
	out->any_pass = out->spf == AUTH_PASS || out->dkim == AUTH_PASS || out->dmarc == AUTH_PASS;
	out->comment = ARENA_JOIN(a, STR("as "), field->authserv_id, STR(" found it"));
}

bool claims_believe(struct arena *a, const struct headers *headers, const struct strs *ids,
		    struct str from_domain, struct proof *out)
{
	for (size_t i = 0; i < headers->n; i++) {
		struct authres field;
		if (!str_eq_nocase(headers->v[i].name, STR("Authentication-Results")) ||
		    authres_parse(a, headers->v[i].value, &field) != OK || !bears_any(&field, ids))
			continue;
		take_field(a, &field, from_domain, out);
		return true;
	}
	return false;
}

static bool found_pass(struct arena *a, const struct authres *r, struct str from_domain)
{
	for (size_t i = 0; i < r->methods.n; i++) {
		const struct authres_method *m = &r->methods.v[i];
		if (str_eq(m->method, STR("dmarc")))
			return result_of(m->result) == AUTH_PASS &&
			       str_eq(domain_of(a, authres_property(m, STR("header"), STR("from"))),
				      from_domain);
	}
	return false;
}

bool claims_vouched(struct arena *a, const struct arc *arc, const struct strs *ids, struct str from_domain,
		    struct str *by_out)
{
	for (size_t i = arc->result == ARC_PASS && from_domain.n > 0 ? arc->sets.n : 0; i-- > 0;) {
		struct str sealer = domain_fold(a, arc->sets.v[i].sealer);
		struct authres r;
		/* What was changed behind a host is not what it saw. */
		if (i + 1 < arc->oldest_pass || authres_parse(a, arc->sets.v[i].results, &r) != OK ||
		    !bears_any(&r, ids))
			continue;
		/* Anybody may write its name; the seal is its own. */
		struct str id = domain_fold(a, r.authserv_id);
		if (!domain_is_within(id, sealer) || !domain_same_owner(a, id, sealer) ||
		    !found_pass(a, &r, from_domain))
			continue;
		*by_out = sealer;
		return true;
	}
	return false;
}
