/*
 * Newsletters, advertising and notices sent to many: RFC 2369 and RFC 8058 list headers, Precedence, traits of
 * mailing services, an envelope that takes bounces apart by reader, a picture that tells when it is looked at, and an offer
 * to unsubscribe. Solicited or not cannot be seen; BULK says neither.
 *
 * A discussion list is no bulk mail: people write to each other there. It is known by List-Post with an address
 * (RFC 2369 §3.4), by an address to join at, by the Mailing-List field of group services or by threading, and by a
 * From that is a person.
 */
#include "detect/detect.h"

#include "base/abnf.h"
#include "detect/call.h"
#include "detect/text.h"

#define WORDS_FEW 15
#define LINKS_MANY 10
#define LEAST 0.499 /* sums of tenths do not add up exactly */

static bool value_is_one_of(const struct scan *s, const char *name, const char *const *words)
{
	struct str value = headers_value(s->arena, mime_headers(s->mail), str_of(name));

	for (; *words; words++)
		if (str_eq_nocase(str_trim(value), str_of(*words)))
			return true;
	return false;
}

/* Fields that mailing services write, alone or with a certain word in their value, with what they weigh. */
static const struct sign {
	const char *name;
	const char *part; /* somewhere in the value; NULL = any value */
	double score;
} signs[] = {
	{ "Feedback-ID", NULL, 0.3 },
	{ "X-CSA-Complaints", NULL, 0.4 },
	{ "X-Campaign", NULL, 0.4 },
	{ "X-Campaign-ID", NULL, 0.4 },
	{ "X-CampaignID", NULL, 0.4 },
	{ "X-Rpcampaign", NULL, 0.4 },
	{ "X-Bulkmail", NULL, 0.4 },
	{ "X-MSFBL", NULL, 0.4 },
	{ "X-MarketoID", NULL, 0.4 },
	{ "X-MC-User", NULL, 0.4 },
	{ "X-Mandrill-User", NULL, 0.3 },
	{ "X-SFMC-Stack", NULL, 0.4 },
	{ "X-Mailer-RecptId", NULL, 0.4 },
	{ "X-Mailin-Campaign", NULL, 0.4 },
	{ "X-Mailin-EID", NULL, 0.3 },
	{ "X-HS-Cid", NULL, 0.4 },
	{ "X-Klaviyo-Message-Id", NULL, 0.4 },
	{ "X-AcyMailing", NULL, 0.4 },
	{ "X-Newsletter", NULL, 0.4 },
	{ "X-Mailing-Id", NULL, 0.4 },
	{ "X-Elqpod", NULL, 0.4 },
	{ "X-Msg-EID", NULL, 0.2 },
	{ "X-SG-EID", NULL, 0.2 },
	{ "X-SES-Outgoing", NULL, 0.1 },
	{ "X-PM-Message-Id", NULL, 0.1 },
	{ "X-Mailgun-Sid", NULL, 0.2 },
	{ "X-Mailgun-Batch-Id", NULL, 0.3 },
	{ "X-EmailType-Id", NULL, 0.3 },
	{ "X-List-Unsubscribe", NULL, 0.3 },
	{ "X-Report-Abuse", NULL, 0.2 },
	{ "X-Report-Abuse-To", NULL, 0.2 },
	{ "X-Job", NULL, 0.2 },
	{ "X-Auto-Response-Suppress", NULL, 0.1 },
	{ "Message-ID", ".marketo.org>", 0.3 },
	{ "Message-ID", ".mcsv.net>", 0.3 },
	{ "Message-ID", ".mcdlv.net>", 0.3 },
	{ "Message-ID", ".rsgsv.net>", 0.3 },
	{ "Message-ID", "geopod-ismtpd", 0.1 },
	{ "Message-ID", "amazonses.com>", 0.1 },
	{ "X-Mailer", "mailchimp", 0.4 },
	{ "X-Mailer", "newsletter", 0.4 },
	{ "X-Mailer", "mailing", 0.3 },
	{ "X-Mailer", "sendy", 0.4 },
	{ "X-Mailer", "acymailing", 0.4 },
	{ "X-Mailer", "phplist", 0.4 },
	{ "X-Mailer", "interspire", 0.4 },
	{ "X-Mailer", "rapidmail", 0.4 },
	{ "X-Mailer", "cleverreach", 0.4 },
	{ "X-Mailer", "campaign", 0.4 },
};

