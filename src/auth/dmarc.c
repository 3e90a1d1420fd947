/* Policy discovery, alignment and the result (RFC 9989 §4.10.1, §4.10.2, §5.3). */
#include "auth/dmarc.h"

#include "auth/dmarc_walk.h"
#include "base/domain.h"
#include "base/limits.h"

#define EARLY_NAMES 8 /* questions about identifiers that may not be authenticated */

ENUM_DEFINE(dmarc_result, DMARC_RESULTS);

/* One author domain under judgement. */
struct judge {
	struct arena *a;
	struct asker *q;
	struct dmarc_walk walk;        /* of the author domain */
	const struct dmarc_step *step; /* where the record stands that applies */
	struct dmarc *out;
};

enum aligned { ALIGNED_NO, ALIGNED_YES, ALIGNED_UNKNOWN };

static struct str top_label(struct str name)
{
	size_t dot = str_rfind_char(name, '.');

	return dot == SIZE_MAX ? name : str_sub(name, dot + 1, name.n);
}

/*
 * RFC 9989 §4.10.2. A record is there, so a domain equal to the author's is aligned. The organization of a domain is
 * an end of its name: only what lies within the author's need be walked.
 */
static enum aligned align(struct judge *j, struct str domain, bool strict)
{
	struct dmarc_walk walk;

	if (str_eq(domain, j->walk.domain))
		return ALIGNED_YES;
	if (strict || !str_eq(top_label(domain), top_label(j->walk.domain)))
		return ALIGNED_NO;
	if (j->walk.org.n == 0)
		return ALIGNED_UNKNOWN;
	if (!domain_is_within(domain, j->walk.org))
		return ALIGNED_NO;
	dmarc_walk(j->a, j->q, domain, &walk);
	if (walk.org.n == 0)
		return ALIGNED_UNKNOWN;
	return str_eq(walk.org, j->walk.org) ? ALIGNED_YES : ALIGNED_NO;
}

/* Fills *aligned with the domain when it passed; true when whether it is aligned and passes is not known. */
static bool try_identifier(struct judge *j, struct str domain, bool strict, bool passed, struct str *aligned)
{
	domain = domain_fold(j->a, domain);
	enum aligned how = align(j, domain, strict);

	if (how == ALIGNED_YES && passed)
		*aligned = domain;
	return how == ALIGNED_UNKNOWN || (how == ALIGNED_YES && !passed);
}

/* Fills the aligned domains; true when an identity that may be aligned could not be checked for now. */
static bool find_aligned(struct judge *j, const struct spf *spf, const struct dkim_list *dkim)
{
	const struct dmarc_record *r = &j->step->record;
	bool open = false;

	if (spf && (spf->result == SPF_PASS || spf->result == SPF_TEMPERROR))
		open |= try_identifier(j, spf->domain, r->strict_spf, spf->result == SPF_PASS,
				       &j->out->spf_domain);
	for (size_t i = 0; dkim && i < dkim->n && j->out->dkim_domain.n == 0; i++) {
		const struct dkim *d = &dkim->v[i];
		if (d->result == DKIM_PASS || d->result == DKIM_TEMPERROR)
			open |= try_identifier(j, d->domain, r->strict_dkim, d->result == DKIM_PASS,
					       &j->out->dkim_domain);
	}
	return open;
}

/* Of the author's own record p; of one above sp, or np where the author domain does not exist (RFC 8020). */
static enum dmarc_policy policy_of(struct judge *j)
{
	const struct dmarc_record *r = &j->step->record;
	enum dmarc_policy policy = r->p;

	if (j->step != &j->walk.steps[0])
		policy = ask_dns(j->q, j->walk.domain, RR_TXT)->status == ANSWER_NXDOMAIN ? r->np : r->sp;
	if (r->testing && policy != DMARC_POLICY_NONE)
		policy--;
	return policy;
}

static void conclude(struct judge *j, const struct spf *spf, const struct dkim_list *dkim)
{
	struct dmarc *out = j->out;
	bool open = find_aligned(j, spf, dkim);
	struct str wish = enum_text(&dmarc_policy_names, (int)out->policy);

	if (out->dkim_domain.n > 0 || out->spf_domain.n > 0) {
		bool by_dkim = out->dkim_domain.n > 0;
		out->result = DMARC_PASS;
		out->reason = ARENA_JOIN(j->a, out->domain, STR(" stands behind the From address ("),
					 by_dkim ? STR("signature of ") : STR("SPF of "),
					 by_dkim ? out->dkim_domain : out->spf_domain, STR(")"));
	} else if (open) {
		out->result = DMARC_TEMPERROR;
		out->reason = ARENA_JOIN(j->a, STR("whether "), out->domain,
					 STR(" stands behind the From address could not be found out"));
	} else {
		out->result = DMARC_FAIL;
		out->reason = ARENA_JOIN(j->a, STR("nothing shows that "), out->domain,
					 STR(" sent this; its owner asks for \""), wish, STR("\""));
	}
}

