/*
 * Newsletters, advertising and notices sent to many: RFC 2369 and RFC 8058 list headers, Precedence, traits of
 * mailing services, and an offer to unsubscribe in the text. Solicited or not cannot be seen; BULK says neither.
 *
 * A discussion list is no bulk mail: people write to each other there. It is known by List-Post with an address
 * (RFC 2369 §3.4), by an address to join at, by the Mailing-List field of group services or by threading, and by a
 * From that is a person.
 */
#include "detect/detect.h"

#include "base/abnf.h"
#include "detect/text.h"

#define WORDS_FEW 15

static const struct header *field(const struct scan *s, const char *name)
{
	return headers_first(mime_headers(s->mail), str_of(name));
}

static bool value_is_one_of(const struct scan *s, const char *name, const char *const *words)
{
	struct str value = headers_value(s->arena, mime_headers(s->mail), str_of(name));

	for (; *words; words++)
		if (str_eq_nocase(str_trim(value), str_of(*words)))
			return true;
	return false;
}

/* Fields that only mailing services write, with what they weigh. */
static const struct {
	const char *name;
	double score;
} service_fields[] = {
	{ "Feedback-ID", 0.3 },      { "X-CSA-Complaints", 0.4 }, { "X-Campaign", 0.4 },
	{ "X-Campaign-ID", 0.4 },    { "X-CampaignID", 0.4 },     { "X-Mailgun-Sid", 0.2 },
	{ "X-SG-EID", 0.2 },         { "X-MC-User", 0.4 },        { "X-SFMC-Stack", 0.4 },
	{ "X-Mailer-RecptId", 0.4 }, { "X-EmailType-Id", 0.3 },   { "X-List-Unsubscribe", 0.3 },
	{ "X-Report-Abuse", 0.2 },   { "X-Rpcampaign", 0.4 },     { "X-Job", 0.2 },
};

/* Folded phrases by which a text offers to be left alone. */
static const char *const unsubscribe_phrases[] = {
	" unsubscribe ",
	" opt out ",
	" manage your preferences ",
	" email preferences ",
	" view in browser ",
	" view this email ",
	" newsletter abbestellen ",
	" newsletter abmelden ",
	" abmelden ",
	" abbestellen ",
	" se desabonner ",
	" desinscrire ",
	" desinscription ",
	" darse de baja ",
	" cancelar suscripcion ",
	" cancelar inscricao ",
	" descadastrar ",
	" disiscriverti ",
	" annulla iscrizione ",
	" afmelden ",
	" uitschrijven ",
	" wypisz sie ",
	" отписаться ",
	" 配 信 停 止 ",
	" you have received this email because ",
	" you are receiving this email because ",
	" you are subscribed to ",
};

/* The phrase that is there, or nothing. */
static struct str offer_to_leave(const struct scan *s)
{
	for (size_t i = 0; i < ARRAY_LEN(unsubscribe_phrases); i++)
		if (str_find(s->words, str_of(unsubscribe_phrases[i]), 0) != SIZE_MAX)
			return str_trim(str_of(unsubscribe_phrases[i]));
	return STR_NONE;
}

/* Local parts nobody answers from. */
static bool is_robot(struct str address)
{
	static const char *const names[] = { "noreply",    "no-reply",     "donotreply",    "do-not-reply",
					     "newsletter", "news",         "info",          "marketing",
					     "mailer",     "notification", "notifications", "bounce",
					     "offers",     "promo",        "updates" };
	struct str local = str_sub(address, 0, str_rfind_char(address, '@'));

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (str_starts_nocase(local, str_of(names[i])))
			return true;
	return false;
}

static bool is_discussion(const struct scan *s)
{
	struct str post = headers_value(s->arena, mime_headers(s->mail), STR("List-Post"));
	struct str join = headers_value(s->arena, mime_headers(s->mail), STR("List-Subscribe"));
	bool thread = field(s, "In-Reply-To") || field(s, "References");

	if (is_robot(s->from.address))
		return false;
	return thread || field(s, "Mailing-List") || str_find_nocase(post, STR("mailto:"), 0) != SIZE_MAX ||
	       str_find_nocase(join, STR("mailto:"), 0) != SIZE_MAX;
}

