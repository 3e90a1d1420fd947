/*
 * The compiled policy of an account: one hash table of literals, a list of regular expressions, and the
 * prefix lengths in use. Built once per revision, read only afterwards.
 */
#include "policy/internal.h"

#include "base/arena.h"
#include "base/hash.h"
#include "base/limits.h"

FIELDS_DEFINE(policy_source, POLICY_SOURCE);

/* A fixed key: the patterns come from the account's own administrators, limited to 10,000. */
static const unsigned char slot_key[16] = { 'p', 'o', 'l', 'i', 'c', 'y' };

static size_t slot_of(const struct policy *p, struct str key)
{
	return hash_sip(slot_key, key) & (p->n_slots - 1);
}

/* The store lets nobody write more than there is room for; what came in otherwise must not starve the others. */
static void add_regex(struct arena *a, struct policy *p, struct rule *r)
{
	struct errbuf eb;

	if (regex_compile(r->pattern, &r->code, &eb) != OK) {
		p->skipped++;
		return;
	}
	size_t size = regex_size(r->code);
	if (size > LIMIT_POLICY_CODE - p->code) {
		pcre2_code_free(r->code);
		r->code = NULL;
		p->skipped++;
		return;
	}
	p->code += size;
	ARENA_PUSH(a, &p->regexes, r);
}

static void rule_add(struct arena *a, struct policy *p, struct rule *r, bool is_regex)
{
	struct ip_block block;
	struct errbuf eb;

	if (is_regex) {
		add_regex(a, p, r);
		return;
	}
	if (literal_key(a, r->pattern, r->type, &r->key, &block, &eb) != OK) {
		p->skipped++;
		return;
	}
	if (r->type == PATTERN_IP && block.ip.family == 4)
		p->bits4[block.bits] = true;
	else if (r->type == PATTERN_IP)
		p->bits6[block.bits] = true;
	/* Behind its equals, so that the first given is the first found. */
	struct rule **at = &p->slots[slot_of(p, r->key)];
	while (*at)
		at = &(*at)->next;
	*at = r;
}

struct policy *policy_compile(struct arena *a, const struct policy_source *source)
{
	struct policy *p = ARENA_NEW(a, struct policy);
	size_t rules = source->allow.n + source->block.n;

	p->rev = source->rev;
	for (p->n_slots = 16; p->n_slots < rules * 2;)
		p->n_slots *= 2;
	p->slots = ARENA_ARRAY(a, p->n_slots, struct rule *);
	for (size_t i = 0; i < source->block.n; i++) {
		const struct block_sender *b = &source->block.v[i];
		struct rule *r = ARENA_NEW(a, struct rule);
		*r = (struct rule){ .pattern = b->pattern, .type = b->pattern_type, .uses = USE_BLOCK };
		rule_add(a, p, r, b->is_regex);
	}
	for (size_t i = 0; i < source->allow.n; i++) {
		const struct allow_policy *l = &source->allow.v[i];
		struct rule *r = ARENA_NEW(a, struct rule);
		*r = (struct rule){ .pattern = l->pattern,
				    .type = l->pattern_type,
				    .verify = l->verify_sender };
		r->uses = (l->is_trusted_sender ? USE_TRUST : 0u) |
			  (l->is_acceptable_sender ? USE_ACCEPT : 0u) |
			  (l->is_exempt_recipient ? USE_EXEMPT : 0u);
		rule_add(a, p, r, l->is_regex);
	}
	return p;
}

void policy_free(struct policy **p)
{
	if (!*p)
		return;
	for (size_t i = 0; i < (*p)->regexes.n; i++)
		pcre2_code_free((*p)->regexes.v[i]->code);
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
