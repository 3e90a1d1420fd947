/*
 * Mail that pretends to come from the reader's own house, or from those who run his mail: an office as its name, or the reader's
 * own address or domain in name and subject, from a foreign domain.
 *
 * Its findings are brand_impersonation's, to people.
 */
#include "detect/detect.h"

#include "base/domain.h"
#include "detect/brands.h"
#include "detect/call.h"
#include "detect/lists.h"
#include "detect/text.h"

#define NAME_LOOKED_AT 200 /* bytes */
#define SUBJECT_LOOKED_AT 300

/* Folded names of nobody: an office that no stranger holds. */
static const char *const offices[] = {
	" account center ",
	" account security ",
	" account support ",
	" account team ",
	" admin center ",
	" admin support ",
	" administrator ",
	" admin ",
	" cloud backup ",
	" cloud storage ",
	" it department ",
	" it desk ",
	" it help desk ",
	" it helpdesk ",
	" it service desk ",
	" it support ",
	" it team ",
	" help desk ",
	" helpdesk ",
	" mail admin ",
	" mail administrator ",
	" mail notification ",
	" mail server ",
	" mail service ",
	" mail support ",
	" mail team ",
	" mailadmin ",
	" mailbox ",
	" webmail ",
	" email admin ",
	" email administrator ",
	" email notification ",
	" email server ",
	" email service ",
	" email support ",
	" email team ",
	" system admin ",
	" system administrator ",
	" server admin ",
	" server administrator ",
	" server notification ",
	" security team ",
	" sysadmin ",
	" quota warning ",
	" quota notification ",
	" password expiry ",
	" password notification ",
	" postmaster ",
	" hr department ",
	" human resources ",
	" payroll department ",
	" service desk ",
	" secure notification ",
	" security alert ",
	" security notification ",
	" service client mail ",
	" administrador ",
	" administrateur ",
	" administratie ",
	" administratore ",
	" amministratore ",
	" administrator poczty ",
	" mail verwaltung ",
	" mailadministrator ",
	" it abteilung ",
	" equipe de suporte ",
	" suporte ",
	" soporte ",
	" soporte tecnico ",
	" suporte tecnico ",
	" support technique ",
	" assistenza tecnica ",
	" systembeheerder ",
	" systeembeheerder ",
	" beheerder ",
	" cpanel ",
	" voicemail ",
	" voice mail ",
	" document portal ",
	" verify id ",
	" device safety alerts ",
	" техподдержка ",
	" администратор ",
	" служба поддержки ",
	" 管 理 者 ",
	" シ ス テ ム 管 理 者 ",
};

static struct str office_of(struct str folded)
{
	for (size_t i = 0; i < ARRAY_LEN(offices); i++) {
		struct str office = str_of(offices[i]);
		if (str_find(folded, office, 0) != SIZE_MAX)
			return str_trim(office);
	}
	return STR_NONE;
}

/* The mailbox it is for: the envelope's, or what To says. */
static struct str reader(const struct scan *s)
{
	struct str to, shown;
	size_t at = 0;

	if (s->job->recipients.n > 0)
		return s->job->recipients.v[0];
	to = headers_value(s->arena, mime_headers(s->mail), STR("To"));
	return sender_shown_address(to, &at, &shown) ? shown : STR_NONE;
}

#define HOUSE_LEAST 4 /* letters of a domain's name or a mailbox's */

/* A whole word of the folded text. */
static bool says(struct arena *a, struct str folded, struct str what)
{
	struct str word = text_fold(a, &what, 1);

	return word.n >= HOUSE_LEAST + 2 && str_find(folded, word, 0) != SIZE_MAX;
}

static void run(const struct scan *s, struct findings *out)
{
	struct str to = reader(s), domain = domain_fold(s->arena, domain_of_address(to));
	struct str name = brand_text_of(s->arena, s->from.name, NAME_LOOKED_AT, true).words;
	struct str subject = brand_text_of(s->arena, s->subject, SUBJECT_LOOKED_AT, true).words;
	struct str office = text_word_count(name) <= 7 ? office_of(name) : STR_NONE;

	if (domain.n == 0 || sender_is_bounce(s) ||
	    finding_is_said(out, &detect_brand_impersonation, "brand") ||
	    domain_same_owner(s->arena, domain, s->from.domain) || s->own_domain)
		return;
	bool shared = list_is_free_mail(domain);
	struct str owner = domain_registrable(s->arena, domain);
	struct str label = str_sub(owner, 0, str_find_char(owner, '.', 0));
	bool address_in_name = says(s->arena, name, to), address_in_subject = says(s->arena, subject, to);
	bool house_in_name =
	    !shared && (says(s->arena, name, domain) || (office.n > 0 && says(s->arena, name, label)));
	bool house_in_subject = !shared && says(s->arena, subject, domain);
	bool urgent = call_is_urgent(subject);
	struct leads l = call_leads(s, NULL);
	double score = (office.n > 0 ? 0.35 : 0) + (address_in_name || house_in_name ? 0.4 : 0) +
		       (address_in_subject || house_in_subject ? 0.25 : 0) + (urgent ? 0.15 : 0);

	if (office.n == 0 && !address_in_name && !house_in_name && !(address_in_subject || house_in_subject))
		return;
	if (call_is_discussed(s) && !address_in_name && !house_in_name)
		return;
	if (!call_wants(s, &l))
		score *= 0.5;
	if (score < PRETENCE_LEAST)
		return;
	struct finding *f = call_pretence(
	    s, out, office.n ? "office" : "house", score,
	    office.n
		? "The sender poses as those who run mail or accounts, from a foreign domain."
		: "The sender shows the reader's own address or domain as its name, from a foreign domain.");
	finding_detail(out, f, "\"%.*s\" from %.*s%s%s", STR_ARG(office.n ? office : s->from.name),
		       STR_ARG(s->from.domain),
		       address_in_name || house_in_name ? ", with the reader's address or domain in the name"
							: "",
		       address_in_subject || house_in_subject ? ", with it in the subject" : "");
}

const struct detector detect_house_impersonation = {
	.name = "brand_impersonation",
	.family = FAMILY_SENDER,
	.needs = NEED_FROM,
	.run = run,
};
