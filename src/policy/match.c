/*
 * The compiled policy of an account: one hash table of literals, sets of regular expressions, the addresses of the
 * impersonation registry, and the prefix lengths in use. Built once per revision, read only afterwards.
 */
#include "policy/internal.h"

#include "base/arena.h"
#include "base/domain.h"
#include "base/hash.h"
#include "base/limits.h"

FIELDS_DEFINE(policy_source, POLICY_SOURCE);

/* A fixed key: the patterns come from the account's own administrators, limited to 10,000 each. */
static const unsigned char slot_key[16] = { 'p', 'o', 'l', 'i', 'c', 'y' };

static size_t slot_of(const struct policy *p, struct str key)
{
	return hash_sip(slot_key, key) & (p->n_slots - 1);
}

static void add_literal(struct policy *p, struct rule *r)
{
	/* Behind its equals, so that the first given is the first found. */
	struct rule **at = &p->slots[slot_of(p, r->key)];

	while (*at)
		at = &(*at)->next;
	*at = r;
}

/* The store lets nobody write more than there is room for; what came in otherwise must not starve the others. */
static bool add_expression(struct policy *p, struct expressions **x, enum expressions_kind kind,
			   struct str pattern, size_t tag, enum list list)
{
	if (!*x)
		*x = expressions_new(kind);
	return expressions_add(*x, pattern, (uint32_t)tag, &p->room[list], NULL) == OK;
}

static void add_to_set(struct arena *a, struct policy *p, struct rule_set *set, struct rule *r,
		       enum list list)
{
	if (add_expression(p, &set->expressions, EXPRESSIONS_WHOLE, r->pattern, set->rules.n, list))
		ARENA_PUSH(a, &set->rules, r);
	else
		p->skipped++;
}

static void add_rule(struct arena *a, struct policy *p, struct rule *r, bool is_regex)
{
	struct ip_block block;

	if (is_regex && r->type >= 0 && r->type < TYPES) {
		if (r->uses & USE_BLOCK)
			add_to_set(a, p, &p->block[r->type], r, LIST_BLOCK);
		if (r->uses & (USE_TRUST | USE_ACCEPT))
			add_to_set(a, p, &p->allow[r->type], r, LIST_ALLOW);
		if (r->uses & USE_EXEMPT)
			add_to_set(a, p, &p->exempt[r->type], r, LIST_EXEMPT);
		return;
	}
	if (literal_key(a, r->pattern, r->type, &r->key, &block, NULL) != OK) {
		p->skipped++;
		return;
	}
	if (r->type == PATTERN_IP && block.ip.family == 4)
		p->bits4[block.bits] = true;
	else if (r->type == PATTERN_IP)
		p->bits6[block.bits] = true;
	add_literal(p, r);
}

static void add_block(struct arena *a, struct policy *p, const struct block_sender_list *list)
{
	for (size_t i = 0; i < list->n; i++) {
		const struct block_sender *b = &list->v[i];
		struct rule *r = ARENA_NEW(a, struct rule);
		*r = (struct rule){ .pattern = b->pattern, .type = b->pattern_type, .uses = USE_BLOCK };
		add_rule(a, p, r, b->is_regex);
	}
}

static void add_allow(struct arena *a, struct policy *p, const struct allow_policy_list *list)
{
	for (size_t i = 0; i < list->n; i++) {
		const struct allow_policy *l = &list->v[i];
		struct rule *r = ARENA_NEW(a, struct rule);
		*r = (struct rule){ .pattern = l->pattern,
				    .type = l->pattern_type,
				    .verify = l->verify_sender };
		r->uses = (l->is_trusted_sender ? USE_TRUST : 0u) |
			  (l->is_acceptable_sender ? USE_ACCEPT : 0u) |
			  (l->is_exempt_recipient ? USE_EXEMPT : 0u);
		add_rule(a, p, r, l->is_regex);
	}
}

static void add_trusted(struct arena *a, struct policy *p, const struct trusted_domain_list *list)
{
	for (size_t i = 0; i < list->n; i++) {
		const struct trusted_domain *t = &list->v[i];
		struct rule *r = ARENA_NEW(a, struct rule);
		struct str folded;
		*r = (struct rule){ .pattern = t->pattern, .type = PATTERN_DOMAIN };
		r->uses = (t->is_recent ? USE_RECENT : 0u) | (t->is_similarity ? USE_SIMILARITY : 0u);
		if (t->is_regex) {
			add_to_set(a, p, &p->trusted, r, LIST_TRUSTED);
		} else if (domain_to_ascii(a, str_trim(t->pattern), &folded) == OK) {
			r->key = trusted_key(a, folded);
			add_literal(p, r);
		} else {
			p->skipped++;
		}
	}
}

static void add_content(struct policy *p, const struct content_policy_list *list)
{
	p->content = *list;
	for (size_t i = 0; i < list->n; i++) {
		const struct content_policy *c = &list->v[i];
		bool all = true;
		for (size_t k = 0; k < c->targets.n && c->enabled; k++) {
			int target = c->targets.v[k];
			all = target >= 0 && target < TARGETS &&
			      add_expression(p, &p->content_in[target], EXPRESSIONS_SEARCHED, c->pattern, i,
					     LIST_CONTENT) &&
			      all;
		}
		p->skipped += !all;
	}
}

/* ---- addresses of the impersonation registry ---- */

