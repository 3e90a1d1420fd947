/* Attached mails and reported domains. */
#include "scan/submitted.h"

#include "base/domain.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "scan/attached.h"

#define DOMAINS 10

/* Mails in forms that no other program reads, or that are no mail any more. */
static const struct str other_forms[] = {
	STR_INIT(".msg"),  STR_INIT(".oft"),  STR_INIT(".mht"),        STR_INIT(".mhtml"),
	STR_INIT(".mbox"), STR_INIT(".emlx"), STR_INIT("winmail.dat"),
};

static bool ends_as(struct str name, const struct str *endings, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_ends_nocase(name, endings[i]))
			return true;
	return false;
}

static bool is_other_form(const struct mime_part *p, struct str name)
{
	return ends_as(name, other_forms, ARRAY_LEN(other_forms)) ||
	       mime_part_is(p, STR("application"), STR("vnd.ms-outlook")) ||
	       mime_part_is(p, STR("application"), STR("ms-tnef"));
}

static void add_mail(const struct scan *s, const struct mime_part *p, struct submitted *out)
{
	if (out->mails.n >= LIMIT_ATTACHED_MAILS) {
		SET(out, submitted, more_mails, true);
		return;
	}
	ARENA_PUSH(s->arena, &out->mails, attached_of(s->arena, p));
}

/* As most programs read it: what only some see was not meant to be reported. */
static void find_mails(const struct scan *s, struct submitted *out)
{
	static const struct str eml[] = { STR_INIT(".eml") };

	for (size_t i = 0; i < s->mail->n; i++) {
		const struct mime_part *p = s->mail->v[i];
		struct str name = str_trim(p->filename);
		if (p->reading || p->derived || mime_part_is_multipart(p) || attached_is_inside(p))
			continue;
		if (attached_is_message(p) || ends_as(name, eml, ARRAY_LEN(eml)))
			add_mail(s, p, out);
		else if (is_other_form(p, name))
			SET(out, submitted, other_form, true);
	}
	out->has |= FIELD_BIT(submitted, mails);
}

static void add_domain(const struct scan *s, struct str name, struct submitted *out)
{
	struct str domain = domain_fold(s->arena, str_trim(name));

	if (domain.n && domain.n <= DOMAIN_MAX && out->domains.n < DOMAINS)
		ARENA_PUSH(s->arena, &out->domains, utf8_clean(s->arena, domain));
}

static void find_domains(const struct scan *s, const struct report *r, struct submitted *out)
{
	if (r->dmarc && r->dmarc->policy_published)
		add_domain(s, r->dmarc->policy_published->domain, out);
	if (r->kind == REPORT_DMARC_FAILURE) {
		for (size_t i = 0; i < r->feedback->reported_domain.n; i++)
			add_domain(s, r->feedback->reported_domain.v[i], out);
		if (out->domains.n == 0)
			add_domain(s, r->feedback->dkim_domain, out);
	}
	out->has |= FIELD_BIT(submitted, domains);
}

struct submitted *submitted_find(const struct scan *s, const struct report *report)
{
	struct submitted *out = ARENA_NEW(s->arena, struct submitted);

	find_mails(s, out);
	find_domains(s, report, out);
	SET(out, submitted, from_proved, s->proof.checked && s->proof.header_proved);
	return out;
}
