/*
 * Mail that pretends to come from a well-known brand. What comes from a brand's very domain is brand_unproved's, what
 * pretends to be of the reader's own house house_impersonation's.
 *
 * A brand is claimed by the display name above all; then by subject, sender's address, title, pictures, first words and
 * legal lines. Whoever writes from one of the brand's domains claims it rightly. Others name brands for good reasons: news
 * about them, how to pay, discussions. So a name that is also a word counts only where it is all of the display name, the
 * brands that everybody mentions only there and beside words about an account, and a discussion only by its display name.
 * Without a link, file or number that leads to somebody else it counts half. Where the mail is an envelope for a document
 * (documents.h), the brand that speaks in it is claimed, too, if it asks for what frauds ask for: people pass on tickets and bills.
 *
 * Soft evidence: alone it leaves a mail suspicious. Weights by judgement, looked at on mailing lists, newsletters and
 * phishing mails (November 2026).
 */
#include "detect/detect.h"

#include "base/domain.h"
#include "detect/brands.h"
#include "detect/call.h"
#include "detect/documents.h"
#include "detect/lists.h"
#include "detect/text.h"

#define NAME_LOOKED_AT 200 /* bytes of each place */
#define SUBJECT_LOOKED_AT 300
#define OPENING_LOOKED_AT 400
#define LEGAL_LOOKED_AT 160
#define LEGAL_LINES 4
#define IMAGES_LOOKED_AT 12
#define FILES_LOOKED_AT 4

enum place {
	PLACE_NAME, /* all that the display name says */
	PLACE_NAME_PART,
	PLACE_SUBJECT,
	PLACE_ADDRESS,
	PLACE_PICTURE, /* title, alt, names of pictures */
	PLACE_OPENING,
	PLACE_LEGAL,
	PLACE_DOCUMENT,
	PLACE_COUNT
};

static const struct {
	double weight;
	const char *text;
} places[PLACE_COUNT] = {
	[PLACE_NAME] = { 0.7, "display name" },  [PLACE_NAME_PART] = { 0.4, "display name" },
	[PLACE_SUBJECT] = { 0.2, "subject" },    [PLACE_ADDRESS] = { 0.25, "sender's address" },
	[PLACE_PICTURE] = { 0.15, "pictures" },  [PLACE_OPENING] = { 0.15, "first words" },
	[PLACE_LEGAL] = { 0.25, "legal lines" }, [PLACE_DOCUMENT] = { 0.45, "an attached document" },
};

#define URGENT_MORE 0.2    /* the subject speaks of an account, a payment or a parcel, too */
#define DISGUISED_MORE 0.2 /* the name is written with other letters */

#define BORROWED_MORE 0.15 /* it speaks in a document from somebody without a domain of his own */

#define BY_NAME (1u << PLACE_NAME | 1u << PLACE_NAME_PART)
/* Of a brand in the subject and the first words alone: news say it there, too. */
#define TOLD_OF_MOST 0.4
/* A brand is part of the name, and the mail is urgent, or comes from a mailbox that anybody gets. */
#define PART_MORE 0.15

struct claim {
	unsigned at; /* bits of enum place */
	bool disguised;
};

struct claims {
	const struct scan *s;
	struct claim *v; /* of each brand */
	bool urgent;
	bool discussed; /* an answer, or by a list: what it names, it talks about */
};

