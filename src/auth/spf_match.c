/*
 * The mechanisms of SPF (RFC 7208 §5): whether one term matches the client, and what it asks of DNS.
 *
 * Void look-ups (RFC 7208 §4.6.4) are counted by term: the query a term stands for, not those for the hosts
 * an MX or PTR answer names. Counted the other way, a domain with three IPv4-only MX hosts would be in error
 * for every client that comes by IPv6.
 */
#include "auth/spf_match.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/domain.h"

uint16_t spf_run_address_type(const struct spf_run *c)
{
	return c->values.ip.family == 6 ? RR_AAAA : RR_A;
}

void spf_run_reason(struct spf_run *c, const char *fmt, ...)
{
	char text[600];
	va_list ap;

	va_start(ap, fmt);
	int n = vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	ASSERT(n >= 0);
	c->out->reason = arena_str(c->a, str_of(text));
}

enum spf_match spf_run_permerror(struct spf_run *c, struct str domain, const char *what)
{
	spf_run_reason(c, "the SPF record of %.*s cannot be used: %s", STR_ARG(domain), what);
	return SPF_MATCH_PERMERROR;
}

enum spf_match spf_run_temperror(struct spf_run *c, struct str domain)
{
	spf_run_reason(c, "DNS gave no answer about %.*s", STR_ARG(str_sub(domain, 0, 253)));
	return SPF_MATCH_TEMPERROR;
}

/* Counts a term's own query against both limits; SPF_NO_MATCH when evaluation may go on with the answer. */
static enum spf_match count_void(struct spf_run *c, struct str domain, const struct answer *answer)
{
	if (answer->status != ANSWER_NODATA && answer->status != ANSWER_NXDOMAIN)
		return SPF_NO_MATCH;
	if (++c->out->voids > SPF_VOIDS_MAX)
		return spf_run_permerror(c, domain, "it names more than two things that do not exist");
	return SPF_NO_MATCH;
}

static bool any_address(const struct spf_run *c, const struct answer *answer, const struct spf_term *term)
{
	size_t bytes = c->values.ip.family == 6 ? 16 : 4;
	struct ip_block block = { .bits = c->values.ip.family == 6 ? term->bits6 : term->bits4 };

	for (size_t i = 0; answer->status == ANSWER_OK && i < answer->records.n; i++) {
		struct str data = answer->records.v[i].data;
		if (data.n != bytes)
			continue;
		block.ip.family = c->values.ip.family;
		memcpy(block.ip.b, data.p, bytes);
		if (ip_block_has(&block, &c->values.ip))
			return true;
	}
	return false;
}

static void prefetch_addresses(struct spf_run *c, const struct answer *hosts, size_t n)
{
	struct ask_list list = { 0 };

	for (size_t i = 0; i < n; i++)
		ask_list_dns(c->a, &list, hosts->records.v[i].data, spf_run_address_type(c));
	asker_prefetch(c->q, list.v, list.n);
}

static enum spf_match match_a(struct spf_run *c, struct str domain, const struct spf_term *term,
			      struct str target)
{
	const struct answer *answer = ask_dns(c->q, target, spf_run_address_type(c));

	if (answer->status == ANSWER_TEMPERROR)
		return spf_run_temperror(c, target);
	if (count_void(c, domain, answer) != SPF_NO_MATCH)
		return SPF_MATCH_PERMERROR;
	return any_address(c, answer, term) ? SPF_MATCH : SPF_NO_MATCH;
}

static enum spf_match match_mx(struct spf_run *c, struct str domain, const struct spf_term *term,
			       struct str target)
{
	const struct answer *hosts = ask_dns(c->q, target, RR_MX);

	if (hosts->status == ANSWER_TEMPERROR)
		return spf_run_temperror(c, target);
	if (hosts->status != ANSWER_OK)
		return count_void(c, domain, hosts);
	if (hosts->records.n > SPF_NAMES_MAX)
		return spf_run_permerror(c, domain, "an \"mx\" in it names more than ten hosts");
	prefetch_addresses(c, hosts, hosts->records.n);
	for (size_t i = 0; i < hosts->records.n; i++) {
		const struct answer *answer =
		    ask_dns(c->q, hosts->records.v[i].data, spf_run_address_type(c));
		if (answer->status == ANSWER_TEMPERROR)
			return spf_run_temperror(c, hosts->records.v[i].data);
		if (any_address(c, answer, term))
			return SPF_MATCH;
	}
	return SPF_NO_MATCH;
}

/* The reverse name of the address under in-addr.arpa or ip6.arpa. */
struct str spf_run_reverse(struct spf_run *c)
{
	struct str name = STR_NONE;
	enum err e = spf_domain_expand(c->a, STR("%{ir}.%{v}.arpa"), &c->values, &name);

	ASSERT(e == OK);
	return name;
}

