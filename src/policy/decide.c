/*
 * From the facts of one mail to what the policies of the account say of it.
 *
 * Which fact a pattern is compared with, and whether that fact is proved, stands in one place: facets_of(). Reply-To
 * and the HELO name are the sender's to choose, so they never prove anything, and an allow literal never sees
 * them.
 */
#include "policy/internal.h"

#include "base/arena.h"
#include "base/domain.h"
#include "base/limits.h"
#include "base/utf8.h"

/* One fact of the mail, in the forms patterns are compared with. */
struct facet {
	const char *name;      /* as policy_match.field says it */
	struct str value;      /* as written */
	struct str domain;     /* of an address, or the server name; as written */
	unsigned literal_uses; /* uses for which a literal pattern sees this fact */
	unsigned regex_uses;   /* and an expression */
	bool is_address;
	bool proved; /* enough for verify_sender */
};

struct facets {
	struct facet *v;
	size_t n;
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

/* The end of a value, without the rest of a character that was cut. */
static struct str last_bytes(struct str s, size_t max)
{
	size_t from = s.n > max ? s.n - max : 0;

	while (from > 0 && from < s.n && ((unsigned char)s.p[from] & 0xc0) == 0x80)
		from++;
	return str_sub(s, from, s.n);
}

static struct subject subject_of(struct arena *a, struct str value)
{
	value = last_bytes(utf8_clean(a, value), LIMIT_ADDRESS);
	struct subject s = { .written = value };
	struct str domain = domain_of_address(value);
	size_t head = domain.n > 0 ? value.n - domain.n : 0;

	domain = domain_fold(a, head ? domain : value);
	s.folded = ARENA_JOIN(a, str_sub(value, 0, head), domain);
	if (str_eq_nocase(s.folded, value) || !utf8_is_valid(s.folded))
		s.folded = STR_NONE;
	return s;
}

static enum regex_answer ask_regex(struct work *w, const struct rule *r, const struct subject *s)
{
	const struct str forms[] = { s->written, s->folded };
	enum regex_answer answer = REGEX_DIFFERS;

	for (size_t i = 0; i < ARRAY_LEN(forms) && answer != REGEX_MATCHES; i++) {
		enum regex_answer one =
		    forms[i].n ? regex_ask(&w->matcher, r->code, forms[i]) : REGEX_DIFFERS;
		w->out->gave_up += one == REGEX_GAVE_UP;
		if (one != REGEX_DIFFERS)
			answer = one;
	}
	return answer;
}

/* The type of an expression narrows the facts it sees. */
static bool regex_is_for(const struct rule *r, const struct facet *f)
{
	if (r->type == PATTERN_EMAIL)
		return f->is_address;
	return r->type == PATTERN_DOMAIN ? f->domain.n > 0 : !f->is_address && f->domain.n == 0;
}

/* Fact by fact, the main ones first: what the others cost must not be at the expense of those. */
static void ask_regexes(struct work *w, const struct facets *facets)
{
	for (size_t i = 0; i < facets->n && w->policy->regexes.n > 0; i++) {
		const struct facet *f = &facets->v[i];
		struct subject whole = subject_of(w->arena, f->value);
		struct subject domain = subject_of(w->arena, f->domain);
		for (size_t k = 0; k < w->policy->regexes.n; k++) {
			const struct rule *r = w->policy->regexes.v[k];
			if (!(r->uses & f->regex_uses) || !regex_is_for(r, f))
				continue;
			switch (ask_regex(w, r, r->type == PATTERN_DOMAIN ? &domain : &whole)) {
			case REGEX_MATCHES:
				rule_hit(w, r, f, f->regex_uses);
				break;
			case REGEX_GAVE_UP:
				w->out->unfinished = w->out->unfinished || (r->uses & USE_BLOCK);
				break;
			case REGEX_DIFFERS:
				break;
			}
		}
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
	struct subject domain = subject_of(w->arena, domain_of_address(recipient));
	for (size_t i = 0; i < p->regexes.n; i++) {
		const struct rule *r = p->regexes.v[i];
		if ((r->uses & USE_EXEMPT) && r->type != PATTERN_IP &&
		    ask_regex(w, r, r->type == PATTERN_EMAIL ? &whole : &domain) == REGEX_MATCHES)
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

static void add(struct work *w, struct facets *list, struct facet f)
{
	if (f.is_address && f.value.n > LIMIT_ADDRESS) {
		f.literal_uses &= USE_BLOCK;
		f.regex_uses &= USE_BLOCK;
	}
	if (f.value.n > 0)
		ARENA_PUSH(w->arena, list, f);
}

static struct facets facets_of(struct work *w, const struct policy_facts *facts)
{
	const unsigned all = USE_BLOCK | USE_TRUST | USE_ACCEPT;
	const unsigned by_host = facts->host_is_guess ? USE_BLOCK : all;
	char text[IP_TEXT_MAX];
	struct ip ip = ip_unmap(facts->client_ip);
	struct str address = ip.family ? arena_str(w->arena, ip_text(&ip, text)) : STR_NONE;
	const struct facet single[] = {
		{ "envelope_from", facts->envelope_from, domain_of_address(facts->envelope_from), all, all,
		  true, facts->envelope_proved },
		{ "from", facts->header_from, domain_of_address(facts->header_from), all, all, true,
		  facts->header_proved },
		{ "reply_to", facts->reply_to, domain_of_address(facts->reply_to), USE_BLOCK, all, true,
		  false },
		{ "ip", address, STR_NONE, by_host, by_host, false, facts->any_pass },
		{ "helo", facts->server_name, facts->server_name, 0, by_host, false, false },
	};
	struct facets list = { 0 };

	for (size_t i = 0; i < ARRAY_LEN(single); i++)
		add(w, &list, single[i]);
	for (size_t i = 0; i < facts->others.n; i++) {
		const struct policy_mailbox *m = &facts->others.v[i];
		add(w, &list,
		    (struct facet){ m->field, m->address, domain_of_address(m->address), USE_BLOCK, USE_BLOCK,
				    true, false });
	}
	return list;
}

void policy_decide(struct arena *a, const struct policy *p, const struct policy_facts *facts,
		   struct policy_decision *out)
{
	struct work w = { .arena = a, .policy = p, .out = out };

	*out = (struct policy_decision){ 0 };
	if (!p)
		return;
	regex_matcher_open(&w.matcher);
	struct facets facets = facets_of(&w, facts);
	for (size_t i = 0; i < facets.n; i++) {
		const struct facet *f = &facets.v[i];
		if (f->is_address)
			ask_address(&w, f);
		else if (f->domain.n == 0)
			ask_ip(&w, f, ip_unmap(facts->client_ip));
	}
	ask_regexes(&w, &facets);
	regex_matcher_next(&w.matcher);
	for (size_t i = 0; i < facts->recipients.n; i++)
		ask_recipient(&w, i, facts->recipients.v[i]);
	regex_matcher_close(&w.matcher);
}