struct trait {
	const char *field;
	double score;
	struct str phrase; /* in the text; "" = the trait is a header field */
};

static struct str trait_name(struct arena *a, const struct trait *t)
{
	if (t->phrase.n > 0)
		return arena_printf(a, "\"%.*s\" in the text", STR_ARG(t->phrase));
	return strcmp(t->field, "From") == 0 ? STR("a From that is no person") : str_of(t->field);
}

/* Bounces and automatic answers quote what they answer, footers of newsletters included. */
static bool is_answer_of_machine(const struct scan *s)
{
	const struct mime_part *top = s->mail->v[0];
	struct str autos = headers_value(s->arena, mime_headers(s->mail), STR("Auto-Submitted"));

	return str_starts_nocase(s->from.address, STR("mailer-daemon")) ||
	       str_starts_nocase(s->from.address, STR("postmaster")) ||
	       mime_part_is(top, STR("multipart"), STR("report")) ||
	       str_starts_nocase(autos, STR("auto-replied"));
}

static size_t collect(const struct scan *s, struct trait out[8])
{
	static const char *const precedence[] = { "bulk", "list", "junk", NULL };
	size_t n = 0;
	struct str leave = offer_to_leave(s);

	if (field(s, "List-Unsubscribe"))
		out[n++] = (struct trait){ "List-Unsubscribe", field(s, "List-Unsubscribe-Post") ? 0.7 : 0.5,
					   STR_NONE };
	if (value_is_one_of(s, "Precedence", precedence))
		out[n++] = (struct trait){ "Precedence", 0.4, STR_NONE };
	if (field(s, "List-Id") && !field(s, "List-Unsubscribe"))
		out[n++] = (struct trait){ "List-Id", 0.2, STR_NONE };
	for (size_t i = 0; i < ARRAY_LEN(service_fields) && n < 6; i++)
		if (field(s, service_fields[i].name))
			out[n++] =
			    (struct trait){ service_fields[i].name, service_fields[i].score, STR_NONE };
	if (leave.n > 0)
		out[n++] = (struct trait){ "body", 0.3, leave };
	if (n > 0 && n < 8 && is_robot(s->from.address))
		out[n++] = (struct trait){ "From", 0.2, STR_NONE };
	return n;
}

static void run(const struct scan *s, struct findings *out)
{
	struct trait traits[8];
	double score = 0;

	if (is_discussion(s) || is_answer_of_machine(s) || text_word_count(s->words) < WORDS_FEW)
		return;
	size_t n = collect(s, traits), best = 0;
	for (size_t i = 0; i < n; i++) {
		score += traits[i].score;
		if (traits[i].score > traits[best].score)
			best = i;
	}
	if (n == 0 || score < 0.5)
		return;
	struct finding *f =
	    finding_add(out, NULL, DISP_BULK, score, CAT_BULK_MAIL,
			"The message was sent to many: a newsletter, advertising or a notice.");
	const struct trait *clearest = &traits[best];
	const struct header *h = clearest->phrase.n == 0 ? field(s, clearest->field) : NULL;
	finding_where(f, clearest->field, h ? NULL : "text",
		      h ? header_unfold(s->arena, h->value) : clearest->phrase);
	if (h)
		finding_bytes(f, h->start, h->length);
	struct str names = trait_name(s->arena, &traits[0]);
	for (size_t i = 1; i < n; i++)
		names = ARENA_JOIN(s->arena, names, STR(", "), trait_name(s->arena, &traits[i]));
	finding_detail(out, f, "has %.*s", STR_ARG(names));
}

const struct detector detect_bulk_mail = {
	.name = "bulk_mail",
	.family = FAMILY_BULK,
	.needs = NEED_FROM | NEED_WORDS,
	.run = run,
};