/* Fills c->validated once: names from PTR that lead back to the client. Errors skip a name (RFC 7208 §5.5). */
static void find_validated(struct spf_run *c)
{
	static const struct spf_term whole = { .bits4 = 32, .bits6 = 128 };

	if (c->validated_known)
		return;
	c->validated_known = true;
	const struct answer *names = ask_dns(c->q, spf_run_reverse(c), RR_PTR);
	c->ptr_status = names->status;
	if (names->status != ANSWER_OK)
		return;
	size_t n = names->records.n < SPF_NAMES_MAX ? names->records.n : SPF_NAMES_MAX;
	prefetch_addresses(c, names, n);
	for (size_t i = 0; i < n; i++) {
		struct str name = names->records.v[i].data;
		if (any_address(c, ask_dns(c->q, name, spf_run_address_type(c)), &whole))
			ARENA_PUSH(c->a, &c->validated, name);
	}
}

/* %{p}: the domain itself, else a name below it, else any validated name (RFC 7208 §7.3). */
struct str spf_run_validated(void *ctx, struct str domain)
{
	struct spf_run *c = ctx;
	struct str best = STR_NONE;

	find_validated(c);
	domain = arena_lower(c->a, domain);
	for (size_t i = 0; i < c->validated.n; i++) {
		struct str name = c->validated.v[i];
		if (str_eq(name, domain))
			return name;
		if (domain_is_within(name, domain) && str_is_empty(best))
			best = name;
	}
	if (str_is_empty(best) && c->validated.n > 0)
		best = c->validated.v[0];
	return str_is_empty(best) ? STR("unknown") : best;
}

static enum spf_match match_ptr(struct spf_run *c, struct str domain, struct str target)
{
	struct answer names = { 0 };

	find_validated(c);
	target = arena_lower(c->a, target);
	names.status = c->ptr_status;
	if (count_void(c, domain, &names) != SPF_NO_MATCH)
		return SPF_MATCH_PERMERROR;
	for (size_t i = 0; i < c->validated.n; i++)
		if (domain_is_within(c->validated.v[i], target))
			return SPF_MATCH;
	return SPF_NO_MATCH;
}

static enum spf_match match_exists(struct spf_run *c, struct str domain, struct str target)
{
	const struct answer *answer = ask_dns(c->q, target, RR_A);

	if (answer->status == ANSWER_TEMPERROR)
		return spf_run_temperror(c, target);
	return answer->status == ANSWER_OK ? SPF_MATCH : count_void(c, domain, answer);
}

/*
 * RFC 7208 §5.2: pass matches, a result that says nothing does not, errors are ours, and "none" is an error.
 */
static enum spf_match match_include(struct spf_run *c, struct str domain, struct str target)
{
	switch (spf_run_host(c, target, true)) {
	case SPF_PASS:
		return SPF_MATCH;
	case SPF_FAIL:
	case SPF_SOFTFAIL:
	case SPF_NEUTRAL:
		return SPF_NO_MATCH;
	case SPF_TEMPERROR:
		return SPF_MATCH_TEMPERROR;
	case SPF_PERMERROR:
		return SPF_MATCH_PERMERROR;
	case SPF_NONE:
		break;
	}
	spf_run_reason(c, "the SPF record of %.*s includes %.*s, which has none", STR_ARG(domain),
		       STR_ARG(target));
	return SPF_MATCH_PERMERROR;
}

bool spf_term_asks(const struct spf_term *term)
{
	return term->mechanism != SPF_ALL && term->mechanism != SPF_IP4 && term->mechanism != SPF_IP6;
}

/* Sets *target; false when the domain-spec grows beyond what can be asked about. */
bool spf_term_target(struct spf_run *c, struct str domain, struct str spec, struct str *target)
{
	struct spf_macro_values values = c->values;

	*target = domain;
	if (str_is_empty(spec))
		return true;
	values.domain = domain;
	return spf_domain_expand(c->a, spec, &values, target) == OK;
}

enum spf_match spf_term_match(struct spf_run *c, struct str domain, const struct spf_term *term)
{
	struct str target;

	if (spf_term_asks(term) && ++c->out->lookups > SPF_LOOKUPS_MAX)
		return spf_run_permerror(c, domain, "it needs more than ten DNS look-ups");
	if (!spf_term_target(c, domain, term->domain, &target))
		return spf_run_permerror(c, domain, "a macro in it grows too long");
	switch (term->mechanism) {
	case SPF_ALL:
		return SPF_MATCH;
	case SPF_IP4:
	case SPF_IP6:
		return ip_block_has(&term->block, &c->values.ip) ? SPF_MATCH : SPF_NO_MATCH;
	case SPF_A:
		return match_a(c, domain, term, target);
	case SPF_MX:
		return match_mx(c, domain, term, target);
	case SPF_PTR:
		return match_ptr(c, domain, target);
	case SPF_EXISTS:
		return match_exists(c, domain, target);
	case SPF_INCLUDE:
		return match_include(c, domain, target);
	}
	return SPF_NO_MATCH;
}