/* Folded phrases by which a text offers to be left alone. */
static const char *const unsubscribe_phrases[] = {
	" unsubscribe ",
	" opt out ",
	" manage your preferences ",
	" manage preferences ",
	" email preferences ",
	" communication preferences ",
	" view in browser ",
	" view in your browser ",
	" view this email ",
	" view online ",
	" see it in your browser ",
	" trouble viewing this ",
	" trouble reading this ",
	" having trouble viewing ",
	" web version ",
	" remove yourself from ",
	" to be removed from ",
	" do not wish to receive ",
	" no longer wish to receive ",
	" no longer want to receive ",
	" prefer not to receive ",
	" stop receiving these ",
	" you have received this email because ",
	" you received this email because ",
	" you are receiving this email because ",
	" you re receiving this email because ",
	" receiving this message because ",
	" you are subscribed to ",
	" you subscribed to ",
	" because you signed up ",
	" because you opted in ",
	" newsletter abbestellen ",
	" newsletter abmelden ",
	" abmelden ",
	" abbestellen ",
	" austragen ",
	" keine weiteren e mails ",
	" ansicht im browser ",
	" im browser ansehen ",
	" im browser anzeigen ",
	" im browser offnen ",
	" nicht richtig angezeigt ",
	" nicht korrekt angezeigt ",
	" sie erhalten diese e mail ",
	" se desabonner ",
	" vous desabonner ",
	" me desabonner ",
	" desinscrire ",
	" desinscription ",
	" version en ligne ",
	" dans votre navigateur ",
	" ne souhaitez plus recevoir ",
	" vous recevez cet email ",
	" darse de baja ",
	" darte de baja ",
	" cancelar suscripcion ",
	" cancelar la suscripcion ",
	" anular suscripcion ",
	" ver en el navegador ",
	" ver en navegador ",
	" no desea recibir ",
	" no deseas recibir ",
	" has recibido este correo porque ",
	" cancelar inscricao ",
	" cancelar a inscricao ",
	" cancelar assinatura ",
	" cancelar subscricao ",
	" descadastrar ",
	" descadastre ",
	" descadastramento ",
	" ver no navegador ",
	" visualizar no navegador ",
	" nao deseja receber ",
	" nao desejar receber ",
	" nao queira mais receber ",
	" remover meu e mail ",
	" voce esta recebendo este ",
	" disiscriverti ",
	" disiscriviti ",
	" disiscrizione ",
	" annulla iscrizione ",
	" cancellati ",
	" visualizza nel browser ",
	" versione online ",
	" non desideri ricevere ",
	" non desidera ricevere ",
	" ricevi questa email perche ",
	" afmelden ",
	" uitschrijven ",
	" uit te schrijven ",
	" bekijk online ",
	" bekijk in browser ",
	" bekijk deze e mail ",
	" je ontvangt deze e mail ",
	" u ontvangt deze e mail ",
	" wypisz sie ",
	" wypisac sie ",
	" zrezygnowac z subskrypcji ",
	" rezygnacja z newslettera ",
	" wyswietl w przegladarce ",
	" zobacz w przegladarce ",
	" otrzymujesz te wiadomosc ",
	" otrzymales te wiadomosc ",
	" отписаться ",
	" отказаться от рассылки ",
	" отказаться от подписки ",
	" открыть в браузере ",
	" посмотреть в браузере ",
	" вы получили это письмо ",
	" вы получаете это письмо ",
	" 配 信 停 止 ",
	" 配 信 解 除 ",
	" 配 信 の 停 止 ",
	" メ ル マ カ の 解 除 ",
	" ブ ラ ウ サ で ",
	" 退 订 ",
	" 退 訂 ",
	" 取 消 订 阅 ",
	" 取 消 訂 閱 ",
	" 在 浏 览 器 中 ",
	" 在 瀏 覽 器 中 ",
};

/* The phrase that is there, or nothing. */
static struct str offer_to_leave(const struct scan *s)
{
	for (size_t i = 0; i < ARRAY_LEN(unsubscribe_phrases); i++)
		if (text_has(s->index, str_of(unsubscribe_phrases[i])))
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

	if (is_robot(s->from.address))
		return false;
	return sender_claims_answer(s) || scan_field(s, "Mailing-List") ||
	       str_find_nocase(post, STR("mailto:"), 0) != SIZE_MAX ||
	       str_find_nocase(join, STR("mailto:"), 0) != SIZE_MAX;
}

struct trait {
	double score;
	const char *says;           /* name of the field, or what it is; NULL = the phrase */
	const struct header *field; /* it stands there; NULL = in the text, or nowhere */
	struct str phrase;          /* in the text, or by which the field speaks */
};

struct traits {
	struct trait v[12];
	size_t n;
};

static void add(struct traits *t, struct trait one)
{
	if (t->n < ARRAY_LEN(t->v))
		t->v[t->n++] = one;
}

static struct str trait_name(struct arena *a, const struct trait *t)
{
	if (!t->says)
		return arena_printf(a, "\"%.*s\" in the text", STR_ARG(t->phrase));
	return t->phrase.n > 0 ? arena_printf(a, "%s with \"%.*s\"", t->says, STR_ARG(t->phrase))
			       : str_of(t->says);
}

/* Bounces and automatic answers quote what they answer, footers of newsletters included. Notices of machines are bulk. */
static bool is_answer_of_machine(const struct scan *s)
{
	struct str autos = headers_value(s->arena, mime_headers(s->mail), STR("Auto-Submitted"));

	return sender_is_bounce(s) || str_starts_nocase(autos, STR("auto-replied"));
}

#define VERP_DIGITS 6 /* a number of a mailing or of a reader */