/* What people whose name a brand is write behind it, folded as brands.h folds the shape of words. */
static bool is_filler(struct str shape)
{
	/* clang-format off */
	static const char *const words[] = {
		"a", "ab", "acceso", "account", "accounts", "acesso", "activation", "ag", "airdrop",
		"alert", "alerts", "and", "anti", "antivirus", "app", "assinatura", "assist", "assistance",
		"assistenza", "assists", "at", "atendimento", "auth", "autorizacao", "avis", "aviso",
		"avisos", "avviso", "bank", "banking", "belohnung", "belohnungen", "benachrichtigung",
		"benachrichtigungen", "beneficio", "benefit", "benefits", "bestelling", "betaling",
		"billing", "bon", "br", "by", "cadeau", "cadeaux", "card", "cards", "care", "cartao",
		"cartoes", "case", "cashback", "center", "centre", "claim", "claims", "client", "cliente",
		"clientes", "clienti", "clients", "co", "cod", "codigo", "colis", "com", "compte",
		"comunicado", "confirmation", "congratulations", "consegna", "consumer", "conta",
		"contact", "conto", "corp", "credito", "cuenta", "customer", "customers", "de", "deal",
		"deals", "dear", "delivery", "della", "delle", "department", "der", "des", "desk", "di",
		"digital", "disponivel", "dispositivo", "do", "du", "e", "een", "efetue", "el", "emitida",
		"en", "encomenda", "entrega", "envio", "equipa", "equipe", "equipo", "et", "expired",
		"express", "fatura", "fidelidade", "final", "for", "foundation", "fr", "from", "fur",
		"gift", "giveaway", "global", "gmbh", "group", "guthabenkarte", "gutschein", "gutscheins",
		"help", "helpdesk", "het", "hinweis", "hold", "i", "id", "ihr", "ihre", "il", "important",
		"inc", "info", "informa", "information", "informe", "international", "io", "is", "it",
		"jp", "klant", "klantenservice", "konto", "kunde", "kunden", "kundenbereich",
		"kundenbetreuung", "kundendienst", "kundenservice", "la", "le", "les", "liberacao",
		"liberado", "live", "livraison", "llc", "lo", "login", "los", "ltd", "mail", "mailer",
		"me", "member", "membership", "membresia", "membros", "mensagem", "message",
		"mitgliedschaft", "mitteilung", "my", "nachricht", "net", "news", "newsletter", "nl", "no",
		"nota", "notice", "noticing", "notificacao", "notificacion", "notification",
		"notifications", "notify", "of", "oferta", "offer", "official", "offre", "offres",
		"online", "order", "orders", "org", "os", "our", "pacco", "package", "pacote", "pague",
		"paket", "paketzustellung", "pakket", "paquete", "parcel", "partner", "password", "pay",
		"payment", "payments", "pendente", "pending", "personal", "plus", "pontos", "portal",
		"premios", "premium", "prime", "privacy", "problema", "program", "promo", "protection",
		"protocolo", "punkte", "raffle", "rechnung", "recompensa", "recovery", "renewal", "reply",
		"resgate", "restriction", "reward", "rewards", "sa", "safety", "saldo", "scan", "secure",
		"security", "seguranca", "seguridad", "sendung", "service", "serviceclient", "services",
		"servico", "servizio", "seu", "seus", "shipment", "shop", "sicherheit", "sicherheitsteam",
		"sicurezza", "soporte", "sorteo", "speicher", "staking", "status", "storage", "store",
		"sua", "suporte", "support", "supporto", "surprise", "survey", "sweepstakes", "system",
		"systems", "team", "teams", "tem", "thank", "the", "token", "tracking", "trading", "uk",
		"ultimo", "und", "unlocked", "update", "updates", "urgent", "urgente", "us", "user",
		"utente", "van", "verificacao", "verification", "verify", "via", "virus", "voce", "voici",
		"votre", "voucher", "wallet", "warning", "webmail", "winner", "with", "www", "y", "you",
		"your", "zahlung", "zustellung",
	};
	/* clang-format on */
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (brand_shape_is(shape, words[i]))
			return true;
	return false;
}

static void claim(struct claims *c, const struct brand_name *n, enum place at)
{
	c->v[n->brand].at |= 1u << at;
	c->v[n->brand].disguised |= n->disguised && (at == PLACE_NAME || at == PLACE_SUBJECT);
}

/* Whether nothing but fillers and numbers stands beside the name. */
static bool is_all(const struct brand_text *t, const struct brand_name *n)
{
	for (size_t at = 1; at < t->shape.n;) {
		size_t end = str_find_char(t->shape, ' ', at);
		struct str word = str_sub(t->shape, at, end);
		bool of_name = at >= n->from && at < n->to;
		at += word.n + 1;
		if (!of_name && word.n > 0 && !text_is_number(word) && !is_filler(word))
			return false;
	}
	return true;
}

static void look_at_name(struct claims *c)
{
	const struct scan *s = c->s;
	struct brand_text t = brand_text_of(s->arena, s->from.name, NAME_LOOKED_AT, true);
	struct str opening = str_sub(s->body_words, 0, OPENING_LOOKED_AT);
	struct brand_name n;
	bool all = false;

	for (size_t at = 0; brand_next(&t, &at, &n);) {
		all = is_all(&t, &n);
		if (n.common && c->discussed)
			continue;
		if (n.common && all && text_word_count(t.plain) == 1 && !c->urgent &&
		    !call_is_urgent(opening))
			claim(c, &n, PLACE_NAME_PART); /* people are called Tim, Otto or Chase, too */
		else if (all || (n.part && text_word_count(t.plain) <= 3))
			claim(c, &n, PLACE_NAME);
		else if (!n.common)
			claim(c, &n, PLACE_NAME_PART);
	}
}