/* The author's own record, else its organization's, else that of the public suffix domain the walk ended at. */
static const struct dmarc_step *find_policy(const struct dmarc_walk *w)
{
	const struct dmarc_step *s = dmarc_walk_step(w, w->domain);

	if (!s || s->found != DMARC_NO_RECORD)
		return s;
	s = dmarc_walk_step(w, w->org);
	if (!s || s->found == DMARC_NO_RECORD)
		s = &w->steps[w->n - 1];
	return w->org.n == 0 || s->found == DMARC_NO_RECORD ? NULL : s;
}

static void judge(struct judge *j, struct str from_domain, const struct spf *spf,
		  const struct dkim_list *dkim)
{
	struct str domain = domain_fold(j->a, from_domain);

	*j->out = (struct dmarc){ .result = DMARC_NONE, .domain = domain };
	dmarc_walk(j->a, j->q, domain, &j->walk);
	j->step = find_policy(&j->walk);
	if (j->walk.n == 0) {
		j->out->reason = STR("the From address has no domain that could be asked");
	} else if (j->walk.org.n == 0 && (!j->step || j->step->found == DMARC_NO_ANSWER)) {
		j->out->result = DMARC_TEMPERROR;
		j->out->reason =
		    ARENA_JOIN(j->a, STR("DNS gave no answer about the DMARC record of "), domain);
	} else if (!j->step) {
		j->out->reason = ARENA_JOIN(j->a, domain, STR(" publishes no DMARC record"));
	} else if (j->step->found == DMARC_BROKEN_RECORD) {
		j->out->result = DMARC_PERMERROR;
		j->out->record_domain = j->step->domain;
		j->out->reason = ARENA_JOIN(j->a, STR("the DMARC record of "), j->step->domain,
					    STR(" cannot be used: "), j->step->wrong);
	} else {
		j->out->record = j->step->record;
		j->out->record_domain = j->step->domain;
		j->out->policy = policy_of(j);
		conclude(j, spf, dkim);
	}
}

static int badness(const struct dmarc *d)
{
	static const int by_result[] = {
		[DMARC_PASS] = 0,      [DMARC_NONE] = 1, [DMARC_PERMERROR] = 2,
		[DMARC_TEMPERROR] = 3, [DMARC_FAIL] = 4,
	};

	return by_result[d->result] + (d->result == DMARC_FAIL ? (int)d->policy : 0);
}

void dmarc_check(struct arena *a, struct asker *q, const struct strs *from_domains, const struct spf *spf,
		 const struct dkim_list *dkim, struct dmarc *out)
{
	struct ask_list asks = { 0 };

	*out = (struct dmarc){ .result = DMARC_NONE, .reason = STR("From names no domain") };
	dmarc_asks(a, from_domains, &(struct strs){ 0 }, &asks);
	asker_prefetch(q, asks.v, asks.n);
	for (size_t i = 0; i < from_domains->n && i < LIMIT_DMARC_DOMAINS; i++) {
		struct dmarc one;
		struct judge j = { .a = a, .q = q, .out = &one };
		judge(&j, from_domains->v[i], spf, dkim);
		if (i == 0 || badness(&one) > badness(out))
			*out = one;
	}
	if (from_domains->n > LIMIT_DMARC_DOMAINS &&
	    (out->result == DMARC_PASS || out->result == DMARC_NONE)) {
		out->result = DMARC_PERMERROR;
		out->reason = STR("From names too many domains to look at them all");
	}
}

/* Names of the walk that are not in the list yet, as long as there is room among the early ones. */
static void ask_identifier(struct arena *a, struct str domain, struct ask_list *list, size_t *room)
{
	struct ask_list walk = { 0 };

	dmarc_walk_asks(a, domain, &walk);
	for (size_t i = 0; i<walk.n && * room> 0; i++) {
		bool known = false;
		for (size_t j = 0; j < list->n && !known; j++)
			known = str_eq(list->v[j].name, walk.v[i].name);
		if (known)
			continue;
		ARENA_PUSH(a, list, walk.v[i]);
		--*room;
	}
}

void dmarc_asks(struct arena *a, const struct strs *from_domains, const struct strs *identifiers,
		struct ask_list *list)
{
	size_t room = EARLY_NAMES;

	if (from_domains->n == 0)
		return;
	struct str domain = domain_fold(a, from_domains->v[0]);
	dmarc_walk_asks(a, domain, list);
	ask_list_dns(a, list, domain, RR_TXT); /* whether it exists, for np= */
	for (size_t i = 0; i < identifiers->n; i++) {
		struct str other = domain_fold(a, identifiers->v[i]);
		if (domain_same_owner(a, other, domain))
			ask_identifier(a, other, list, &room);
	}
}
