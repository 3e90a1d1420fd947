/* DMARC (RFC 7489 §3, §6; RFC 9989). */
#include "auth/dmarc.h"

#include "auth/dkim_tag.h"
#include "base/domain.h"

ENUM_DEFINE(dmarc_result, DMARC_RESULTS);
ENUM_DEFINE(dmarc_policy, DMARC_POLICIES);

/* Sets *out when the tag is there; false when it is there and no policy. */
static bool read_policy(const struct dkim_tags *tags, const char *name, enum dmarc_policy *out)
{
	const struct dkim_tag *tag = dkim_tag_find(tags, name);
	int value = tag ? enum_value_nocase(&dmarc_policy_names, tag->value) : (int)*out;

	if (value >= 0)
		*out = (enum dmarc_policy)value;
	return value >= 0;
}

static bool says(const struct dkim_tags *tags, const char *name, struct str word)
{
	return str_eq_nocase(dkim_tag_value(tags, name, STR("")), word);
}

enum err dmarc_record_parse(struct arena *a, struct str txt, struct dmarc_record *out, struct errbuf *eb)
{
	struct dkim_tags tags;
	uint64_t percent = 100;
	enum err e = dkim_tags_parse(a, txt, &tags);

	*out = (struct dmarc_record){ .percent = 100 };
	/* v=DMARC1 comes first, or it is some other record (RFC 7489 §6.3, §6.6.3). */
	if (tags.n == 0 || !str_eq(tags.v[0].name, STR("v")) || !str_eq(tags.v[0].value, STR("DMARC1")))
		return ERR_ABSENT;
	if (e)
		return err_set(eb, ERR_SYNTAX, "it is no list of tags");
	out->reports = dkim_tag_value(&tags, "rua", STR("")).n > 0;
	bool good = dkim_tag_find(&tags, "p") && read_policy(&tags, "p", &out->p);
	out->sp = out->p;
	good &= read_policy(&tags, "sp", &out->sp);
	out->np = out->sp;
	good &= read_policy(&tags, "np", &out->np);
	if (!good) {
		/* RFC 7489 §6.6.3: with an address for reports it counts as p=none, else not at all. */
		if (!out->reports)
			return err_set(eb, ERR_SYNTAX, "it asks for no known policy");
		out->p = out->sp = out->np = DMARC_POLICY_NONE;
	}
	out->strict_dkim = says(&tags, "adkim", STR("s"));
	out->strict_spf = says(&tags, "aspf", STR("s"));
	out->testing = says(&tags, "t", STR("y"));
	if (!str_to_u64(dkim_tag_value(&tags, "pct", STR("100")), 100, &percent))
		out->percent = (unsigned)percent;
	return OK;
}

enum found { FOUND, FOUND_NOTHING, FOUND_TEMPERROR, FOUND_BROKEN };

/* The one DMARC record of a name; several count as none (RFC 7489 §6.6.3). */
static enum found find_record(struct arena *a, struct asker *q, struct str domain, struct dmarc *out,
			      struct errbuf *eb)
{
	struct str name = arena_printf(a, "_dmarc.%.*s", STR_ARG(domain));
	const struct answer *answer = name.n > DOMAIN_MAX ? NULL : asker_dns(q, name, RR_TXT);
	enum found found = FOUND_NOTHING;

	if (answer && answer->status == ANSWER_TEMPERROR)
		return FOUND_TEMPERROR;
	for (size_t i = 0; answer && answer->status == ANSWER_OK && i < answer->records.n; i++) {
		struct dmarc_record record;
		enum err e = dmarc_record_parse(a, answer->records.v[i].data, &record, eb);
		if (e == ERR_ABSENT)
			continue;
		if (found != FOUND_NOTHING)
			return FOUND_NOTHING;
		found = e ? FOUND_BROKEN : FOUND;
		out->record = record;
		out->record_domain = domain;
	}
	return found;
}

static bool is_aligned(struct arena *a, struct str domain, struct str from, bool strict)
{
	return strict ? str_eq(domain, from) : domain_same_owner(a, domain, from);
}

