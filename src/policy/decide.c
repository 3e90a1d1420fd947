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
	if ((uses & (USE_TRUST | USE_ACCEPT)) && !counts)
		note(&w->out->unproved, r, f);
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

/* A list by type: each set has its asker. */
struct rule_asker {
	struct expressions_steps steps;
	struct expressions_asker *askers[TYPES];
	const struct rule_set *sets;
};

static void rule_asker_open(struct work *w, const struct rule_set *sets, struct rule_asker *out)
{
	*out = (struct rule_asker){ .steps = { STEPS_LIKELY, STEPS_OTHERS, 0 }, .sets = sets };
	for (size_t type = 0; type < TYPES; type++)
		out->askers[type] = expressions_asker_new(w->arena, sets[type].expressions, &out->steps);
}

struct rules {
	const struct rule **v; /* in the order given */
	size_t n;
	size_t unfinished;
};

/* Rules of one type that match either form. */
static struct rules ask_rules(struct work *w, struct rule_asker *k, int type, const struct subject *s)
{
	const struct str forms[] = { s->written, s->folded };
	struct rules out = { 0 };

	for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
		struct expressions_answer answer;
		if (forms[i].n == 0)
			continue;
		expressions_ask(k->askers[type], forms[i], &answer);
		for (size_t h = 0; h < answer.hits.n; h++)
			ARENA_PUSH(w->arena, &out, k->sets[type].rules.v[answer.hits.v[h]]);
		out.unfinished += answer.unfinished;
	}
	w->out->gave_up += out.unfinished;
	return out;
}

/* The type of an expression narrows the facts it sees. */
static int type_for(const struct facet *f, bool of_domain)
{
	if (of_domain)
		return f->domain.n > 0 ? PATTERN_DOMAIN : -1;
	if (f->is_address)
		return PATTERN_EMAIL;
	return f->domain.n == 0 ? PATTERN_IP : -1;
}

static bool has_any(const struct rule_set *sets)
{
	size_t n = 0;

	for (size_t type = 0; type < TYPES; type++)
		n += expressions_count(sets[type].expressions);
	return n > 0;
}

/* Fact by fact, the main ones first: what the others cost must not be at the expense of those. */
static void ask_expressions(struct work *w, const struct facets *facets, const struct rule_set *sets,
			    unsigned uses)
{
	struct rule_asker k;

	if (!has_any(sets))
		return;
	rule_asker_open(w, sets, &k);
	for (size_t i = 0; i < facets->n; i++) {
		const struct facet *f = &facets->v[i];
		for (unsigned of_domain = 0; of_domain < 2 && (f->regex_uses & uses); of_domain++) {
			int type = type_for(f, of_domain);
			if (type < 0 || !sets[type].expressions)
				continue;
			struct subject s = subject_of(w->arena, of_domain ? f->domain : f->value);
			struct rules found = ask_rules(w, &k, type, &s);
			for (size_t r = 0; r < found.n; r++)
				rule_hit(w, found.v[r], f, f->regex_uses & uses);
			w->out->unfinished |= found.unfinished > 0 && (uses & USE_BLOCK);
		}
	}
}

/* Pattern of the first exemption of this recipient; empty = none. */
static struct str exemption_of(struct work *w, struct rule_asker *k, struct str recipient)
{
	const struct policy *p = w->policy;
	struct str key = email_key(w->arena, recipient);

	for (const struct rule *r = rule_find(p, key); r; r = rule_next(r, key))
		if (r->uses & USE_EXEMPT)
			return r->pattern;
	for (int type = PATTERN_EMAIL; type <= PATTERN_DOMAIN; type++) {
		if (!p->exempt[type].expressions)
			continue;
		struct subject s =
		    subject_of(w->arena, type == PATTERN_EMAIL ? recipient : domain_of_address(recipient));
		struct rules found = ask_rules(w, k, type, &s);
		if (found.n > 0)
			return found.v[0]->pattern;
	}
	return STR_NONE;
}

/* Exempt are addresses and expressions; verify_sender has no meaning for a recipient. */
static void ask_recipient(struct work *w, struct rule_asker *k, size_t index, struct str recipient)
{
	struct str pattern = exemption_of(w, k, recipient);

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
	struct rule_asker exempt;
	struct facets facets = facets_of(&w, facts);
	for (size_t i = 0; i < facets.n; i++) {
		const struct facet *f = &facets.v[i];
		if (f->is_address)
			ask_address(&w, f);
		else if (f->domain.n == 0)
			ask_ip(&w, f, ip_unmap(facts->client_ip));
	}
	ask_expressions(&w, &facets, p->block, USE_BLOCK);
	ask_expressions(&w, &facets, p->allow, USE_TRUST | USE_ACCEPT);
	/* With steps of their own: whom a mail is for must not depend on how many it names as its senders. */
	rule_asker_open(&w, p->exempt, &exempt);
	for (size_t i = 0; i < facts->recipients.n; i++)
		ask_recipient(&w, &exempt, i, facts->recipients.v[i]);
}
