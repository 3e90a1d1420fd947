/*
 * What an account asked to be found besides (model/detection_settings.h). Each is a trait that harmless mail may have, which
 * is why it is off unless somebody decided otherwise; then it decides alone, as all that the account says does.
 */
#include "detect/additional.h"

#include "base/utf8.h"
#include "detect/age.h"
#include "detect/lexicon.h"
#include "detect/lists.h"
#include "detect/text.h"
#include "policy/policy.h"

#define DAY_US (INT64_C(86400) * 1000000)

static const struct detector by_settings = { .name = ADDITIONAL, .family = FAMILY_POLICY };

static struct finding *tell(struct findings *out, const char *signal, int added, enum category category,
			    const char *reason)
{
	return finding_add(out, signal, added == ADDED_MALICIOUS ? DISP_MALICIOUS : DISP_SUSPICIOUS, 1,
			   category, reason);
}

/* ---- blank mail ---- */

static bool is_space(uint32_t cp)
{
	return cp <= ' ' || cp == 0xa0 || cp == 0x1680 || (cp >= 0x2000 && cp <= 0x200a) || cp == 0x2028 ||
	       cp == 0x2029 || cp == 0x202f || cp == 0x205f || cp == 0x3000;
}

static bool shows_anything(struct str text)
{
	for (size_t at = 0; at < text.n;) {
		uint32_t cp = utf8_next(text, &at);
		if (!is_space(cp) && !utf8_is_invisible(cp) && !utf8_is_control(cp))
			return true;
	}
	return false;
}

static bool has_picture(const struct mime_content *c)
{
	for (size_t i = 0; i < c->texts.n; i++)
		if (c->texts.v[i].html && c->texts.v[i].html->images.n > 0)
			return true;
	return false;
}

static void look_for_blank(const struct scan *s, int added, struct findings *out)
{
	const struct mime_content *c = s->content;

	if (shows_anything(c->plain) || shows_anything(c->html_text) || shows_anything(c->elsewhere) ||
	    has_picture(c) || c->attachments.n > 0 || c->encrypted)
		return;
	struct finding *f = tell(out, "blank_email", added, CAT_BLANK_EMAIL,
				 "The message has no text, picture or attachment.");
	finding_where(f, "body", "text", STR_NONE);
	finding_detail(out, f, "nothing is shown below the subject");
}

/* ---- payroll ---- */

#define PAYROLL_LEAST 0.5
#define PAYROLL_CUES 2 /* what it is about, and one more */

static void look_for_payroll(const struct scan *s, int added, struct findings *out)
{
	struct intent_score scores[INTENT_COUNT];
	const struct intent_score *score = &scores[INTENT_PAYROLL];

	if (s->from.owner.n == 0 || !list_is_free_mail(s->from.owner))
		return;
	lexicon_score(s->arena, s->words, scores);
	if (!score->bait || score->cues < PAYROLL_CUES || score->score < PAYROLL_LEAST)
		return;
	struct finding *f = tell(out, "ach_change_free_mail", added, CAT_PAYROLL_CHANGE,
				 "A free mailbox asks about a salary or its account.");
	finding_where(f, "body", "text", score->seen[0]->text);
	finding_detail(out, f, "\"%.*s\", from %.*s", STR_ARG(score->seen[0]->text), STR_ARG(s->from.owner));
}

/* ---- attached pages ---- */

static bool is_page(const struct mime_attachment *file)
{
	static const char *const ends[] = { ".htm", ".html", ".shtml", ".xhtml", ".mhtml", ".mht" };

	for (size_t i = 0; i < ARRAY_LEN(ends); i++)
		if (str_ends_nocase(file->name, str_of(ends[i])))
			return true;
	return file->page != NULL;
}

static void look_for_page(const struct scan *s, int added, struct findings *out)
{
	for (size_t i = 0; i < s->content->attachments.n; i++) {
		const struct mime_attachment *file = &s->content->attachments.v[i];
		if (!is_page(file))
			continue;
		struct finding *f =
		    tell(out, "html_attachment", added, CAT_HTML_ATTACHMENT, "A web page is attached.");
		finding_where(f, "attachment", "name", file->name);
		finding_part(f, file->part);
		finding_attachment(f, s, file);
		finding_detail(out, f, "%.*s, %.*s", STR_ARG(file->name), STR_ARG(file->type));
		return;
	}
}

/* ---- young domains ---- */

/* False: its age is not known, and that speaks against nobody. */
static bool domain_days(const struct scan *s, const struct detection_settings *settings, int64_t *days_out)
{
	int64_t first = s->past.domain.first_us;

	if (age_days(s, s->from.owner, days_out))
		return true;
	if (!settings->first_seen_is_age || !s->past.domain_known)
		return false;
	*days_out = first ? (s->job->received_us - first) / DAY_US : 0;
	return true;
}

static void look_for_young(const struct scan *s, const struct detection_settings *settings,
			   struct findings *out)
{
	int64_t days, registered;

	if (s->own_domain || s->from.owner.n == 0 || list_is_free_mail(s->from.owner) ||
	    !domain_days(s, settings, &days))
		return;
	bool malicious = days < settings->malicious_domain_age;
	if (!malicious && days >= settings->suspicious_domain_age)
		return;
	struct finding *f = tell(out, YOUNG_DOMAIN, malicious ? ADDED_MALICIOUS : ADDED_SUSPICIOUS,
				 CAT_DOMAIN_AGE, "The sender's domain is younger than this account allows.");
	finding_where(f, s->from.header.p, "domain", s->from.domain);
	finding_bytes(f, s->from.offset, s->from.length);
	finding_detail(out, f, "%.*s is known %s for %lld days", STR_ARG(s->from.owner),
		       age_days(s, s->from.owner, &registered) ? "by its registry" : "here", (long long)days);
}

void additional_run(const struct scan *s, struct findings *out)
{
	const struct detection_settings *settings = policy_detection(s->policy);

	out->by = &by_settings;
	if (settings->blank_email)
		look_for_blank(s, settings->blank_email, out);
	if (settings->ach_change_free_mail)
		look_for_payroll(s, settings->ach_change_free_mail, out);
	if (settings->html_attachment)
		look_for_page(s, settings->html_attachment, out);
	look_for_young(s, settings, out);
}

bool additional_is(const struct finding *f)
{
	return finding_is_by(f, &by_settings);
}

bool additional_is_age(const struct finding *f)
{
	return str_starts(f->name, STR(ADDITIONAL "." YOUNG_DOMAIN));
}