static void own(struct arena *a, struct policy *p, struct str address, size_t entry)
{
	struct arena_mark mark = arena_mark(a);

	p->owned.v[p->owned.n++] =
	    (struct owned){ .hash = owned_hash(email_key(a, address)), .entry = (uint32_t)entry };
	arena_rewind(a, mark);
}

static struct str listed(const struct impersonation *e)
{
	return e->is_email_regex ? STR_NONE : e->email;
}

/* There may be millions: they are counted first, and get just the room they take. */
static void own_all(struct arena *a, struct policy *p)
{
	size_t n = 0;

	for (size_t i = 0; i < p->registry.n; i++)
		for (struct str rest = listed(&p->registry.v[i]); rest.n > 0; n++)
			policy_impersonation_address(&rest);
	p->owned.v = ARENA_ARRAY(a, n, struct owned);
	for (size_t i = 0; i < p->registry.n; i++)
		for (struct str rest = listed(&p->registry.v[i]); rest.n > 0;)
			own(a, p, policy_impersonation_address(&rest), i);
}

static void make_owned_slots(struct arena *a, struct policy *p)
{
	for (p->n_owned_slots = 16; p->n_owned_slots < p->owned.n;)
		p->n_owned_slots *= 2;
	p->owned_slots = ARENA_ARRAY(a, p->n_owned_slots, uint32_t);
	for (size_t i = p->owned.n; i-- > 0;) {
		uint32_t *slot = &p->owned_slots[p->owned.v[i].hash & (p->n_owned_slots - 1)];
		p->owned.v[i].next = *slot;
		*slot = (uint32_t)i + 1;
	}
}

static void add_registry(struct arena *a, struct policy *p, const struct impersonation_list *list)
{
	struct str *names = ARENA_ARRAY(a, list->n, struct str);

	p->registry = *list;
	for (size_t i = 0; i < list->n; i++) {
		const struct impersonation *e = &list->v[i];
		names[i] = e->name;
		if (e->is_email_regex &&
		    !add_expression(p, &p->owners, EXPRESSIONS_WHOLE, e->email, i, LIST_IMPERSONATION))
			p->skipped++;
	}
	own_all(a, p);
	make_owned_slots(a, p);
	p->names = name_index_new(a, names, list->n);
}

static void add_ignored_urls(struct policy *p, const struct url_ignore_list *list)
{
	for (size_t i = 0; i < list->n; i++)
		if (!add_expression(p, &p->ignored_urls, EXPRESSIONS_WHOLE, list->v[i].pattern, i, LIST_URLS))
			p->skipped++;
}

/* ---- the whole ---- */

/* Does `what` with every set of expressions there may be. */
typedef void set_fn(struct expressions **x);

static void with_sets(struct policy *p, set_fn *what)
{
	struct rule_set *const by_type[] = { p->block, p->allow, p->exempt };

	for (size_t i = 0; i < ARRAY_LEN(by_type); i++)
		for (size_t type = 0; type < TYPES; type++)
			what(&by_type[i][type].expressions);
	for (size_t i = 0; i < TARGETS; i++)
		what(&p->content_in[i]);
	what(&p->trusted.expressions);
	what(&p->owners);
	what(&p->ignored_urls);
}

static void make_ready(struct expressions **x)
{
	if (*x)
		expressions_ready(*x);
}

struct policy *policy_compile(struct arena *a, const struct policy_source *source)
{
	struct policy *p = ARENA_NEW(a, struct policy);
	size_t rules = source->allow.n + source->block.n + source->trusted.n;

	p->rev = source->rev;
	for (size_t i = 0; i < LISTS; i++)
		p->room[i] = LIMIT_POLICY_CODE;
	for (p->n_slots = 16; p->n_slots < rules * 2;)
		p->n_slots *= 2;
	p->slots = ARENA_ARRAY(a, p->n_slots, struct rule *);
	add_block(a, p, &source->block);
	add_allow(a, p, &source->allow);
	add_trusted(a, p, &source->trusted);
	add_content(p, &source->content);
	add_registry(a, p, &source->impersonation);
	p->domains = source->domains;
	p->domain_names = domain_names_of(a, &source->domains);
	add_ignored_urls(p, &source->url_ignore);
	p->text_add_ons = source->text_add_ons;
	p->link_actions = source->link_actions;
	p->corrections = corrections_new(a, &source->corrections);
	if (source->detection)
		p->detection = *source->detection;
	detection_settings_complete(&p->detection);
	with_sets(p, make_ready);
	return p;
}

void policy_free(struct policy **p)
{
	if (!*p)
		return;
	with_sets(*p, expressions_free);
	*p = NULL;
}

int64_t policy_rev(const struct policy *p)
{
	return p ? p->rev : 0;
}

size_t policy_skipped(const struct policy *p)
{
	return p ? p->skipped : 0;
}

const struct detection_settings *policy_detection(const struct policy *p)
{
	return p ? &p->detection : &detection_settings_default;
}

static const struct rule *same_key(const struct rule *r, struct str key)
{
	while (r && !str_eq(r->key, key))
		r = r->next;
	return r;
}

const struct rule *rule_find(const struct policy *p, struct str key)
{
	return same_key(p->slots[slot_of(p, key)], key);
}

const struct rule *rule_next(const struct rule *r, struct str key)
{
	return same_key(r->next, key);
}