/* Names in a place where everybody may name them: only those that nobody else has. */
static void look_at(struct claims *c, struct str text, size_t most, enum place place)
{
	struct brand_text t = brand_text_of(c->s->arena, text, most, place == PLACE_SUBJECT);
	struct brand_name n;

	for (size_t at = 0; brand_next(&t, &at, &n);) {
		/* In the document that a lure is made of a brand is named for one reason. */
		bool named = brand_table[n.brand].kind == BRAND_NAMED && place != PLACE_DOCUMENT;
		if (n.common || (n.part && place != PLACE_ADDRESS) ||
		    (named && place != PLACE_SUBJECT && place != PLACE_ADDRESS && place != PLACE_LEGAL) ||
		    (named && !c->urgent))
			continue;
		claim(c, &n, place);
	}
}

static void look_at_address(struct claims *c)
{
	const struct scan *s = c->s;
	size_t below = s->from.domain.n > s->from.owner.n ? s->from.domain.n - s->from.owner.n : 0;
	struct str local = str_sub(s->from.address, 0, str_rfind_char(s->from.address, '@'));

	look_at(c, ARENA_JOIN(s->arena, local, STR(" "), str_sub(s->from.domain, 0, below)), NAME_LOOKED_AT,
		PLACE_ADDRESS);
}

/* Lines with the sign of a right or a "rights reserved", wherever they stand. */
static void look_at_legal(struct claims *c, struct str text, enum place place)
{
	static const char *const marks[] = { "\xc2\xa9", "opyright", "ights reserved" };

	for (size_t i = 0; i < ARRAY_LEN(marks); i++) {
		size_t at = 0;
		for (int n = 0; n < LEGAL_LINES && (at = str_find(text, str_of(marks[i]), at)) != SIZE_MAX;
		     n++) {
			size_t from = at > LEGAL_LOOKED_AT / 2 ? at - LEGAL_LOOKED_AT / 2 : 0;
			look_at(c, str_sub(text, from, at + LEGAL_LOOKED_AT / 2), LEGAL_LOOKED_AT, place);
			at++;
		}
	}
}

static void look_at_text(struct claims *c)
{
	const struct mime_content *m = c->s->content;

	for (size_t i = 0; i < m->texts.n && i < 2; i++) {
		const struct mime_text *t = &m->texts.v[i];
		struct str text = mime_text_shown(t);
		look_at(c, text, OPENING_LOOKED_AT, PLACE_OPENING);
		look_at_legal(c, text, PLACE_LEGAL);
		if (!t->html)
			continue;
		look_at(c, t->html->title, NAME_LOOKED_AT, PLACE_PICTURE);
		for (size_t k = 0; k < t->html->images.n && k < IMAGES_LOOKED_AT; k++) {
			struct str src = t->html->images.v[k].src;
			look_at(c, t->html->images.v[k].alt, NAME_LOOKED_AT, PLACE_PICTURE);
			if (!str_starts_nocase(src, STR("data:")))
				look_at(c, str_sub(src, str_rfind_char(src, '/') + 1, src.n), NAME_LOOKED_AT,
					PLACE_PICTURE);
		}
	}
	for (size_t i = 0; i < m->attachments.n && i < FILES_LOOKED_AT; i++)
		if (m->attachments.v[i].container == 0)
			look_at(c, m->attachments.v[i].name, NAME_LOOKED_AT, PLACE_PICTURE);
}

static void look_at_documents(struct claims *c)
{
	const struct documents *all = c->s->documents;

	for (size_t i = 0; i < all->n; i++) {
		const struct document *d = &all->v[i];
		if (!document_is_lure(d))
			continue;
		look_at(c, d->text, OPENING_LOOKED_AT, PLACE_DOCUMENT);
		look_at_legal(c, d->text, PLACE_DOCUMENT);
	}
}

/* The sender's own name has the brand's in it: a shop of that name, a branch; links of a lookalike lead elsewhere. */
static bool is_namesake(const struct scan *s, const struct brand *b)
{
	struct str own = str_of(b->domains);

	own = str_sub(own, own.n > 0 && own.p[0] == '~', own.n);
	own = str_sub(own, 0, str_find_char(own, '.', 0));
	return own.n >= 4 && str_find(s->from.owner, own, 0) != SIZE_MAX;
}

