/* Gathering what is asked to be clicked. */
#include "detect/call.h"

#include "base/abnf.h"
#include "base/domain.h"
#include "detect/brands.h"
#include "detect/detect.h"
#include "detect/forward.h"
#include "detect/link.h"
#include "detect/owners.h"
#include "detect/text.h"

/* Words of links at the foot of a mail, folded: those that offer to leave, and others. */
static const char *const leave_words[] = {
	"unsubscribe",
	"unsubscribing",
	"opt out",
	"preferences",
	"abmelden",
	"abbestellen",
	"desabonner",
	"desinscrire",
	"desinscription",
	"darse de baja",
	"cancelar suscripcion",
	"descadastrar",
	"cancelar inscricao",
	"disiscriverti",
	"annulla iscrizione",
	"afmelden",
	"uitschrijven",
	"remove me",
};
static const char *const footer_words[] = {
	"privacy",          "privacy policy", "terms",       "policy",      "view in",    "web version",
	"browser",          "datenschutz",    "impressum",   "agb",         "im browser", "confidentialite",
	"mentions legales", "privacidad",     "politica de", "voorwaarden", "facebook",   "twitter",
	"instagram",        "linkedin",       "youtube",     "pinterest",   "copyright",  "legal",
	"imprint",          "help center",    "faq",
};

static const char *const crowd[] = {
	/* hosts that mails link to besides: fonts, stores, networks, namespaces */
	"facebook.com",
	"twitter.com",
	"x.com",
	"instagram.com",
	"linkedin.com",
	"youtube.com",
	"pinterest.com",
	"tiktok.com",
	"w3.org",
	"fonts.googleapis.com",
	"fonts.gstatic.com",
	"apps.apple.com",
	"itunes.apple.com",
	"play.google.com",
	"schema.org",
	"schemas.microsoft.com",
	"aka.ms",
	"support.microsoft.com",
};

#define FOOTER_TEXT 60 /* bytes: longer texts only happen to have the word */

static bool has_word(struct str folded, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		size_t at = str_find(folded, str_of(words[i]), 0);
		if (at != SIZE_MAX && at > 0 && folded.p[at - 1] == ' ')
			return true;
	}
	return false;
}

static bool is_crowd(struct str host)
{
	for (size_t i = 0; i < ARRAY_LEN(crowd); i++)
		if (domain_is_within(host, str_of(crowd[i])))
			return true;
	return false;
}

/* A list's field names the owner, as in "<https://lists.sender.test/u>, <mailto:u@sender.test>". */
static bool names_owner(struct str value, struct str owner)
{
	return owner.n > 0 && str_find_nocase(value, owner, 0) != SIZE_MAX;
}

/* Houses that give tenants a name of their own below theirs: only that very name is the sender's. */
static bool is_tenant(struct str domain)
{
	static const char *const landlords[] = { "atlassian.net",   "freshdesk.com",  "myshopify.com",
						 "onmicrosoft.com", "salesforce.com", "tawk.email",
						 "zendesk.com" };

	for (size_t i = 0; i < ARRAY_LEN(landlords); i++)
		if (domain_is_within(domain, str_of(landlords[i])))
			return true;
	return host_kind(domain) == HOST_SITE;
}

/* Of From, of one of its other domains, of the reader's own house, or of what was proved. */
static bool is_house(const struct scan *s, const struct call *c)
{
	const struct proof *p = &s->proof;

	if (is_tenant(s->from.domain))
		return domain_is_within(c->host, s->from.domain);
	for (size_t i = 0; i < s->from_domains.n; i++)
		if (domain_same_owner(s->arena, c->host, s->from_domains.v[i]))
			return true;
	for (size_t i = 0; p->checked && i < p->dkim_domains.n; i++)
		if (domain_same_owner(s->arena, c->host, p->dkim_domains.v[i]))
			return true;
	for (size_t i = 0; i < s->job->recipients.n; i++)
		if (domain_same_owner(s->arena, c->host,
				      domain_fold(s->arena, domain_of_address(s->job->recipients.v[i]))))
			return true;
	if (sender_is_own_domain(s, c->host) || str_eq(c->owner, s->from.owner))
		return true;
	return c->kind == HOST_OTHER && s->from.owner.n > 0 && host_is_related(c->owner, s->from.owner);
}

