/*
 * Somebody who writes from a free mailbox as the head of a firm: a title of the highest offices in the display name or at the
 * foot of the text, or the reader's own firm as the name. Owners of small firms do write so; it weighs when a request stands
 * beside it, as it does in the fraud that is meant: a few lines, an errand, gift cards, a transfer. Names of the registry are
 * name_impersonation's.
 */
#include "detect/detect.h"

#include "base/domain.h"
#include "detect/lists.h"
#include "detect/text.h"

#define FOOT 240       /* bytes of the text's end in which people sign */
#define WORDS_MOST 300 /* of the text: these mails are short */
#define FIRM_LEAST 4   /* letters of a firm's name */
#define NAMED 0.3
#define WITH_WISH 0.6
#define WISH_LEAST 0.3

/* Folded. */
static const char *const titles[] = {
	" ceo ",
	" cfo ",
	" coo ",
	" c e o ",
	" c f o ",
	" chief executive ",
	" chief executive officer ",
	" chief financial officer ",
	" chief operating officer ",
	" chief finance officer ",
	" managing director ",
	" executive director ",
	" president and ceo ",
	" president ceo ",
	" chairman ",
	" founder and ceo ",
	" geschaftsfuhrer ",
	" geschaftsfuhrerin ",
	" vorstandsvorsitzender ",
	" geschaftsfuhrung ",
	" pdg ",
	" president directeur general ",
	" directeur general ",
	" directrice generale ",
	" director general ",
	" consejero delegado ",
	" director ejecutivo ",
	" diretor executivo ",
	" diretor geral ",
	" diretor presidente ",
	" amministratore delegato ",
	" direttore generale ",
	" algemeen directeur ",
	" bestuursvoorzitter ",
	" verkstallande direktor ",
	" administrerende direktor ",
	" prezes zarzadu ",
	" генеральныи директор ",
	" 代 表 取 締 役 ",
	" 社 長 ",
	" 总 经 理 ",
	" 董 事 长 ",
};

/* "assistant to the CEO" and "CEO Weekly" are others. */
static bool is_of_another(struct str folded)
{
	static const char *const words[] = { " assistant ", " office of ", " assistenz ", " sekretariat ",
					     " weekly ",    " news ",      " magazine ",  " club ",
					     " forum ",     " summit ",    " today " };
	struct text_index index;

	text_index_make(&index, folded);
	return text_has_any(&index, words, ARRAY_LEN(words));
}

static struct str title_in(struct str folded)
{
	for (size_t i = 0; i < ARRAY_LEN(titles); i++)
		if (str_find(folded, str_of(titles[i]), 0) != SIZE_MAX)
			return str_trim(str_of(titles[i]));
	return STR_NONE;
}

/* "Kontor AG" for a reader at kontor.example; his own name may be a firm's as well, so it is that of the domain alone. */
static struct str firm_in(const struct scan *s, struct str folded)
{
	for (size_t i = 0; i < s->job->protected_domains.n; i++) {
		struct str owner = domain_owner(s->arena, s->job->protected_domains.v[i]);
		struct str label = str_sub(owner, 0, str_find_char(owner, '.', 0)),
			   word = text_fold(s->arena, &label, 1);
		if (label.n >= FIRM_LEAST && str_find(folded, word, 0) != SIZE_MAX)
			return label;
	}
	return STR_NONE;
}

/* What the text asks for, when that is what such frauds are after. */
static const struct finding *wish(const struct findings *all)
{
	static const enum category wishes[] = { CAT_BEC, CAT_GIFT_CARD, CAT_PAYROLL_CHANGE,
						CAT_INVOICE_FRAUD };

	for (size_t i = 0; i < all->n; i++)
		for (size_t k = 0; k < ARRAY_LEN(wishes); k++)
			if (all->v[i].family == FAMILY_CONTENT && all->v[i].score >= WISH_LEAST &&
			    HAS(&all->v[i], finding, category) && all->v[i].category == (int64_t)wishes[k] &&
			    !HAS(&all->v[i], finding, suppressed_by))
				return &all->v[i];
	return NULL;
}

/* Where he says so. */
enum claim { CLAIM_NONE, CLAIM_TITLE, CLAIM_FIRM, CLAIM_MAILBOX, CLAIM_FOOT };

/* A mailbox and a signature count only beside a wish. */
static enum claim find_claim(const struct scan *s, bool wants, struct str name, struct str *seen)
{
	struct str local = str_sub(s->from.address, 0, str_rfind_char(s->from.address, '@'));
	size_t foot = s->body_words.n > FOOT ? s->body_words.n - FOOT : 0;

	if ((*seen = title_in(name)).n > 0)
		return CLAIM_TITLE;
	if (wants && (*seen = title_in(text_fold(s->arena, &local, 1))).n > 0)
		return CLAIM_MAILBOX;
	if ((*seen = firm_in(s, name)).n > 0)
		return CLAIM_FIRM;
	if (wants && text_word_count(s->body_words) <= WORDS_MOST &&
	    (*seen = title_in(str_sub(s->body_words, foot, s->body_words.n))).n > 0)
		return CLAIM_FOOT;
	return CLAIM_NONE;
}

static const char *reason_of(enum claim claim, bool wants)
{
	if (claim == CLAIM_FIRM)
		return wants
			   ? "Somebody writes in the name of your firm from a free mailbox, and asks for an "
			     "errand or money."
			   : "Somebody writes in the name of your firm from a free mailbox.";
	return wants ? "Somebody writes as the head of a firm from a free mailbox, and asks for an errand or "
		       "money."
		     : "Somebody writes as the head of a firm from a free mailbox.";
}

static void point_at(const struct scan *s, struct finding *f, enum claim claim, struct str seen)
{
	if (claim == CLAIM_FOOT) {
		finding_where(f, "body", "signature", seen);
		return;
	}
	if (claim == CLAIM_MAILBOX)
		finding_where(f, s->from.header.p, "address", s->from.address);
	else
		finding_where(f, s->from.header.p, "display name", s->from.name);
	finding_bytes(f, s->from.offset, s->from.length);
}

static void run(const struct scan *s, struct findings *out)
{
	if (!sender_is_borrowed(s) || s->own_domain || sender_is_known(s) || sender_is_proved_list(s))
		return;
	const struct finding *want = wish(out);
	struct str name = text_fold(s->arena, &s->from.name, 1), seen = STR_NONE;
	enum claim claim = is_of_another(name) ? CLAIM_NONE : find_claim(s, want != NULL, name, &seen);

	if (claim == CLAIM_NONE)
		return;
	struct str what = want ? want->name : STR_NONE; /* before the next finding moves them */
	struct finding *f = finding_add(out, want ? "asks" : NULL, DISP_SPOOF, want ? WITH_WISH : NAMED,
					CAT_BEC, reason_of(claim, want != NULL));
	point_at(s, f, claim, seen);
	finding_detail(out, f, "\"%.*s\", from %.*s%s%.*s", STR_ARG(seen), STR_ARG(s->from.address),
		       what.n ? "; " : "", STR_ARG(what));
}

const struct detector detect_free_mail_boss = {
	.name = "free_mail_boss",
	.family = FAMILY_SENDER,
	.needs = NEED_FROM | NEED_WORDS | NEED_OTHERS,
	.run = run,
};