static double weigh(const struct claims *c, size_t brand)
{
	const struct claim *claim = &c->v[brand];
	unsigned at = claim->at;
	double score = 0;

	if (c->discussed)
		at &= BY_NAME;
	if (at & 1u << PLACE_NAME)
		at &= ~(1u << PLACE_NAME_PART);
	for (int i = 0; i < PLACE_COUNT; i++)
		if (at & 1u << i)
			score += places[i].weight;
	if (at & 1u << PLACE_SUBJECT && c->urgent)
		score += URGENT_MORE;
	if (at & 1u << PLACE_NAME_PART && brand_table[brand].kind == BRAND_PLAIN)
		score += (c->urgent ? PART_MORE : 0) + (list_is_free_mail(c->s->from.owner) ? PART_MORE : 0);
	if (at & 1u << PLACE_DOCUMENT && sender_is_borrowed(c->s))
		score += BORROWED_MORE;
	if (claim->disguised)
		score += DISGUISED_MORE;
	if (!(at & (BY_NAME | 1u << PLACE_ADDRESS | 1u << PLACE_PICTURE | 1u << PLACE_LEGAL |
		    1u << PLACE_DOCUMENT)))
		score = !c->urgent ? 0 : score > TOLD_OF_MOST ? TOLD_OF_MOST : score;
	return score;
}

static struct str places_text(struct arena *a, unsigned at)
{
	struct str out = STR_NONE;

	if (at & 1u << PLACE_NAME)
		at &= ~(1u << PLACE_NAME_PART);
	for (int i = 0; i < PLACE_COUNT; i++)
		if (at & 1u << i)
			out = out.n ? ARENA_JOIN(a, out, STR(", "), str_of(places[i].text))
				    : str_of(places[i].text);
	return out;
}

static bool is_free_mail_of(const struct scan *s, const struct brand *b)
{
	struct str domain = str_of(b->domains);

	return list_is_free_mail(s->from.owner) && str_find(domain, s->from.owner, 0) != SIZE_MAX &&
	       brand_owns(b, s->from.domain);
}

static void brand_claimed(const struct scan *s, struct findings *out)
{
	struct claims c = { .s = s, .v = ARENA_ARRAY(s->arena, brand_table_size, struct claim) };
	size_t best = 0;
	double most = 0;

	c.urgent = call_is_urgent(brand_text_of(s->arena, s->subject, SUBJECT_LOOKED_AT, true).words);
	c.discussed = call_is_discussed(s);
	look_at_name(&c);
	look_at(&c, s->subject, SUBJECT_LOOKED_AT, PLACE_SUBJECT);
	look_at_address(&c);
	if (!c.discussed) {
		look_at_text(&c);
		look_at_documents(&c);
	}
	for (size_t i = 0; i < brand_table_size; i++) {
		const struct brand *b = &brand_table[i];
		double score = c.v[i].at ? weigh(&c, i) : 0;
		if (score <= most || brand_owns(b, s->from.domain) || is_free_mail_of(s, b))
			continue;
		most = score;
		best = i;
	}
	if (most == 0)
		return;
	struct leads l = call_leads(s, &brand_table[best]);
	/* A letter of the brand's that is sent on; whom it claims to be from is asked by forwarded.c. */
	bool sent_on = s->forwards && !(c.v[best].at & BY_NAME) && l.theirs * 2 > l.n;
	if (sent_on || !call_wants(s, &l) || (l.own_house && is_namesake(s, &brand_table[best])))
		most *= 0.5;
	if (most < PRETENCE_LEAST)
		return;
	struct finding *f =
	    call_pretence(s, out, "brand", most,
			  most < 0.5 ? "The message speaks for a well-known brand, and its sender is "
				       "somebody else."
				     : "The message pretends to come from a well-known brand, and its "
				       "sender is somebody else.");
	finding_detail(out, f, "%s in %.*s, but sent from %.*s%s%.*s", brand_table[best].name,
		       STR_ARG(places_text(s->arena, c.v[best].at)), STR_ARG(s->from.domain),
		       l.host.n ? " with a link to " : "", STR_ARG(l.host));
}

static void run(const struct scan *s, struct findings *out)
{
	if (!sender_is_mail_server(s) && !sender_is_own_domain(s, s->from.domain))
		brand_claimed(s, out);
}

const struct detector detect_brand_impersonation = {
	.name = "brand_impersonation",
	.family = FAMILY_SENDER,
	.needs = NEED_FROM,
	.run = run,
};
