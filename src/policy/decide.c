/*
 * From the facts of one mail to what the policies of the account say of it.
 *
 * Which fact a pattern is compared with, and whether that fact is proved, is one table: `facets`. Reply-To
 * and the HELO name are the sender's to choose, so they never prove anything, and an allow literal never sees
 * them.
 */
#include "policy/internal.h"

#include "base/arena.h"
#include "base/domain.h"
#include "base/utf8.h"

/* One fact of the mail, in the forms patterns are compared with. */
struct facet {
	const char *name;      /* as policy_match.field says it */
	struct str value;      /* as written */
	struct str domain;     /* of an address, or the server name; as written */
	unsigned literal_uses; /* uses for which a literal pattern sees this fact */
	bool is_address;
	bool proved; /* enough for verify_sender */
};

struct work {
	struct arena *arena;
	const struct policy *policy;
	struct policy_decision *out;
	struct regex_matcher matcher;
};

static void note(struct policy_match *m, const struct rule *r, const struct facet *f)
{
	if (m->pattern.n > 0)
		return;
	*m = (struct policy_match){ r->pattern, str_of(f->name), f->value };
}

static void rule_hit(struct work *w, const struct rule *r, const struct facet *f, unsigned uses)
{
	bool counts = !r->verify || f->proved;

	uses &= r->uses;
	if (uses & USE_BLOCK)
		note(&w->out->blocked, r, f);
	if ((uses & USE_TRUST) && counts)
		note(&w->out->trusted, r, f);
	if ((uses & USE_ACCEPT) && counts)
		note(&w->out->acceptable, r, f);
}

static void ask_literals(struct work *w, const struct facet *f, struct str key)
{
	for (const struct rule *r = rule_find(w->policy, key); r; r = rule_next(r, key))
		rule_hit(w, r, f, f->literal_uses);
}

static void ask_address(struct work *w, const struct facet *f)
{
	ask_literals(w, f, email_key(w->arena, f->value));
	ask_literals(w, f, domain_key(w->arena, domain_fold(w->arena, f->domain)));
}

static void ask_ip(struct work *w, const struct facet *f, struct ip ip)
{
	const bool *bits = ip.family == 4 ? w->policy->bits4 : w->policy->bits6;
	unsigned most = ip.family == 4 ? 32 : 128;

	for (unsigned n = most + 1; n-- > 0;) /* the narrowest block first */
		if (bits[n])
			ask_literals(w, f, ip_key(w->arena, &ip, n));
}

/*
 * What an expression is compared with, put together once for all expressions of the account. An
 * internationalised name may be written either way: an expression sees it as written and in A-labels.
 */
struct subject {
	struct str written, folded; /* valid UTF-8; folded is "" where it differs from written in case only */
};

static struct subject subject_of(struct arena *a, struct str value)
{
	struct subject s = { .written = utf8_clean(a, value) };
	struct str domain = address_domain(value);
	size_t head = domain.n > 0 ? value.n - domain.n : 0;

	domain = domain_fold(a, head ? domain : value);
	s.folded = arena_printf(a, "%.*s%.*s", STR_ARG(str_sub(s.written, 0, head)), STR_ARG(domain));
	if (str_eq_nocase(s.folded, s.written) || !utf8_is_valid(s.folded))
		s.folded = STR_NONE;
	return s;
}

static bool regex_sees(struct work *w, const struct rule *r, const struct subject *s)
{
	return (s->written.n > 0 && regex_matches(&w->matcher, r->code, s->written)) ||
	       (s->folded.n > 0 && regex_matches(&w->matcher, r->code, s->folded));
}

/* The type of an expression narrows the facts it sees. */
static bool regex_is_for(const struct rule *r, const struct facet *f)
{
	if (r->type == PATTERN_EMAIL)
		return f->is_address;
	return r->type == PATTERN_DOMAIN ? f->domain.n > 0 : !f->is_address && f->domain.n == 0;
}

