/*
 * What may be taken as known of the sender. Fields that a stranger writes (List-Id, a display name) count for him only
 * as far as SPF or DKIM stands behind them.
 */
#include "detect/detect.h"

#include "base/abnf.h"
#include "base/domain.h"
#include "detect/call.h"
#include "detect/host_kind.h"
#include "detect/lists.h"

/* Mails seen before, faded by time: enough to be a correspondent and not a first campaign. */
#define KNOWN_MAILS 3.0
#define KNOWN_BAD 0.1 /* share of them with a detection */

bool sender_is_own_domain(const struct scan *s, struct str domain)
{
	for (size_t i = 0; i < s->job->protected_domains.n; i++)
		if (domain_is_within(domain, s->job->protected_domains.v[i]))
			return true;
	return false;
}

static bool is_harmless(const struct history *h)
{
	return h->bad <= h->seen * KNOWN_BAD;
}

bool sender_is_solicited(const struct scan *s)
{
	const struct past *p = &s->past;
	bool first = p->wrote.seen > 0 && (p->from.first_us == 0 || p->wrote.first_us < p->from.first_us);

	return p->known && s->proof.checked && s->proof.header_proved &&
	       (first || (p->answers && (p->wrote.seen > 0 || p->wrote_domain.seen > 0)));
}

bool sender_claims_answer(const struct scan *s)
{
	return scan_field(s, "In-Reply-To") || scan_field(s, "References");
}

bool sender_answers(const struct scan *s)
{
	return s->past.known ? s->past.answers : sender_claims_answer(s);
}

bool sender_is_new(const struct scan *s)
{
	const struct past *p = &s->past;

	return p->known && !s->own_domain && p->from.first_us == 0 && p->wrote.first_us == 0 &&
	       p->pair.first_us == 0;
}

/* Known is who was asked, or who wrote to this very recipient before, from a house whose mail was no trouble lately. */
bool sender_is_known(const struct scan *s)
{
	const struct past *p = &s->past;

	return p->known && s->proof.checked && s->proof.header_proved && is_harmless(&p->from) &&
	       (is_harmless(&p->domain) || list_is_free_mail(s->from.owner)) &&
	       ((p->from.seen >= KNOWN_MAILS && p->pair.seen > 0) || sender_is_solicited(s));
}

bool sender_is_borrowed(const struct scan *s)
{
	return list_is_free_mail(s->from.owner) || domain_is_within(s->from.domain, STR("onmicrosoft.com")) ||
	       host_kind(s->from.domain) == HOST_SITE;
}

struct str sender_list_domain(const struct scan *s)
{
	struct str value = str_trim(headers_value(s->arena, mime_headers(s->mail), STR("List-Id")));
	size_t open = str_rfind_char(value, '<');

	if (open != SIZE_MAX)
		value = str_sub(value, open + 1, str_find_char(value, '>', open));
	return domain_fold(s->arena, str_trim(value));
}

bool sender_is_proved_list(const struct scan *s)
{
	const struct proof *p = &s->proof;

	if (!p->checked || !headers_first(mime_headers(s->mail), STR("List-Id")))
		return false;
	struct str list = sender_list_domain(s);
	if (list_is_free_mail(domain_owner(s->arena, list)))
		return false; /* anybody's mail is proved there */
	bool proved = p->envelope_proved && domain_same_owner(s->arena, list, p->spf_domain);
	for (size_t i = 0; i < p->dkim_domains.n && !proved; i++)
		proved = domain_same_owner(s->arena, list, p->dkim_domains.v[i]);
	return proved;
}

bool sender_is_known_list(const struct scan *s)
{
	return sender_is_proved_list(s) && s->past.list.seen >= KNOWN_MAILS && is_harmless(&s->past.list);
}

bool sender_is_unanswered(const struct scan *s)
{
	for (size_t i = 0; i < s->proof.unanswered.n; i++)
		if (domain_same_owner(s->arena, s->proof.unanswered.v[i], s->from.domain))
			return true;
	return false;
}

static bool is_local_byte(unsigned char c)
{
	return abnf_is_alnum(c) || (c && strchr("._+-", c));
}

