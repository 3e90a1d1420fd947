/*
 * check_host() of RFC 7208 §4: finds a domain's record, evaluates its terms in order, follows redirect, and where
 * it is wanted fetches the explanation of a fail. What a term matches is spf_match.c's.
 */
#include "auth/spf.h"

#include "auth/spf_match.h"
#include "base/domain.h"

ENUM_DEFINE(spf_result, SPF_RESULTS);

/*
 * Puts the questions of all terms that can come to be evaluated into one batch, because waiting for DNS is
 * what SPF costs. Stops at the first address or "all" that matches, and at the look-up limit.
 */
static void prefetch_terms(struct spf_run *c, struct str domain, const struct spf_record *record)
{
	static const uint16_t types[] = {
		[SPF_INCLUDE] = RR_TXT, [SPF_MX] = RR_MX, [SPF_PTR] = RR_PTR, [SPF_EXISTS] = RR_A
	};
	struct ask_list list = { 0 };
	unsigned lookups = c->out->lookups;
	struct str target;

	for (size_t i = 0; i < record->terms.n; i++) {
		const struct spf_term *term = &record->terms.v[i];
		if (!spf_term_asks(term)) {
			if (term->mechanism == SPF_ALL || ip_block_has(&term->block, &c->values.ip))
				break;
			continue;
		}
		if (++lookups > SPF_LOOKUPS_MAX)
			break;
		if (str_find_nocase(term->domain, STR("%{p"), 0) != SIZE_MAX)
			continue; /* would itself ask, outside the batch */
		if (!spf_term_target(c, domain, term->domain, &target))
			break;
		if (term->mechanism == SPF_PTR)
			target = spf_run_reverse(c);
		ask_list_dns(c->a, &list, target,
			     term->mechanism == SPF_A ? spf_run_address_type(c) : types[term->mechanism]);
	}
	asker_prefetch(c->q, list.v, list.n);
}

/* exp=: one TXT record of ASCII, else as if there were none (RFC 7208 §6.2). Not counted against the limits. */
static void explain(struct spf_run *c, struct str domain, const struct spf_record *record)
{
	struct spf_macro_values values = c->values;
	struct str target, text;

	values.domain = domain;
	if (str_is_empty(record->exp) || spf_domain_expand(c->a, record->exp, &values, &target))
		return;
	const struct answer *answer = ask_dns(c->q, target, RR_TXT);
	if (answer->status != ANSWER_OK || answer->records.n != 1)
		return;
	if (spf_macro_expand(c->a, answer->records.v[0].data, SPF_IN_EXPLANATION, &values, &text))
		return;
	for (size_t i = 0; i < text.n; i++) /* macros may bring in what the sender wrote */
		if (text.p[i] < 0x20 || text.p[i] > 0x7e)
			return;
	c->out->explanation = text;
}

static enum spf_result of_match(enum spf_match m, enum spf_result if_match)
{
	return m == SPF_MATCH_TEMPERROR ? SPF_TEMPERROR : m == SPF_MATCH_PERMERROR ? SPF_PERMERROR : if_match;
}

static void decide(struct spf_run *c, struct str domain, const struct spf_term *term)
{
	static const char *const verbs[] = { [SPF_PASS] = "allows",
					     [SPF_FAIL] = "forbids",
					     [SPF_SOFTFAIL] = "discourages",
					     [SPF_NEUTRAL] = "says nothing about" };
	char ip[IP_TEXT_MAX];

	c->out->mechanism = term->text;
	ip_text(&c->values.ip, ip);
	spf_run_reason(c, "%.*s %s mail from %s (%.*s)", STR_ARG(domain), verbs[term->qualifier], ip,
		       STR_ARG(str_sub(term->text, 0, 100)));
}

static enum spf_result redirect(struct spf_run *c, struct str domain, const struct spf_record *record,
				bool included)
{
	struct str target;

	if (++c->out->lookups > SPF_LOOKUPS_MAX)
		return of_match(spf_run_permerror(c, domain, "it needs more than ten DNS look-ups"),
				SPF_NONE);
	if (!spf_term_target(c, domain, record->redirect, &target))
		return of_match(spf_run_permerror(c, domain, "a macro in it grows too long"), SPF_NONE);
	enum spf_result result = spf_run_host(c, target, included);
	if (result != SPF_NONE)
		return result;
	return of_match(spf_run_permerror(c, domain, "it redirects to a domain without one"), SPF_NONE);
}

static enum spf_result evaluate(struct spf_run *c, struct str domain, struct str text, bool included)
{
	struct spf_record record;
	struct errbuf eb;