bool call_is_of_text(const struct scan *s, const struct mime_link *l)
{
	for (size_t i = 0; i < s->content->texts.n; i++)
		if (s->content->texts.v[i].part == l->part)
			return true;
	return false;
}

/* Pictures and fonts, whose addresses stand in texts made from HTML. */
static bool is_picture(const struct url *u)
{
	static const char *const ends[] = { ".png", ".jpg",  ".jpeg",  ".gif", ".webp",
					    ".svg", ".woff", ".woff2", ".ttf" };

	for (size_t i = 0; i < ARRAY_LEN(ends); i++)
		if (str_ends_nocase(u->path, str_of(ends[i])))
			return true;
	return false;
}

/* Short addresses that social networks give out on their own hosts. */
static bool is_short_of_network(const struct url *u, struct str host)
{
	return domain_is_within(host, STR("linkedin.com")) && str_starts_nocase(u->path, STR("/slink"));
}

static bool is_asked(const struct scan *s, const struct mime_link *l)
{
	if (!url_is_web(&l->url) || l->field || l->nested)
		return false;
	if (l->code)
		return true;
	if (!call_is_of_text(s, l))
		return false;
	if (l->html)
		return l->html->kind == HTML_LINK_A || l->html->kind == HTML_LINK_AREA ||
		       l->html->kind == HTML_LINK_FORM;
	if (is_picture(&l->url))
		return false;
	/* A name without a scheme in a text need not be meant as a link. */
	return str_starts_nocase(l->href, STR("http")) || str_starts_nocase(l->href, STR("www."));
}

#define PREFIX_MAX 4 /* "Antw" */

bool call_is_answer(const struct scan *s)
{
	return !s->forwards && sender_claims_answer(s);
}

static bool has_form_of_answer(const struct scan *s)
{
	return call_is_answer(s) && !forward_is_mark(forward_subject_mark(s->arena, s->subject));
}

bool call_is_answer_to_us(const struct scan *s)
{
	/* Message-IDs of ours lie in archives, and fields are quickly written: who could be asked for, is. */
	return s->job->account ? sender_is_solicited(s) : has_form_of_answer(s);
}

static bool is_conversation(const struct scan *s)
{
	if (s->proof.checked)
		return sender_is_proved_list(s) || sender_is_known(s);
	/* An answer says so in its subject: "Re: …", "AW: …"; so does a forward, which has the fields of one. */
	size_t colon = str_find_char(s->subject, ':', 0);
	return (has_form_of_answer(s) && colon >= 2 && colon <= PREFIX_MAX) || scan_field(s, "List-Post") ||
	       scan_field(s, "Mailing-List");
}

double call_share(const struct calls *c, const struct call *call)
{
	size_t same = 0;

	for (size_t i = 0; i < c->n; i++)
		same += !c->v[i].footer && str_eq(c->v[i].owner, call->owner);
	return c->asked ? (double)same / (double)c->asked : 0;
}

static void find_main(struct calls *c)
{
	for (size_t i = 0; i < c->n; i++) {
		size_t same = 0;
		bool first = true;
		if (c->v[i].footer)
			continue;
		for (size_t j = 0; j < c->n; j++) {
			bool alike = !c->v[j].footer && str_eq(c->v[j].owner, c->v[i].owner);
			same += alike;
			first &= !alike || j >= i;
		}
		c->asked++;
		c->marked += !c->v[i].plain;
		c->owners += first;
		if (first && same > c->main_n) {
			c->main_n = same;
			c->main = &c->v[i];
		}
	}
}

/* ---- where words lead ---- */

static bool has_files(const struct scan *s)
{
	for (size_t i = 0; i < s->content->attachments.n; i++)
		if (!s->content->attachments.v[i].is_inline)
			return true;
	return false;
}