/* Fills the aligned domains; true when an aligned identity could not be checked for now. */
static bool align(struct arena *a, const struct spf *spf, const struct dkim_list *dkim, struct dmarc *out)
{
	bool open = false;

	if (spf && (spf->result == SPF_PASS || spf->result == SPF_TEMPERROR)) {
		struct str domain = domain_fold(a, spf->domain);
		if (is_aligned(a, domain, out->domain, out->record.strict_spf)) {
			open |= spf->result == SPF_TEMPERROR;
			out->spf_domain = spf->result == SPF_PASS ? domain : STR("");
		}
	}
	for (size_t i = 0; dkim && i < dkim->n && out->dkim_domain.n == 0; i++) {
		const struct dkim *d = &dkim->v[i];
		if (d->result != DKIM_PASS && d->result != DKIM_TEMPERROR)
			continue;
		struct str domain = domain_fold(a, d->domain);
		if (!is_aligned(a, domain, out->domain, out->record.strict_dkim))
			continue;
		open |= d->result == DKIM_TEMPERROR;
		if (d->result == DKIM_PASS)
			out->dkim_domain = domain;
	}
	return open;
}

static void judge(struct arena *a, const struct spf *spf, const struct dkim_list *dkim, struct dmarc *out)
{
	bool open = align(a, spf, dkim, out);
	struct str wish = enum_text(&dmarc_policy_names, (int)out->policy);

	if (out->dkim_domain.n > 0 || out->spf_domain.n > 0) {
		bool by_dkim = out->dkim_domain.n > 0;
		struct str by = by_dkim ? out->dkim_domain : out->spf_domain;
		out->result = DMARC_PASS;
		out->reason = arena_printf(a, "%.*s stands behind the From address (%s of %.*s)",
					   STR_ARG(out->domain), by_dkim ? "signature" : "SPF", STR_ARG(by));
	} else if (open) {
		out->result = DMARC_TEMPERROR;
		out->reason =
		    arena_printf(a, "whether %.*s stands behind the From address could not be found out",
				 STR_ARG(out->domain));
	} else {
		out->result = DMARC_FAIL;
		out->reason =
		    arena_printf(a, "nothing shows that %.*s sent this; its owner asks for \"%.*s\"",
				 STR_ARG(out->domain), STR_ARG(wish));
	}
}

void dmarc_check(struct arena *a, struct asker *q, struct str from_domain, const struct spf *spf,
		 const struct dkim_list *dkim, struct dmarc *out)
{
	struct ask_list asks = { 0 };
	struct errbuf eb;

	*out = (struct dmarc){ .result = DMARC_NONE, .domain = domain_fold(a, from_domain) };
	if (str_is_empty(from_domain)) {
		out->reason = STR("there is not one From address whose domain could be asked");
		return;
	}
	dmarc_asks(a, from_domain, &asks);
	asker_prefetch(q, asks.v, asks.n);
	struct str owner = domain_registrable(a, out->domain);
	enum found found = find_record(a, q, out->domain, out, &eb);
	bool own = found != FOUND_NOTHING;
	if (!own && owner.n > 0 && !str_eq(owner, out->domain))
		found = find_record(a, q, owner, out, &eb);
	switch (found) {
	case FOUND:
		out->policy = own ? out->record.p : out->record.sp;
		judge(a, spf, dkim, out);
		return;
	case FOUND_BROKEN:
		out->result = DMARC_PERMERROR;
		out->reason = arena_printf(a, "the DMARC record of %.*s cannot be used: %s",
					   STR_ARG(out->record_domain), eb.text);
		return;
	case FOUND_TEMPERROR:
		out->result = DMARC_TEMPERROR;
		out->reason = arena_printf(a, "DNS gave no answer about the DMARC record of %.*s",
					   STR_ARG(out->domain));
		return;
	case FOUND_NOTHING:
		out->record_domain = STR("");
		out->reason = arena_printf(a, "%.*s publishes no DMARC record", STR_ARG(out->domain));
	}
}

void dmarc_asks(struct arena *a, struct str from_domain, struct ask_list *list)
{
	struct str domain = domain_fold(a, from_domain), owner = domain_registrable(a, domain);

	if (str_is_empty(from_domain))
		return;
	ask_list_dns(a, list, arena_printf(a, "_dmarc.%.*s", STR_ARG(domain)), RR_TXT);
	if (owner.n > 0 && !str_eq(owner, domain))
		ask_list_dns(a, list, arena_printf(a, "_dmarc.%.*s", STR_ARG(owner)), RR_TXT);
}