bool sender_shown_address(struct str text, size_t *at, struct str *out)
{
	for (size_t sign; (sign = str_find_char(text, '@', *at)) != SIZE_MAX;) {
		size_t from = sign, to = sign + 1;
		while (from > 0 && is_local_byte((unsigned char)text.p[from - 1]))
			from--;
		while (to < text.n && (abnf_is_ldh((unsigned char)text.p[to]) || text.p[to] == '.'))
			to++;
		*at = to;
		while (to > sign + 1 && text.p[to - 1] == '.')
			to--;
		*out = str_sub(text, from, to);
		if (from < sign && to > sign + 1)
			return true;
	}
	return false;
}

#define SUBJECT_BYTES 300 /* that are looked at: no mail server says later what it is about */

/* Subjects of bounces, and what they carry: mail of systems that write them as they like. */
static bool is_returned(const struct scan *s)
{
	struct str subject = str_sub(s->subject, 0, SUBJECT_BYTES);
	static const char *const words[] = { "undeliver",        "failure notice",
					     "delivery failure", "delivery status",
					     "returned mail",    "mail delivery failed",
					     "delivery error",   "could not be delivered",
					     "non remis",        "unzustellbar" };
	bool carries = false;

	for (size_t i = 0; i < s->content->attachments.n; i++)
		carries |= s->content->attachments.v[i].part &&
			   mime_part_is(s->content->attachments.v[i].part, STR("message"), STR("rfc822"));
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (str_find_nocase(subject, str_of(words[i]), 0) != SIZE_MAX)
			return carries || s->content->links.n == 0;
	return false;
}

/* Bounces go to nobody (RFC 5321 §4.5.5). What Return-Path says counts only where nobody told the envelope. */
static bool has_null_path(const struct scan *s)
{
	if (s->job->has_envelope)
		return s->job->mail_from.n == 0;
	return str_eq(headers_value(s->arena, mime_headers(s->mail), STR("Return-Path")), STR("<>"));
}

static bool is_server_address(struct str address)
{
	return str_starts_nocase(address, STR("mailer-daemon")) ||
	       str_starts_nocase(address, STR("postmaster@"));
}

bool sender_is_mail_server(const struct scan *s)
{
	static const char *const said[] = { "delivery-status", "disposition-notification",
					    "global-delivery-status", "feedback-report" };
	const struct mime_part *top = s->mail->v[0];

	if (!mime_part_is(top, STR("multipart"), STR("report")))
		return has_null_path(s) && is_server_address(s->from.address);
	for (const struct mime_part *p = top->first_child; p; p = p->next)
		for (size_t i = 0; i < ARRAY_LEN(said); i++)
			if (mime_part_is(p, STR("message"), str_of(said[i])))
				return true;
	return has_null_path(s);
}

struct str scan_subject_words(const struct scan *s)
{
	return str_sub(s->words, 0, s->words.n - s->body_words.n + 1); /* one space is of both */
}

const struct header *scan_field(const struct scan *s, const char *name)
{
	return headers_first(mime_headers(s->mail), str_of(name));
}

bool sender_is_bounce(const struct scan *s)
{
	return mime_part_is(s->mail->v[0], STR("multipart"), STR("report")) ||
	       str_starts_nocase(s->from.address, STR("mailer-daemon")) || has_null_path(s) || is_returned(s);
}

bool sender_is_report(const struct scan *s)
{
	struct str autos = headers_value(s->arena, mime_headers(s->mail), STR("Auto-Submitted"));

	return sender_is_bounce(s) || (autos.n > 0 && !str_starts_nocase(autos, STR("no")));
}

#define SHARE_PROVED 0.4
#define SHARE_CLAIMED 0.55

double sender_list_share(const struct scan *s)
{
	bool list = scan_field(s, "List-Id") || scan_field(s, "List-Post");

	if (!scan_field(s, "List-Unsubscribe") || (!list && list_is_free_mail(s->from.owner)))
		return 1;
	if (s->proof.header_proved || sender_is_proved_list(s))
		return SHARE_PROVED;
	return list || call_is_letter(s) ? SHARE_CLAIMED : 1; /* people on lists send links */
}