bool call_has_phone(struct str text)
{
	size_t digits = 0, between = 0;

	for (size_t i = 0; i < text.n && i < TEXT_FOLD_MAX; i++) {
		unsigned char c = (unsigned char)text.p[i];
		if (abnf_is_digit(c)) {
			between = 0;
			if (++digits >= 10)
				return true;
		} else if (strchr(" -.()+", c) == NULL || ++between > 3) {
			digits = between = 0;
		}
	}
	return false;
}

static bool names_phone(const struct scan *s)
{
	for (size_t i = 0; i < s->content->texts.n; i++)
		if (call_has_phone(mime_text_shown(&s->content->texts.v[i])))
			return true;
	return false;
}

/* What is to be answered, called or filled in leads somewhere without a link. */
static bool asks_for_answer(const struct scan *s)
{
	/* beginnings of words */
	static const char *const words[] = { " reply",      " respond",   " antwort",       " repond",
					     " rispond",    " antwoord",  " call ",         " send us ",
					     " user name ", " username ", " benutzername ", "返 信",
					     "回 复" };

	return text_has_any(s->index, words, ARRAY_LEN(words)) || names_phone(s);
}

/* Whether the text of its link is an address: that of its host's owner (own), or of another one. */
static bool shows_address(const struct scan *s, const struct call *c, bool own)
{
	struct str shown = link_host_shown(s->arena, c->link->text);

	return shown.n > 0 && domain_same_owner(s->arena, shown, c->host) == own;
}

bool call_shows_itself(const struct scan *s, const struct call *c)
{
	return shows_address(s, c, true);
}

#define NOWHERE_SHARE 0.6   /* who is after a password has a place for it */
#define OWN_SITE_SHARE 0.75 /* and that is mostly not the site he writes from */

static double lure_share(const struct scan *s, const struct calls *all)
{
	bool elsewhere =
	    s->reply_to.domain.n > 0 && !domain_same_owner(s->arena, s->reply_to.domain, s->from.domain);

	if (s->from.domain.n == 0 || elsewhere || s->forwards || sender_is_borrowed(s) ||
	    sender_is_bounce(s) || has_files(s))
		return 1;
	if (s->content->links.n == 0)
		return asks_for_answer(s) ? 1 : NOWHERE_SHARE;
	for (size_t i = 0; i < all->n; i++)
		if (!all->v[i].house || shows_address(s, &all->v[i], false))
			return 1;
	return all->n > 0 ? OWN_SITE_SHARE : 1;
}

/* ---- all of a mail ---- */

/* Programs that forward write a plain text beside the HTML, "<https://…>" behind what was a button: people see the button. */
static void prefer_marked(struct calls *c)
{
	for (size_t i = 0; i < c->n && c->main && c->main->plain; i++)
		if (!c->v[i].plain && !c->v[i].footer && str_eq(c->v[i].owner, c->main->owner))
			c->main = &c->v[i];
}

const struct calls *calls_of(const struct scan *s)
{
	struct calls *c = ARENA_NEW(s->arena, struct calls);
	const struct headers *headers = mime_headers(s->mail);
	struct str post = headers_value(s->arena, headers, STR("List-Post")),
		   list = headers_value(s->arena, headers, STR("List-Id"));

	c->unsubscribe = scan_field(s, "List-Unsubscribe") != NULL;
	c->conversation = is_conversation(s);
	for (size_t i = 0; i < s->content->links.n && c->n < CALLS_MAX; i++) {
		const struct mime_link *l = &s->content->links.v[i];
		if (!is_asked(s, l) || (!l->code && c->n >= CALLS_MAX - CALLS_CODES))
			continue;
		struct call *k = &c->v[c->n++];
		*k = (struct call){ .link = l,
				    .host = domain_fold(s->arena, l->url.host),
				    .plain = !l->html && !l->code };
		k->owner = owner_of(s, k->host);
		bool is_short = is_short_of_network(&l->url, k->host);
		k->kind = is_short ? HOST_SHORTENER : host_kind(k->host);
		k->house = is_house(s, k) || names_owner(post, k->owner) || names_owner(list, k->owner);
		struct str text = l->text.n <= FOOTER_TEXT ? text_fold(s->arena, &l->text, 1) : STR_NONE;
		bool leaves = has_word(text, leave_words, ARRAY_LEN(leave_words));
		k->footer = (is_crowd(k->host) && !is_short) || leaves ||
			    has_word(text, footer_words, ARRAY_LEN(footer_words));
		c->leave |= leaves;
		c->unsubscribe |= leaves;
		c->house_linked |= k->house;
	}
	find_main(c);
	if (s->forwards)
		prefer_marked(c);
	c->lure_share = lure_share(s, c);
	return c;
}