static void ask_regexes(struct work *w, const struct facet *facets, size_t n)
{
	struct subject *whole = ARENA_ARRAY(w->arena, n, struct subject);
	struct subject *domain = ARENA_ARRAY(w->arena, n, struct subject);

	for (size_t i = 0; i < n; i++) {
		whole[i] = subject_of(w->arena, facets[i].value);
		domain[i] = subject_of(w->arena, facets[i].domain);
	}
	for (size_t k = 0; k < w->policy->regexes.n; k++) {
		const struct rule *r = w->policy->regexes.v[k];
		for (size_t i = 0; i < n; i++)
			if (regex_is_for(r, &facets[i]) &&
			    regex_sees(w, r, r->type == PATTERN_DOMAIN ? &domain[i] : &whole[i]))
				rule_hit(w, r, &facets[i], USE_BLOCK | USE_TRUST | USE_ACCEPT);
	}
}

/* Pattern of the first exemption of this recipient; empty = none. */
static struct str exemption_of(struct work *w, struct str recipient)
{
	const struct policy *p = w->policy;
	struct str key = email_key(w->arena, recipient);

	for (const struct rule *r = rule_find(p, key); r; r = rule_next(r, key))
		if (r->uses & USE_EXEMPT)
			return r->pattern;
	if (p->regexes.n == 0)
		return STR_NONE;
	struct subject whole = subject_of(w->arena, recipient);
	struct subject domain = subject_of(w->arena, address_domain(recipient));
	for (size_t i = 0; i < p->regexes.n; i++) {
		const struct rule *r = p->regexes.v[i];
		if ((r->uses & USE_EXEMPT) && r->type != PATTERN_IP &&
		    regex_sees(w, r, r->type == PATTERN_EMAIL ? &whole : &domain))
			return r->pattern;
	}
	return STR_NONE;
}

/* Exempt are addresses and expressions; verify_sender has no meaning for a recipient. */
static void ask_recipient(struct work *w, size_t index, struct str recipient)
{
	struct str pattern = exemption_of(w, recipient);

	if (pattern.n == 0)
		return;
	w->out->exempt.v =
	    arena_grow(w->arena, w->out->exempt.v, w->out->exempt.n, sizeof(*w->out->exempt.v));
	w->out->exempt.v[w->out->exempt.n].recipient = index;
	w->out->exempt.v[w->out->exempt.n].pattern = pattern;
	w->out->exempt.n++;
}

void policy_decide(struct arena *a, const struct policy *p, const struct policy_facts *facts,
		   struct policy_decision *out)
{
	const unsigned all = USE_BLOCK | USE_TRUST | USE_ACCEPT;
	char text[IP_TEXT_MAX];
	struct ip ip = ip_unmap(facts->client_ip);
	struct str address = ip.family ? arena_str(a, ip_text(&ip, text)) : STR_NONE;
	const struct facet facets[] = {
		{ "envelope_from", facts->envelope_from, address_domain(facts->envelope_from), all, true,
		  facts->envelope_proved },
		{ "from", facts->header_from, address_domain(facts->header_from), all, true,
		  facts->header_proved },
		{ "reply_to", facts->reply_to, address_domain(facts->reply_to), USE_BLOCK, true, false },
		{ "ip", address, STR_NONE, all, false, facts->any_pass },
		{ "helo", facts->server_name, facts->server_name, 0, false, false },
	};
	struct work w = { .arena = a, .policy = p, .out = out };

	*out = (struct policy_decision){ 0 };
	if (!p)
		return;
	regex_matcher_open(&w.matcher);
	for (size_t i = 0; i < ARRAY_LEN(facets); i++) {
		const struct facet *f = &facets[i];
		if (f->value.n == 0)
			continue;
		if (f->is_address)
			ask_address(&w, f);
		else if (f->domain.n == 0)
			ask_ip(&w, f, ip);
	}
	ask_regexes(&w, facets, ARRAY_LEN(facets));
	for (size_t i = 0; i < facts->recipients.n; i++)
		ask_recipient(&w, i, facts->recipients.v[i]);
	out->gave_up = w.matcher.gave_up;
	regex_matcher_close(&w.matcher);
}