/* "bounce+f59b5c-user=example.com@", "bounce-17422_772834416@": where mailings want bounces, one address per reader. */
static bool is_verp(struct str address)
{
	static const char *const names[] = { "bounce", "bnc", "return", "rp-", "verp", "msprvs" };
	struct str local = str_sub(address, 0, str_rfind_char(address, '@'));
	size_t digits = 0, run = 0;

	for (size_t i = 0; i < local.n; i++) {
		run = abnf_is_digit((unsigned char)local.p[i]) ? run + 1 : 0;
		digits = run > digits ? run : digits;
	}
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (str_starts_nocase(local, str_of(names[i])))
			return digits >= VERP_DIGITS || str_find_char(local, '=', 0) != SIZE_MAX;
	return false;
}

/* A picture of one point, which is there to be asked for. */
static bool has_beacon(const struct scan *s)
{
	for (size_t i = 0; i < s->content->texts.n; i++) {
		const struct html_text *html = s->content->texts.v[i].html;
		for (size_t j = 0; html && j < html->images.n; j++) {
			const struct html_image *image = &html->images.v[j];
			if (image->width >= 0 && image->width <= 1 && image->height >= 0 &&
			    image->height <= 1 && str_starts_nocase(image->src, STR("http")))
				return true;
		}
	}
	return false;
}

/* A trait where the mail has the field. */
static void add_field(const struct scan *s, struct traits *t, const char *name, double score)
{
	const struct header *h = scan_field(s, name);

	if (h)
		add(t, (struct trait){ score, name, h, STR_NONE });
}

static void of_fields(const struct scan *s, struct traits *t)
{
	static const char *const precedence[] = { "bulk", "list", "junk", NULL };

	add_field(s, t, "List-Unsubscribe", scan_field(s, "List-Unsubscribe-Post") ? 0.7 : 0.5);
	if (value_is_one_of(s, "Precedence", precedence))
		add_field(s, t, "Precedence", 0.4);
	if (!scan_field(s, "List-Unsubscribe"))
		add_field(s, t, "List-Id", 0.2);
	for (size_t i = 0; i < ARRAY_LEN(signs); i++) {
		const struct header *h = scan_field(s, signs[i].name);
		if (h && (!signs[i].part || str_find_nocase(h->value, str_of(signs[i].part), 0) != SIZE_MAX))
			add(t, (struct trait){ signs[i].score, signs[i].name, h,
					       str_of(signs[i].part ? signs[i].part : "") });
	}
}

/* What the text says, and what means something only beside another trait. */
static void of_text(const struct scan *s, struct traits *t)
{
	struct str leave = offer_to_leave(s);

	if (leave.n > 0)
		add(t, (struct trait){ .score = 0.3, .phrase = leave });
	if (s->calls->leave && !scan_field(s, "List-Unsubscribe"))
		add(t, (struct trait){ .score = 0.2, .says = "a link to unsubscribe" });
	if (is_verp(s->envelope.address))
		add(t, (struct trait){ .score = 0.3, .says = "an address for bounces of this reader" });
	if (t->n == 0)
		return;
	if (is_robot(s->from.address))
		add(t, (struct trait){ .score = 0.2, .says = "a From that is no person" });
	if (has_beacon(s))
		add(t, (struct trait){ .score = 0.2, .says = "a picture that tells of being looked at" });
	if (s->calls->n >= LINKS_MANY && s->calls->marked > 0)
		add(t, (struct trait){ .score = 0.1, .says = "many links" });
}

/* The trait that weighs most, of those that can be shown. */
static const struct trait *clearest(const struct traits *t)
{
	const struct trait *best = NULL;

	for (size_t i = 0; i < t->n; i++)
		if ((t->v[i].field || t->v[i].phrase.n > 0) && (!best || t->v[i].score > best->score))
			best = &t->v[i];
	return best;
}

static void run(const struct scan *s, struct findings *out)
{
	struct traits traits = { .n = 0 };
	double score = 0;
	struct str names = STR_NONE;

	if (is_discussion(s) || is_answer_of_machine(s) || text_word_count(s->words) < WORDS_FEW)
		return;
	of_fields(s, &traits);
	of_text(s, &traits);
	for (size_t i = 0; i < traits.n; i++) {
		score += traits.v[i].score;
		names =
		    ARENA_JOIN(s->arena, names, i ? STR(", ") : STR_NONE, trait_name(s->arena, &traits.v[i]));
	}
	if (score < LEAST)
		return;
	struct finding *f =
	    finding_add(out, NULL, DISP_BULK, score, CAT_BULK_MAIL,
			"The message was sent to many: a newsletter, advertising or a notice.");
	const struct trait *best = clearest(&traits);
	if (best && best->field) {
		finding_where(f, best->says, NULL, header_unfold(s->arena, best->field->value));
		finding_bytes(f, best->field->start, best->field->length);
	} else if (best) {
		finding_where(f, "body", "text", best->phrase);
	}
	finding_detail(out, f, "has %.*s", STR_ARG(names));
}

const struct detector detect_bulk_mail = {
	.name = "bulk_mail",
	.family = FAMILY_BULK,
	.needs = NEED_FROM | NEED_WORDS,
	.run = run,
};