/* ---- what pretenders do ---- */

bool call_is_urgent(struct str folded)
{
	/* beginnings of words */
	static const char *const words[] = {
		" account",      " acces",      " action",   " activat",   " aktual",       " alert",
		" atenc",        " atualiz",    " betaling", " billing",   " bloque",       " block",
		" cancel",       " claim",      " colis",    " compte",    " confirm",      " congrat",
		" conta ",       " conto ",     " cuenta",   " declin",    " deliver",      " device",
		" encomenda",    " entrega",    " expir",    " facture",   " failed",       " fatura",
		" final notice", " gesperrt",   " gewinn",   " hold ",     " identi",       " invoice",
		" konto",        " last ",      " limit",    " livraison", " locked",       " log in",
		" login",        " membership", " notice",   " order",     " package",      " pacote",
		" paket",        " paquete",    " parcel",   " password",  " passwor",      " payment",
		" pending",      " pontos",     " problem",  " rechnung",  " refund",       " rekening",
		" renew",        " required",   " restrict", " reward",    " secur",        " seguran",
		" shipment",     " sicherheit", " sign in",  " storage",   " subscription", " suspen",
		" susp",         " transac",    " transfer", " unauthori", " unusual",      " update",
		" urgen",        " verif",      " virus",    " wallet",    " warning",      " won ",
		" zustell",      " поддержк",   " аккаунт",  " счет",      "本 人 確 認",   "お 知 ら せ",
		"重 要",         "緊 急",
	};
	struct text_index index;

	text_index_make(&index, folded);
	return text_has_any(&index, words, ARRAY_LEN(words));
}

bool call_is_discussed(const struct scan *s)
{
	return call_is_answer(s) || scan_field(s, "List-Post") || scan_field(s, "Mailing-List") ||
	       scan_field(s, "List-Id");
}

bool call_is_letter(const struct scan *s)
{
	const struct calls *all = s->calls;

	return scan_field(s, "List-Unsubscribe") && !sender_is_borrowed(s) &&
	       (!all->main || all->house_linked || all->main->kind == HOST_MAILER);
}

struct leads call_leads(const struct scan *s, const struct brand *b)
{
	struct leads l = { 0 };

	for (size_t i = 0; i < s->content->links.n; i++) {
		const struct mime_link *link = &s->content->links.v[i];
		if (!url_is_web(&link->url) || link->field ||
		    (link->html &&
		     (link->html->kind == HTML_LINK_RESOURCE || link->html->kind == HTML_LINK_BASE)))
			continue;
		struct str host = domain_fold(s->arena, link->url.host);
		bool theirs = b && brand_owns(b, host);
		l.n++;
		l.theirs += theirs;
		l.own_house |= domain_is_within(host, s->from.owner);
		if (!theirs && l.host.n == 0)
			l.host = host;
	}
	return l;
}

bool call_wants(const struct scan *s, const struct leads *l)
{
	return has_files(s) || names_phone(s) || l->host.n > 0;
}

#define PRETENCE_MOST 0.9 /* 1 would decide alone */

struct finding *call_pretence(const struct scan *s, struct findings *out, const char *signal, double score,
			      const char *reason)
{
	score = score > PRETENCE_MOST ? PRETENCE_MOST : score;
	if (sender_is_known(s))
		score *= 0.5;
	struct finding *f = finding_add(out, signal, score >= 0.5 ? DISP_MALICIOUS : DISP_SUSPICIOUS, score,
					CAT_BRAND_IMPERSONATION, reason);
	finding_where(f, s->from.header.p, "display name", s->from.name.n ? s->from.name : s->from.address);
	finding_bytes(f, s->from.offset, s->from.length);
	return f;
}
