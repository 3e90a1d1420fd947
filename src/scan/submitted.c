/* Attached mails and reported domains. */
#include "scan/submitted.h"

#include "base/domain.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "mime/encoded_word.h"

#define HEADER_BYTES \
	(256u << 10) /* of an attached mail, to tell that it is one: mails have 10 kB, the largest 100 */
#define SUBJECT 1000 /* of each, for a verdict has an end */
#define DOMAINS 10

/* Mails in forms that no other program reads, or that are no mail any more. */
static const struct str other_forms[] = {
	STR_INIT(".msg"),  STR_INIT(".oft"),  STR_INIT(".mht"),        STR_INIT(".mhtml"),
	STR_INIT(".mbox"), STR_INIT(".emlx"), STR_INIT("winmail.dat"),
};

/* Fields of which every mail has one. */
static const struct str mail_fields[] = {
	STR_INIT("From"), STR_INIT("Date"), STR_INIT("Received"), STR_INIT("Message-ID"), STR_INIT("Subject"),
};

static bool is_message(const struct mime_part *p)
{
	return mime_part_is(p, STR("message"), STR("rfc822")) ||
	       mime_part_is(p, STR("message"), STR("global"));
}

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

static bool is_inside_message(const struct mime_part *p)
{
	for (p = p->parent; p; p = p->parent)
		if (is_message(p))
			return true;
	return false;
}

static enum attached_encoding encoding_of(const struct mime_part *p)
{
	switch (p->encoding) {
	case ENCODING_IDENTITY:
		return ATTACHED_AS_IT_IS;
	case ENCODING_BASE64:
		return ATTACHED_IN_BASE64;
	case ENCODING_QP:
		return ATTACHED_IN_QP;
	case ENCODING_UUENCODE:
	case ENCODING_YENC:
	case ENCODING_UNKNOWN:
		break;
	}
	return ATTACHED_UNREADABLE;
}

static void look_inside(const struct scan *s, const struct mime_part *p, struct attached_mail *m)
{
	struct arena *a = s->arena;
	struct str top = mime_part_decode(a, p, HEADER_BYTES, NULL);
	struct headers headers = headers_parse(a, top, 0, top.n, NULL);
	bool known = false;

	for (size_t i = 0; i < ARRAY_LEN(mail_fields); i++)
		known |= headers_first(&headers, mail_fields[i]) != NULL;
	if (!known) {
		m->encoding = ATTACHED_UNREADABLE;
		return;
	}
	if (!headers_first(&headers, STR("Subject")))
		return;
	struct str subject =
	    encoded_word_decode_in(a, headers_value(a, &headers, STR("Subject")), headers.charset);
	SET(m, attached_mail, subject, utf8_cut(utf8_clean(a, str_sub(subject, 0, SUBJECT * 4)), SUBJECT));
}

static void add_mail(const struct scan *s, const struct mime_part *p, struct submitted *out)
{
	struct attached_mail m = { 0 };

	if (out->mails.n >= LIMIT_ATTACHED_MAILS) {
		SET(out, submitted, more_mails, true);
		return;
	}
	SET(&m, attached_mail, start, (int64_t)p->body_start);
	SET(&m, attached_mail, length, (int64_t)p->body_length);
	SET(&m, attached_mail, encoding, (int)encoding_of(p));
	if (m.encoding != ATTACHED_UNREADABLE)
		look_inside(s, p, &m);
	ARENA_PUSH(s->arena, &out->mails, m);
}

/* As most programs read it: what only some see was not meant to be reported. */
static void find_mails(const struct scan *s, struct submitted *out)
{
	static const struct str eml[] = { STR_INIT(".eml") };

	for (size_t i = 0; i < s->mail->n; i++) {
		const struct mime_part *p = s->mail->v[i];
		struct str name = str_trim(p->filename);
		if (p->reading || p->derived || mime_part_is_multipart(p) || is_inside_message(p))
			continue;
		if (is_message(p) || ends_as(name, eml, ARRAY_LEN(eml)))
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