	if (spf_record_parse(c->a, text, &record, &eb))
		return of_match(spf_run_permerror(c, domain, eb.text), SPF_NONE);
	prefetch_terms(c, domain, &record);
	for (size_t i = 0; i < record.terms.n; i++) {
		const struct spf_term *term = &record.terms.v[i];
		enum spf_match m = spf_term_match(c, domain, term);
		if (m == SPF_NO_MATCH)
			continue;
		if (m == SPF_MATCH) {
			decide(c, domain, term);
			if (term->qualifier == SPF_FAIL && !included && c->explain)
				explain(c, domain, &record);
		}
		return of_match(m, term->qualifier);
	}
	if (!str_is_empty(record.redirect))
		return redirect(c, domain, &record, included);
	c->out->mechanism = STR_NONE;
	spf_run_reason(c, "nothing in the SPF record of %.*s applies to this address", STR_ARG(domain));
	return SPF_NEUTRAL; /* RFC 7208 §4.7 */
}

/* RFC 7208 §4.3 to RFC 7208 §4.5: a domain of several labels, one record among its TXT records. */
enum spf_result spf_run_host(struct spf_run *c, struct str domain, bool included)
{
	struct str record = STR_NONE;
	size_t records = 0;

	if (!ask_name_ok(domain) || str_find_char(domain, '.', 0) == SIZE_MAX || domain.p[0] == '[') {
		spf_run_reason(c, "the sender names no domain that could have an SPF record");
		return SPF_NONE;
	}
	const struct answer *answer = ask_dns(c->q, domain, RR_TXT);
	if (answer->status == ANSWER_TEMPERROR)
		return of_match(spf_run_temperror(c, domain), SPF_NONE);
	for (size_t i = 0; answer->status == ANSWER_OK && i < answer->records.n; i++)
		if (spf_record_is(answer->records.v[i].data)) {
			record = answer->records.v[i].data;
			records++;
		}
	if (records == 0) {
		spf_run_reason(c, "%.*s publishes no SPF record", STR_ARG(domain));
		return SPF_NONE;
	}
	if (records > 1)
		return of_match(spf_run_permerror(c, domain, "there are several"), SPF_NONE);
	return evaluate(c, domain, record, included);
}

/*
 * The sender of RFC 7208 §2.4 and RFC 7208 §4.3: MAIL FROM, or postmaster at HELO; a missing local-part is
 * postmaster.
 */
static void find_sender(struct arena *a, const struct spf_query *query, struct spf_macro_values *values,
			struct spf *out)
{
	size_t at = str_rfind_char(query->mail_from, '@');
	struct str local = STR_NONE, domain = query->mail_from;

	out->by_helo = str_is_empty(query->mail_from);
	if (out->by_helo)
		domain = query->helo;
	else if (at != SIZE_MAX) {
		local = str_sub(query->mail_from, 0, at);
		domain = str_sub(query->mail_from, at + 1, query->mail_from.n);
	}
	domain = domain_fold(a, domain); /* A-labels, and no trailing dot */
	values->local = str_is_empty(local) ? STR("postmaster") : local;
	values->sender_domain = values->domain = out->domain = domain;
	values->sender = ARENA_JOIN(a, values->local, STR("@"), domain);
}

void spf_check(struct arena *a, struct asker *q, const struct spf_query *query, struct spf *out)
{
	struct spf_run c = { .a = a, .q = q, .out = out };

	*out = (struct spf){ .result = SPF_NONE };
	find_sender(a, query, &c.values, out);
	c.explain = query->explain;
	c.values.helo = query->helo;
	c.values.receiver = query->receiver;
	c.values.now_s = query->now_s;
	c.values.ip = ip_unmap(query->ip);
	c.values.validated = spf_run_validated;
	c.values.ctx = &c;
	if (c.values.ip.family == 0) {
		spf_run_reason(&c, "the address of the sending host is not known");
		return;
	}
	out->result = spf_run_host(&c, out->domain, false);
	if (out->result == SPF_TEMPERROR || out->result == SPF_PERMERROR)
		out->mechanism = STR_NONE; /* of an include that had matched nothing */
}

struct str spf_domain(struct arena *a, const struct spf_query *query)
{
	struct spf_macro_values values = { 0 };
	struct spf out;

	find_sender(a, query, &values, &out);
	return out.domain;
}

void spf_asks(struct arena *a, const struct spf_query *query, struct ask_list *list)
{
	if (query->ip.family != 0)
		ask_list_dns(a, list, spf_domain(a, query), RR_TXT);
}
